//! Every change of content is in the audit log, with who did what to what; and each has its event for those who follow.

use std::collections::BTreeSet;

use alliance_entity::{audit_entry, outbox_event};
use alliance_tests::app::TestApp;
use sea_orm::EntityTrait;
use serde_json::json;

use crate::editing_content::{Thing, ask, both, done, editor, outcome, plain, tried};
use crate::guests::counts;
use crate::sdl::Schema;
use crate::viewers::{HERE, here};

/// The nouns of the mutations that are tried here.
const NOUNS: [&str; 5] = ["campaign", "institution", "event", "person", "alliance"];

/// Everything that can be done to content, once.
async fn everything(app: &TestApp) -> Vec<Thing> {
    let campaign = plain(app, "campaign", "Campaign").await;
    let institution = plain(app, "institution", "Institution").await;
    let event = plain(app, "event", "Event").await;
    let person = plain(app, "person", "Person").await;
    let mut things = vec![campaign, institution, event, person];
    let moved = json!({ "startsAt": "2028-01-01T12:00:00Z", "reason": "Secret words." });
    for (at, field, more) in [
        (0, "campaignEdit", json!({ "title": "Secret words" })),
        (0, "campaignPublish", json!({})),
        (0, "campaignClose", json!({})),
        (0, "campaignDelete", json!({})),
        (1, "institutionEdit", json!({ "name": "Secret words" })),
        (1, "institutionPublish", json!({})),
        (1, "institutionJoin", json!({})),
        (1, "institutionLeave", json!({})),
        (1, "institutionDelete", json!({})),
        (2, "eventEdit", json!({ "title": "Secret words" })),
        (2, "eventPublish", json!({})),
        (2, "eventReschedule", moved),
        (2, "eventCancel", json!({ "reason": "Secret words." })),
        (2, "eventDelete", json!({})),
        (3, "personEdit", json!({ "name": "Secret Words" })),
        (3, "personDelete", json!({})),
    ] {
        things[at] = done(app, &things[at], field, more).await;
    }
    things
}

#[tokio::test]
async fn every_change_of_content_is_recorded_with_who_did_it_and_tells_those_who_follow() {
    for app in both().await {
        let things = everything(&app).await;
        let operator = here().into_iter().find(|kind| kind.name == "operator").expect("this is a kind").viewer;
        let alliance = json!({ "id": HERE.to_string(), "version": 1, "tagline": "Secret words" });
        assert_eq!(outcome(&ask(&app, &operator, "allianceEdit", &alliance, "__typename").await, "allianceEdit"), "done");
        let alliance = json!({ "name": "Secret Words", "timeZone": "Europe/London" });
        assert_eq!(outcome(&ask(&app, &operator, "allianceCreate", &alliance, "__typename").await, "allianceCreate"), "done");
        let entries = audit_entry::Entity::find().all(app.app.db().read()).await.expect("the database answers");
        let recorded: BTreeSet<String> = entries.iter().map(|entry| entry.action.clone()).collect();
        let fields = Schema::read().fields("Mutation").into_iter().map(|field| field.name.node.to_string());
        // Who comes, and whom institutions bring, is looked for where that is tried.
        let of_others = |field: &str| field.starts_with("eventRsvp") || field == "eventTurnoutSet";
        let of_content: BTreeSet<String> =
            fields.filter(|field| NOUNS.contains(&super::kind_of(field)) && !of_others(field)).collect();
        assert_eq!(recorded, of_content, "{}", app.name);
        let events = outbox_event::Entity::find().all(app.app.db().read()).await.expect("the database answers");
        assert_eq!(events.len(), entries.len(), "{}: an event for each", app.name);
        let own = editor();
        for entry in &entries {
            let by = if entry.action.starts_with("alliance") { &operator } else { &own };
            assert_eq!(entry.actor_id, by.account().map(|own| own.account.0), "{}: {}", app.name, entry.action);
            assert!(!entry.details.to_lowercase().contains("secret"), "{}: {}", app.name, entry.details);
            let event = events.iter().find(|event| event.subject_id == entry.subject_id.expect("it is of something"));
            let event = event.unwrap_or_else(|| panic!("{}: {} tells nobody", app.name, entry.action));
            assert_eq!((&event.subject_type, event.alliance_id), (&entry.subject_type, entry.alliance_id), "{}", app.name);
        }
        for thing in things {
            let id = alliance_entity::id::parse(&thing.id).expect("it is an id").1;
            let of: Vec<&audit_entry::Model> = entries.iter().filter(|entry| entry.subject_id == Some(id)).collect();
            assert!(of.iter().all(|entry| entry.alliance_id == Some(HERE)), "{}: {}", app.name, thing.kind);
        }
        app.work().await;
    }
}

#[tokio::test]
async fn what_is_refused_leaves_no_trace() {
    for app in both().await {
        let campaign = plain(&app, "campaign", "Campaign").await;
        let edited = done(&app, &campaign, "campaignEdit", json!({ "title": "Other" })).await;
        let before = counts(&app).await;
        let stale = tried(&app, &campaign, "campaignEdit", json!({ "title": "Stale" })).await;
        let wrong = tried(&app, &edited, "campaignEdit", json!({ "title": "Half", "slug": "No" })).await;
        let unknown = json!({ "title": "Half", "institutions": ["institution_01h455vb4pex5vsknk084sn02q"] });
        let unknown = tried(&app, &edited, "campaignEdit", unknown).await;
        assert_eq!([stale, wrong, unknown], ["CONFLICT version", "INVALID slug", "NOT_FOUND institutions"], "{}", app.name);
        assert_eq!(counts(&app).await, before, "{}", app.name);
        assert_eq!(edited.told(&app, &editor(), "title").await["title"], "Other", "{}", app.name);
    }
}
