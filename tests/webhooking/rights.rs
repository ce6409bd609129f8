//! Who may have webhooks, and what is wrong with some.

use alliance_tests::receiver::Receiver;
use serde_json::{Value, json};

use crate::viewers::{HERE, THERE};
use crate::webhooking::{OF_POSTS, both};

#[tokio::test]
async fn webhooks_are_for_admins_of_their_alliance_and_say_what_is_wrong_with_them() {
    for desk in both().await {
        let (site, name, app) = (Receiver::start().await, desk.app.name, &desk.app);
        let (webhook, secret) = desk.webhook(&site, &OF_POSTS, json!({ "description": "The site" })).await;
        let theo = crate::guests::admin(app, Some(THERE), "theo@example.org").await;
        let (id, version) = (&webhook["id"], &webhook["version"]);
        let new = json!({ "alliance": HERE.to_string(), "url": "https://example.org/", "events": ["POST_PUBLISHED"] });
        for guest in [&desk.ines, &theo] {
            assert_eq!(guest.tries(app, "webhookCreate", new.clone()).await, "FORBIDDEN", "{name}");
            for field in ["webhookEdit", "webhookDelete", "webhookSecretRotate"] {
                assert_eq!(
                    guest.tries(app, field, json!({ "id": id, "version": version })).await,
                    "NOT_FOUND",
                    "{name}: {field}"
                );
            }
            assert_eq!(guest.tries(app, "webhookTest", json!({ "id": id })).await, "NOT_FOUND", "{name}");
            let seen = guest.ask(app, "{ webhooks { totalCount } webhookDeliveries { totalCount } }").await;
            assert_eq!(
                seen["data"],
                json!({ "webhooks": { "totalCount": 0 }, "webhookDeliveries": { "totalCount": 0 } }),
                "{name}"
            );
        }
        let with = |more: Value| {
            let mut input = new.clone();
            if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
                input.extend(more);
            }
            input
        };
        for (more, code) in [
            (json!({ "events": [] }), "REQUIRED"),
            (json!({ "events": ["TEST"] }), "INVALID"),
            (json!({ "query": "query($id: ID!) { post(id: $id) { nothing } }" }), "INVALID"),
            (json!({ "query": "query($other: ID!) { post(id: $other) { title } }" }), "INVALID"),
            (json!({ "query": "mutation { visitorTokenCreate { __typename } }" }), "INVALID"),
            (json!({ "query": "subscription { postPublished { cursor } }" }), "INVALID"),
            (json!({ "query": "{ posts(first: 100) { nodes { comments(first: 100) { nodes { id } } } } }" }), "INVALID"),
            (json!({ "partner": "partner_01jdz0000000000000000000zz" }), "NOT_FOUND"),
        ] {
            assert_eq!(desk.ada.tries(app, "webhookCreate", with(more.clone())).await, code, "{name}: {more}");
        }
        let shown = desk.ada.ask(app, "{ webhooks { nodes { id url description events isEnabled } } }").await.to_string();
        assert!(shown.contains("The site") && !shown.contains(&secret), "{name}: {shown}");
    }
}
