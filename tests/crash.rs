//! A server that is killed while many write, again and again: what it acknowledged is there afterwards, and no half of a change.

use std::collections::HashMap;
use std::fmt;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::running::{Connection, Running, body, changing, mutation};

const WRITERS: usize = 4;
const OFTEN: &str = "1000000";
const SETTINGS: [(&str, &str); 4] = [
    ("ALLIANCE_DEMO", "true"),
    ("ALLIANCE_RATE_SIGN_IN_ADDRESS", OFTEN),
    ("ALLIANCE_RATE_SIGN_IN_ACCOUNT", OFTEN),
    ("ALLIANCE_RATE_MUTATIONS", OFTEN),
];

/// What was acknowledged of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Acknowledged {
    version: i64,
    status: String,
}

/// What one life of the server came to.
#[derive(Debug)]
pub struct Life {
    /// How many changes were acknowledged before it was killed.
    pub acknowledged: usize,
    /// How many posts are not as they were acknowledged.
    pub lost: Vec<String>,
    /// What `alliance doctor --deep` found wrong.
    pub wrong: Vec<String>,
    /// How long it took from its start to its first answer.
    pub ready: Duration,
}

impl Life {
    /// Whether nothing was lost or half done.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.lost.is_empty() && self.wrong.is_empty()
    }
}

impl fmt::Display for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acknowledged, lost, wrong, ready } = self;
        write!(f, "{acknowledged} acknowledged, {} lost, {} wrong, ready after {} ms", lost.len(), wrong.len(), ready.as_millis())
    }
}

/// Lets the binary at this path live and die so many times, each time for so long after its first answer; tells each life.
pub fn survive(alliance: &str, settings: &[(&str, &str)], lives: usize, lasting: Duration, tell: impl Fn(&Life)) -> bool {
    let settings = [SETTINGS.as_slice(), settings].concat();
    let (mut known, mut passwords, mut well) = (HashMap::new(), None, true);
    for life in 0..=lives {
        let began = Instant::now();
        let server = Running::start(alliance, &settings);
        let mut connection = Connection::open(&server.address);
        connection.ask("", &body("{ __typename }", &Value::Null));
        let ready = began.elapsed();
        let (email, password) = passwords.get_or_insert_with(|| editor(server.demo_passwords())).clone();
        let signed = connection.change("", "signIn", &json!({ "email": email, "password": password }), "accessToken");
        let token = signed["accessToken"].as_str().expect("a token").to_owned();
        if life > 0 {
            let lost = lost(&mut connection, &token, &known);
            let told = Life { acknowledged: known.len(), lost, wrong: doctor(alliance, &settings), ready };
            tell(&told);
            well &= told.is_well();
        }
        if life < lives {
            known = write(server, &mut connection, &token, lasting);
        }
    }
    well
}

fn editor(passwords: Vec<(String, String)>) -> (String, String) {
    passwords.into_iter().find(|(email, _)| email.starts_with("editor")).expect("the demo has an editor")
}

/// Writes without a pause until the server is killed; returns what it acknowledged last of each post.
fn write(server: Running, connection: &mut Connection, token: &str, lasting: Duration) -> HashMap<String, Acknowledged> {
    let query = "{ alliance(slug: \"nottingham-citizens\") { id } }";
    let alliance = connection.ask(token, &body(query, &Value::Null)).body;
    let alliance: Value = serde_json::from_str(&alliance).expect("an answer is JSON");
    let (alliance, address) = (alliance["data"]["alliance"]["id"].clone(), server.address.clone());
    let dead = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (alliance, address, dead) = (&alliance, &address, &dead);
                scope.spawn(move || {
                    let (mut known, mut connection) = (HashMap::new(), Connection::open(address));
                    let mut n = 0;
                    while !dead.load(Ordering::Relaxed)
                        && live(&mut connection, token, (alliance, &format!("{writer}.{n}")), &mut known).is_some()
                    {
                        n += 1;
                    }
                    known
                })
            })
            .collect();
        std::thread::sleep(lasting);
        drop(server);
        dead.store(true, Ordering::Relaxed);
        writers.into_iter().flat_map(|writer| writer.join().expect("it writes")).collect()
    })
}

/// The life of one post; nothing once an answer does not come.
fn live(
    connection: &mut Connection,
    token: &str,
    (alliance, name): (&Value, &str),
    known: &mut HashMap<String, Acknowledged>,
) -> Option<()> {
    const POST: &str = "post { id version status }";
    let text = "A paragraph that says something. ".repeat(20);
    let input = json!({ "alliance": alliance, "title": format!("Written {name}"), "body": text });
    let mut post = acknowledged(connection, token, &mutation("postCreate", &input, POST), known)?;
    let acts = [
        ("postEdit", json!({ "title": format!("Written anew {name}") })),
        ("postPublish", json!({})),
        ("postEdit", json!({ "body": format!("{text} And more.") })),
        ("postPublish", json!({})),
        ("postSchedule", json!({ "unpublishAt": "2099-01-01T00:00:00Z" })),
        ("postUnpublish", json!({})),
        ("postPublish", json!({})),
    ];
    for (field, more) in acts {
        let mut input = json!({ "id": post["id"], "version": post["version"] });
        input.as_object_mut()?.extend(more.as_object()?.clone());
        let asked = body(&changing(field, POST), &json!({ "input": input }));
        post = acknowledged(connection, token, &asked, known)?;
    }
    Some(())
}

fn acknowledged(
    connection: &mut Connection,
    token: &str,
    asked: &str,
    known: &mut HashMap<String, Acknowledged>,
) -> Option<Value> {
    let answered = connection.try_ask(token, asked).ok()?;
    let mut answer: Value = serde_json::from_str(&answered.body).ok()?;
    let post = answer["data"].as_object_mut()?.values_mut().next()?["post"].take();
    let id = post["id"].as_str().unwrap_or_else(|| panic!("it was refused: {}", answered.body)).to_owned();
    let status = post["status"].as_str().expect("a status").to_owned();
    known.insert(id, Acknowledged { version: post["version"].as_i64().expect("a version"), status });
    Some(post)
}

/// Those that are not as they were acknowledged. What was asked for last may have been done without an answer.
fn lost(connection: &mut Connection, token: &str, known: &HashMap<String, Acknowledged>) -> Vec<String> {
    let mut lost = Vec::new();
    for (id, was) in known {
        let answered = connection.ask(token, &body(&format!("{{ post(id: \"{id}\") {{ version status }} }}"), &Value::Null)).body;
        let answer: Value = serde_json::from_str(&answered).unwrap_or_default();
        let is = &answer["data"]["post"];
        let stands = is["version"].as_i64().is_some_and(|version| match version - was.version {
            0 => is["status"].as_str() == Some(&was.status),
            more => more == 1,
        });
        if !stands {
            lost.push(format!("{id}: {was:?} is {answered}"));
        }
    }
    lost
}

/// What `alliance doctor --deep` says is wrong.
fn doctor(alliance: &str, settings: &[(&str, &str)]) -> Vec<String> {
    let mut command = Command::new(alliance);
    command.args(["doctor", "--deep"]).envs(settings.iter().copied()).env("ALLIANCE_LISTEN", "127.0.0.1:0");
    let told = command.output().expect("it can be asked");
    let said = String::from_utf8_lossy(&told.stdout).into_owned();
    let mut wrong: Vec<String> = said.lines().filter(|line| line.starts_with("PROBLEM")).map(str::to_owned).collect();
    if !told.status.success() && wrong.is_empty() {
        wrong.push(String::from_utf8_lossy(&told.stderr).into_owned());
    }
    wrong
}
