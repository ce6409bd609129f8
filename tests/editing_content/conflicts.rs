//! Two who change the same thing at once: one does, and the other is shown what it is now.

use std::time::{Duration, Instant};

use alliance::database::transaction::Transaction;
use alliance_entity::id::PostId;
use alliance_entity::post::{self, PostStatus};
use alliance_tests::app::TestApp;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use tokio::time::sleep;
use uuid::Uuid;

use crate::editing_content::{KINDS, ask, both, done, editor, outcome, plain, public, selection};
use crate::guests::rows_of;
use crate::rows;
use crate::viewers::HERE;

#[tokio::test]
async fn a_change_of_what_has_moved_on_writes_nothing_and_shows_what_it_is_now() {
    for app in both().await {
        for kind in ["campaign", "institution", "event", "person"] {
            let read = public(&app, kind, "Before").await;
            let named = if matches!(kind, "institution" | "person") { "name" } else { "title" };
            let edit = format!("{kind}Edit");
            let now = done(&app, &read, &edit, json!({ named: "First" })).await;
            let mut acts = vec![edit, format!("{kind}Delete")];
            let more = match kind {
                "campaign" => vec!["campaignPublish", "campaignClose"],
                "institution" => vec!["institutionPublish", "institutionJoin", "institutionLeave"],
                "event" => vec!["eventPublish", "eventReschedule", "eventCancel"],
                _ => Vec::new(),
            };
            acts.extend(more.into_iter().map(str::to_owned));
            for field in acts {
                let input = match field.as_str() {
                    "eventReschedule" => read.input(&json!({ "startsAt": "2028-01-01T12:00:00Z", "reason": "So." })),
                    "eventCancel" => read.input(&json!({ "reason": "So." })),
                    _ => read.input(&json!({})),
                };
                let shown = format!("{kind} {{ id version {named} }}");
                let response = ask(&app, &editor(), &field, &input, &shown).await;
                assert_eq!(outcome(&response, &field), "CONFLICT version", "{}: {field}", app.name);
                let wanted = json!({ "id": read.id, "version": now.version, named: "First" });
                assert_eq!(response["data"][&field][kind], wanted, "{}: {field}", app.name);
            }
        }
        let response =
            ask(&app, &editor(), "allianceEdit", &json!({ "id": HERE.to_string(), "version": 9 }), "alliance { id }").await;
        assert_eq!(outcome(&response, "allianceEdit"), "FORBIDDEN", "{}: editors run no alliance", app.name);
    }
}

#[tokio::test]
async fn of_twenty_edits_of_one_version_one_wins() {
    for app in both().await {
        for kind in KINDS {
            let read = plain(&app, kind, "Before").await;
            let (field, named) = (format!("{kind}Edit"), if kind == "institution" { "name" } else { "title" });
            let edits = (0..20).map(|n| {
                let (app, field, input) = (&app, &field, read.input(&json!({ named: format!("Title {n}") })));
                async move { ask(app, &editor(), field, &input, selection(field)).await }
            });
            let answers: Vec<Value> = futures_util::future::join_all(edits).await;
            let outcomes: Vec<String> = answers.iter().map(|answer| outcome(answer, &field)).collect();
            let won = outcomes.iter().position(|outcome| outcome == "done").expect("one wins");
            assert_eq!(
                outcomes.iter().filter(|outcome| *outcome == "CONFLICT version").count(),
                19,
                "{}: {outcomes:?}",
                app.name
            );
            let told = read.told(&app, &editor(), &format!("version {named}")).await;
            assert_eq!(told, json!({ "version": 2, named: format!("Title {won}") }), "{}: {kind}", app.name);
        }
    }
}

#[tokio::test]
async fn of_twenty_that_are_made_of_one_title_at_once_each_has_a_slug_of_its_own() {
    for app in both().await {
        let making = (0..20).map(|_| plain(&app, "campaign", "Clean air"));
        let made = futures_util::future::join_all(making).await;
        let mut slugs: Vec<String> = made.into_iter().map(|made| made.slug).collect();
        slugs.sort_by_key(|slug| (slug.len(), slug.clone()));
        let wanted: Vec<String> =
            (1..=20).map(|n| if n == 1 { "clean-air".to_owned() } else { format!("clean-air-{n}") }).collect();
        assert_eq!(slugs, wanted, "{}", app.name);
    }
}

/// Waits until a statement waits for a lock.
async fn somebody_waits(app: &TestApp) {
    let began = Instant::now();
    let waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while rows_of(app, waiting).await.is_empty() {
        assert!(began.elapsed() < Duration::from_secs(10), "nobody waits");
        sleep(Duration::from_millis(5)).await;
    }
}

async fn hold(txn: &Transaction, rows: &str) {
    txn.execute_unprepared(&format!("SELECT id FROM {rows}")).await.expect("they are held");
}

#[tokio::test]
async fn who_deletes_waits_for_a_save_that_names_it_and_the_save_does_not_wait_for_them() {
    // On SQLite one writes at a time.
    let [_, app] = both().await;
    for (n, kind, column) in [(1, "event", "event_id"), (2, "person", "author_id")] {
        let named = public(&app, kind, "Named").await;
        let (slug, plain) = (format!("by-{kind}"), rows::post(PostId(Uuid::from_u128(n)), HERE, "by", PostStatus::Published));
        let (event_id, author_id) = (named.id.parse().ok(), named.id.parse().ok());
        rows::insert_posts(&app, &[post::Model { slug, event_id, author_id, ..plain }]).await;
        // A save in its midst: it holds the post, and is about to hold what that names.
        let save = app.app.db().begin().await.expect("a change begins");
        hold(&save, &format!("posts WHERE {column} IS NOT NULL FOR UPDATE")).await;
        let (confirm, delete) = (if kind == "person" { "Named" } else { &named.slug }, format!("{kind}Delete"));
        let input = named.input(&json!({ "confirm": confirm }));
        let viewer = editor();
        let deleting = ask(&app, &viewer, &delete, &input, "__typename");
        let saving = async {
            somebody_waits(&app).await;
            let table = if kind == "person" { "people" } else { "events" };
            // Nobody waits for a save in vain.
            hold(&save, &format!("{table} FOR KEY SHARE")).await;
            save.commit().await.expect("it is saved");
        };
        let (response, ()) = tokio::join!(deleting, saving);
        assert_eq!(outcome(&response, &delete), "done", "{response}");
    }
}
