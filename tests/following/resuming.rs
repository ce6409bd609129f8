//! Two nodes: an event of one is told on the other, and who loses a node goes on at the next.

use std::time::{Duration, Instant};

use alliance_tests::postgres;
use alliance_tests::proxy::Proxy;
use serde_json::{Value, json};

use crate::binary::{Server, serve};
use crate::following::{Came, Socket};
use crate::nodes::{alliance, change, demo_passwords, sign_in};

const PUBLISHED: &str = "subscription($after: String) { postPublished(after: $after) { cursor post { title } } }";

/// Publishes a post.
fn publish(server: &Server, token: &str, title: &str) {
    let input = json!({ "alliance": alliance(&server.address), "title": title });
    let post = change(&server.address, token, "postCreate", &input, "post { id version }")["post"].take();
    change(&server.address, token, "postPublish", &json!({ "id": post["id"], "version": post["version"] }), "post { id }");
}

fn editor(server: &Server) -> String {
    let passwords = demo_passwords(server);
    let (email, password) = passwords.iter().find(|(email, _)| email.starts_with("editor")).expect("there is one");
    sign_in(&server.address, email, password)
}

/// What is told next: the title, and the cursor.
async fn heard(socket: &mut Socket) -> (String, Value) {
    let mut data = socket.data("1").await["postPublished"].take();
    (data["post"]["title"].as_str().expect("a title").to_owned(), data["cursor"].take())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_a_node_goes_on_at_another_without_a_miss_or_a_double() {
    let url = postgres::database();
    let settings = [("DATABASE_URL", url.as_str()), ("ALLIANCE_RATE_MUTATIONS", "1000000"), ("ALLIANCE_DRAIN_SECONDS", "4")];
    let first = serve(&[settings.as_slice(), &[("ALLIANCE_DEMO", "true")]].concat());
    let (token, second) = (editor(&first), serve(&settings));
    let mut socket = Socket::begun(&second.address, "").await;
    socket.subscribe("1", PUBLISHED, &Value::Null).await;
    assert!(socket.is_quiet().await, "nothing has happened");
    publish(&first, &token, "On the other node");
    let (title, cursor) = heard(&mut socket).await;
    assert_eq!(title, "On the other node");

    second.kill();
    for title in ["Missed 1", "Missed 2", "Missed 3"] {
        publish(&first, &token, title);
    }
    assert_eq!(socket.came().await, Came::Gone);
    let mut third = serve(&settings);
    let mut socket = Socket::begun(&third.address, "").await;
    socket.subscribe("1", PUBLISHED, &json!({ "after": cursor })).await;
    let mut last = cursor;
    for wanted in ["Missed 1", "Missed 2", "Missed 3"] {
        let (title, cursor) = heard(&mut socket).await;
        assert_eq!(title, wanted);
        last = cursor;
    }

    // A node that is asked to stop says so, and is not waited for in vain.
    third.terminate();
    assert!(matches!(socket.came().await, Came::Closed(1012, _)));
    publish(&first, &token, "While it stopped");
    let (status, after) = third.ended();
    assert!(status.success() && after < Duration::from_secs(4), "{status} after {after:?}");
    let mut socket = Socket::begun(&first.address, "").await;
    socket.subscribe("1", PUBLISHED, &json!({ "after": last })).await;
    assert_eq!(heard(&mut socket).await.0, "While it stopped");
    assert!(socket.is_quiet().await, "nothing comes twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_comes_though_no_notification_does() {
    let url = postgres::database();
    let server = url.split_once('@').and_then(|(_, rest)| rest.split_once('/')).expect("an address of PostgreSQL").0;
    let network = Proxy::before(server).await;
    network.deafen();
    let inside = url.replace(server, &network.address);
    let first = serve(&[("DATABASE_URL", url.as_str()), ("ALLIANCE_DEMO", "true")]);
    let (token, second) = (editor(&first), serve(&[("DATABASE_URL", inside.as_str())]));
    let mut socket = Socket::begun(&second.address, "").await;
    socket.subscribe("1", PUBLISHED, &Value::Null).await;
    assert!(socket.is_quiet().await, "nothing has happened");
    publish(&first, &token, "Unheard");
    let began = Instant::now();
    assert_eq!(heard(&mut socket).await.0, "Unheard");
    assert!(began.elapsed() < Duration::from_secs(2), "it came after {:?}", began.elapsed());
    assert!(network.lost() > 0, "nothing was notified that could be lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_answer_is_given_up() {
    let server = serve(&[("ALLIANCE_DEMO", "true"), ("ALLIANCE_SOCKET_SILENCE_SECONDS", "2")]);
    let silent = Socket::begun(&server.address, "").await;
    let mut lively = Socket::begun(&server.address, "").await;
    // One reads, and so answers the pings; the other does not.
    assert!(tokio::time::timeout(Duration::from_secs(4), lively.came()).await.is_err(), "it is there still");
    let mut silent = silent;
    assert_eq!(silent.came().await, Came::Gone);
    lively.say(&json!({ "type": "ping" })).await;
    assert_eq!(lively.said().await["type"], "pong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_nothing_of_much_is_held_no_longer_than_one_that_does_not_answer() {
    let settings =
        [("ALLIANCE_SOCKETS", "1"), ("ALLIANCE_SOCKET_SILENCE_SECONDS", "2"), ("ALLIANCE_SOCKET_SEND_SECONDS", "3600")];
    let server = serve(&settings);
    let mut unread = Socket::begun(&server.address, "").await;
    for number in 0..20 {
        let query = "{ __schema { types { name description fields { name description args { name description } } } } }";
        unread.subscribe(&number.to_string(), query, &Value::Null).await;
    }
    assert!(Socket::try_open(&server.address).await.is_none(), "there is one place");
    let began = Instant::now();
    while Socket::try_open(&server.address).await.is_none() {
        assert!(began.elapsed() < Duration::from_secs(60), "it keeps its place");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    drop(unread);
}
