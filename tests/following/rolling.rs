//! Two nodes are replaced one after the other while five hundred clients follow what is published.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alliance_tests::postgres;
use alliance_tests::running::Connection;
use serde_json::{Value, json};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::sleep;

use crate::binary::{Server, serve};
use crate::following::{Came, Socket};
use crate::nodes::{alliance, demo_passwords, sign_in};

const CLIENTS: usize = 500;
const PUBLISHED: &str = "subscription($after: String) { postPublished(after: $after) { cursor post { title } } }";
const STEP: Duration = Duration::from_millis(20);
/// How many posts are published between two steps.
const MORE: usize = 5;
const LAST: &str = "The last one";
const WITHIN: Duration = Duration::from_secs(60);

/// The addresses of the nodes that take clients.
type Addresses = Arc<Mutex<Vec<String>>>;

fn one_of(addresses: &Addresses, number: usize) -> String {
    let addresses = addresses.lock().unwrap_or_else(PoisonError::into_inner);
    addresses[number % addresses.len()].clone()
}

/// Follows what is published, from node to node, until the last post is told of. Returns the titles.
async fn client(addresses: Addresses, number: usize, ready: Arc<AtomicBool>) -> Vec<String> {
    let (mut titles, mut after, mut turn) = (Vec::new(), Value::Null, number);
    loop {
        let Some(mut socket) = Socket::try_open(&one_of(&addresses, turn)).await else {
            sleep(STEP).await;
            turn += 1;
            continue;
        };
        turn += 1;
        socket.say(&json!({ "type": "connection_init" })).await;
        match socket.came().await {
            // Where it has heard of nothing yet, it resumes where it began.
            Came::Said(ack) if after.is_null() => after = ack["payload"]["cursor"].clone(),
            Came::Said(_) => {}
            Came::Closed(..) | Came::Gone => continue,
        }
        socket.subscribe("1", PUBLISHED, &json!({ "after": after })).await;
        ready.store(true, Ordering::SeqCst);
        while let Came::Said(said) = socket.came().await {
            let told = &said["payload"]["data"]["postPublished"];
            let title = told["post"]["title"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned();
            after = told["cursor"].clone();
            titles.push(title.clone());
            if title == LAST {
                return titles;
            }
        }
    }
}

/// Publishes one post after the other until it is told to end. Each request must succeed.
fn write(addresses: &Addresses, token: &str, (ends, written): (&AtomicBool, &AtomicUsize)) -> Vec<String> {
    let (mut titles, mut open) = (Vec::new(), None::<(String, Connection)>);
    let here = alliance(&one_of(addresses, 0));
    loop {
        let address = one_of(addresses, 0);
        let (_, connection) = match open.take().filter(|(to, _)| *to == address) {
            Some(same) => open.insert(same),
            None => open.insert((address.clone(), Connection::open(&address))),
        };
        let is_last = ends.load(Ordering::SeqCst);
        let title = if is_last { LAST.to_owned() } else { format!("Post {}", titles.len()) };
        let post = connection.change(token, "postCreate", &json!({ "alliance": here, "title": title }), "post { id version }");
        let input = json!({ "id": post["post"]["id"], "version": post["post"]["version"] });
        connection.change(token, "postPublish", &input, "post { id }");
        titles.push(title);
        written.store(titles.len(), Ordering::SeqCst);
        if is_last {
            return titles;
        }
        std::thread::sleep(STEP);
    }
}

/// Waits until some more posts have been published.
fn more(written: &AtomicUsize) {
    let (before, began) = (written.load(Ordering::SeqCst), Instant::now());
    while written.load(Ordering::SeqCst) < before + MORE {
        assert!(began.elapsed() < WITHIN, "nothing is published");
        std::thread::sleep(STEP);
    }
}

/// Takes a node out, stops it, and puts another in.
fn replace(addresses: &Addresses, mut node: Server, (settings, written): (&[(&str, &str)], &AtomicUsize)) -> Server {
    more(written);
    addresses.lock().unwrap_or_else(PoisonError::into_inner).retain(|address| *address != node.address);
    // The writer ends what it has begun there.
    more(written);
    node.terminate();
    let (status, _) = node.ended();
    assert!(status.success(), "{status}: {}", node.log());
    let next = serve(settings);
    addresses.lock().unwrap_or_else(PoisonError::into_inner).push(next.address.clone());
    next
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nodes_are_replaced_nobody_misses_an_event_or_hears_one_twice() {
    let url = postgres::database();
    let often = "1000000";
    let settings = [
        ("DATABASE_URL", url.clone()),
        ("ALLIANCE_RATE_MUTATIONS", often.to_owned()),
        ("ALLIANCE_SOCKETS_OF_ADDRESS", often.to_owned()),
        ("ALLIANCE_DRAIN_SECONDS", "6".to_owned()),
    ];
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let first = serve(&[settings.as_slice(), &[("ALLIANCE_DEMO", "true")]].concat());
    let passwords = demo_passwords(&first);
    let (email, password) = passwords.iter().find(|(email, _)| email.starts_with("editor")).expect("there is one");
    let (token, second) = (sign_in(&first.address, email, password), serve(&settings));
    let addresses: Addresses = Arc::new(Mutex::new(vec![first.address.clone(), second.address.clone()]));
    let mut clients = JoinSet::new();
    let mut ready = Vec::new();
    for number in 0..CLIENTS {
        let follows = Arc::new(AtomicBool::new(false));
        ready.push(Arc::clone(&follows));
        clients.spawn(client(Arc::clone(&addresses), number, follows));
    }
    let began = Instant::now();
    while !ready.iter().all(|ready| ready.load(Ordering::SeqCst)) {
        assert!(began.elapsed() < WITHIN, "not all clients can connect");
        sleep(STEP).await;
    }
    let ends = Arc::new(AtomicBool::new(false));
    let written = Arc::new(AtomicUsize::new(0));
    let (to, ending, count) = (Arc::clone(&addresses), Arc::clone(&ends), Arc::clone(&written));
    let writer = spawn_blocking(move || write(&to, &token, (&ending, &count)));
    let owned: Vec<(String, String)> = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let to = Arc::clone(&addresses);
    let replaced = spawn_blocking(move || {
        let settings: Vec<(&str, &str)> = owned.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let nodes = [replace(&to, first, (&settings, &written)), replace(&to, second, (&settings, &written))];
        more(&written);
        nodes
    });
    let _nodes = replaced.await.expect("they are replaced");
    ends.store(true, Ordering::SeqCst);
    let titles = writer.await.expect("every request was answered");
    assert!(titles.len() > 5 * MORE, "little was published: {}", titles.len());
    let mut done = 0;
    while let Some(heard) = tokio::time::timeout(WITHIN, clients.join_next()).await.expect("all hear of the last one") {
        assert_eq!(heard.expect("it follows"), titles);
        done += 1;
    }
    assert_eq!(done, CLIENTS);
}
