//! What takes no key, and what is no key.

use alliance::schema::UNREPEATED;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::idempotency::{EDIT, EMAIL, Editor, is_replayed, keyed, refused};
use crate::people::{PASSWORD, ask, demo, rows_of, welcomed};
use crate::sdl::{Schema, named};

#[tokio::test]
async fn what_is_no_key_is_refused_and_nothing_is_done() {
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        let long = "a".repeat(256);
        for key in ["", "\"\"", " ", "a b", "\"a\"b", "\"a", "\"a\\c\"", "\"a\";b=1", "a\tb", &long] {
            let answer = rosa.edit(&app, key, (1, "Rosa")).await;
            assert_eq!(refused(&answer), (400, "BAD_REQUEST"), "{}: {key:?}: {}", app.name, answer.text);
            assert!(answer.text.contains("255 visible ASCII"), "{}: {key:?}: {}", app.name, answer.text);
        }
        let twice = [
            ("authorization", format!("Bearer {}", rosa.token)),
            ("idempotency-key", "a".to_owned()),
            ("idempotency-key", "a".to_owned()),
        ];
        let twice: Vec<_> = twice.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(refused(&ask(&app, &twice, EDIT, &rosa.input(1, "Rosa")).await), (400, "BAD_REQUEST"), "{}", app.name);
        assert_eq!((rows_of(&app, "idempotency_keys").await, rosa.stored(&app).await.1), (0, 1), "{}", app.name);
        rosa.edit(&app, &"a".repeat(255), (1, "Rosa")).await.done();
    }
}

#[tokio::test]
async fn a_key_is_for_one_change_of_somebody_who_is_known() {
    let two = "mutation($a: AccountEditInput!, $b: AccountEditInput!) { a: accountEdit(input: $a) { account { id } } b: accountEdit(input: $b) { account { id } } }";
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        let input = |version: i32| rosa.input(version, "Rosa")["input"].take();
        for (query, variables, words) in [
            ("{ viewer { id } }", json!({}), "a query changes nothing"),
            (two, json!({ "a": input(1), "b": input(2) }), "it has 2 of them"),
            ("mutation { __typename }", json!({}), "it has 0 of them"),
        ] {
            let answer = keyed(&app, (&rosa.token, "one"), query, &variables).await;
            assert_eq!(refused(&answer), (400, "BAD_REQUEST"), "{}: {query}: {}", app.name, answer.text);
            assert!(answer.text.contains(words), "{}: {query}: {}", app.name, answer.text);
        }
        let get = Request::get("/graphql?query=%7B__typename%7D").header("idempotency-key", "one").body(Body::empty());
        assert_eq!(app.send(get.expect("this is a request")).await.0.as_u16(), 400, "{}", app.name);
        let stranger = "mutation { accountRegister(input: { email: \"eve@brassworks.example\", name: \"Eve\" }) { accepted } }";
        let answer = ask(&app, &[("idempotency-key", "one")], stranger, &json!({})).await;
        assert_eq!(refused(&answer), (400, "BAD_REQUEST"), "{}: {}", app.name, answer.text);
        assert!(answer.text.contains("`visitorTokenCreate`"), "{}: {}", app.name, answer.text);
        let nothing = ["idempotency_keys", "account_links"];
        assert_eq!([rows_of(&app, nothing[0]).await, rows_of(&app, nothing[1]).await], [0, 0], "{}", app.name);
        let beside = EDIT.replace("{ accountEdit", "{ __typename accountEdit");
        let answer = keyed(&app, (&rosa.token, "one"), &beside, &rosa.input(1, "Rosa")).await;
        assert_eq!(answer.body["data"]["accountEdit"]["account"]["version"], 2, "{}: {}", app.name, answer.text);
    }
}

#[tokio::test]
async fn what_answers_with_a_secret_takes_no_key() {
    let schema = Schema::read();
    for app in TestApp::both().await {
        let (id, tokens) = welcomed(&app, EMAIL, &[Role::Author]).await;
        let rosa = Editor { id, token: tokens.access };
        let before = [rows_of(&app, "sessions").await, rows_of(&app, "audit_entries").await];
        for name in UNREPEATED {
            let field = schema.fields("Mutation").into_iter().find(|field| field.name.node == *name).expect("it is a mutation");
            let input = named(&field.arguments[0].node.ty.node).to_owned();
            let value = match name {
                "signIn" => json!({ "email": EMAIL, "password": PASSWORD }),
                "twoFactorBegin" => json!({ "password": PASSWORD }),
                "twoFactorConfirm" => json!({ "oneTimePassword": "123456" }),
                "accountDataExport" => json!({ "id": rosa.id.to_string(), "password": PASSWORD }),
                "apiKeyCreate" => {
                    json!({ "alliance": demo(&app).await.to_string(), "holder": "Derby", "scopes": ["CONTENT_READ"] })
                }
                "postPreviewTokenCreate" => json!({ "id": "post_00000000008000g0000000000h" }),
                "emailSubscriptionConfirm" => json!({ "token": "als_0" }),
                "partnerCreate" => json!({ "alliance": demo(&app).await.to_string(), "name": "Derby" }),
                "webhookCreate" => {
                    json!({ "alliance": demo(&app).await.to_string(), "url": "https://example.org", "events": ["POST_PUBLISHED"] })
                }
                "webhookSecretRotate" => json!({ "id": "webhook_00000000008000g0000000000h", "version": 1 }),
                _ => json!({}),
            };
            let query = format!("mutation($input: {input}!) {{ {name}(input: $input) {{ __typename }} }}");
            let answer = keyed(&app, (&rosa.token, "one"), &query, &json!({ "input": value })).await;
            assert_eq!(refused(&answer), (400, "BAD_REQUEST"), "{}: {name}: {}", app.name, answer.text);
            assert!(answer.text.contains(name), "{}: {name}: {}", app.name, answer.text);
        }
        assert_eq!([rows_of(&app, "sessions").await, rows_of(&app, "audit_entries").await], before, "{}", app.name);
        assert_eq!(rows_of(&app, "idempotency_keys").await, 0, "{}", app.name);
    }
}

/// The ways from a type to fields that are called as a secret would be.
fn secrets(schema: &Schema, of: &str, seen: &mut Vec<String>) -> Vec<String> {
    if seen.iter().any(|name| name == of) {
        return Vec::new();
    }
    seen.push(of.to_owned());
    let mut found = Vec::new();
    for member in schema.members(of).unwrap_or_default() {
        found.extend(secrets(schema, &member, seen));
    }
    for field in schema.fields(of) {
        let (name, ty) = (field.name.node.as_str(), named(&field.ty.node));
        if schema.is_composite(ty) {
            found.extend(secrets(schema, ty, seen));
        } else if is_secret(name, ty) {
            found.push(format!("{of}.{name}"));
        }
    }
    found
}

fn is_secret(name: &str, ty: &str) -> bool {
    let name = name.to_lowercase();
    let called = ["token", "secret", "password", "codes", "cookie", "export"].iter().any(|word| name.contains(word));
    (called || name.ends_with("key")) && !["Boolean", "Int", "DateTime"].contains(&ty)
}

#[test]
fn no_payload_whose_fields_are_called_as_secrets_are_is_forgotten() {
    let schema = Schema::read();
    let mut held = Vec::new();
    for field in schema.fields("Mutation") {
        let name = field.name.node.to_string();
        let found = secrets(&schema, named(&field.ty.node), &mut Vec::new());
        if !found.is_empty() {
            assert!(UNREPEATED.contains(&name.as_str()), "`{name}` answers with {found:?}: put it into `UNREPEATED`");
            held.push(name);
        }
    }
    // The others set a cookie, or hold an address that can be erased.
    let others: Vec<_> = UNREPEATED.iter().filter(|name| !held.iter().any(|held| held == *name)).collect();
    let addresses = [&"emailSubscriptionConfirm", &"emailSubscriptionEdit", &"emailSubscriptionCancel"];
    assert_eq!(others, [&[&"signOut", &"signOutEverywhere"][..], &addresses].concat());
}

#[tokio::test]
async fn repeats_are_counted_for_themselves_and_end_too() {
    for app in TestApp::both().await {
        let app = app.with(|config| (config.limits.rate_mutations, config.limits.rate_repeats) = (2, 3));
        let rosa = Editor::welcome(&app, EMAIL).await;
        rosa.edit(&app, "one", (1, "Rosa")).await.done();
        for _ in 0..3 {
            assert!(is_replayed(&rosa.edit(&app, "one", (1, "Rosa")).await), "{}", app.name);
        }
        let often = rosa.edit(&app, "one", (1, "Rosa")).await;
        assert_eq!((refused(&often), often.header("retry-after")), ((429, "RATE_LIMITED"), "20"), "{}", app.name);
        // One more change is left all the same, and what is refused for now is no answer.
        rosa.edit(&app, "two", (2, "Rose")).await.done();
        let often = rosa.edit(&app, "three", (3, "Rosa")).await;
        assert_eq!(refused(&often), (429, "RATE_LIMITED"), "{}: {}", app.name, often.text);
        let again = rosa.edit(&app.later(TimeDelta::seconds(30)), "three", (3, "Rosa")).await;
        assert_eq!((again.done()["account"]["version"].clone(), is_replayed(&again)), (Value::from(4), false), "{}", app.name);
    }
}
