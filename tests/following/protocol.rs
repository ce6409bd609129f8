//! Every close code, and what a client may say and must not.

use std::time::{Duration, Instant};

use alliance_tests::postgres;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::binary::{Server, serve};
use crate::following::{Came, Socket};
use crate::nodes::{demo_passwords, sign_in};

const QUERY: &str = "{ __typename }";
const PUBLISHED: &str = "subscription { postPublished { cursor post { id } } }";

/// A server on each database.
fn servers(settings: &[(&str, &str)]) -> [Server; 2] {
    let url = postgres::database();
    let common = [("ALLIANCE_DEMO", "true"), ("ALLIANCE_PUBLIC_URL", "https://citizens.example")];
    let on_postgres = [settings, &common, &[("DATABASE_URL", url.as_str())]].concat();
    [serve(&[settings, &common].concat()), serve(&on_postgres)]
}

fn init(payload: &Value) -> Value {
    json!({ "type": "connection_init", "payload": payload })
}

fn subscribe(id: &Value, payload: &Value) -> Value {
    json!({ "id": id, "type": "subscribe", "payload": payload })
}

/// What a client must not say, after it has begun or before, and the code that it is closed with.
fn faults() -> Vec<(bool, Message, u16)> {
    let text = |value: Value| Message::text(value.to_string());
    let asked = json!({ "query": QUERY });
    let long = "x".repeat(129);
    vec![
        (true, Message::binary(b"{\"type\":\"ping\"}".to_vec()), 4400),
        (true, Message::text("{"), 4400),
        (true, Message::text(""), 4400),
        (true, text(json!([])), 4400),
        (true, text(json!("ping")), 4400),
        (true, text(json!({})), 4400),
        (true, text(json!({ "type": "start" })), 4400),
        (true, text(json!({ "type": "next", "id": "1", "payload": {} })), 4400),
        (true, text(json!({ "type": 1 })), 4400),
        (true, text(json!({ "type": "ping", "payload": "text" })), 4400),
        (true, text(json!({ "type": "subscribe", "payload": asked })), 4400),
        (true, text(subscribe(&json!(""), &asked)), 4400),
        (true, text(subscribe(&json!(7), &asked)), 4400),
        (true, text(subscribe(&json!(long), &asked)), 4400),
        (true, text(json!({ "id": "1", "type": "subscribe" })), 4400),
        (true, text(subscribe(&json!("1"), &json!([asked]))), 4400),
        (true, text(json!({ "type": "complete" })), 4400),
        (true, text(init(&Value::Null)), 4429),
        (true, Message::text(format!("{{\"type\":\"ping\",\"payload\":{{\"x\":\"{}\"}}}}", "x".repeat(70_000))), 1009),
        (false, text(subscribe(&json!("1"), &asked)), 4401),
        (false, text(init(&json!("token"))), 4400),
        (false, text(init(&json!({ "authorization": "Bearer nonsense" }))), 4403),
        (false, text(init(&json!({ "Authorization": "nonsense" }))), 4403),
        (false, text(init(&json!({ "authorization": "Basic bm9uc2Vuc2U=" }))), 4403),
        (false, text(init(&json!({ "authorization": "" }))), 4403),
        (false, text(init(&json!({ "authorization": { "token": "x" } }))), 4403),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_breaks_the_protocol_is_closed_with_the_code_for_it() {
    for server in servers(&[("ALLIANCE_SOCKETS_OF_ADDRESS", "1000")]) {
        for (has_begun, message, code) in faults() {
            let mut socket = match has_begun {
                true => Socket::begun(&server.address, "").await,
                false => Socket::open(&server.address).await,
            };
            let told = message.to_string();
            socket.send(message).await;
            let came = socket.came().await;
            assert!(matches!(came, Came::Closed(closed, _) if closed == code), "{told:.100}: {came:?}");
        }
        let mut socket = Socket::open_with(&server.address, &[]).await.expect("it is opened");
        assert!(matches!(socket.came().await, Came::Closed(4406, _)));
        let began = Instant::now();
        let mut socket = Socket::open(&server.address).await;
        assert!(matches!(socket.came().await, Came::Closed(4408, _)));
        assert!(began.elapsed() >= Duration::from_secs(3), "it has three seconds to begin");

        let mut socket = Socket::begun(&server.address, "").await;
        socket.subscribe("same", PUBLISHED, &Value::Null).await;
        socket.subscribe("same", PUBLISHED, &Value::Null).await;
        let came = socket.came().await;
        assert!(matches!(&came, Came::Closed(4409, reason) if reason == "Subscriber for same already exists"), "{came:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_may_not_be_opened_is_refused_before_it_is_one() {
    for server in servers(&[("ALLIANCE_SOCKETS_OF_ADDRESS", "2"), ("ALLIANCE_ALLOWED_ORIGINS", "https://app.example")]) {
        let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
        let status = async |headers: &[(&'static str, &str)]| {
            let headers = [&[protocol], headers].concat();
            Socket::open_with(&server.address, &headers).await.map_or_else(|refused| refused.status().as_u16(), |_| 101)
        };
        assert_eq!(status(&[("origin", "https://elsewhere.example")]).await, 403);
        assert_eq!(status(&[("origin", "https://app.example")]).await, 101);
        assert_eq!(status(&[("authorization", "Bearer nonsense")]).await, 401);
        let held = [Socket::begun(&server.address, "").await, Socket::begun(&server.address, "").await];
        assert_eq!(status(&[]).await, 429, "an address has two sockets");
        drop(held);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_over_a_socket_are_answered_as_at_the_door() {
    for server in servers(&[("ALLIANCE_RATE_VISITOR_TOKENS", "3")]) {
        let mut socket = Socket::open(&server.address).await;
        socket.say(&json!({ "type": "ping", "payload": { "early": true } })).await;
        assert_eq!(socket.said().await, json!({ "type": "pong", "payload": { "early": true } }));
        socket.say(&init(&json!({}))).await;
        let ack = socket.said().await;
        assert!(ack["type"] == "connection_ack" && ack["payload"]["cursor"].is_string(), "{ack}");
        socket.say(&json!({ "type": "pong" })).await;
        socket.say(&json!({ "type": "complete", "id": "nobody" })).await;
        socket.say(&json!({ "type": "ping" })).await;
        assert_eq!(socket.said().await, json!({ "type": "pong" }));

        // An id is free once its operation is complete.
        for _ in 0..2 {
            socket
                .subscribe("1", "query($s: String!) { alliance(slug: $s) { slug } }", &json!({ "s": "nottingham-citizens" }))
                .await;
            assert_eq!(socket.data("1").await, json!({ "alliance": { "slug": "nottingham-citizens" } }));
            assert_eq!(socket.said().await, json!({ "id": "1", "type": "complete" }));
        }
        // What a client may send is limited, and what it is answered is not by that.
        let whole = "{ __schema { types { name description fields { name description args { name description } } \
            inputFields { name description } enumValues { name description } } } }";
        socket.subscribe("1", whole, &Value::Null).await;
        assert!(socket.data("1").await.to_string().len() > 100_000, "a long answer comes whole");
        assert_eq!(socket.said().await["type"], "complete");
        let many = format!("{{ {} }}", (0..25).map(|at| format!("a{at}: __typename")).collect::<Vec<_>>().join(" "));
        let wrong = [
            ("{", "BAD_REQUEST"),
            ("{ nonsense }", "BAD_REQUEST"),
            ("subscription { a: postPublished { cursor } b: postPublished { cursor } }", "BAD_REQUEST"),
            ("subscription { postPublished @skip(if: true) { cursor } }", "BAD_REQUEST"),
            ("subscription { postPublished(after: \"nonsense\") { cursor } }", "BAD_REQUEST"),
            ("subscription { postPublished(alliance: \"nowhere\") { cursor } }", "NOT_FOUND"),
            ("subscription { postChanged(id: \"post_00000000000000000000000000\") { cursor } }", "NOT_FOUND"),
            ("subscription { moderationQueueChanged(alliance: \"nottingham-citizens\") { cursor } }", "UNAUTHENTICATED"),
            (&many, "LIMIT_EXCEEDED"),
        ];
        for (query, code) in wrong {
            socket.subscribe("2", query, &Value::Null).await;
            let said = socket.said().await;
            assert!(said["type"] == "error" && said["payload"][0]["extensions"]["code"] == code, "{query}: {said}");
        }
        socket.say(&subscribe(&json!("3"), &json!({ "query": 5 }))).await;
        assert_eq!(socket.said().await["type"], "error");

        // What is changed is counted.
        let token = "mutation { visitorTokenCreate { visitorToken { token } } }";
        let mut told = Vec::new();
        for _ in 0..4 {
            socket.subscribe("4", token, &Value::Null).await;
            let said = socket.said().await;
            told.push(said["payload"]["errors"][0]["extensions"]["code"].as_str().unwrap_or("done").to_owned());
            assert_eq!(socket.said().await["type"], "complete");
        }
        assert_eq!(told, ["done", "done", "done", "RATE_LIMITED"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_has_so_many_operations_and_an_account_so_many_sockets() {
    for server in servers(&[("ALLIANCE_SOCKET_OPERATIONS", "3"), ("ALLIANCE_SOCKETS_OF_ACCOUNT", "2")]) {
        let mut socket = Socket::begun(&server.address, "").await;
        for id in ["1", "2", "3", "4"] {
            socket.subscribe(id, PUBLISHED, &Value::Null).await;
        }
        let said = socket.said().await;
        assert!(said["id"] == "4" && said["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED", "{said}");
        socket.say(&json!({ "id": "1", "type": "complete" })).await;
        socket.subscribe("5", QUERY, &Value::Null).await;
        assert_eq!(socket.data("5").await, json!({ "__typename": "Query" }));

        let passwords = demo_passwords(&server);
        let (email, password) = passwords.iter().find(|(email, _)| email.starts_with("supporter")).expect("there is one");
        let token = sign_in(&server.address, email, password);
        let held = [Socket::begun(&server.address, &token).await, Socket::begun(&server.address, &token).await];
        let mut third = Socket::open(&server.address).await;
        third.say(&init(&json!({ "authorization": format!("Bearer {token}") }))).await;
        let came = third.came().await;
        assert!(matches!(&came, Came::Closed(1013, reason) if reason.contains("ALLIANCE_SOCKETS_OF_ACCOUNT")), "{came:?}");
        drop(held);
    }
}
