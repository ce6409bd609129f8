//! Whoever works for one alliance is a stranger in another: each change is tried there by all of its staff.

use alliance_entity::account_role::Role;
use alliance_entity::id::ReactionId;
use alliance_entity::reaction::{ReactionState, SubjectType};
use alliance_tests::app::TestApp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guests::{self, Guest, PASSWORD, dump};
use crate::rows::told::{self, DELIVERY, WEBHOOK};
use crate::rows::{self, put};
use crate::sdl::Schema;
use crate::viewers::{HERE, THERE};

/// What is done to content: staff of another alliance are told of it where that is tried.
const CONTENT: [&str; 6] = ["post", "campaign", "institution", "event", "person", "allianceCreate"];

/// The changes that are about whoever makes them, and reach nobody else's things.
const OWN: [&str; 23] = [
    "accountRegister",
    "accountConfirm",
    "accountEmailChange",
    "signIn",
    "tokenRefresh",
    "signOut",
    "signOutEverywhere",
    "passwordChange",
    "passwordResetRequest",
    "passwordReset",
    "twoFactorBegin",
    "twoFactorConfirm",
    "twoFactorDisable",
    "visitorTokenCreate",
    "reactionAdd",
    "reactionConfirm",
    "reactionRemove",
    // Everybody may ask an alliance to sit down.
    "enquirySubmit",
    "emailSubscriptionRequest",
    "emailSubscriptionConfirm",
    "emailSubscriptionEdit",
    "emailSubscriptionCancel",
    "emailSubscriptionErase",
];

/// The things of the alliance.
struct Things {
    author: Guest,
    session: String,
    key: String,
    partner: String,
    enquiry: String,
    post: String,
    comment: String,
}

impl Things {
    async fn plant(app: &TestApp) -> Self {
        let (author, session, key) = guests::things(app, Role::Author).await;
        let enquiry = guests::enquiry(app).await;
        let post =
            author.does(app, "postCreate", json!({ "alliance": HERE.to_string(), "title": "A draft" }), "post { id }").await;
        let post = post["post"]["id"].as_str().expect("an id").to_owned();
        let comment = ReactionId(Uuid::from_u128(0xc0));
        let on = (SubjectType::Post, alliance_entity::id::parse(&post).expect("it is an id").1);
        put!(app, told::webhook(WEBHOOK, HERE, None), told::delivery(DELIVERY, WEBHOOK));
        put!(app, rows::comment(comment, on, ReactionState::Pending));
        Self { author, session, key, partner: guests::partner(app).await, enquiry, post, comment: comment.to_string() }
    }

    /// How a change of this name would reach into the alliance, and what an admin of another one is told, and the rest of its staff.
    fn reaching(&self, field: &str) -> Option<Vec<(Value, &'static str, &'static str)>> {
        let (author, here, there) = (self.author.id.to_string(), HERE.to_string(), THERE.to_string());
        let (unseen, forbidden) = ("NOT_FOUND", "FORBIDDEN");
        let role = |alliance: &str| json!({ "account": author, "alliance": alliance, "role": "AUTHOR" });
        Some(match field {
            "accountInvite" => {
                let input = json!({ "alliance": here, "email": "eve@example.org", "name": "Eve", "role": "ADMIN" });
                vec![(input, forbidden, forbidden)]
            }
            "accountEdit" => vec![(json!({ "id": author, "version": 1, "name": "Eve" }), unseen, unseen)],
            "accountDisable" => vec![(json!({ "id": author, "disabled": true }), unseen, unseen)],
            "accountDataExport" | "accountEraseData" => {
                vec![(json!({ "id": author, "password": PASSWORD }), unseen, unseen)]
            }
            "sessionRevoke" => vec![(json!({ "session": self.session }), unseen, unseen)],
            "roleGrant" | "roleRevoke" => vec![(role(&here), forbidden, forbidden), (role(&there), unseen, forbidden)],
            "apiKeyCreate" => {
                let input = json!({ "alliance": here, "holder": "Eve", "scopes": ["CONTENT_READ"] });
                vec![(input, forbidden, forbidden)]
            }
            "apiKeyRevoke" => vec![(json!({ "id": self.key }), unseen, unseen)],
            "partnerCreate" => vec![(json!({ "alliance": here, "name": "Eve" }), forbidden, forbidden)],
            "partnerEdit" | "partnerDelete" => vec![(json!({ "id": self.partner, "version": 1 }), unseen, unseen)],
            "webhookCreate" => {
                let input = json!({ "alliance": here, "url": "https://example.org/", "events": ["POST_PUBLISHED"] });
                vec![(input, forbidden, forbidden)]
            }
            "webhookEdit" | "webhookDelete" | "webhookSecretRotate" => {
                vec![(json!({ "id": WEBHOOK.to_string(), "version": 1 }), unseen, unseen)]
            }
            "webhookTest" | "webhookReplay" => vec![(json!({ "id": WEBHOOK.to_string() }), unseen, unseen)],
            "webhookRedeliver" => vec![(json!({ "id": DELIVERY.to_string() }), unseen, unseen)],
            "reactionModerate" => vec![(json!({ "id": self.comment, "decision": "APPROVE" }), unseen, unseen)],
            "emailSubscriptionTest" => vec![(json!({ "post": self.post }), unseen, unseen)],
            "allianceEdit" => vec![(json!({ "id": here, "version": 1, "twoFactorRequired": true }), forbidden, forbidden)],
            "enquiryAssign" => vec![(json!({ "id": self.enquiry, "version": 1, "organiser": author }), unseen, unseen)],
            "enquiryAdvance" => vec![(json!({ "id": self.enquiry, "version": 1, "state": "CLOSED" }), unseen, unseen)],
            "enquiryNoteCreate" => vec![(json!({ "id": self.enquiry, "text": "Eve" }), unseen, unseen)],
            "enquiryDelete" => vec![(json!({ "id": self.enquiry, "version": 1 }), unseen, unseen)],
            _ => return None,
        })
    }
}

/// Of each kind of staff of the other alliance one.
async fn staff_elsewhere(app: &TestApp) -> Vec<(Role, Guest)> {
    let theo = guests::admin(app, Some(THERE), "theo@example.org").await;
    let mut staff = vec![(Role::Admin, theo.clone())];
    for (role, email) in [
        (Role::Editor, "edda@example.org"),
        (Role::Author, "arno@example.org"),
        (Role::Organiser, "orla@example.org"),
        (Role::Supporter, "sven@example.org"),
    ] {
        staff.push((role, guests::joined(app, &theo, (THERE, role), email).await));
    }
    staff
}

#[tokio::test]
async fn every_change_of_an_alliances_things_is_refused_to_the_staff_of_another_and_writes_nothing() {
    for app in guests::both().await {
        let things = Things::plant(&app).await;
        let staff = staff_elsewhere(&app).await;
        let before = dump(&app).await;
        for field in Schema::read().fields("Mutation") {
            let name = field.name.node.as_str();
            if CONTENT.iter().any(|noun| name.starts_with(noun)) {
                continue;
            }
            let Some(reaching) = things.reaching(name) else {
                assert!(OWN.contains(&name), "`{name}` is new: decide here what the staff of another alliance are told");
                continue;
            };
            for (input, admin, others) in reaching {
                for (role, guest) in &staff {
                    let told = guest.tries(&app, name, input.clone()).await;
                    let expected = if *role == Role::Admin { admin } else { others };
                    assert_eq!(told, expected, "{}: {name}: {role:?}: {input}", app.name);
                }
            }
        }
        assert_eq!(dump(&app).await, before, "{}", app.name);
        assert!(things.author.is_signed_in(&app).await, "{}", app.name);
    }
}

#[tokio::test]
async fn the_lists_for_staff_hold_nothing_of_an_alliance_for_the_staff_of_another() {
    for app in guests::both().await {
        let things = Things::plant(&app).await;
        let staff = staff_elsewhere(&app).await;
        let marked = Schema::read()
            .fields("Query")
            .into_iter()
            .filter(|field| field.directives.iter().any(|directive| directive.node.name.node == "staffOnly"));
        for name in marked.map(|field| field.name.node.to_string()) {
            assert!(
                [
                    "apiKeys",
                    "auditLog",
                    "webhooks",
                    "webhookDeliveries",
                    "people",
                    "scheduledPosts",
                    "moderationQueue",
                    "partners",
                    "syndicationChanges",
                ]
                .contains(&name.as_str()),
                "`{name}` is new: ask for it here"
            );
        }
        let secrets = [
            HERE.to_string(),
            things.author.id.to_string(),
            things.author.id.0.to_string(),
            things.key.clone(),
            things.partner.clone(),
            "ada@example.org".to_owned(),
            "ines@example.org".to_owned(),
            "nadia@mosque.example".to_owned(),
        ];
        let id = things.author.id;
        for query in [
            "{ apiKeys { totalCount nodes { id holder } } }".to_owned(),
            "{ apiKeys(filter: { alliance: \"here\" }) { totalCount nodes { id } } }".to_owned(),
            "{ partners { totalCount nodes { id name } } }".to_owned(),
            "{ partners(filter: { alliance: \"here\" }) { totalCount nodes { id } } }".to_owned(),
            format!("{{ node(id: \"{}\") {{ id }} }}", things.partner),
            "{ webhooks { totalCount nodes { id alliance { id } } } }".to_owned(),
            "{ webhooks(filter: { alliance: \"here\" }) { totalCount nodes { id } } }".to_owned(),
            format!("{{ webhookDeliveries(filter: {{ webhook: \"{WEBHOOK}\" }}) {{ totalCount nodes {{ id }} }} }}"),
            format!("{{ nodes(ids: [\"{WEBHOOK}\", \"{DELIVERY}\"]) {{ id }} }}"),
            "{ people(filter: { alliance: \"here\" }) { totalCount nodes { id name } } }".to_owned(),
            "{ people(filter: { isPublic: false }) { totalCount nodes { id name } } }".to_owned(),
            "{ auditLog(first: 100) { totalCount nodes { actor subjectId alliance { id } } } }".to_owned(),
            "{ auditLog(filter: { alliance: \"here\" }) { totalCount nodes { actor subjectId } } }".to_owned(),
            format!("{{ auditLog(filter: {{ actor: \"{id}\" }}) {{ totalCount nodes {{ action }} }} }}"),
            "{ accounts { totalCount nodes { id email roles { alliance { id } } } } }".to_owned(),
            "{ accounts(filter: { alliance: \"here\" }) { totalCount nodes { id email } } }".to_owned(),
            "{ accounts(filter: { role: AUTHOR, isDisabled: false }) { nodes { id email } } }".to_owned(),
            "{ enquiries { totalCount nodes { id email } } }".to_owned(),
            "{ enquiries(filter: { alliance: \"here\" }) { totalCount nodes { id } } }".to_owned(),
            format!("{{ node(id: \"{}\") {{ id }} }}", things.enquiry),
            format!("{{ node(id: \"{id}\") {{ id }} }}"),
            format!("{{ nodes(ids: [\"{}\", \"{}\"]) {{ id }} }}", things.key, things.session),
        ] {
            for (role, guest) in &staff {
                let answer = guest.ask(&app, &query).await;
                assert!(answer["data"].is_object(), "{}: {role:?}: {query}: {answer}", app.name);
                let said = answer.to_string();
                let leaked: Vec<&String> = secrets.iter().filter(|secret| said.contains(secret.as_str())).collect();
                assert!(leaked.is_empty(), "{}: {role:?}: {query}: {leaked:?}: {answer}", app.name);
                if query.contains("\"here\"") || query.contains("isPublic") || query.contains("actor: ") {
                    let (_, list) = answer["data"].as_object().and_then(|data| data.iter().next()).expect("a field");
                    assert_eq!(list["totalCount"], 0, "{}: {role:?}: {query}", app.name);
                }
            }
        }
    }
}
