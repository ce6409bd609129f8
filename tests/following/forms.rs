//! The forms in which a subscription is answered over HTTP, and how a client resumes.

use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use futures_util::StreamExt;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::editing::{begun, desks};
use crate::following::{Watcher, tell};
use crate::guests::Guest;

const PUBLISHED: &str = "subscription { postPublished { cursor post { title } } }";
const EVENTS: &str = "text/event-stream";
const PARTS: &str = "multipart/mixed;subscriptionSpec=1.0, application/json";

/// Publishes a post with this title, and tells of it.
async fn publish(app: &TestApp, editor: &Guest, title: &str) {
    let post = begun(app, editor, title).await;
    editor.does(app, "postPublish", json!({ "id": post["id"], "version": post["version"] }), "post { id }").await;
    tell(app).await;
}

async fn answered(app: &TestApp, accept: &str, query: &str) -> (StatusCode, String, String) {
    let request = Request::post("/graphql").header("content-type", "application/json").header("accept", accept);
    let request = request.body(Body::from(json!({ "query": query }).to_string())).expect("this is a request");
    let (status, headers, text) = app.send(request).await;
    (status, headers["content-type"].to_str().expect("it is text").to_owned(), text)
}

#[tokio::test]
async fn a_client_gets_the_form_that_it_accepts_and_what_is_no_subscription_comes_as_always() {
    for app in TestApp::both().await {
        let query = "{ __typename }";
        let data = json!({ "data": { "__typename": "Query" } });
        for accept in ["application/json", PARTS, "application/json, text/event-stream, multipart/mixed"] {
            let (status, kind, text) = answered(&app, accept, query).await;
            assert_eq!((status, &*kind), (StatusCode::OK, "application/json; charset=utf-8"), "{accept}");
            assert_eq!(serde_json::from_str::<Value>(&text).expect("it is JSON"), data, "{accept}");
        }
        let (status, kind, text) = answered(&app, EVENTS, query).await;
        assert_eq!((status, &*kind), (StatusCode::OK, "text/event-stream; charset=utf-8"));
        assert_eq!(text, format!("event: next\ndata: {data}\n\nevent: complete\ndata:\n\n"));
        // What is wrong comes as an event, too: a browser could not read a status.
        let (status, _, text) = answered(&app, EVENTS, "{ nonsense }").await;
        assert!(
            status == StatusCode::OK
                && text.starts_with("event: next\ndata: {\"errors\":[")
                && text.ends_with("event: complete\ndata:\n\n"),
            "{text}"
        );
        for accept in ["application/json", "*/*", "multipart/mixed, application/json"] {
            let (status, _, text) = answered(&app, accept, PUBLISHED).await;
            assert!(status == StatusCode::NOT_ACCEPTABLE && text.contains("text/event-stream"), "{accept}: {status}: {text}");
        }
        assert_eq!(answered(&app, "multipart/mixed", PUBLISHED).await.0, StatusCode::NOT_ACCEPTABLE);
        let (status, kind, text) =
            answered(&app, PARTS, "subscription { postPublished(alliance: \"nowhere\") { cursor } }").await;
        assert!(status == StatusCode::OK && kind.starts_with("application/json") && text.contains("NOT_FOUND"), "{kind}: {text}");
    }
}

#[tokio::test]
async fn a_browser_follows_by_get_and_parts_come_one_after_the_other() {
    for (app, desk) in desks().await {
        let path = "/graphql?query=subscription%7BpostPublished%7Bpost%7Btitle%7D%7D%7D";
        let request = Request::get(path).header("accept", EVENTS).body(Body::empty()).expect("this is a request");
        let response = app.respond(request).await;
        assert_eq!(
            (response.status(), &response.headers()["cache-control"]),
            (StatusCode::OK, &"no-store".parse().expect("a value"))
        );
        let mut events = response.into_body().into_data_stream();
        let request = Request::post("/graphql").header("content-type", "application/json").header("accept", PARTS);
        let response = app.respond(request.body(Body::from(json!({ "query": PUBLISHED }).to_string())).expect("a request")).await;
        assert_eq!(response.headers()["content-type"], "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0");
        let mut parts = response.into_body().into_data_stream();
        publish(&app, &desk.editor, "In parts").await;
        let piece = async |of: &mut axum::body::BodyDataStream| {
            String::from_utf8(of.next().await.expect("it goes on").expect("it does not break").to_vec()).expect("it is text")
        };
        assert!(piece(&mut events).await.starts_with("id: "), "where it begins comes first");
        assert!(
            piece(&mut events)
                .await
                .contains("event: next\ndata: {\"data\":{\"postPublished\":{\"post\":{\"title\":\"In parts\"}}}}\n\n")
        );
        assert_eq!(piece(&mut parts).await, "\r\n--graphql");
        let part = piece(&mut parts).await;
        assert!(
            part.starts_with("\r\nContent-Type: application/json\r\n\r\n{\"payload\":{\"data\":")
                && part.ends_with("}\r\n--graphql"),
            "{part}"
        );
    }
}

#[tokio::test]
async fn who_resumes_misses_nothing_hears_nothing_twice_and_is_told_where_that_cannot_be() {
    for (app, desk) in desks().await {
        let mut watcher = Watcher::open(&app, "", PUBLISHED).await;
        let began = watcher.began.clone();
        for title in ["One", "Two", "Three"] {
            publish(&app, &desk.editor, title).await;
        }
        let title = |data: &Value| data["postPublished"]["post"]["title"].as_str().expect("a title").to_owned();
        let (first, response) = watcher.next().await.expect("it goes on");
        assert_eq!((title(&response["data"]), &response["data"]["postPublished"]["cursor"]), ("One".to_owned(), &json!(first)));
        drop(watcher);
        // Of those who resume some are alone, and strangers join the others.
        for token in ["", &desk.supporter.token] {
            for (after, wanted) in [(&began, &["One", "Two", "Three"][..]), (&first, &["Two", "Three"])] {
                let by_argument = format!("subscription {{ postPublished(after: \"{after}\") {{ post {{ title }} }} }}");
                let mut resumed =
                    [Watcher::open(&app, token, &by_argument).await, Watcher::open_after(&app, token, PUBLISHED, after).await];
                for watcher in &mut resumed {
                    for wanted in wanted {
                        assert_eq!(title(&watcher.data().await), *wanted, "{}", app.name);
                    }
                }
                let next = format!("Behind {}", &after[after.len() - 6..]);
                publish(&app, &desk.editor, &next).await;
                for watcher in &mut resumed {
                    // What was published in an earlier round comes before it.
                    loop {
                        let heard = title(&watcher.data().await);
                        if heard == next {
                            break;
                        }
                        assert!(heard.starts_with("Behind"), "{}: {heard}", app.name);
                    }
                }
            }
        }
        let later = app.later(TimeDelta::days(8));
        later.app.db().write().execute_unprepared("DELETE FROM outbox").await.expect("old events are deleted");
        publish(&app, &desk.editor, "Much later").await;
        let (_, lost) = Watcher::open_after(&app, "", PUBLISHED, &first).await.next().await.expect("it says why");
        assert_eq!(lost["errors"][0]["extensions"]["code"], "RESYNC", "{}: {lost}", app.name);
        let (_, none) = Watcher::open_after(&app, "", PUBLISHED, "nonsense").await.next().await.expect("it says why");
        assert_eq!(none["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{}: {none}", app.name);
    }
}
