//! The binary, as an operator meets it.

use std::process::Stdio;

use alliance_tests::postgres;

use crate::binary::{Settings, alliance, folder, post, run, serve, text};

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

#[test]
fn a_first_start_needs_no_configuration_and_a_named_database_gets_the_demo_on_demand() {
    let query = r#"{"query":"{ alliances { totalCount } }"}"#;
    let named = postgres::empty_database();
    let (with_demo, without) = ([("DATABASE_URL", named.as_str()), ("ALLIANCE_DEMO", "true")], postgres::empty_database());
    let without = [("DATABASE_URL", without.as_str())];
    let cases: [(Settings, &str); 3] = [(&[], "1"), (&with_demo, "1"), (&without, "0")];
    for (settings, alliances) in cases {
        let mut server = serve(settings);
        // The banner comes before the demo content: the first answer waits for it.
        let found =
            (0..100).map(|_| post(&server.address, query)).find(|answer| answer.contains("\"data\"")).expect("it answers");
        assert!(
            found.contains(&format!("{{\"data\":{{\"alliances\":{{\"totalCount\":{alliances}}}}}}}")),
            "{settings:?}: {found}"
        );
        server.terminate();
        assert!(server.ended().0.success(), "it stops when it is asked to");
    }
}
