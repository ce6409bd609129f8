//! PostgreSQL for one run of the tests: a cluster of its own in a temporary folder, or the server that `ALLIANCE_TEST_POSTGRES`
//! names; and a database for each test, cloned from one migrated template.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use alliance::config::database::DatabaseUrl;
use alliance::database;
use uuid::Uuid;

const TEMPLATE: &str = "alliance_template";
const ABSENT: &str = "PostgreSQL is not installed: run `apt-get install postgresql`, or name a server in ALLIANCE_TEST_POSTGRES";

struct Server {
    /// Without a database's name.
    url: String,
    psql: PathBuf,
}

/// The address of a new database with the current schema and nothing in it.
#[must_use]
pub fn database() -> String {
    cloned(TEMPLATE)
}

/// The address of a new database without a schema.
#[must_use]
pub fn empty_database() -> String {
    cloned("template0")
}

fn cloned(template: &str) -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    static CLONING: Mutex<()> = Mutex::new(());
    // PostgreSQL refuses to clone a template that somebody else is cloning.
    let _alone = CLONING.lock().unwrap_or_else(PoisonError::into_inner);
    let server = SERVER.get_or_init(start);
    let name = format!("t{}", Uuid::now_v7().simple());
    server.run(&format!("CREATE DATABASE {name} TEMPLATE {template}"));
    format!("{}/{name}", server.url)
}

impl Server {
    fn run(&self, sql: &str) {
        let url = format!("{}/postgres", self.url);
        let done = Command::new(&self.psql)
            .args(["-q", "-v", "ON_ERROR_STOP=1", "-c", sql, &url])
            .output()
            .expect("psql can be started");
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

#[expect(clippy::disallowed_methods, reason = "this setting is the tests' own")]
fn start() -> Server {
    let binaries = binaries().expect(ABSENT);
    let url = match std::env::var("ALLIANCE_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => url.trim_end_matches('/').to_owned(),
        _ => cluster(&binaries),
    };
    let server = Server { url, psql: binaries.join("psql") };
    server.run(&format!("DROP DATABASE IF EXISTS {TEMPLATE}"));
    server.run(&format!("CREATE DATABASE {TEMPLATE}"));
    let template = DatabaseUrl::parse(&format!("{}/{TEMPLATE}", server.url)).expect("the server's address is one of PostgreSQL");
    // A test's own runtime cannot wait for another one, a thread can.
    let migrated = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
        runtime.block_on(database::migrate(&template))
    });
    migrated.join().expect("migrating does not panic").expect("the template can be migrated");
    server
}

/// The newest installed server.
fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin")))
        })
        .filter(|(_, path)| path.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().map(|(_, path)| path)
}

/// Starts a cluster that ends with this process, however that ends.
fn cluster(binaries: &Path) -> String {
    let folder = std::env::temp_dir().join(format!("alliance-postgres-{}", Uuid::now_v7()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written to");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port is free").port();
    let (bin, at) = (binaries.display(), folder.display());
    let settings =
        format!("-p {port} -c listen_addresses=127.0.0.1 -k {at} -c fsync=off -c autovacuum=off -c max_connections=300");
    let script = format!(
        "{bin}/initdb -D {at}/data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >{at}/log 2>&1 \
         && {bin}/pg_ctl -D {at}/data -w -l {at}/log -o '{settings}' start >/dev/null 2>&1 </dev/null || {{ cat {at}/log >&2; exit 1; }}"
    );
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    let as_postgres = |script: &str| {
        let mut command = Command::new(if root { "runuser" } else { "sh" });
        if root {
            command.args(["-u", "postgres", "--", "sh"]);
        }
        command.args(["-c", script]);
        command
    };
    if root {
        let owned = Command::new("chown").arg("postgres").arg(&folder).status();
        assert!(owned.is_ok_and(|done| done.success()), "{at} can be given to user postgres");
    }
    let started = as_postgres(&script).output().expect("a shell can be started");
    assert!(started.status.success(), "PostgreSQL did not start: {}", String::from_utf8_lossy(&started.stderr));
    // Reads from a pipe that this process holds open: it ends when we do, killed or not.
    let watch = format!("trap '' INT TERM HUP; cat >/dev/null; {bin}/pg_ctl -D {at}/data -m immediate stop; rm -rf {at}");
    let watchdog = as_postgres(&watch).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    std::mem::forget(watchdog.expect("a watchdog can be started"));
    format!("postgres://postgres@127.0.0.1:{port}")
}
