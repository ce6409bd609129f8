//! `alliance doctor` finds what keeps the server from starting, says what to do, and changes nothing.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

use alliance_tests::app::TestApp;
use alliance_tests::postgres;
use alliance_tests::smtp::{Mood, Sink, Step};
use sea_orm::{ConnectionTrait, Database};
use uuid::Uuid;

use crate::binary::{Settings, binary, folder, prepare, run, text};

const NOBODY: u32 = 65_534;
const DOCTOR: &[&str] = &["doctor", "--listen", "127.0.0.1:0"];
const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0"];

/// Runs the binary as a user whom the rights of files hold for, as they do not for root.
fn run_as_nobody(arguments: &[&str], settings: Settings) -> Output {
    let (folder, mut command) = (folder(), Command::new(binary()));
    give(&folder, 0o755);
    if is_root() {
        let copy = folder.join("alliance");
        if std::fs::hard_link(binary(), &copy).is_err() {
            std::fs::copy(binary(), &copy).expect("the folder can be written to");
        }
        command = Command::new(&copy);
        command.uid(NOBODY).gid(NOBODY);
    }
    prepare(command.args(arguments), &folder, settings);
    command.output().expect("the binary can be started")
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"))
}

/// Gives something to whoever [`run_as_nobody`] runs as, with these rights.
fn give(path: &Path, mode: u32) {
    if is_root() {
        chown(path, Some(NOBODY), Some(NOBODY)).expect("root may give");
    }
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("the owner may");
}

/// A migrated database in a folder of its own.
fn migrated() -> (std::path::PathBuf, String) {
    let folder = folder();
    let url = format!("sqlite://{}/alliance.db", folder.display());
    assert!(run(&["migrate"], &[("DATABASE_URL", &url)]).status.success());
    for entry in std::fs::read_dir(&folder).expect("it is there") {
        give(&entry.expect("it is there").path(), 0o644);
    }
    give(&folder, 0o755);
    (folder, url)
}

/// The doctor and the server agree that there is a problem, in these words.
fn both_say(settings: Settings, words: &[&str]) {
    let found = run_as_nobody(DOCTOR, settings);
    assert!(!found.status.success(), "{settings:?}: {}", text(&found.stdout));
    let problem = text(&found.stdout).lines().filter(|line| line.starts_with("PROBLEM")).collect::<Vec<_>>().join("\n");
    assert!(words.iter().all(|word| problem.contains(word)), "{settings:?}: {problem}");
    let served = run_as_nobody(SERVE, settings);
    let problem = text(&served.stderr);
    assert!(!served.status.success() && words.iter().all(|word| problem.contains(word)), "{settings:?}: {problem}");
}

/// The names and contents of a folder.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("it is there").map(|entry| entry.expect("it is there").path());
    entries.map(|path| (path.display().to_string(), std::fs::read(&path).expect("it can be read"))).collect()
}

#[test]
fn a_data_folder_that_cannot_be_used_is_a_problem_with_advice() {
    let folder = folder();
    let (plain, closed) = (folder.join("plain"), folder.join("closed"));
    std::fs::write(&plain, "").expect("the folder can be written to");
    std::fs::create_dir(&closed).expect("the folder can be written to");
    give(&closed, 0o555);
    for path in [plain.clone(), plain.join("in it"), closed.clone(), closed.join("in it")] {
        both_say(&[("ALLIANCE_DATA_DIR", &path.display().to_string())], &["ALLIANCE_DATA_DIR", "name a folder"]);
    }
}

#[test]
fn a_database_file_that_this_user_may_not_write_is_a_problem_with_advice() {
    let (folder, url) = migrated();
    let settings = [("DATABASE_URL", url.as_str())];
    let well = run_as_nobody(DOCTOR, &settings);
    assert!(well.status.success(), "{}{}", text(&well.stdout), text(&well.stderr));
    for (path, mode) in [(folder.join("alliance.db"), 0o444), (folder.join("alliance.db.migrating"), 0o444)] {
        give(&path, mode);
        both_say(&settings, &[&path.display().to_string(), "let that user write to it"]);
        give(&path, 0o644);
    }
    give(&folder, 0o555);
    both_say(&settings, &["name a folder that this user may write to"]);
}

#[test]
fn a_file_that_is_damaged_or_no_database_has_advice_of_its_own() {
    let (folder, url) = migrated();
    let file = folder.join("alliance.db");
    let whole = std::fs::read(&file).expect("it is there");
    let mut damaged = whole.clone();
    damaged[100..4096].fill(0x5a);
    for (content, advice) in [(vec![b'x'; 9000], "no SQLite database"), (damaged, "is damaged")] {
        std::fs::write(&file, content).expect("it can be written");
        both_say(&[("DATABASE_URL", &url)], &["DATABASE_URL", advice, "restore the latest backup"]);
        let told = text(&run_as_nobody(DOCTOR, &[("DATABASE_URL", &url)]).stdout);
        assert!(!told.contains("name, user and password"), "{told}");
    }
    // The root of a table: the server would start, and fail later.
    let mut torn = whole;
    torn[4 * 4096..5 * 4096].fill(0x5a);
    std::fs::write(&file, torn).expect("it can be written");
    let told = text(&run_as_nobody(DOCTOR, &[("DATABASE_URL", &url)]).stdout);
    assert!(told.contains("PROBLEM  its file is whole"), "{told}");
    let other = folder.join("folder.db");
    std::fs::create_dir(&other).expect("it can be made");
    both_say(&[("DATABASE_URL", &format!("sqlite://{}", other.display()))], &["it is a folder"]);
}

#[test]
fn a_look_at_files_changes_nothing() {
    let (folder, url) = migrated();
    std::fs::write(folder.join("empty.db"), "").expect("it can be written");
    let before = contents(&folder);
    let empty = format!("sqlite://{}/empty.db", folder.display());
    let none = format!("sqlite://{}/none/none.db", folder.display());
    let found = text(&run(DOCTOR, &[("DATABASE_URL", &empty)]).stdout);
    assert!(found.contains("m0001_content, m0002_reactions, ") && found.contains(" have yet to run"), "{found}");
    assert!(run(DOCTOR, &[("DATABASE_URL", &url)]).status.success());
    assert!(run(DOCTOR, &[("DATABASE_URL", &none)]).status.success());
    assert!(contents(&folder) == before, "{:?}", contents(&folder).keys());
}

#[tokio::test]
async fn a_look_at_postgresql_changes_nothing() {
    let url = postgres::empty_database();
    let found = text(&run(DOCTOR, &[("DATABASE_URL", &url)]).stdout);
    assert!(found.contains("m0001_content, m0002_reactions, ") && found.contains(" have yet to run"), "{found}");
    let db = Database::connect(&url).await.expect("it answers");
    let table = "SELECT FROM pg_class WHERE relname = 'seaql_migrations'";
    assert_eq!(db.execute_unprepared(table).await.expect("it answers").rows_affected(), 0);
}

#[tokio::test]
async fn a_role_that_may_not_migrate_is_told_what_to_grant_and_one_that_need_not_may_serve() {
    let (url, role) = (postgres::empty_database(), format!("r{}", Uuid::now_v7().simple()));
    let db = Database::connect(&url).await.expect("it answers");
    db.execute_unprepared(&format!("CREATE ROLE {role} LOGIN PASSWORD 'secret'")).await.expect("it can be made");
    let place = url.rsplit_once('@').expect("the address has a user").1;
    let restricted = format!("postgres://{role}:secret@{place}");
    let settings = [("DATABASE_URL", restricted.as_str())];
    let name = place.rsplit_once('/').expect("the address has a name").1;
    let grants = [format!("GRANT CREATE ON SCHEMA public TO {role}"), format!("GRANT CREATE ON DATABASE {name} TO {role}")];
    both_say(&settings, &[&grants[0], &grants[1]]);
    for grant in &grants {
        db.execute_unprepared(grant).await.expect("it can be granted");
    }
    let done = run(&["migrate"], &settings);
    assert!(done.status.success(), "what was told is enough: {}", text(&done.stderr));
    for grant in &grants {
        db.execute_unprepared(&grant.replace("GRANT", "REVOKE").replace(" TO ", " FROM ")).await.expect("it can be revoked");
    }
    for arguments in [DOCTOR, &["migrate"]] {
        let done = run(arguments, &settings);
        assert!(done.status.success(), "{}{}", text(&done.stdout), text(&done.stderr));
    }
    db.execute_unprepared(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).await.expect("it can be dropped");
}

#[tokio::test]
async fn a_database_of_a_newer_alliance_is_left_alone() {
    for url in [migrated().1, postgres::database()] {
        let db = Database::connect(&url).await.expect("it answers");
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)";
        db.execute_unprepared(newer).await.expect("it can be written");
        db.close().await.expect("it closes");
        let settings = [("DATABASE_URL", url.as_str())];
        let words = ["from a newer Alliance (migration m9999_later is not known here)", "run that version, or restore a backup"];
        both_say(&settings, &words);
        let problem = text(&run(&["migrate"], &settings).stderr);
        assert!(words.iter().all(|word| problem.contains(word)), "{url}: {problem}");
    }
}

#[tokio::test]
async fn a_server_whose_database_a_newer_alliance_has_taken_over_is_not_ready_and_says_why() {
    for app in TestApp::both().await {
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 0)";
        app.app.db().write().execute_unprepared(newer).await.expect("it can be written");
        let (status, _, text) = app.get("/readyz", &[]).await;
        assert_eq!((status.as_u16(), text.contains("of a newer Alliance")), (503, true), "{}: {text}", app.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_cannot_be_used_is_a_problem_and_a_look_at_it_sends_nothing() {
    let sink = Sink::start().await;
    let url = sink.url_of("us", "secret");
    let settings = [("ALLIANCE_SMTP_URL", url.as_str()), ("ALLIANCE_PUBLIC_URL", "https://citizens.example")];
    let doctor = |settings: Settings| text(&run(DOCTOR, settings).stdout);
    assert!(doctor(&settings).contains("ok       mails can be sent\n"));
    let nobody = doctor(&settings[..1]);
    assert!(nobody.contains("PROBLEM  mails can be sent: ALLIANCE_MAIL_FROM: `alliance@localhost`"), "{nobody}");
    for mood in [Mood::Says(Step::Auth, "535 5.7.8 no"), Mood::Says(Step::Greeting, "554 no"), Mood::Hangs(Step::Hello)] {
        sink.set(mood.clone());
        let told = doctor(&settings);
        assert!(told.contains("PROBLEM  mails can be sent: ALLIANCE_SMTP_URL: `smtp://us:***@127.0.0.1"), "{mood:?}: {told}");
        assert!(told.contains("name, port, user, password") && !told.contains("secret"), "{mood:?}: {told}");
    }
    assert_eq!(sink.received(), []);
    assert!(!sink.commands().iter().any(|command| command.starts_with("MAIL")));
}
