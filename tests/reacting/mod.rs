//! Reactions: what the public says of the content, and what becomes of it.

mod adding;
mod commenting;
mod erasing;
mod expiring;
mod mails;
mod moderating;
mod parallel;
mod sensitive;
mod watching;

use alliance::config::flags::Flags;
use alliance::mail::Message;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::guests::rows_of;
use crate::people::{Answer, ask_with, change, demo, welcomed};

/// What is said of a reaction.
const REACTION: &str = "reaction { id kind comment authorName state confirmBy moderationReason isOfEarlierRevision } \
                        reactions { total label byKind { kind count } viewerKinds } userErrors { field code message }";
/// The demo's post that one person has reacted to.
const LUNCH: &str = "lunch-for-first-time-voters";

/// The demo content on each database, where nobody has to wait before they ask again.
async fn both() -> [TestApp; 2] {
    TestApp::both_set(unhurried).await
}

fn unhurried(flags: &mut Flags) {
    let (often, limits) = (Some("100000".to_owned()), &mut flags.limits);
    (limits.rate_mutations, limits.rate_visitor_tokens) = (often.clone(), often.clone());
    (limits.rate_comments, limits.rate_comments_burst) = (often.clone(), often.clone());
    (limits.rate_account_mail_hour, limits.rate_account_mail_day) = (often.clone(), often);
}

/// A visitor's token.
async fn visitor(app: &TestApp) -> String {
    let made = change(app, "", "visitorTokenCreate", &json!({}), "visitorToken { token } userErrors { code }").await;
    made.done()["visitorToken"]["token"].as_str().expect("a token").to_owned()
}

/// An editor of the demo's alliance, signed in.
async fn editor(app: &TestApp) -> String {
    welcomed(app, "editor@citizens.example", &[Role::Editor]).await.1.access
}

/// The id of a post of the demo.
async fn post(app: &TestApp, slug: &str) -> Value {
    app.read(&format!("{{ post(slug: \"{slug}\", alliance: \"nottingham-citizens\") {{ id }} }}")).await["post"]["id"].take()
}

/// Reacts, with more of the input.
async fn react(app: &TestApp, token: &str, subject: &Value, more: Value) -> Answer {
    let mut input = json!({ "subject": subject, "kind": "SUPPORT" });
    if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
        input.extend(more);
    }
    change(app, token, "reactionAdd", &input, REACTION).await
}

/// A visitor's comment.
fn words(text: &str, email: &str) -> Value {
    json!({ "comment": text, "authorName": "Rosa", "email": email })
}

/// The token in the latest mail that asks to confirm a comment; none where there is no such mail.
async fn confirmation(app: &TestApp) -> Option<String> {
    app.work().await;
    app.mails().iter().rev().find_map(link)
}

/// The token in a mail that asks to confirm a comment.
fn link(mail: &Message) -> Option<String> {
    let token = mail.text.split("/reaction/confirm?token=").nth(1)?;
    Some(token.split_whitespace().next()?.to_owned())
}

async fn confirm(app: &TestApp, token: &str) -> Answer {
    change(app, "", "reactionConfirm", &json!({ "token": token }), REACTION).await
}

async fn moderate(app: &TestApp, token: &str, id: &Value, decision: &str, reason: Option<&str>) -> Answer {
    let input = json!({ "id": id, "decision": decision, "reason": reason });
    change(app, token, "reactionModerate", &input, REACTION).await
}

/// What the public reads of the comments on the lunch, and their number beside the sum.
async fn public(app: &TestApp) -> Value {
    let query = format!(
        "{{ post(slug: \"{LUNCH}\", alliance: \"nottingham-citizens\") {{ reactions {{ total label }} \
         comments {{ totalCount nodes {{ comment authorName state }} }} }} }}"
    );
    app.read(&query).await["post"].take()
}

/// The comments that wait for an editor.
async fn queue(app: &TestApp, token: &str) -> Value {
    let query = "{ moderationQueue(alliance: \"nottingham-citizens\") { totalCount nodes { id comment state concerns awaitsModeration } } }";
    ask_with(app, token, query, &json!({})).await.body["data"]["moderationQueue"].take()
}

/// Changes what the demo's alliance wants of comments.
async fn wants(app: &TestApp, more: Value) {
    let admin = match is_here(app).await {
        true => crate::people::sign_in(app, "ada@citizens.example").await.access,
        false => welcomed(app, "ada@citizens.example", &[Role::Admin]).await.1.access,
    };
    let id = demo(app).await.to_string();
    let query = "query($slug: String!) { alliance(slug: $slug) { version } }";
    let read = ask_with(app, &admin, query, &json!({ "slug": "nottingham-citizens" })).await;
    let mut input = json!({ "id": id, "version": read.body["data"]["alliance"]["version"] });
    if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
        input.extend(more);
    }
    change(app, &admin, "allianceEdit", &input, "alliance { commentPolicy blockedWords } userErrors { message }").await.done();
}

/// Whether its admin has come before.
async fn is_here(app: &TestApp) -> bool {
    !rows_of(app, "SELECT id FROM accounts WHERE email_key = 'ada@citizens.example'").await.is_empty()
}

/// What the counters hold, beside what they should.
async fn sums_agree(app: &TestApp) {
    let sql = "SELECT COALESCE(SUM(total), 0) AS told, (SELECT COUNT(*) FROM reactions WHERE state = 'COUNTED') AS counted FROM reaction_counters";
    let sql = sql.replace("COALESCE(SUM(total), 0)", "CAST(COALESCE(SUM(total), 0) AS BIGINT)");
    let row = rows_of(app, &sql).await.remove(0);
    let (told, counted): (i64, i64) = (row.try_get("", "told").expect("a sum"), row.try_get("", "counted").expect("a count"));
    assert_eq!(told, counted, "{}", app.name);
    let found = alliance::consistency::store::examine(app.app.db().read()).await.expect("the database answers");
    let wrong: Vec<_> = found.into_iter().filter(|(_, problem)| problem.is_some()).collect();
    assert!(wrong.is_empty(), "{}: {wrong:?}", app.name);
}
