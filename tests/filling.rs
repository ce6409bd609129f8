//! Processes that start at once on one database, and what lies beside it.

use std::process::{Output, Stdio};
use std::thread;

use alliance_tests::postgres;

use crate::binary::{Server, alliance, folder, post, run, serve, text};

fn empty_databases() -> [String; 2] {
    [format!("sqlite://{}/alliance.db", folder().display()), postgres::empty_database()]
}

/// What became of the same command, given four times at once.
fn four(arguments: &[&str], url: &str) -> Vec<Output> {
    let started = [(); 4].map(|()| {
        let mut command = alliance(arguments, &[("DATABASE_URL", url)]);
        command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts")
    });
    started.into_iter().map(|process| process.wait_with_output().expect("it ends")).collect()
}

#[test]
fn of_processes_that_fill_a_database_at_once_one_does_and_the_others_say_that_it_is_not_empty() {
    for seed in [["seed", "--demo"].as_slice(), &["seed", "--posts", "20"]] {
        for url in empty_databases() {
            let done = four(seed, &url);
            let (wrote, lost): (Vec<_>, Vec<_>) = done.into_iter().partition(|done| done.status.success());
            let problems: Vec<String> = lost.iter().map(|done| text(&done.stderr)).collect();
            assert_eq!(wrote.len(), 1, "{url} {seed:?}: {problems:?}");
            assert!(problems.iter().all(|problem| problem.contains("holds an alliance already")), "{url} {seed:?}: {problems:?}");
        }
    }
}

#[test]
fn of_servers_that_start_at_once_one_writes_the_demo_content_and_all_serve_it() {
    let query = r#"{"query":"{ alliances { totalCount } }"}"#;
    for url in empty_databases() {
        let settings = [("DATABASE_URL", url.as_str()), ("ALLIANCE_DEMO", "true")];
        let mut servers: Vec<Server> = thread::scope(|scope| {
            let starting = [(); 3].map(|()| scope.spawn(|| serve(&settings)));
            starting.into_iter().map(|server| server.join().expect("it starts")).collect()
        });
        for server in &mut servers {
            let found = (0..100).map(|_| post(&server.address, query)).find(|answer| answer.contains("\"data\""));
            let found = found.unwrap_or_else(|| panic!("{url}: it does not answer: {}", server.log()));
            assert!(found.contains("\"totalCount\":1"), "{url}: {found}");
            server.terminate();
            assert!(server.ended().0.success(), "{url}: {}", server.log());
        }
    }
}

#[test]
fn a_database_leaves_files_of_other_names_as_they_are() {
    let folder = folder();
    std::fs::write(folder.join("Cargo.lock"), "precious").expect("the folder can be written to");
    let url = format!("sqlite://{}/Cargo.db", folder.display());
    assert!(run(&["migrate"], &[("DATABASE_URL", &url)]).status.success());
    assert_eq!(std::fs::read_to_string(folder.join("Cargo.lock")).expect("it is there"), "precious");
}

#[test]
fn a_database_may_have_any_name_and_keeps_its_content() {
    for name in ["x.lock", "x.migrating", "x", "50%25 of %3F and %23.db"] {
        let url = format!("sqlite://{}/{name}", folder().display());
        let settings = [("DATABASE_URL", url.as_str())];
        assert!(run(&["seed", "--demo"], &settings).status.success(), "{name}");
        assert!(run(&["migrate"], &settings).status.success(), "{name}");
        let again = text(&run(&["seed", "--demo"], &settings).stderr);
        assert!(again.contains("holds an alliance already"), "{name}: {again}");
    }
}

#[test]
fn a_data_folder_may_have_any_name() {
    for name in ["what?", "50%41", "a#b", "a?mode=memory&b"] {
        let folder = folder().join(name);
        let settings = [("ALLIANCE_DATA_DIR", folder.to_str().expect("it is UTF-8"))];
        let done = run(&["migrate"], &settings);
        assert!(done.status.success(), "{name}: {}", text(&done.stderr));
        assert!(folder.join("alliance.db").metadata().is_ok_and(|file| file.len() > 0), "{name}: the database is in it");
        let found = text(&run(&["doctor", "--listen", "127.0.0.1:0"], &settings).stdout);
        assert!(found.contains("ok       its schema is up to date"), "{name}: {found}");
        // What is shown can be used: it leads to the same file.
        let shown = text(&run(&["config", "show"], &settings).stdout);
        let url = shown.lines().find_map(|line| line.strip_prefix("DATABASE_URL=")).expect("it is shown");
        let found = text(&run(&["doctor", "--listen", "127.0.0.1:0"], &[("DATABASE_URL", url)]).stdout);
        assert!(found.contains("ok       its schema is up to date"), "{url}: {found}");
    }
}
