//! What is written to subscribers, in the alliance's name and colours.

use alliance_entity::alliance;
use alliance_entity::email_subscription;
use alliance_entity::{post, subscription_request};
use serde_json::{Value, json};

use crate::alliances::address::{self, Kind};
use crate::alliances::appearance;
use crate::app::App;
use crate::error::Result;
use crate::mail::{Message, Rendered, render};
use crate::subscriptions::store::mails::{Claimed, Told};
use crate::subscriptions::token::{self, Purpose};
use crate::subscriptions::topic::Topic;

/// Where the link to a page about a subscription leads.
fn page(app: &App, page: &str, token: &str) -> String {
    app.config().link(&format!("subscription/{page}"), token)
}

fn site(app: &App) -> &str {
    app.config().public_url.as_str().trim_end_matches('/')
}

/// What all of an alliance's mails have.
fn common(alliance: &alliance::Model) -> Value {
    let footer: Vec<&str> = alliance.mail_footer.as_deref().unwrap_or_default().lines().filter(|line| !line.is_empty()).collect();
    json!({ "alliance": alliance.name, "colour": appearance::colour(alliance), "footer": footer })
}

fn with(mut values: Value, more: Value) -> Value {
    if let (Value::Object(values), Value::Object(more)) = (&mut values, more) {
        values.extend(more);
    }
    values
}

/// Whether whoever reads this wants updates. Nobody knows yet whether they asked: nothing that was typed is in it.
///
/// # Errors
/// Where the mail cannot be written.
pub fn request(app: &App, alliance: &alliance::Model, request: &subscription_request::Model) -> Result<Rendered> {
    let token = token::mint(app, Purpose::Request, request.id.0);
    let hours = (request.expires_at - request.created_at).num_hours();
    let is_whole = Topic::read(&request.topics).iter().any(|topic| matches!(topic, Topic::Alliance(_)));
    let values = json!({ "link": page(app, "confirm", &token), "hours": hours, "is_whole": is_whole });
    render("subscription_request", with(common(alliance), values))
}

/// What a post's mail says to somebody who works on it.
///
/// # Errors
/// Where the mail cannot be written.
pub fn test(app: &App, alliance: &alliance::Model, post: &post::Model, (title, excerpt): (&str, &str)) -> Result<Rendered> {
    let values = json!({
        "title": title, "excerpt": excerpt, "link": address::of(app, alliance, Kind::Post, &post.slug, post.id.0), "name": Value::Null, "is_test": true,
        "preferences": Value::Null, "unsubscribe": Value::Null,
    });
    render("subscription_post", with(common(alliance), values))
}

/// The mail that tells somebody of posts: of one, or of all in a digest.
///
/// # Errors
/// Where the mail cannot be written.
pub fn update(
    app: &App,
    alliance: &alliance::Model,
    (mail, subscription): (&Claimed, &email_subscription::Model),
    posts: &[&Told],
) -> Result<Message> {
    let token = token::mint(app, Purpose::Subscription, subscription.id.0);
    let own = json!({
        "name": subscription.name, "preferences": page(app, "preferences", &token), "unsubscribe": page(app, "unsubscribe", &token),
        "is_test": false,
    });
    let link = |post: &Told| address::of(app, alliance, Kind::Post, &post.slug, post.id.0);
    let told = |post: &Told| json!({ "title": post.title, "excerpt": post.excerpt, "link": link(post) });
    let values = with(common(alliance), own);
    let rendered = match posts {
        [post] if !mail.is_digest => render("subscription_post", with(values, told(post)))?,
        posts => {
            let all: Vec<Value> = posts.iter().map(|post| told(post)).collect();
            render("subscription_digest", with(values, json!({ "posts": all })))?
        }
    };
    let message = rendered.to(&subscription.email, mail.id.0);
    Ok(Message { headers: headers(app, alliance, &token), sender: Some(alliance.name.clone()), ..message })
}

/// What mail programs need to end a subscription by a button of theirs: RFC 2369, 2919 and 8058.
fn headers(app: &App, alliance: &alliance::Model, token: &str) -> Vec<(&'static str, String)> {
    // It is we who take a mail program's POST, wherever people are led.
    let unsubscribe = format!("{}/subscription/unsubscribe?token={token}", site(app));
    let host = app.config().public_url.host_str().unwrap_or("localhost");
    vec![
        ("List-Unsubscribe", format!("<{unsubscribe}>")),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
        ("List-Id", format!("<{}.updates.{host}>", alliance.slug)),
    ]
}
