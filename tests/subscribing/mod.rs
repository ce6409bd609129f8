//! Updates by e-mail: who signs up, what they get, and what becomes of it.

mod digests;
mod killed;
mod leaving;
mod mailing;
mod one_click;
mod pages;
mod rates;
mod reading;
mod signing_up;

use alliance::mail::Message;
use alliance::subscriptions::token::{self, Purpose};
use alliance_entity::account_role::Role;
use alliance_entity::campaign::CampaignStatus;
use alliance_entity::email_subscription;
use alliance_entity::id::{CampaignId, InstitutionId};
use alliance_entity::institution::InstitutionStatus;
use alliance_tests::app::TestApp;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guests::{self, Guest, done};
use crate::rows::{self, put};
use crate::viewers::HERE;

pub(super) const CAMPAIGN: CampaignId = CampaignId(Uuid::from_u128(0xca));
pub(super) const OTHER: CampaignId = CampaignId(Uuid::from_u128(0xcb));
pub(super) const HIDDEN: CampaignId = CampaignId(Uuid::from_u128(0xcc));
pub(super) const INSTITUTION: InstitutionId = InstitutionId(Uuid::from_u128(0xce));

/// An alliance with campaigns and an institution, its admin and its editor, on each database.
pub(super) async fn both() -> Vec<(TestApp, Guest, Guest)> {
    let mut all = Vec::new();
    for app in guests::both().await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Editor), "ines@example.org").await;
        put!(
            &app,
            rows::campaign(CAMPAIGN, HERE, "clean-air", CampaignStatus::Active),
            rows::campaign(OTHER, HERE, "warm-homes", CampaignStatus::Active),
            rows::campaign(HIDDEN, HERE, "a-secret", CampaignStatus::Draft),
            rows::institution(INSTITUTION, HERE, "a-school", InstitutionStatus::Published),
        );
        drop(app.mails());
        all.push((app, ada, ines));
    }
    all
}

/// Asks for updates, and returns the mail that is sent.
pub(super) async fn asked(app: &TestApp, email: &str, more: Value) -> Message {
    done(app, ("", "emailSubscriptionRequest"), input(email, more), "accepted").await;
    app.work().await;
    let mut mails = app.mails();
    assert_eq!(mails.len(), 1, "{}: one mail is sent: {mails:?}", app.name);
    mails.remove(0)
}

/// The input of a request, with more of it where it is given.
pub(super) fn input(email: &str, more: Value) -> Value {
    let mut input = json!({ "alliance": HERE.to_string(), "email": email });
    if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
        input.extend(more);
    }
    input
}

/// Signs up and confirms it, and returns the token of each mail's links.
pub(super) async fn signed_up(app: &TestApp, email: &str, more: Value) -> String {
    let mail = asked(app, email, more).await;
    confirmed(app, &token_of(&mail)).await;
    let row = stored(app, email).await.expect("there is a subscription");
    token::mint(&app.app, Purpose::Subscription, row.id.0)
}

/// What somebody without an account does, which must succeed.
pub(super) async fn done_by(app: &TestApp, field: &str, input: Value, selection: &str) -> Value {
    done(app, ("", field), input, selection).await
}

/// Confirms it.
pub(super) async fn confirmed(app: &TestApp, token: &str) -> Value {
    let selection = "subscription { id email name state frequency topics { id name } consent { wording version source requestedAt confirmedAt } }";
    done(app, ("", "emailSubscriptionConfirm"), json!({ "token": token }), selection).await["subscription"].take()
}

/// The subscription of an address, as it is stored.
pub(super) async fn stored(app: &TestApp, email: &str) -> Option<email_subscription::Model> {
    let all = email_subscription::Entity::find().all(app.app.db().read()).await.expect("the database answers");
    all.into_iter().find(|row| row.email_key == email.to_lowercase())
}

/// The path of the first link of a mail that leads to such a page.
pub(super) fn path_of(mail: &Message, page: &str) -> String {
    let links = mail.text.split_whitespace().filter_map(|word| word.strip_prefix("https://citizens.example"));
    let link = links.into_iter().find(|link| link.starts_with(&format!("/subscription/{page}?token=")));
    link.unwrap_or_else(|| panic!("no link leads to {page}: {}", mail.text)).to_owned()
}

/// The token of the link that confirms.
pub(super) fn token_of(mail: &Message) -> String {
    path_of(mail, "confirm").split_once("?token=").expect("there is a token").1.to_owned()
}

const STATE: &str = "post { id slug version status }";

/// Writes a post of the alliance, and returns it.
pub(super) async fn written(app: &TestApp, by: &Guest, title: &str, more: Value) -> Value {
    let mut input = json!({ "alliance": HERE.to_string(), "title": title, "body": format!("{title}, at length.\n\nAnd more.") });
    if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
        input.extend(more);
    }
    by.does(app, "postCreate", input, STATE).await["post"].take()
}

/// Does something to a post as it was read last, and returns it.
pub(super) async fn act(app: &TestApp, by: &Guest, field: &str, post: &Value, more: Value) -> Value {
    let mut input = json!({ "id": post["id"], "version": post["version"] });
    if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
        input.extend(more);
    }
    by.does(app, field, input, STATE).await["post"].take()
}

/// Writes and publishes a post.
pub(super) async fn published(app: &TestApp, by: &Guest, title: &str, more: Value) -> Value {
    let post = written(app, by, title, more).await;
    act(app, by, "postPublish", &post, json!({})).await
}

/// What became of a post's mails: the audience, and how many were sent, failed, are uncertain, were suppressed, and wait.
pub(super) async fn sums(app: &TestApp, by: &Guest, post: &Value) -> [i64; 6] {
    let id = post["id"].as_str().expect("an id");
    let query = format!("{{ post(id: \"{id}\") {{ mailing {{ audience sent failed uncertain suppressed waiting }} }} }}");
    let mailing = by.ask(app, &query).await["data"]["post"]["mailing"].take();
    ["audience", "sent", "failed", "uncertain", "suppressed", "waiting"].map(|sum| mailing[sum].as_i64().unwrap_or(-1))
}

/// To whom mails were sent about what, in order of their addresses.
pub(super) fn told(app: &TestApp) -> Vec<(String, String)> {
    let mut told: Vec<(String, String)> = app.mails().into_iter().map(|mail| (mail.to, mail.subject)).collect();
    told.sort_unstable();
    told
}
