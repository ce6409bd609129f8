//! Starts the real binary, and speaks to it over raw sockets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alliance_tests::app::{SECRET_KEY, SIGNING_KEY};
use alliance_tests::secrets;
use uuid::Uuid;

const LOG: &str = "log";

pub(crate) type Settings<'a> = &'a [(&'a str, &'a str)];

/// The binary, which `tests/run` builds beside the tests.
pub(crate) fn binary() -> PathBuf {
    let tests = std::env::current_exe().expect("a test knows where it is");
    let folder = tests.parent().and_then(Path::parent).expect("tests lie in `deps`");
    let binary = folder.join("alliance");
    assert!(binary.exists(), "{} is missing: cargo build --workspace", binary.display());
    binary
}

pub(crate) fn alliance(arguments: &[&str], settings: Settings) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments);
    prepare(&mut command, &folder(), settings);
    command
}

pub(crate) fn prepare(command: &mut Command, folder: &Path, settings: Settings) {
    command.env_clear().env("ALLIANCE_DATA_DIR", folder).current_dir(folder).stdin(Stdio::null());
    // What all nodes of a PostgreSQL share, unless the settings say otherwise.
    if settings.iter().any(|(name, value)| *name == "DATABASE_URL" && value.starts_with("postgres")) {
        command.envs([("ALLIANCE_SIGNING_KEY", SIGNING_KEY), ("ALLIANCE_SECRET_KEY", SECRET_KEY)]);
    }
    command.envs(settings.iter().copied());
}

pub(crate) fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("alliance-test-{}", Uuid::now_v7()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written to");
    folder
}

pub(crate) fn run(arguments: &[&str], settings: Settings) -> Output {
    alliance(arguments, settings).output().expect("the binary can be started")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A running server, which ends with this. Its log must not hold a secret then.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: String,
    /// Where it keeps what it keeps, its log among it.
    pub(crate) folder: PathBuf,
    told: Arc<Mutex<String>>,
}

impl Server {
    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join(LOG)).expect("the log can be read")
    }

    /// What it has told on its standard output, its address among it.
    pub(crate) fn told(&self) -> String {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many megabytes of memory it takes, as the system counts them.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
        kilobytes.and_then(|number| number.parse::<u64>().ok()).expect("its memory is told") / 1024
    }

    /// Asks it to stop.
    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Kills it.
    pub(crate) fn kill(&self) {
        self.signal("-KILL");
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|done| done.success()));
    }

    /// Waits until it has ended, and says how and after what time.
    pub(crate) fn ended(&mut self) -> (ExitStatus, Duration) {
        let began = Instant::now();
        (self.child.wait().expect("it ends"), began.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        if !std::thread::panicking() {
            let found = secrets::all(&self.log());
            assert!(found.is_empty(), "secrets stand in the log: {found:?}");
        }
    }
}

/// Starts the server, and returns it once it says its address.
pub(crate) fn serve(settings: Settings) -> Server {
    start(Command::new(binary()), settings)
}

/// The same with fewer file descriptors.
pub(crate) fn serve_with_descriptors(most: u32, settings: Settings) -> Server {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &format!("ulimit -n {most} && exec \"$0\" \"$@\"")]).arg(binary());
    start(command, settings)
}

fn start(mut command: Command, settings: Settings) -> Server {
    let folder = folder();
    prepare(&mut command, &folder, settings);
    let stderr = std::fs::File::create(folder.join(LOG)).expect("the folder can be written to");
    let mut child = command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(stderr).spawn().expect("it starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it has an output")).lines().map_while(Result::ok);
    let said = lines.find_map(|line| line.split_once("http://").map(|(_, rest)| rest.to_owned())).expect("it says its address");
    let told = Arc::new(Mutex::new(format!("{said}\n")));
    let telling = Arc::clone(&told);
    std::thread::spawn(move || {
        lines.for_each(|line| telling.lock().unwrap_or_else(PoisonError::into_inner).extend([line.as_str(), "\n"]));
    });
    Server { child, address: said.split('/').next().expect("an address").to_owned(), folder, told }
}

/// A connection that has sent this. A test that waits for too long on it fails.
pub(crate) fn connect(address: &str, sent: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("sockets have timeouts");
    stream.write_all(sent.as_bytes()).expect("it reads");
    stream
}

/// Everything that comes until the connection ends, however it does.
pub(crate) fn rest(mut stream: &TcpStream) -> String {
    let (mut all, mut piece) = (Vec::new(), [0; 16_384]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(bytes) => all.extend_from_slice(&piece[..bytes]),
            Err(e) if e.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(e) => panic!("nothing came for too long: {e}: {}", text(&all)),
        }
    }
    text(&all)
}

/// The answer to one request, given by its line and headers without `Host`.
pub(crate) fn exchange(address: &str, request: &str, body: &str) -> String {
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    rest(&connect(address, &format!("{request}\r\nHost: {address}\r\nConnection: close\r\n{length}\r\n{body}")))
}

/// The answer to a GraphQL request with these headers besides, each ended by a line break. Its passwords are looked for in the logs.
pub(crate) fn post_with(address: &str, headers: &str, body: &str) -> String {
    serde_json::from_str(body).iter().for_each(secrets::remember_of);
    exchange(address, &format!("POST /graphql HTTP/1.1\r\n{headers}Content-Type: application/json"), body)
}

/// The answer to a GraphQL request.
pub(crate) fn post(address: &str, body: &str) -> String {
    post_with(address, "", body)
}
