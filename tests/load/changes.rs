//! What partners hear while many changes are made on two nodes, and how fast they read.
//! `load-changes ALLIANCE CHANGES POSTS`, the servers' settings in the environment and the admin's password as its input; see `tests/load/changes`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use alliance_tests::carrying::{Heard, Reader, Writer};
use alliance_tests::running::{Connection, Running, body};
use serde_json::{Value, json};

const WRITERS: usize = 8;
const SETTINGS: [(&str, &str); 2] = [("ALLIANCE_RATE_MUTATIONS", "1000000"), ("ALLIANCE_RATE_SIGN_IN_ADDRESS", "1000000")];
/// What a partner asks for who keeps whole posts.
const WHOLE: &str = "changedAt deskNote origin { alliance url originalId author licence } signed \
                     post { title body { html } excerpt version terms { licence usageTerms } campaigns(first: 3) { nodes { title } } }";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [alliance, changes, posts] = arguments.as_slice() else {
        eprintln!("load-changes ALLIANCE CHANGES POSTS");
        std::process::exit(2);
    };
    let (changes, posts): (usize, usize) = (changes.parse().expect("a number"), posts.parse().expect("a number"));
    let nodes = [Running::start(alliance, &SETTINGS), Running::start(alliance, &SETTINGS)];
    let mut connection = Connection::open(&nodes[0].address);
    let mut password = String::new();
    std::io::stdin().read_line(&mut password).expect("a password is given");
    let signed =
        connection.change("", "signIn", &json!({ "email": "ada@example.org", "password": password.trim_end() }), "accessToken");
    let token = signed["accessToken"].as_str().expect("a token").to_owned();
    let asked = body("{ alliance(slug: \"load\") { id campaigns(first: 1) { nodes { id } } } }", &Value::Null);
    let here: Value = serde_json::from_str(&connection.ask(&token, &asked).body).expect("an answer is JSON");
    let here = &here["data"]["alliance"];
    let place = (here["id"].clone(), here["campaigns"]["nodes"][0]["id"].clone());

    let mut all = partner(&mut connection, (&token, &place.0), "Derby Citizens", &json!({ "carriesAll": true }));
    let mut some = partner(&mut connection, (&token, &place.0), "Leicester Citizens", &json!({ "campaigns": [place.1] }));
    println!("| | items | s | items a second | memory of its node, MB |\n| --- | --- | --- | --- | --- |");
    let began = nodes[0].memory();
    let heard = timed("the posts that there are, kinds alone", (&mut all, &nodes[0]), "");
    assert_eq!(heard, posts, "each post that there is comes once");
    let log = all.place();
    all.forget();
    timed("the posts that there are, whole and signed", (&mut all, &nodes[0]), WHOLE);
    some.read_all(&nodes[1].address, "", |_| ());

    let (wanted, heard, took) = work(&nodes, (&token, &place), (&mut all, &mut some), changes);
    println!(
        "\n{changes} changes by {WRITERS} editors on two nodes in {:.1} s ({:.0} a second)",
        took.as_secs_f64(),
        rate(changes, took)
    );
    let well = [("who carries all", 0), ("who carries a campaign", 1)].map(|(name, at)| {
        let difference = wanted[at].compare(&heard[at]);
        println!("{name}: {} changes to hear of, {difference}", wanted[at].count());
        difference.is_none()
    });
    println!("\n| | items | s | items a second | memory of its node, MB |\n| --- | --- | --- | --- | --- |");
    for (name, fields) in [("these changes once more, kinds alone", ""), ("these changes, whole and signed", WHOLE)] {
        all.stand(log.clone());
        timed(name, (&mut all, &nodes[0]), fields);
    }
    println!("\nmemory of the first node before: {} MB", began / 1024);
    drop(nodes);
    std::process::exit(i32::from(!well.iter().all(|well| *well)));
}

fn partner(connection: &mut Connection, (token, alliance): (&str, &Value), name: &str, rights: &Value) -> Reader {
    let mut input = json!({ "alliance": alliance, "name": name });
    input.as_object_mut().expect("it is one").extend(rights.as_object().expect("it is one").clone());
    let made = connection.change(token, "partnerCreate", &input, "secret");
    Reader::new(made["secret"].as_str().expect("a key"))
}

/// Reads to the end, and tells how fast.
fn timed(name: &str, (reader, node): (&mut Reader, &Running), fields: &str) -> usize {
    let (began, mut heard) = (Instant::now(), 0);
    reader.read_all(&node.address, fields, |_| heard += 1);
    let took = began.elapsed();
    println!("| {name} | {heard} | {:.2} | {:.0} | {} |", took.as_secs_f64(), rate(heard, took), node.memory() / 1024);
    heard
}

fn rate(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took.as_secs_f64()
}

/// Lets the writers work, half by each node, and both partners read meanwhile, by each node in turn. Returns what they were to hear of
/// and what they heard, and how long the writers took.
fn work(
    nodes: &[Running; 2],
    (token, place): (&str, &(Value, Value)),
    readers: (&mut Reader, &mut Reader),
    changes: usize,
) -> ([Heard; 2], [Heard; 2], Duration) {
    let ended = AtomicBool::new(false);
    let began = Instant::now();
    thread::scope(|scope| {
        let reading = [readers.0, readers.1].map(|reader| scope.spawn(|| follow(nodes, reader, &ended)));
        let writing: Vec<_> = (0..WRITERS)
            .map(|number| {
                let share = changes / WRITERS + usize::from(number < changes % WRITERS);
                scope.spawn(move || Writer::new(&nodes[number % 2].address, token, place, number).make(share))
            })
            .collect();
        let written: Vec<_> = writing.into_iter().map(thread::ScopedJoinHandle::join).collect();
        let took = began.elapsed();
        // The readers end, whatever became of the writers.
        ended.store(true, Ordering::Relaxed);
        let mut wanted = [Heard::default(), Heard::default()];
        for written in written {
            let [all, some] = written.expect("a writer does not panic");
            wanted[0].extend(all);
            wanted[1].extend(some);
        }
        (wanted, reading.map(|reader| reader.join().expect("a reader does not panic")), took)
    })
}

/// Reads until all is written, and then once more from each node.
fn follow(nodes: &[Running; 2], reader: &mut Reader, ended: &AtomicBool) -> Heard {
    let mut heard = Heard::default();
    loop {
        let is_last = ended.load(Ordering::Relaxed);
        if is_last {
            // An event comes into its place on a node within two seconds.
            thread::sleep(Duration::from_secs(3));
        }
        for node in nodes {
            reader.read_all(&node.address, "", |change| heard.keep(change));
        }
        if is_last {
            return heard;
        }
        thread::sleep(Duration::from_millis(20));
    }
}
