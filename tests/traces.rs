//! What is secret leaves no trace: not in the database, not in the log, and in no file but those that are meant for it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use alliance::clock::Clock;
use alliance_tests::app::TestApp;
use alliance_tests::running::changing;
use alliance_tests::{authenticator, leftover, postgres, secrets};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::binary::{Server, Settings, binary, folder, post, prepare, serve, text};
use crate::nodes::{alliance, ask, ask_with, change, demo_passwords, text_of, until};

const OFTEN: &str = "1000000";
const SETTINGS: [(&str, &str); 6] = [
    ("ALLIANCE_LOG", "debug,sqlx=debug,sea_orm=debug,hyper=debug"),
    ("ALLIANCE_DEMO", "true"),
    ("ALLIANCE_RATE_SIGN_IN_ADDRESS", OFTEN),
    ("ALLIANCE_RATE_MUTATIONS", OFTEN),
    ("ALLIANCE_RATE_ACCOUNT_MAIL_HOUR", OFTEN),
    ("ALLIANCE_RATE_ACCOUNT_MAIL_DAY", OFTEN),
];
const CHIEF: (&str, &str) = ("chief@citizens.example", "seven brass lanterns over Sneinton");
const GUEST: (&str, &str) = ("guest@citizens.example", "four wicker baskets under Bestwood");
const LATER: &str = "nine copper kettles beside Wollaton";
const WRONG: &str = "three velvet curtains in Carrington";
/// Typed where it does not belong.
const ASTRAY: &str = "eleven paper boats down the Trent";
/// Those files alone may hold secrets: keys, and mails that nobody has fetched.
const MEANT: [&str; 3] = ["signing-key.pem", "secret.key", "mail"];

/// A server, and the secrets that came up there.
struct Flow<'a> {
    server: Server,
    settings: Settings<'a>,
    sought: Vec<String>,
}

impl Flow<'_> {
    fn address(&self) -> &str {
        &self.server.address
    }

    /// Makes a change whose payload has these secrets.
    fn change(&mut self, token: &str, field: &str, input: &Value, named: &[&str]) -> Value {
        let payload = change(self.address(), token, field, input, &named.join(" "));
        self.sought.extend(named.iter().map(|name| text_of(&payload, name)));
        payload
    }

    fn sign_in(&mut self, input: &Value) -> (String, String) {
        let tokens = self.change("", "signIn", input, &["accessToken", "refreshToken"]);
        (text_of(&tokens, "accessToken"), text_of(&tokens, "refreshToken"))
    }

    /// Runs a command beside the server, and returns what it prints; what it logs has no secrets.
    fn run(&mut self, arguments: &[&str], typed: &str) -> String {
        let mut command = Command::new(binary());
        prepare(command.args(arguments), &self.server.folder, self.settings);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = piped.expect("it starts");
        child.stdin.take().expect("it has an input").write_all(typed.as_bytes()).expect("it reads");
        let done = child.wait_with_output().expect("it ends");
        assert!(done.status.success(), "{arguments:?}: {}", text(&done.stderr));
        let printed = text(&done.stdout);
        self.sought.extend(secrets::formed(&printed).into_iter().map(str::to_owned));
        assert_eq!(secrets::all(&text(&done.stderr)), Vec::<String>::new(), "{arguments:?}");
        printed
    }

    /// The token of the link in the newest mail, after so many.
    fn mailed(&mut self, before: usize) -> String {
        let mail = until("the mail", || {
            let mut mails = files(&self.server.folder.join("mail"));
            mails.retain(|path| path.extension().is_some_and(|end| end == "eml"));
            (mails.len() > before).then(|| mails.pop()).flatten()
        });
        let mail = text(&std::fs::read(mail).expect("it can be read"));
        let token = secrets::formed(&mail).first().map(|token| (*token).to_owned()).expect("it has a link");
        self.sought.push(token.clone());
        token
    }
}

/// The files of a folder and those below it, by their names.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("the folder can be read").path());
    let mut all: Vec<PathBuf> = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    all.sort();
    all
}

/// Where secrets stand: these ones, and whatever has the form of one.
fn traces(folder: &Path, url: Option<&str>, sought: &[String]) -> Vec<String> {
    let meant = |path: &Path| path.strip_prefix(folder).is_ok_and(|path| MEANT.iter().any(|name| path.starts_with(name)));
    let files = files(folder).into_iter().filter(|path| !meant(path));
    let files = files.map(|path| (path.display().to_string(), std::fs::read(&path).expect("it can be read")));
    let kept = url.map(leftover::content).unwrap_or_default();
    let found = files.chain(kept).flat_map(|(place, bytes)| {
        let held = text(&bytes);
        let known = sought.iter().map(String::as_str).filter(|secret| held.contains(secret)).map(secrets::shortened);
        known.chain(secrets::all(&held)).map(|secret| format!("{place}: {secret}")).collect::<Vec<_>>()
    });
    found.collect()
}

/// Somebody is made an admin on the command line, and invites somebody.
fn begin(flow: &mut Flow) -> (String, String) {
    flow.sought.extend(demo_passwords(&flow.server).into_iter().map(|(_, password)| password));
    flow.run(&["admin", "create", "--email", CHIEF.0, "--password-stdin"], &format!("{}\n", CHIEF.1));
    flow.run(&["admin", "create", "--email", "other@citizens.example"], "");
    flow.run(&["admin", "reset", "--email", CHIEF.0], "");
    let (access, refresh) = flow.sign_in(&json!({ "email": CHIEF.0, "password": CHIEF.1 }));
    let alliance = alliance(flow.address());
    let invited = json!({ "alliance": alliance, "email": GUEST.0, "name": "Guest", "role": "EDITOR" });
    flow.change(&access, "accountInvite", &invited, &[]);
    let token = flow.mailed(0);
    let weak = ask(
        flow.address(),
        "",
        &changing("accountConfirm", "__typename"),
        &json!({ "input": { "token": token, "password": "guest guest guest" } }),
    );
    assert_eq!(weak.body["data"]["accountConfirm"]["userErrors"][0]["code"], "WEAK", "{weak:?}");
    flow.change("", "accountConfirm", &json!({ "token": token, "password": GUEST.1 }), &[]);
    let key = json!({ "alliance": alliance, "holder": "Partner", "scopes": ["CONTENT_READ"] });
    let key = text_of(&flow.change(&access, "apiKeyCreate", &key, &["secret"]), "secret");
    assert_eq!(ask(flow.address(), &key, "{ viewer { kind } }", &Value::Null).status, 200);
    (access, refresh)
}

/// Tokens are refreshed, in the answer and in a cookie; a visitor comes; a password is forgotten.
fn go_on(flow: &mut Flow, refresh: &str) {
    let renewed = flow.change("", "tokenRefresh", &json!({ "refreshToken": refresh }), &["accessToken", "refreshToken"]);
    let input = json!({ "input": { "email": GUEST.0, "password": GUEST.1, "cookie": true } });
    let kept = ask(flow.address(), "", &changing("signIn", "accessToken"), &input);
    let cookie = kept.cookie().expect("the browser keeps it").to_owned();
    let name =
        kept.head.lines().find_map(|line| line.split_once(": ")?.1.split_once(&format!("={cookie}"))).expect("it has a name");
    let headers = format!("Cookie: {}={cookie}\r\n", name.0);
    let next = ask_with(flow.address(), &headers, &changing("tokenRefresh", "accessToken"), &json!({ "input": {} }));
    let next_cookie = next.cookie().unwrap_or_else(|| panic!("{next:?}")).to_owned();
    flow.sought.extend([cookie, next_cookie, text_of(&next.body["data"]["tokenRefresh"], "accessToken")]);
    let visitor = change(flow.address(), "", "visitorTokenCreate", &json!({}), "visitorToken { token }");
    let visitor = text_of(&visitor["visitorToken"], "token");
    assert_eq!(ask(flow.address(), &visitor, "{ viewer { kind } }", &Value::Null).status, 200);
    flow.sought.push(visitor);
    flow.change("", "passwordResetRequest", &json!({ "email": GUEST.0 }), &[]);
    let token = flow.mailed(1);
    flow.change("", "passwordReset", &json!({ "token": token, "newPassword": LATER }), &[]);
    flow.change("", "signOut", &json!({ "refreshToken": text_of(&renewed, "refreshToken") }), &[]);
}

/// An authenticator app is set up and used.
fn add_a_factor(flow: &mut Flow) {
    let (access, _) = flow.sign_in(&json!({ "email": GUEST.0, "password": LATER }));
    let begun = flow.change(&access, "twoFactorBegin", &json!({ "password": LATER }), &["secret", "url"]);
    let code = authenticator::code(&text_of(&begun, "secret"), Clock::System.now());
    let confirmed =
        change(flow.address(), &access, "twoFactorConfirm", &json!({ "oneTimePassword": code }), "twoFactor { recoveryCodes }");
    let codes = confirmed["twoFactor"]["recoveryCodes"].as_array().expect("a list").clone();
    let codes = codes.iter().map(|code| code.as_str().expect("a text").to_owned()).collect::<Vec<_>>();
    flow.sign_in(&json!({ "email": GUEST.0, "password": LATER, "oneTimePassword": codes[0] }));
    flow.sought.extend(codes);
}

/// What is wrong is told without its secrets, too.
fn go_wrong(flow: &Flow, ended: &str) {
    let address = flow.address();
    let wrong = json!({ "input": { "email": CHIEF.0, "password": WRONG } });
    let refused = ask(address, "", &changing("signIn", "accessToken"), &wrong);
    assert_eq!(refused.body["data"]["signIn"]["userErrors"][0]["code"], "INCORRECT", "{refused:?}");
    let field = format!("signIn(input: {{ email: \"x@y.example\", password: \"{ASTRAY}\"");
    for body in [
        json!({ "query": format!("mutation {{ {field} ") }).to_string(),
        json!({ "query": format!("mutation {{ {field}, colour: 1 }}) {{ accessToken }} }}") }).to_string(),
        json!({ "query": changing("signIn", "accessToken"), "variables": { "input": { "email": ASTRAY } } }).to_string(),
        format!("{{\"query\": \"{ASTRAY}"),
    ] {
        let answer = post(address, &body);
        assert!(answer.contains("\"errors\""), "{body}: {answer}");
    }
    let signed_out = ask(address, ended, "{ viewer { kind } }", &Value::Null);
    assert_eq!((signed_out.status, signed_out.code()), (401, "UNAUTHENTICATED"), "{signed_out:?}");
    let unknown = ask(address, "", &changing("tokenRefresh", "accessToken"), &json!({ "input": { "refreshToken": ASTRAY } }));
    assert_eq!(unknown.code(), "UNAUTHENTICATED", "{unknown:?}");
}

fn the_flow_leaves_no_trace(url: Option<&str>) {
    let settings = [SETTINGS.as_slice(), url.map(|url| ("DATABASE_URL", url)).as_slice()].concat();
    let sought = [CHIEF.1, GUEST.1, LATER, WRONG, ASTRAY].map(str::to_owned).to_vec();
    let mut flow = Flow { server: serve(&settings), settings: &settings, sought };
    let (access, refresh) = begin(&mut flow);
    go_on(&mut flow, &refresh);
    add_a_factor(&mut flow);
    go_wrong(&flow, &access);
    assert!(flow.sought.len() > 30, "{} secrets came up", flow.sought.len());
    let running = traces(&flow.server.folder, url, &flow.sought);
    flow.server.terminate();
    assert!(flow.server.ended().0.success(), "{}", flow.server.log());
    let log = flow.server.log();
    assert!(["DEBUG", "alliance::server::guards"].iter().all(|word| log.contains(word)), "little is logged: {} bytes", log.len());
    let ended = traces(&flow.server.folder, url, &flow.sought);
    assert_eq!((running, ended), (Vec::new(), Vec::new()));
}

#[test]
fn a_whole_life_of_accounts_leaves_no_secret_on_sqlite() {
    the_flow_leaves_no_trace(None);
}

#[test]
fn a_whole_life_of_accounts_leaves_no_secret_on_postgresql() {
    the_flow_leaves_no_trace(Some(&postgres::database()));
}

/// A secret of each form, and how each begins.
fn planted() -> [(String, &'static str); 4] {
    let letters = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE";
    let opaque = ["alr_", "alk_", "all_"].map(|prefix| (format!("{prefix}{letters}"), prefix));
    let [refresh, key, link] = opaque;
    [refresh, key, link, (format!("eyJ{letters}.eyJ{letters}.{letters}"), "eyJ")]
}

#[test]
fn secrets_are_known_by_their_form_and_what_is_shown_of_them_is_none() {
    for (secret, prefix) in planted() {
        let hidden = format!("x{secret} y\"{secret}\"é{secret}");
        assert_eq!(secrets::formed(&hidden), [secret.as_str(); 3]);
        assert_eq!(secrets::all(&secret), [format!("{}…", &secret[..10])]);
        assert_eq!(secrets::formed(&secret[..40]), Vec::<&str>::new(), "{prefix}");
    }
    let beside_its_hash = format!("alk_AbCdEfGh{}", "0123456789abcdef".repeat(4));
    for plain in [
        beside_its_hash.as_str(),
        "all_accounts_of_the_alliance",
        "alk_AbCdEfGh",
        "eyJ.eyJ.x",
        "eyJhbGciOiJFZERTQSJ9",
        "eyJhbGciOiJFZERTQSJ9.é",
        "",
    ] {
        assert_eq!(secrets::formed(plain), Vec::<&str>::new(), "{plain}");
    }
}

const TIME: &str = "2026-11-24T12:00:00Z";

/// Whether something fails by panicking.
fn fails(what: impl FnOnce()) -> bool {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(what)).is_err()
}

#[tokio::test]
async fn a_test_that_leaves_a_secret_in_its_database_fails() {
    let typed = "a password that was typed into a test";
    secrets::remember_of(&json!({ "variables": [{ "input": { "newPassword": typed } }] }));
    for secret in planted().into_iter().map(|(secret, _)| secret).chain([typed.to_owned()]) {
        for app in TestApp::both_empty().await {
            let folder =
                app.app.config().database.expose().strip_prefix("sqlite://").map(|path| path.replace("/alliance.db", ""));
            let db = app.app.db().write();
            // Somebody asked for something.
            let rate = "INSERT INTO rates (key, spent_until) VALUES ('x', 1)";
            let kept = format!("INSERT INTO suppressions (hash, reason, created_at) VALUES ('{secret}', 'ERASED', '{TIME}')");
            for sql in [rate, &kept] {
                db.execute_raw(sea_orm::Statement::from_string(app.app.db().backend(), sql)).await.expect("it can be written");
            }
            let name = app.name;
            assert!(fails(|| drop(app)), "{name}: {secret}");
            folder.map(std::fs::remove_dir_all);
        }
    }
}

#[test]
fn a_server_that_logs_a_secret_and_a_folder_that_holds_one_are_found() {
    let (server, url) = (serve(&[("ALLIANCE_DEMO", "false")]), postgres::database());
    let (secret, _) = planted()[0].clone();
    let typed = ASTRAY.to_owned();
    assert_eq!(traces(&server.folder, Some(&url), std::slice::from_ref(&typed)), Vec::<String>::new());
    let log = std::fs::OpenOptions::new().append(true).open(server.folder.join("log"));
    log.expect("there is a log").write_all(format!("{secret} {typed}").as_bytes()).expect("it can be written");
    let found = traces(&server.folder, Some(&url), std::slice::from_ref(&typed));
    assert!(found.len() >= 2 && found.iter().all(|place| place.contains("/log: ")), "{found:?}");
    assert!(fails(|| drop(server)), "the log holds a secret");
    let mail = folder();
    std::fs::create_dir(mail.join("mail")).expect("the folder can be written to");
    for name in ["mail/one.eml", "secret.key"] {
        std::fs::write(mail.join(name), &typed).expect("it can be written");
    }
    assert_eq!(traces(&mail, None, std::slice::from_ref(&typed)), Vec::<String>::new(), "these are meant for it");
    std::fs::write(mail.join("other"), &typed).expect("it can be written");
    assert_eq!(traces(&mail, None, &[typed]).len(), 1);
}
