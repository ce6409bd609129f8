//! What `doctor --deep` compares: nothing differs in an installation that is well, and each difference is found.

use alliance::consistency::store::examine;
use alliance_tests::app::TestApp;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::guests;

/// What is wrong, and a statement that makes it so.
const WRONGS: [(&str, &str); 39] = [
    ("every post says", "UPDATE posts SET status = 'DRAFT', live_revision_id = NULL WHERE slug = 'no-place-for-hate'"),
    (
        "a post shows its own revisions",
        "UPDATE posts SET live_revision_id = (SELECT other.live_revision_id FROM posts AS other WHERE other.slug = 'fast-in-solidarity') \
         WHERE slug = 'no-place-for-hate'",
    ),
    ("numbered without a gap", "UPDATE post_revisions SET number = 3"),
    ("a public post was published", "UPDATE posts SET first_published_at = NULL WHERE slug = 'no-place-for-hate'"),
    ("a scheduled post has its time", "UPDATE posts SET status = 'SCHEDULED' WHERE slug = 'no-place-for-hate'"),
    ("keeps where it stood before", "UPDATE posts SET earlier_status = 'DRAFT' WHERE slug = 'no-place-for-hate'"),
    ("times are those of its schedule", "UPDATE posts SET scheduled_for = published_at WHERE slug = 'no-place-for-hate'"),
    ("times are those of its schedule", "UPDATE posts SET unpublish_at = published_at WHERE slug = 'no-place-for-hate'"),
    ("a post in a campaign has its place", "UPDATE post_campaigns SET published_at = NULL"),
    ("a post with an institution has its place", "UPDATE post_institutions SET published_at = NULL"),
    ("in the campaigns that its revision names", "UPDATE post_revisions SET campaign_ids = ''"),
    ("with the institutions that its revision names", "UPDATE post_revisions SET institution_ids = ''"),
    ("names no campaign that its post is not in", "DELETE FROM post_campaigns"),
    ("names no institution that its post is not with", "DELETE FROM post_institutions"),
    ("a post is what its revision says", "UPDATE posts SET kind = 'NEWS' WHERE kind = 'REPORT'"),
    ("a public post is found", "DELETE FROM search_documents WHERE subject_type = 'POST'"),
    ("event is found by what it says", "UPDATE campaigns SET title = 'Another' WHERE slug = 'hate-crime'"),
    ("event is found by what it says", "DELETE FROM search_documents WHERE subject_type = 'INSTITUTION'"),
    ("event is found by what it says", "UPDATE search_documents SET title = 'Another' WHERE subject_type = 'EVENT'"),
    ("an event in a campaign has its start", "UPDATE event_campaigns SET starts_at = (SELECT MAX(created_at) FROM events)"),
    ("a campaign has its last day", "UPDATE campaigns SET status = 'CLOSED' WHERE slug = 'hate-crime'"),
    ("what is found of posts is public", "UPDATE posts SET status = 'ARCHIVED' WHERE slug = 'no-place-for-hate'"),
    ("what is found of campaigns", "UPDATE campaigns SET status = 'DRAFT'"),
    ("every counter", "UPDATE reaction_counters SET total = total + 1"),
    ("the sums of an event", "UPDATE rsvp_counters SET coming = coming + 1"),
    ("the sums of an event", "UPDATE rsvp_counters SET parties = parties + 1"),
    ("the sums of an event", "UPDATE event_rsvps SET guests = 3 WHERE state = 'WAITING'"),
    ("has its sums, and has given their turns", "DELETE FROM rsvp_counters"),
    ("has its sums, and has given their turns", "UPDATE rsvp_counters SET turns = 0"),
    ("an enquiry stands where", "UPDATE enquiries SET state = 'MEETING'"),
    ("what counts has its counter", "DELETE FROM reaction_counters"),
    ("a reaction is to something", "UPDATE reactions SET subject_id = id"),
    ("what waits for its writer", "UPDATE reactions SET to_moderate = TRUE, state = 'REMOVED'"),
    (
        "an old slug leads to something",
        "INSERT INTO former_slugs (subject_type, alliance_id, slug, subject_id, retired_at) \
         SELECT 'POST', alliance_id, 'nowhere', alliance_id, created_at FROM posts WHERE slug = 'no-place-for-hate'",
    ),
    (
        "a slug in use leads to nothing else",
        "INSERT INTO former_slugs (subject_type, alliance_id, slug, subject_id, retired_at) \
         SELECT 'POST', alliance_id, 'fast-in-solidarity', id, created_at FROM posts WHERE slug = 'no-place-for-hate'",
    ),
    (
        "a slug in use leads to nothing else",
        "INSERT INTO former_slugs (subject_type, alliance_id, slug, subject_id, retired_at) \
         SELECT 'CAMPAIGN', alliance_id, 'homelessness', id, created_at FROM campaigns WHERE slug = 'hate-crime'",
    ),
    (
        "an alliance's slug leads to no other",
        "INSERT INTO former_alliance_slugs (slug, alliance_id, retired_at) SELECT slug, id, created_at FROM alliances",
    ),
    (
        "the HTML that is kept is of something",
        "UPDATE rendered_texts SET subject_id = (SELECT id FROM posts WHERE slug = 'no-place-for-hate') \
         WHERE subject_id = (SELECT id FROM campaigns WHERE slug = 'hate-crime')",
    ),
    (
        "whoever follows was told",
        "INSERT INTO audit_entries (id, actor, action, subject_type, subject_id, details, created_at) \
         SELECT id, 'SYSTEM', 'postEdit', 'POST', id, '{}', created_at FROM posts WHERE slug = 'no-place-for-hate'",
    ),
];

/// An event that somebody comes to and somebody waits for, and an enquiry, as the doors write them.
async fn attended(app: &TestApp) {
    let operator = guests::admin(app, None, "olga@example.org").await;
    let alliance = app.read("{ alliance(slug: \"nottingham-citizens\") { id } }").await["alliance"]["id"].take();
    let input = json!({ "alliance": alliance, "title": "A vigil", "startsAt": "2027-01-01T18:00:00Z", "capacity": 2 });
    let event = operator.does(app, "eventCreate", input, "event { id }").await["event"]["id"].take();
    operator.does(app, "eventPublish", json!({ "id": event, "version": 1 }), "event { id }").await;
    operator.does(app, "eventRsvp", json!({ "event": event, "guests": 1 }), "rsvp { state }").await;
    let rosa = guests::registered(app, "rosa@example.org").await;
    rosa.does(app, "eventRsvp", json!({ "event": event }), "rsvp { state }").await;
    let enquiry = json!({
        "alliance": alliance, "institutionName": "A choir", "institutionKind": "OTHER", "contactName": "Rosa", "email": "choir@example.org",
        "message": "Let us sing.",
    });
    rosa.does(app, "enquirySubmit", enquiry, "accepted").await;
    app.work().await;
}

#[tokio::test]
async fn what_differs_is_found_and_nothing_else_is() {
    for app in TestApp::both().await {
        let db = app.app.db();
        // Those who follow have been told of something before.
        let told = "INSERT INTO outbox (kind, subject_type, subject_id, data, recorded_at) \
                    SELECT 'X', 'POST', id, '{}', published_at FROM posts WHERE slug = 'no-place-for-hate'";
        db.write().execute_unprepared(told).await.expect("it is written");
        attended(&app).await;
        let well = examine(db.read()).await.expect("the database answers");
        assert!(well.iter().all(|(_, problem)| problem.is_none()), "{}: {well:?}", app.name);
        for (rule, sql) in WRONGS {
            let txn = db.begin().await.expect("a change begins");
            txn.execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{}: {sql}: {e}", app.name));
            let found = examine(&txn).await.expect("the database answers");
            let broken = found.iter().filter(|(_, problem)| problem.is_some()).map(|(what, _)| *what).collect::<Vec<_>>();
            assert!(broken.iter().any(|what| what.contains(rule)), "{}: {sql}: {broken:?}", app.name);
        }
        let rules: Vec<&str> = well.iter().map(|(what, _)| *what).collect();
        let tried = rules.iter().filter(|what| WRONGS.iter().any(|(rule, _)| what.contains(rule))).count();
        assert_eq!(tried, rules.len(), "{}: each rule is tried: {rules:?}", app.name);
    }
}
