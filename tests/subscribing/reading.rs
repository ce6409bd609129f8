//! Who sees who gets updates: editors count, admins see addresses and are written down, people see their own.

use serde_json::{Value, json};

use crate::guests;
use crate::sdl::Schema;
use crate::subscribing::{CAMPAIGN, both, done_by, signed_up};
use crate::viewers::{HERE, THERE};

const LIST: &str = "{ emailSubscriptions(alliance: \"here\") { totalCount pendingCount byState { state count } byTopic { topic { name } count } \
                    nodes { id email } edges { node { email } } } }";
const COUNTS: &str = "{ emailSubscriptions(alliance: \"here\") { totalCount pendingCount byState { state count } byTopic { topic { name } count } } }";
const LOOKS: &str = "{ auditLog(filter: { action: \"emailSubscriptions\" }) { totalCount nodes { actor details } } }";

#[tokio::test]
async fn editors_count_admins_see_addresses_and_that_is_written_down_and_people_see_their_own() {
    for (app, ada, ines) in both().await {
        let rosa = guests::registered(&app, "rosa@example.org").await;
        signed_up(&app, "zoe@example.org", json!({ "topics": [CAMPAIGN.to_string()] })).await;
        signed_up(&app, "rosa@example.org", json!({ "topics": [CAMPAIGN.to_string(), HERE.to_string()] })).await;
        let gone = signed_up(&app, "gone@example.org", json!({})).await;
        done_by(&app, "emailSubscriptionCancel", json!({ "token": gone }), "subscription { state }").await;
        done_by(&app, "emailSubscriptionRequest", crate::subscribing::input("pending@example.org", json!({})), "accepted").await;
        app.work().await;
        let counts = json!({
            "totalCount": 3, "pendingCount": 1,
            "byState": [{ "state": "CONFIRMED", "count": 2 }, { "state": "CANCELLED", "count": 1 }, { "state": "BOUNCED", "count": 0 }],
            "byTopic": [{ "topic": { "name": "clean-air" }, "count": 2 }, { "topic": { "name": "here" }, "count": 1 }],
        });
        for (who, name) in [(&ada, "admin"), (&ines, "editor")] {
            assert_eq!(who.ask(&app, COUNTS).await["data"]["emailSubscriptions"], counts, "{}: {name}", app.name);
        }
        let editor = who_sees(&ines.ask(&app, LIST).await);
        assert_eq!(editor, [""; 0], "{}: an editor sees no address", app.name);
        assert_eq!(ada.ask(&app, LOOKS).await["data"]["auditLog"]["totalCount"], 0, "{}: counting is no looking", app.name);

        let admin = who_sees(&ada.ask(&app, LIST).await);
        assert_eq!(admin, ["gone@example.org", "rosa@example.org", "zoe@example.org"], "{}", app.name);
        let looks = ada.ask(&app, LOOKS).await["data"]["auditLog"].take();
        assert_eq!(looks["nodes"], json!([{ "actor": ada.id.to_string(), "details": "{}" }]), "{}", app.name);
        assert_eq!(
            who_sees(
                &ada.ask(&app, "{ emailSubscriptions(alliance: \"here\", filter: { states: [CANCELLED] }) { nodes { email } } }")
                    .await
            ),
            ["gone@example.org"]
        );
        assert_eq!(ada.ask(&app, LOOKS).await["data"]["auditLog"]["totalCount"], 2, "{}: each time", app.name);

        let theo = guests::admin(&app, Some(THERE), "theo@example.org").await;
        let elsewhere = theo.ask(&app, LIST).await["data"]["emailSubscriptions"].take();
        assert_eq!(
            (&elsewhere["totalCount"], &elsewhere["pendingCount"], &elsewhere["nodes"], &elsewhere["byTopic"]),
            (&json!(0), &Value::Null, &json!([]), &json!([])),
            "{}",
            app.name
        );

        let own = rosa.ask(&app, LIST).await["data"]["emailSubscriptions"].take();
        assert_eq!(
            (&own["totalCount"], &own["pendingCount"], own["nodes"][0]["email"].as_str()),
            (&json!(1), &Value::Null, Some("rosa@example.org"))
        );
        assert_eq!(own["nodes"].as_array().map(Vec::len), Some(1), "{}", app.name);
        assert_eq!(
            ada.ask(&app, LOOKS).await["data"]["auditLog"]["totalCount"],
            2,
            "{}: one's own is nobody's business",
            app.name
        );
        app.work().await;
    }
}

#[tokio::test]
async fn whatever_is_done_to_a_subscription_is_in_the_audit_log_without_the_address() {
    for (app, ada, ines) in both().await {
        let token = signed_up(&app, "zoe@example.org", json!({ "name": "Zoë" })).await;
        done_by(&app, "emailSubscriptionEdit", json!({ "token": token, "frequency": "DAILY" }), "__typename").await;
        done_by(&app, "emailSubscriptionCancel", json!({ "token": token }), "__typename").await;
        done_by(&app, "emailSubscriptionErase", json!({ "token": token }), "__typename").await;
        let post = crate::subscribing::written(&app, &ines, "A draft", json!({})).await;
        ines.does(&app, "emailSubscriptionTest", json!({ "post": post["id"] }), "accepted").await;
        app.work().await;
        let entries = ada.ask(&app, "{ auditLog(first: 100) { nodes { action details alliance { slug } network } } }").await;
        let entries = entries["data"]["auditLog"]["nodes"].as_array().expect("a list").clone();
        for field in Schema::read().fields("Mutation") {
            let name = field.name.node.as_str();
            if name.starts_with("emailSubscription") {
                let found = entries.iter().find(|entry| entry["action"] == name);
                // Nobody knows yet whose address it is.
                assert_eq!(found.is_some(), name != "emailSubscriptionRequest", "{}: {name}", app.name);
                assert!(
                    found.is_none_or(|entry| entry["alliance"]["slug"] == "here" && entry["details"] == "{}"),
                    "{}: {found:?}",
                    app.name
                );
            }
        }
        assert!(!entries.iter().any(|entry| entry.to_string().contains("zoe@")), "{}: {entries:?}", app.name);
        let told: Vec<String> =
            ines.ask(&app, "{ auditLog(first: 100) { nodes { action } } }").await["data"]["auditLog"]["nodes"]
                .as_array()
                .expect("a list")
                .iter()
                .map(|entry| entry["action"].as_str().expect("an act").to_owned())
                .collect();
        let hers: Vec<&String> = told.iter().filter(|action| action.starts_with("emailSubscription")).collect();
        assert_eq!(hers, ["emailSubscriptionTest"], "{}: who signed up is for admins", app.name);
    }
}

fn who_sees(answer: &Value) -> Vec<String> {
    assert!(answer.get("errors").is_none(), "{answer}");
    let nodes = answer["data"]["emailSubscriptions"]["nodes"].as_array().expect("a list").iter();
    let mut seen: Vec<String> = nodes.map(|node| node["email"].as_str().expect("an address").to_owned()).collect();
    seen.sort_unstable();
    seen
}

#[tokio::test]
async fn an_account_changes_its_own_subscription_by_its_id_and_nobody_elses() {
    for (app, ada, ines) in both().await {
        let rosa = guests::registered(&app, "rosa@example.org").await;
        signed_up(&app, "rosa@example.org", json!({})).await;
        let own = rosa.ask(&app, LIST).await["data"]["emailSubscriptions"]["nodes"][0]["id"].take();
        for (who, told) in [(&ada, "FORBIDDEN"), (&ines, "NOT_FOUND"), (&rosa, "done")] {
            for field in ["emailSubscriptionEdit", "emailSubscriptionCancel"] {
                assert_eq!(who.tries(&app, field, json!({ "id": own })).await, told, "{}: {}: {field}", app.name, who.email);
            }
        }
        let stranger = guests::stranger_tries(&app, "emailSubscriptionCancel", json!({ "id": own })).await;
        assert_eq!(stranger, "UNAUTHENTICATED", "{}", app.name);
        let node = format!("{{ node(id: {own}) {{ id }} }}");
        assert_eq!(ada.ask(&app, &node).await["data"]["node"], Value::Null, "{}: no way around the audit log", app.name);
    }
}
