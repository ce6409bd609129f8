//! The binary, as an operator meets it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use alliance_tests::postgres;
use uuid::Uuid;

type Settings<'a> = &'a [(&'a str, &'a str)];

/// The binary, which `tests/run` builds beside the tests.
fn binary() -> PathBuf {
    let tests = std::env::current_exe().expect("a test knows where it is");
    let folder = tests.parent().and_then(Path::parent).expect("tests lie in `deps`");
    let binary = folder.join("alliance");
    assert!(binary.exists(), "{} is missing: cargo build --workspace", binary.display());
    binary
}

fn alliance(arguments: &[&str], settings: Settings) -> Command {
    let mut command = Command::new(binary());
    let folder = folder();
    command.args(arguments).env_clear().env("ALLIANCE_DATA_DIR", &folder).current_dir(&folder).stdin(Stdio::null());
    command.envs(settings.iter().copied());
    command
}

fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("alliance-test-{}", Uuid::now_v7()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written to");
    folder
}

fn run(arguments: &[&str], settings: Settings) -> Output {
    alliance(arguments, settings).output().expect("the binary can be started")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_wrong_setting_stops_the_start_with_its_name_its_value_and_what_is_allowed() {
    let cases: [(Settings, &[&str]); 8] = [
        (&[("ALLIANCE_LISTEN", "everywhere")], &["ALLIANCE_LISTEN", "`everywhere`", "127.0.0.1:8080"]),
        (&[("ALLIANCE_DEMO", "perhaps")], &["ALLIANCE_DEMO", "`perhaps`", "true, false"]),
        (&[("ALLIANCE_PUBLIC_URL", "ftp://x")], &["ALLIANCE_PUBLIC_URL", "`ftp://x`", "https://"]),
        (&[("DATABASE_URL", "mysql://a:secret@b/c")], &["DATABASE_URL", "mysql://a:***@b/c", "postgres://"]),
        (&[("DATABASE_URL", "sqlite::memory:")], &["DATABASE_URL", "memory"]),
        (&[("DATABASE_URL", "postgres://a:secret@127.0.0.1:1/c")], &["DATABASE_URL", "a:***@127.0.0.1:1", "cannot be reached"]),
        (&[("ALLIANCE_CONFIG", "/nowhere.toml")], &["ALLIANCE_CONFIG", "/nowhere.toml"]),
        (&[("ALLIANCE_LOG", "a=b=c")], &["ALLIANCE_LOG", "`a=b=c`"]),
    ];
    for (settings, words) in cases {
        let done = run(&["serve"], settings);
        let problem = text(&done.stderr);
        assert!(!done.status.success(), "{settings:?}: {problem}");
        assert!(words.iter().all(|word| problem.contains(word)), "{settings:?}: {problem}");
        assert!(!problem.contains("secret"), "{problem}");
    }
}

#[test]
fn the_settings_are_shown_without_secrets() {
    let shown = text(&run(&["config", "show"], &[("DATABASE_URL", "postgres://alliance:secret@db/alliance")]).stdout);
    assert!(shown.contains("DATABASE_URL=postgres://alliance:***@db/alliance\n"), "{shown}");
    assert!(shown.contains("ALLIANCE_LISTEN=127.0.0.1:8080\n"), "{shown}");
}

#[test]
fn two_processes_that_migrate_at_once_do_it_once() {
    let sqlite = format!("sqlite://{}/alliance.db", folder().display());
    for url in [sqlite, postgres::empty_database()] {
        let settings = [("DATABASE_URL", url.as_str())];
        let both = [0, 1, 2]
            .map(|_| alliance(&["migrate"], &settings).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts"));
        for process in both {
            let done = process.wait_with_output().expect("it ends");
            assert!(done.status.success(), "{url}: {}", text(&done.stderr));
        }
        let found = text(&run(&["doctor", "--listen", "127.0.0.1:0"], &settings).stdout);
        assert!(found.contains("ok       its schema is up to date"), "{url}: {found}");
    }
}

#[test]
fn the_demo_content_is_written_once_and_into_an_empty_database_alone() {
    let url = format!("sqlite://{}/alliance.db", folder().display());
    let settings = [("DATABASE_URL", url.as_str())];
    assert!(run(&["seed", "--demo"], &settings).status.success());
    let again = run(&["seed", "--demo"], &settings);
    assert!(!again.status.success() && text(&again.stderr).contains("holds an alliance already"), "{}", text(&again.stderr));
    let neither = run(&["seed"], &settings);
    assert!(!neither.status.success() && text(&neither.stderr).contains("--posts"), "{}", text(&neither.stderr));
}

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts the server, and returns it with its address once it says it.
fn serve(settings: Settings) -> (Server, String) {
    let mut command = alliance(&["--listen", "127.0.0.1:0"], settings);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it has an output")).lines();
    let said =
        lines.find_map(|line| line.ok()?.split_once("http://").map(|(_, rest)| rest.to_owned())).expect("it says its address");
    (Server(child), said.split('/').next().expect("an address").to_owned())
}

fn post(address: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn a_first_start_needs_no_configuration_and_a_named_database_gets_the_demo_on_demand() {
    let query = r#"{"query":"{ alliances { totalCount } }"}"#;
    let named = postgres::empty_database();
    let (with_demo, without) = ([("DATABASE_URL", named.as_str()), ("ALLIANCE_DEMO", "true")], postgres::empty_database());
    let without = [("DATABASE_URL", without.as_str())];
    let cases: [(Settings, &str); 3] = [(&[], "1"), (&with_demo, "1"), (&without, "0")];
    for (settings, alliances) in cases {
        let (mut server, address) = serve(settings);
        // The banner comes before the demo content: the first answer waits for it.
        let found = (0..100).map(|_| post(&address, query)).find(|answer| answer.contains("\"data\"")).expect("it answers");
        assert!(
            found.contains(&format!("{{\"data\":{{\"alliances\":{{\"totalCount\":{alliances}}}}}}}")),
            "{settings:?}: {found}"
        );
        let stopped = Command::new("kill").arg(server.0.id().to_string()).status();
        assert!(stopped.is_ok_and(|done| done.success()));
        assert!(server.0.wait().expect("it ends").success(), "it stops when it is asked to");
    }
}
