//! A campaign's life, from its first draft to its end.

use alliance::viewer::Viewer;
use chrono::TimeDelta;
use serde_json::json;

use crate::editing_content::{both, done, editor, is_sound, make, plain, public, sees, tried};

const SAID: &str = "title summary body { plainText } status startedOn endedOn institutions { nodes { slug } }";

#[tokio::test]
async fn a_campaign_is_drafted_published_closed_taken_up_again_and_deleted_and_the_public_sees_what_is_live() {
    for app in both().await {
        let stranger = Viewer::Anonymous;
        let school = public(&app, "institution", "Emmanuel School").await;
        let hidden = plain(&app, "institution", "Not yet").await;
        let said = json!({
            "title": "Zebra crossings", "summary": "Safe ways to school.", "body": "We **walk**.", "startedOn": "2026-11-01",
            "institutions": [school.id, hidden.id, school.id],
        });
        let drafted = make(&app, "campaignCreate", said).await;
        assert_eq!((drafted.slug.as_str(), drafted.version), ("zebra-crossings", 1), "{}", app.name);
        assert!(!sees(&app, &stranger, &drafted, "zebra").await, "{}", app.name);
        assert!(sees(&app, &editor(), &drafted, "zebra").await, "{}", app.name);
        let published = done(&app, &drafted, "campaignPublish", json!({})).await;
        assert!(sees(&app, &stranger, &published, "zebra").await, "{}", app.name);
        let told = published.told(&app, &stranger, SAID).await;
        let wanted = json!({
            "title": "Zebra crossings", "summary": "Safe ways to school.", "body": { "plainText": "We walk." }, "status": "ACTIVE",
            "startedOn": "2026-11-01", "endedOn": null, "institutions": { "nodes": [{ "slug": "emmanuel-school" }] },
        });
        assert_eq!(told, wanted, "{}", app.name);
        assert_eq!(tried(&app, &published, "campaignPublish", json!({})).await, "WRONG_STATE", "{}", app.name);

        let changed = json!({ "title": "Giraffe crossings", "summary": null, "startedOn": null, "institutions": null });
        let edited = done(&app, &published, "campaignEdit", changed).await;
        assert!(sees(&app, &stranger, &edited, "giraffe").await, "{}", app.name);
        let told = edited.told(&app, &stranger, SAID).await;
        let wanted = json!({
            "title": "Giraffe crossings", "summary": "", "body": { "plainText": "We walk." }, "status": "ACTIVE", "startedOn": null,
            "endedOn": null, "institutions": { "nodes": [] },
        });
        assert_eq!(told, wanted, "{}", app.name);
        // What it said before is found no more.
        let found = app.read("{ search(query: \"zebra\") { totalCount } }").await;
        assert_eq!(found["search"]["totalCount"], 0, "{}", app.name);

        let closed = done(&app, &edited, "campaignClose", json!({ "endedOn": "2026-11-20" })).await;
        assert!(sees(&app, &stranger, &closed, "giraffe").await, "{}", app.name);
        is_sound(&app).await;
        let told = closed.told(&app, &stranger, "status endedOn").await;
        assert_eq!(told, json!({ "status": "CLOSED", "endedOn": "2026-11-20" }), "{}", app.name);
        assert_eq!(tried(&app, &closed, "campaignClose", json!({})).await, "WRONG_STATE", "{}", app.name);
        let again = done(&app, &closed, "campaignPublish", json!({})).await;
        let told = again.told(&app, &stranger, "status endedOn").await;
        assert_eq!(told, json!({ "status": "ACTIVE", "endedOn": null }), "{}", app.name);
        done(&app, &again, "campaignDelete", json!({})).await;
        assert!(!sees(&app, &stranger, &again, "giraffe").await, "{}", app.name);
        assert!(!sees(&app, &editor(), &again, "giraffe").await, "{}", app.name);
        assert_eq!(tried(&app, &again, "campaignEdit", json!({})).await, "NOT_FOUND", "{}", app.name);
    }
}

#[tokio::test]
async fn a_campaign_ends_between_its_first_day_and_today_in_its_city() {
    for app in both().await {
        let begun = make(&app, "campaignCreate", json!({ "title": "Clean air", "startedOn": "2026-11-10" })).await;
        assert_eq!(tried(&app, &begun, "campaignClose", json!({})).await, "WRONG_STATE", "{}: a draft", app.name);
        let begun = done(&app, &begun, "campaignPublish", json!({})).await;
        for day in ["2026-11-09", "2026-11-25"] {
            let input = json!({ "endedOn": day });
            assert_eq!(tried(&app, &begun, "campaignClose", input).await, "INVALID endedOn", "{}: {day}", app.name);
        }
        let closed = done(&app, &begun, "campaignClose", json!({})).await;
        assert_eq!(closed.told(&app, &editor(), "endedOn").await["endedOn"], "2026-11-24", "{}", app.name);
        let late = json!({ "startedOn": "2026-11-25" });
        assert_eq!(tried(&app, &closed, "campaignEdit", late).await, "INVALID startedOn", "{}", app.name);
        // Half past twelve in summer time is the next day there, and not yet in UTC.
        let summer = app.later(TimeDelta::days(200) + TimeDelta::minutes(11 * 60 + 30));
        let begun = public(&summer, "campaign", "Summer").await;
        let closed = done(&summer, &begun, "campaignClose", json!({})).await;
        assert_eq!(closed.told(&summer, &editor(), "endedOn").await["endedOn"], "2027-06-13", "{}", app.name);
    }
}
