//! GET /: what this is, how it fares, and where to go on. A page, or the same as JSON.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::app::App;
use crate::server::accept::prefers;
use crate::server::pages::status::{Counts, Status};
use crate::server::pages::{Pages, address, assets, html};

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Template)]
#[template(path = "front.html")]
struct Front<'a> {
    version: &'a str,
    database: &'a str,
    status: Status,
    explorer: bool,
    graphql: String,
    style: String,
    icon: String,
}

/// The front page; 503 where the database does not answer.
pub async fn page(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    let status = pages.watch.status().await;
    let body = match prefers(&headers, "application/json", "text/html") {
        true => Json(told(&pages.app, status)).into_response(),
        false => html(&Front {
            version: VERSION,
            database: database(&pages.app),
            status,
            explorer: pages.app.config().explorer,
            graphql: address(&pages.app, "/graphql"),
            style: assets::link("page.css"),
            icon: assets::link("favicon.svg"),
        }),
    };
    let head = [(header::VARY, "Accept"), (header::CACHE_CONTROL, "no-cache")];
    match status.answers {
        true => (head, body).into_response(),
        false => (StatusCode::SERVICE_UNAVAILABLE, head, [(header::RETRY_AFTER, "5")], body).into_response(),
    }
}

fn told(app: &App, status: Status) -> Value {
    let explorer = app.config().explorer.then(|| address(app, "/explorer"));
    json!({
        "name": "alliance",
        "version": VERSION,
        "status": if status.answers { "ok" } else { "unavailable" },
        "database": { "kind": database(app), "answers": status.answers },
        "lastPublishedAt": status.last_published_at.map(|at| rfc3339(&at)),
        "content": status.counts.map(|counts| json!({
            "alliances": counts.alliances,
            "institutions": counts.institutions,
            "campaigns": counts.campaigns,
            "events": counts.events,
            "posts": counts.posts,
            "asOf": rfc3339(&counts.as_of),
        })),
        "links": {
            "graphql": address(app, "/graphql"),
            "explorer": explorer,
            "schema": address(app, "/schema.graphql"),
            "readiness": address(app, "/readyz"),
            "version": address(app, "/version"),
        },
    })
}

fn database(app: &App) -> &'static str {
    if app.db().is_sqlite() { "SQLite" } else { "PostgreSQL" }
}

fn rfc3339(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A moment for people.
fn spoken(at: &DateTime<Utc>) -> String {
    at.format("%-d %B %Y, %H:%M UTC").to_string()
}

/// What was counted, in the order and with the words of the page.
fn rows(counts: &Counts) -> [(&'static str, String); 5] {
    let words = [
        ("alliance", "alliances", counts.alliances),
        ("institution", "institutions", counts.institutions),
        ("campaign", "campaigns", counts.campaigns),
        ("event", "events", counts.events),
        ("post", "posts", counts.posts),
    ];
    words.map(|(one, many, count)| (if count == 1 { one } else { many }, grouped(count)))
}

/// 1234567 as 1,234,567.
fn grouped(count: i64) -> String {
    let digits = count.to_string();
    let places = digits.len();
    digits.char_indices().fold(String::new(), |mut text, (at, digit)| {
        if at > 0 && (places - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
        text
    })
}
