//! What a whole server leaves behind of somebody who was erased: in its folder, in its mails, in its log.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::binary::{Server, folder, post_with, serve};
use crate::guests::PASSWORD;

/// How long a mail may take.
const SOON: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(20);

/// What a change is answered, which must succeed.
fn change(server: &Server, token: &str, field: &str, input: &Value, selection: &str) -> Value {
    let (first, rest) = field.split_at(1);
    let input_type = format!("{}{rest}Input", first.to_uppercase());
    let query =
        format!("mutation($input: {input_type}!) {{ {field}(input: $input) {{ {selection} userErrors {{ code message }} }} }}");
    let headers = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let answer = post_with(&server.address, &headers, &json!({ "query": query, "variables": { "input": input } }).to_string());
    let (_, body) = answer.split_once("\r\n\r\n").expect("it has a body");
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {answer}"));
    assert_eq!(body["data"][field]["userErrors"], json!([]), "{field}: {body}");
    body["data"][field].clone()
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// The mails in the folder.
fn mails(folder: &Path) -> Vec<String> {
    let folder = folder.join("mail");
    let all = if folder.exists() { files(&folder) } else { Vec::new() };
    let mails = all.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    mails.map(|path| std::fs::read_to_string(path).expect("a mail can be read")).collect()
}

/// The token in the mail with this subject to this address, once it is there.
fn mailed(folder: &Path, to: &str, subject: &str) -> String {
    let until = Instant::now() + SOON;
    loop {
        let found = mails(folder).into_iter().find(|mail| mail.contains(&format!("To: {to}")) && mail.contains(subject));
        if let Some(mail) = found {
            let (_, token) = mail.split_once("token=").unwrap_or_default();
            return token.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter)).collect();
        }
        assert!(Instant::now() < until, "no mail comes: {:?}", mails(folder));
        std::thread::sleep(STEP);
    }
}

/// The files in which one of these words stands, in whatever case.
fn holding(folder: &Path, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for path in files(folder) {
        // A log that is emptied meanwhile holds nothing.
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).to_lowercase();
        let words = words.iter().filter(|word| text.contains(&word.to_lowercase()));
        found.extend(words.map(|word| format!("{}: {word}", path.display())));
    }
    found
}

#[test]
fn a_server_keeps_nothing_of_somebody_who_was_erased_in_its_files_its_mails_and_its_log() {
    let folder = folder();
    let path = folder.to_str().expect("a path").to_owned();
    let often = ["ALLIANCE_RATE_ACCOUNT_MAIL_HOUR", "ALLIANCE_RATE_ACCOUNT_MAIL_DAY", "ALLIANCE_RATE_REGISTRATION"];
    let mut settings = vec![("ALLIANCE_DATA_DIR", path.as_str()), ("ALLIANCE_LOG", "trace"), ("ALLIANCE_DEMO", "true")];
    settings.extend(often.map(|name| (name, "1000")));
    let mut server = serve(&settings);
    let (old, new) = ("rosamund@example.net", "rookwood@example.com");
    let mut traces: Vec<String> = ["rosamund", "rookwood", PASSWORD].map(str::to_owned).to_vec();

    change(&server, "", "accountRegister", &json!({ "email": "nadia@example.org", "name": "Nadia Novak" }), "accepted");
    change(&server, "", "accountRegister", &json!({ "email": old, "name": "Rosamund Rookwood" }), "accepted");
    traces.push(mailed(&folder, old, "Confirm your account"));
    let confirm = json!({ "token": traces.last(), "password": PASSWORD });
    let id = change(&server, "", "accountConfirm", &confirm, "account { id }")["account"]["id"].clone();
    let signed = change(&server, "", "signIn", &json!({ "email": old, "password": PASSWORD }), "accessToken refreshToken");
    let token = signed["accessToken"].as_str().expect("a token").to_owned();
    traces.extend([token.clone(), signed["refreshToken"].as_str().expect("a token").to_owned()]);
    change(&server, "", "passwordResetRequest", &json!({ "email": old }), "accepted");
    traces.push(mailed(&folder, old, "A new password"));
    change(&server, &token, "accountEmailChange", &json!({ "email": new, "password": PASSWORD }), "accepted");
    traces.push(mailed(&folder, new, "Confirm"));
    change(&server, "", "accountConfirm", &json!({ "token": traces.last() }), "account { id }");
    mailed(&folder, old, "was changed");
    mailed(&folder, "nadia@example.org", "Confirm your account");
    let known = holding(&folder, &traces);
    assert!(
        known.iter().any(|found| found.contains("alliance.db")) && known.iter().any(|found| found.contains(".eml")),
        "{known:?}"
    );

    change(&server, &token, "accountEraseData", &json!({ "id": id, "password": PASSWORD }), "id");
    assert_eq!(holding(&folder, &traces), [""; 0], "while it runs");
    assert_eq!(mails(&folder).len(), 1, "another one's mail is still there");
    let log = server.log();
    assert!(log.len() > 10_000, "it says everything: {}", log.len());
    let logged: Vec<&String> = traces.iter().filter(|trace| log.to_lowercase().contains(&trace.to_lowercase())).collect();
    assert!(logged.is_empty(), "{logged:?}");
    server.terminate();
    server.ended();
    assert_eq!(holding(&folder, &traces), [""; 0], "when it has stopped");
    drop(std::fs::remove_dir_all(folder));
}
