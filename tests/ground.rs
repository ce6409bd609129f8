//! The ground of all changes: what happened, what is to be done, who did it, and who asks too often.

use std::time::Duration;

use alliance::audit::{self, Actor};
use alliance::jobs::{self, NewJob};
use alliance::outbox::{self, Event};
use alliance_entity::{audit_entry, job, outbox_event};
use alliance_tests::app::TestApp;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::json;
use uuid::Uuid;

#[tokio::test]
async fn a_change_that_is_dropped_leaves_no_event_no_job_and_no_entry() {
    for app in TestApp::both().await {
        for (keep, expected) in [(false, 0), (true, 1)] {
            let txn = app.app.db().begin().await.expect("a change begins");
            let now = app.app.clock().now();
            let (kind, id) = ("ACCOUNT_CHANGED", Uuid::now_v7());
            let event = Event { kind, subject_type: "ACCOUNT", subject_id: id, alliance: None, data: json!({}) };
            outbox::record(&txn, now, &event).await.expect("an event is recorded");
            for _ in 0..2 {
                let unique = Some("one".to_owned());
                let job = NewJob { kind: "test", payload: json!({}), unique, after: Duration::ZERO };
                jobs::enqueue(&txn, now, job).await.expect("a job is enqueued");
            }
            let entry = audit::Entry {
                actor: Actor::Operator,
                action: "accountDisable",
                subject_type: "ACCOUNT",
                subject_id: Some(id),
                alliance: None,
                network: Some("192.0.2.0/24".to_owned()),
                details: json!({}),
            };
            audit::record(&txn, now, entry).await.expect("an entry is recorded");
            if keep {
                txn.commit().await.expect("the change is kept");
            } else {
                drop(txn);
            }
            let db = app.app.db().read();
            let counts = [
                outbox_event::Entity::find().count(db).await.expect("events are counted"),
                job::Entity::find().count(db).await.expect("jobs are counted"),
                audit_entry::Entity::find().count(db).await.expect("entries are counted"),
            ];
            assert_eq!(counts, [expected; 3], "{}", app.name);
        }
        app.leave_jobs();
    }
}

#[tokio::test]
async fn audit_entries_are_never_changed_and_never_deleted_by_hand() {
    for app in TestApp::both().await {
        let txn = app.app.db().begin().await.expect("a change begins");
        let entry = audit::Entry {
            actor: Actor::System,
            action: "test",
            subject_type: "ACCOUNT",
            subject_id: None,
            alliance: None,
            network: None,
            details: json!({}),
        };
        audit::record(&txn, app.app.clock().now(), entry).await.expect("an entry is recorded");
        txn.commit().await.expect("the change is kept");
        for sql in ["UPDATE audit_entries SET action = 'other'", "DELETE FROM audit_entries"] {
            let refused = app.app.db().write().execute_unprepared(sql).await.expect_err("it is refused");
            assert!(refused.to_string().contains("audit entries are"), "{}: {refused}", app.name);
        }
    }
}
