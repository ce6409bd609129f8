//! How much one address follows, and how long it keeps its place who does not read.

use std::time::Duration;

use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::binary::serve;
use crate::editing::{act, begun, desks};
use crate::following::{MOMENT, Socket, tell};

const PUBLISHED: &str = "subscription { postPublished { post { title } } }";
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn an_address_follows_so_many_fields_over_all_of_its_sockets() {
    let server = serve(&[("ALLIANCE_DEMO", "true"), ("ALLIANCE_FOLLOWED_OF_ADDRESS", "500")]);
    let fields: Vec<_> = (0..29).map(|number| format!("title{number}: title")).collect();
    let query = format!("subscription {{ postPublished {{ post {{ title {} }} }} }}", fields.join(" "));
    let [mut first, mut second] = [Socket::begun(&server.address, "").await, Socket::begun(&server.address, "").await];
    for id in 0..20 {
        first.subscribe(&id.to_string(), &query, &Value::Null).await;
    }
    // Twenty times thirty fields are too many, and where one is, another socket has no room either.
    let refused = first.said().await;
    assert_eq!(refused["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{refused}");
    second.subscribe("1", &query, &Value::Null).await;
    let said = second.said().await;
    assert_eq!(said["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{said}");
    assert!(said["payload"][0]["message"].as_str().is_some_and(|text| text.contains("ALLIANCE_FOLLOWED_OF_ADDRESS")), "{said}");
    // What ends makes room.
    for id in 0..20 {
        first.say(&json!({ "id": id.to_string(), "type": "complete" })).await;
    }
    for attempt in 10.. {
        assert!(attempt < 40, "there is no room again");
        let id = attempt.to_string();
        second.subscribe(&id, &query, &Value::Null).await;
        let mut is_refused = false;
        while let Ok(said) = timeout(MOMENT, second.said()).await {
            is_refused |= said["id"] == id;
        }
        if !is_refused {
            break;
        }
    }
}

/// Follows, and reads nothing of the answer.
async fn followed(app: &TestApp) -> Response {
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept", "text/event-stream");
    app.respond(request.body(Body::from(json!({ "query": PUBLISHED }).to_string())).expect("this is a request")).await
}

#[tokio::test]
async fn who_does_not_read_what_is_told_keeps_no_place() {
    for (app, desk) in desks().await {
        let narrow = app.with(|config| (config.limits.sockets, config.limits.socket_send_seconds) = (1, 1));
        let unread = followed(&narrow).await;
        assert_eq!(unread.status(), StatusCode::OK, "{}", app.name);
        assert_eq!(followed(&narrow).await.status(), StatusCode::SERVICE_UNAVAILABLE, "{}: there is one place", app.name);
        for title in ["Unheard", "Unheard too"] {
            let post = begun(&app, &desk.editor, title).await;
            act(&app, &desk.editor, "postPublish", &post, json!({})).await;
            tell(&narrow).await;
        }
        let began = Instant::now();
        while followed(&narrow).await.status() != StatusCode::OK {
            assert!(began.elapsed() < PATIENCE, "{}: it keeps its place", app.name);
            sleep(Duration::from_millis(100)).await;
        }
        drop(unread);
        app.leave_jobs();
    }
}
