//! Running servers, and people who are signed in to them, over raw sockets.

use std::time::{Duration, Instant};

use alliance_tests::running::{self, changing};
use serde_json::{Value, json};

use crate::binary::{Server, post_with};

/// The alliance of the demo.
pub(crate) const ALLIANCE: &str = "nottingham-citizens";
const SOON: Duration = Duration::from_secs(20);
const STEP: Duration = Duration::from_millis(20);

/// How a question was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Value,
}

impl Answer {
    /// What kind of error it tells first; nothing where it tells none.
    pub(crate) fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    /// The secret in the cookie that it sets.
    pub(crate) fn cookie(&self) -> Option<&str> {
        let line = self.head.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie:"))?;
        line.split_once('=')?.1.split(';').next()
    }
}

/// Asks, as whoever has the token; as nobody without one.
pub(crate) fn ask(address: &str, token: &str, query: &str, variables: &Value) -> Answer {
    let headers = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    ask_with(address, &headers, query, variables)
}

/// The same with these headers, each ended by a line break.
pub(crate) fn ask_with(address: &str, headers: &str, query: &str, variables: &Value) -> Answer {
    let answer = post_with(address, headers, &json!({ "query": query, "variables": variables }).to_string());
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("this is no answer: {answer}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("it has a status");
    Answer { status, head: head.to_owned(), body: serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}")) }
}

/// Makes a change that must succeed, and returns its payload.
pub(crate) fn change(address: &str, token: &str, field: &str, input: &Value, selection: &str) -> Value {
    let mut answer = ask(address, token, &changing(field, selection), &json!({ "input": input }));
    let payload = answer.body["data"][field].take();
    assert!(answer.status == 200 && payload["userErrors"] == json!([]), "{field}: {payload}: {answer:?}");
    payload
}

/// A text of a payload.
pub(crate) fn text_of(payload: &Value, field: &str) -> String {
    payload[field].as_str().unwrap_or_else(|| panic!("`{field}` is no text: {payload}")).to_owned()
}

/// Signs in, and returns the access token.
pub(crate) fn sign_in(address: &str, email: &str, password: &str) -> String {
    text_of(&change(address, "", "signIn", &json!({ "email": email, "password": password }), "accessToken"), "accessToken")
}

/// The id of the demo's alliance.
pub(crate) fn alliance(address: &str) -> String {
    let asked = format!("{{ alliance(slug: \"{ALLIANCE}\") {{ id }} }}");
    text_of(&ask(address, "", &asked, &Value::Null).body["data"]["alliance"], "id")
}

/// Who asks.
pub(crate) fn account(address: &str, token: &str) -> String {
    text_of(&ask(address, token, "{ viewer { account { id } } }", &Value::Null).body["data"]["viewer"]["account"], "id")
}

/// The passwords of the demo's accounts, which the server tells once: by their addresses.
pub(crate) fn demo_passwords(server: &Server) -> Vec<(String, String)> {
    until("the demo's passwords", || running::demo_passwords(&server.told()))
}

/// Looks until there is something.
pub(crate) fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < SOON, "{what} does not come");
        std::thread::sleep(STEP);
    }
}
