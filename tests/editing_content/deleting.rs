//! Deleting what others refer to says what would be lost, and asks for it by name.

use alliance::viewer::Viewer;
use alliance_entity::id::{CampaignId, EventId, InstitutionId, PersonId, PostId, ReactionId};
use alliance_entity::post::{self, PostStatus};
use alliance_entity::reaction::{ReactionKind, ReactionState, SubjectType};
use alliance_entity::{post_campaign, post_institution, reaction_counter};
use alliance_tests::app::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::editing_content::{Thing, ask, both, done, editor, make, outcome, public, tried};
use crate::guests::counts;
use crate::rows::{self, now, put};
use crate::viewers::HERE;

fn uuid(thing: &Thing) -> Uuid {
    alliance_entity::id::parse(&thing.id).expect("it is an id").1
}

/// Three published posts that name all four.
async fn posts(app: &TestApp, [campaign, institution, event, person]: [&Thing; 4]) {
    for n in 1..=3 {
        let row = rows::post(PostId(Uuid::from_u128(n)), HERE, &format!("post-{n}"), PostStatus::Published);
        let (author_id, event_id) = (Some(PersonId(uuid(person))), Some(EventId(uuid(event))));
        let row = post::Model { author_id, event_id, ..row };
        let (post_id, published_at, revision) = (row.id, Some(now()), rows::revision(&row));
        put!(
            app,
            row,
            revision,
            post_campaign::Model { post_id, campaign_id: CampaignId(uuid(campaign)), published_at },
            post_institution::Model { post_id, institution_id: InstitutionId(uuid(institution)), published_at },
        );
    }
}

/// Reactions to something, and their sum.
async fn reactions(app: &TestApp, subject: (SubjectType, Uuid), many: u128) {
    for n in 0..many {
        let id = ReactionId(Uuid::from_u128(subject.1.as_u128() ^ (n + 1)));
        put!(app, rows::comment(id, subject, ReactionState::Counted));
    }
    let total = i64::try_from(many).expect("few");
    put!(app, reaction_counter::Model { subject_id: subject.1, kind: ReactionKind::Concern, total });
}

/// What the refusal of a deletion says.
async fn refusal(app: &TestApp, thing: &Thing, more: &Value) -> String {
    let field = format!("{}Delete", thing.kind);
    let response = ask(app, &editor(), &field, &thing.input(more), "__typename").await;
    assert_eq!(outcome(&response, &field), "IN_USE confirm", "{}: {response}", app.name);
    response["data"][field]["userErrors"][0]["message"].as_str().expect("a sentence").to_owned()
}

#[tokio::test]
async fn what_others_refer_to_is_deleted_by_its_name_alone_and_they_stay() {
    for app in both().await {
        let campaign = public(&app, "campaign", "Clean air").await;
        let institution = public(&app, "institution", "School").await;
        let event = json!({ "title": "Vigil", "startsAt": "2027-02-01T18:00:00Z", "campaigns": [campaign.id] });
        let event = make(&app, "eventCreate", event).await;
        let event = done(&app, &event, "eventPublish", json!({})).await;
        let person = public(&app, "person", "Ada \"the\" Author").await;
        posts(&app, [&campaign, &institution, &event, &person]).await;
        reactions(&app, (SubjectType::Campaign, uuid(&campaign)), 12).await;
        reactions(&app, (SubjectType::Event, uuid(&event)), 1).await;
        let joined = done(&app, &campaign, "campaignEdit", json!({ "institutions": [institution.id] })).await;
        let before = counts(&app).await;
        for (thing, lost, name) in [
            (&joined, "3 posts, 1 event and 12 reactions", "\"clean-air\""),
            (&institution, "3 posts and 1 campaign", "\"school\""),
            (&event, "3 posts and 1 reaction", "\"vigil\""),
            (&person, "3 posts", "\"Ada \\\"the\\\" Author\""),
        ] {
            for more in [json!({}), json!({ "confirm": "something-else" }), json!({ "confirm": null })] {
                let said = refusal(&app, thing, &more).await;
                assert!(said.contains(&format!("has {lost}.")) && said.contains(name), "{}: {said}", app.name);
            }
        }
        assert_eq!(counts(&app).await, before, "{}: nothing was written", app.name);
        let post = "{ post(slug: \"post-1\", alliance: \"here\") { title author { name } event { slug } campaigns { totalCount }
            institutions { totalCount } } }";
        done(&app, &joined, "campaignDelete", json!({ "confirm": "clean-air" })).await;
        done(&app, &institution, "institutionDelete", json!({ "confirm": "school" })).await;
        done(&app, &event, "eventDelete", json!({ "confirm": "vigil" })).await;
        done(&app, &person, "personDelete", json!({ "confirm": "Ada \"the\" Author" })).await;
        let nothing = json!({ "totalCount": 0 });
        let wanted = json!({ "title": "post-1", "author": null, "event": null, "campaigns": nothing, "institutions": nothing });
        assert_eq!(app.read(post).await["post"], wanted, "{}", app.name);
        let left: Vec<(String, i64)> = counts(&app)
            .await
            .into_iter()
            .filter(|(table, _)| {
                [
                    "campaigns",
                    "institutions",
                    "events",
                    "people",
                    "person_roles",
                    "post_campaigns",
                    "post_institutions",
                    "event_campaigns",
                    "campaign_institutions",
                    "reactions",
                    "reaction_counters",
                    "search_documents",
                ]
                .contains(&table.as_str())
            })
            .filter(|(_, count)| *count > 0)
            .collect();
        assert!(left.is_empty(), "{}: {left:?}", app.name);
    }
}

#[tokio::test]
async fn what_nothing_refers_to_is_deleted_at_once_and_shown_as_it_was() {
    for app in both().await {
        for kind in ["campaign", "institution", "event", "person"] {
            let made = public(&app, kind, "Alone").await;
            let (field, named) = (format!("{kind}Delete"), if matches!(kind, "campaign" | "event") { "title" } else { "name" });
            let response = ask(&app, &editor(), &field, &made.input(&json!({})), &format!("{kind} {{ id {named} }}")).await;
            assert_eq!(response["data"][&field][kind], json!({ "id": made.id, named: "Alone" }), "{}: {response}", app.name);
            assert_eq!(tried(&app, &made, &field, json!({})).await, "NOT_FOUND", "{}", app.name);
            let node = app.read_as(&Viewer::Anonymous, &format!("{{ node(id: \"{}\") {{ id }} }}", made.id)).await;
            assert_eq!(node["node"], Value::Null, "{}", app.name);
        }
    }
}
