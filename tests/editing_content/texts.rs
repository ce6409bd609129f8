//! What people write into content: what is no text of its kind is refused with the place, and whatever is taken comes back as it was.

use alliance::text::line;
use serde_json::{Value, json};

use crate::editing_content::{ask, both, done, editor, editor_there, outcome, plain, public, tried};
use crate::viewers::{HERE, THERE};

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once_with_its_place() {
    for app in both().await {
        let campaign = json!({
            "alliance": HERE.to_string(), "title": " ", "slug": "No", "summary": "x".repeat(1_001), "body": "\u{1b}[0m",
        });
        let event = json!({
            "alliance": HERE.to_string(), "title": "x".repeat(201), "startsAt": "2027-01-02T00:00:00Z", "endsAt": "2027-01-01T00:00:00Z",
            "timeZone": "Europe/Nottingham", "venue": { "name": "" }, "capacity": -1,
        });
        let institution = json!({ "alliance": HERE.to_string(), "name": "gnp.\u{202e}exe", "kind": "OTHER", "websiteUrl": "javascript:alert(1)" });
        let person = json!({ "alliance": HERE.to_string(), "name": "", "title": "two\nlines", "bio": "\u{0}x" });
        for (field, input, problems) in [
            ("campaignCreate", &campaign, "REQUIRED title, INVALID slug, TOO_LONG summary, INVALID body"),
            ("eventCreate", &event, "TOO_LONG title, REQUIRED venue, INVALID endsAt, INVALID capacity, INVALID timeZone"),
            ("institutionCreate", &institution, "INVALID name, INVALID websiteUrl"),
            ("personCreate", &person, "BAD_REQUEST"),
        ] {
            let response = ask(&app, &editor(), field, input, "__typename").await;
            assert_eq!(outcome(&response, field), problems, "{}: {field}", app.name);
        }
        let person = json!({ "alliance": HERE.to_string(), "name": "", "title": "two\nlines" });
        let response = ask(&app, &editor(), "personCreate", &person, "__typename").await;
        assert_eq!(outcome(&response, "personCreate"), "REQUIRED name, INVALID title", "{}", app.name);
    }
}

#[tokio::test]
async fn no_address_is_a_site_that_is_none() {
    for app in both().await {
        let school = plain(&app, "institution", "School").await;
        for wrong in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "example.org",
            "ftp://example.org",
            "https://",
            "https://user:word@example.org",
            "https://exa mple.org",
        ] {
            let input = json!({ "websiteUrl": wrong });
            assert_eq!(tried(&app, &school, "institutionEdit", input).await, "INVALID websiteUrl", "{}: {wrong}", app.name);
        }
        let long = json!({ "websiteUrl": format!("https://example.org/{}", "x".repeat(500)) });
        assert_eq!(tried(&app, &school, "institutionEdit", long).await, "TOO_LONG websiteUrl", "{}", app.name);
    }
}

#[tokio::test]
async fn strange_texts_are_refused_or_come_back_as_they_were() {
    for app in both().await {
        let mut campaign = public(&app, "campaign", "Plain").await;
        let (mut taken, mut refused) = (0, 0);
        for strange in naughty_strings::BLNS.iter().filter(|text| !text.contains('\0')).step_by(3) {
            let input = json!({ "title": strange, "summary": strange, "body": strange });
            let response = ask(
                &app,
                &editor(),
                "campaignEdit",
                &campaign.input(&input),
                "campaign { id version slug title summary body { markdown } }",
            )
            .await;
            let told = &response["data"]["campaignEdit"]["campaign"];
            if outcome(&response, "campaignEdit") != "done" {
                assert_eq!(told, &Value::Null, "{}: {strange}: {response}", app.name);
                refused += 1;
                continue;
            }
            taken += 1;
            // Which texts are taken, and how, is tried by itself.
            let kept = [line::parse(strange, 200), line::paragraphs(strange, 1_000), line::markdown(strange, 200_000)];
            let [title, summary, body] = kept.map(|text| text.expect("it was taken"));
            assert_eq!((&told["title"], &told["summary"]), (&json!(title), &json!(summary)), "{}", app.name);
            assert_eq!(told["body"]["markdown"], body, "{}", app.name);
            let html =
                app.read("{ campaigns { nodes { body { html } } } search(query: \"plain\") { totalCount } }").await.to_string();
            let html = html.to_lowercase();
            assert!(!html.contains("<script") && !html.contains("href=\\\"javascript:"), "{}: {strange}: {html}", app.name);
            campaign.version = told["version"].as_i64().expect("a version");
        }
        assert!(taken > 100 && refused > 1, "{}: {taken} taken, {refused} refused", app.name);
    }
}

#[tokio::test]
async fn links_lead_to_what_is_of_the_same_alliance_or_nowhere() {
    for app in both().await {
        let there = json!({ "alliance": THERE.to_string(), "title": "Theirs" });
        let response = ask(&app, &editor_there(), "campaignCreate", &there, "campaign { id version }").await;
        let theirs = response["data"]["campaignCreate"]["campaign"]["id"].clone();
        let name = json!({ "alliance": THERE.to_string(), "name": "Theirs", "kind": "OTHER" });
        let response = ask(&app, &editor_there(), "institutionCreate", &name, "institution { id version }").await;
        let institution = response["data"]["institutionCreate"]["institution"].clone();
        let publish = json!({ "id": institution["id"], "version": institution["version"] });
        ask(&app, &editor_there(), "institutionPublish", &publish, "__typename").await;
        let (campaign, event) = (plain(&app, "campaign", "Ours").await, plain(&app, "event", "Ours").await);
        let own = plain(&app, "institution", "Ours").await;
        let nobody = "institution_01h455vb4pex5vsknk084sn02q";
        for ids in [json!([institution["id"]]), json!([own.id, institution["id"]]), json!([nobody])] {
            let input = json!({ "institutions": ids });
            assert_eq!(tried(&app, &campaign, "campaignEdit", input).await, "NOT_FOUND institutions", "{}: {ids}", app.name);
        }
        let input = json!({ "campaigns": [theirs] });
        assert_eq!(tried(&app, &event, "eventEdit", input).await, "NOT_FOUND campaigns", "{}", app.name);
        let new =
            json!({ "alliance": HERE.to_string(), "title": "New", "startsAt": "2027-01-01T12:00:00Z", "campaigns": [theirs] });
        let response = ask(&app, &editor(), "eventCreate", &new, "__typename").await;
        assert_eq!(outcome(&response, "eventCreate"), "NOT_FOUND campaigns", "{}", app.name);
        done(&app, &campaign, "campaignEdit", json!({ "institutions": [own.id] })).await;
        done(&app, &event, "eventEdit", json!({ "campaigns": [campaign.id] })).await;
    }
}
