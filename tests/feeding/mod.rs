//! Feeds, sitemaps and cards of posts: what other sites and readers' programs take up.

mod addresses;
mod archives;
mod embedding;
mod hidden;
mod life;
mod parsers;
mod renamed;
mod sitemaps;

use alliance_entity::account_role::Role;
use alliance_entity::post;
use alliance_tests::app::TestApp;
use axum::http::StatusCode;
use chrono::TimeDelta;
use feed_rs::model::{Entry, Feed};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guests::{self, Guest};
use crate::viewers::HERE;

/// The feed of the alliance of the tests.
const FEED: &str = "/feeds/here.atom";

/// Somebody who edits the alliance, and the same alliance on later days.
struct Desk {
    ada: Guest,
    editor: &'static str,
    token: String,
}

/// A post, and the version that was read.
struct Written {
    id: String,
    version: i64,
}

impl Written {
    /// The id of its entry in a feed.
    fn urn(&self) -> String {
        let id: alliance_entity::id::PostId = self.id.parse().expect("an id");
        format!("urn:uuid:{}", id.0)
    }
}

impl Desk {
    async fn set(app: &TestApp) -> Self {
        let (ada, editor) = (guests::admin(app, Some(HERE), "ada@example.org").await, "ines@example.org");
        let ines = guests::joined(app, &ada, (HERE, Role::Editor), editor).await;
        Self { ada, editor, token: ines.token }
    }

    /// So many days later, with a new session.
    async fn later(&mut self, app: &TestApp, days: i64) -> TestApp {
        let later = app.later(TimeDelta::days(days));
        later.leave_jobs();
        self.token = guests::sign_in(&later, self.editor, guests::PASSWORD).await;
        later
    }

    async fn does(&self, app: &TestApp, field: &str, input: Value, selection: &str) -> Value {
        guests::done(app, (&self.token, field), input, selection).await
    }

    /// Writes a post and makes it public.
    async fn publishes(&self, app: &TestApp, title: &str, more: Value) -> Written {
        let mut input = json!({ "alliance": HERE.to_string(), "title": title, "body": format!("The whole of {title}.") });
        for (name, value) in more.as_object().expect("fields") {
            input[name] = value.clone();
        }
        let made = self.does(app, "postCreate", input, "post { id version }").await;
        let mut post = Written {
            id: made["post"]["id"].as_str().expect("an id").to_owned(),
            version: made["post"]["version"].as_i64().expect("a version"),
        };
        self.acts(app, &mut post, "postPublish", json!({})).await;
        post
    }

    /// Does something to a post.
    async fn acts(&self, app: &TestApp, post: &mut Written, act: &str, more: Value) {
        let mut input = json!({ "id": post.id, "version": post.version });
        for (name, value) in more.as_object().expect("fields") {
            input[name] = value.clone();
        }
        let done = self.does(app, act, input, "post { version }").await;
        post.version = done["post"]["version"].as_i64().expect("a version");
    }

    /// Lets a visitor react to a post.
    async fn is_supported(&self, app: &TestApp, post: &Written) {
        let made = app.read("mutation { visitorTokenCreate { visitorToken { token } } }").await;
        let token = made["visitorTokenCreate"]["visitorToken"]["token"].as_str().expect("a token");
        let input = json!({ "subject": post.id, "kind": "SUPPORT" });
        guests::done(app, (token, "reactionAdd"), input, "__typename").await;
    }

    /// Changes the alliance, as its admin.
    async fn sets(&self, app: &TestApp, what: Value) -> String {
        let version = self.ada.ask(app, "{ alliance(slug: \"here\") { version } }").await["data"]["alliance"]["version"].take();
        let mut input = what;
        (input["id"], input["version"]) = (json!(HERE.to_string()), version);
        self.ada.tries(app, "allianceEdit", input).await
    }
}

/// What is at an address.
async fn text(app: &TestApp, path: &str) -> String {
    let (status, _, text) = app.get(path, &[]).await;
    assert_eq!(status, StatusCode::OK, "{}: {path}: {text}", app.name);
    text
}

/// A feed as a program of its readers understands it.
async fn feed(app: &TestApp, path: &str) -> Feed {
    let text = text(app, path).await;
    feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{}: {path}: {e}: {text}", app.name))
}

fn ids(feed: &Feed) -> Vec<&str> {
    feed.entries.iter().map(|entry| entry.id.as_str()).collect()
}

fn title(entry: &Entry) -> &str {
    entry.title.as_ref().map(|title| title.content.as_str()).expect("it has a title")
}

/// The addresses of a feed's links with this relation.
fn links<'a>(feed: &'a Feed, rel: &str) -> Vec<&'a str> {
    feed.links.iter().filter(|link| link.rel.as_deref() == Some(rel)).map(|link| link.href.as_str()).collect()
}

/// The address on this server.
fn path(address: &str) -> &str {
    address.strip_prefix("https://citizens.example").expect("it leads here")
}

fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A post of this very moment.
fn at(post: post::Model, app: &TestApp) -> post::Model {
    let now = app.app.clock().now();
    post::Model { published_at: Some(now), first_published_at: Some(now), carried_since: Some(now), updated_at: now, ..post }
}
