//! Signing in with an address and a password, and what it shows.

use alliance_entity::account;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use serde_json::json;

use crate::people::{self, PASSWORD, Tokens, ask, ask_with, joined, rows_of, try_sign_in};

const EMAIL: &str = "w.farthingale@brassworks.example";
/// By Argon2's own tool: `echo -n "$PASSWORD" | argon2 'some salt of ours' -id -t 1 -k 8192 -p 1 -e`.
const WEAK: &str = "$argon2id$v=19$m=8192,t=1,p=1$c29tZSBzYWx0IG9mIG91cnM$FzR8yvY0i0l614YwWTldbK6J+5dIFhcaaONW4kpxk4o";

#[tokio::test]
async fn who_gives_the_password_of_an_address_is_signed_in_with_the_roles_that_they_have() {
    for app in TestApp::both().await {
        let id = joined(&app, EMAIL, &[Role::Author, Role::Editor]).await;
        let query = "mutation($input: SignInInput!) { signIn(input: $input) { accessToken refreshToken expiresAt
            viewer { kind account { id email name hasTwoFactor signedInAt } roles { role alliance { slug } } isOperator
                sessions { isCurrent userAgent network } } userErrors { code } } }";
        let input = json!({ "email": format!("  {} ", EMAIL.to_uppercase()), "password": PASSWORD });
        let answer = ask(&app, &[("user-agent", "Trowel/1.0")], query, &json!({ "input": input })).await;
        let done = answer.done();
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "no-store"), "{}", app.name);
        assert!(!answer.headers.contains_key("set-cookie"), "{}: nobody asked for a cookie", app.name);
        assert_eq!(done["expiresAt"], "2026-11-24T12:10:00Z", "{}: ten minutes", app.name);
        let viewer = json!({
            "kind": "ACCOUNT",
            "account": { "id": id.to_string(), "email": EMAIL, "name": "w.farthingale", "hasTwoFactor": false,
                "signedInAt": "2026-11-24T12:00:00Z" },
            "roles": [{ "role": "AUTHOR", "alliance": { "slug": "nottingham-citizens" } },
                { "role": "EDITOR", "alliance": { "slug": "nottingham-citizens" } }],
            "isOperator": false,
            "sessions": [{ "isCurrent": true, "userAgent": "Trowel/1.0", "network": "127.0.0.0/24" }],
        });
        assert_eq!(done["viewer"], viewer, "{}: {}", app.name, answer.text);
        // The same is told to whoever shows the token afterwards.
        let tokens = Tokens::of(&answer);
        let query =
            "{ viewer { kind account { id email name hasTwoFactor signedInAt } roles { role alliance { slug } } isOperator
            sessions { isCurrent userAgent network } } }";
        let later = ask_with(&app, &tokens.access, query, &json!({})).await;
        assert_eq!(later.payload(), &viewer, "{}: {}", app.name, later.text);
        assert!(tokens.refresh.starts_with("alr_") && tokens.refresh.len() == 4 + 43, "{}", app.name);
    }
}

#[tokio::test]
async fn a_wrong_password_lets_nobody_in_and_says_no_more_than_that() {
    for app in TestApp::both().await {
        joined(&app, EMAIL, &[Role::Admin]).await;
        let disabled = joined(&app, "gone@brassworks.example", &[Role::Editor]).await;
        let without = joined(&app, "new@brassworks.example", &[]).await;
        let row = people::stored(&app, disabled).await;
        people::store(&app, account::Model { disabled_at: Some(row.created_at), ..row }).await;
        let row = people::stored(&app, without).await;
        people::store(&app, account::Model { password_hash: None, ..row }).await;
        let tries = [
            (EMAIL, "seven brass lanterns over sneinton"),
            (EMAIL, ""),
            ("nobody@brassworks.example", PASSWORD),
            ("no address", PASSWORD),
            ("gone@brassworks.example", PASSWORD),
            ("new@brassworks.example", PASSWORD),
            ("new@brassworks.example", ""),
        ];
        for (email, password) in tries {
            let answer = try_sign_in(&app, email, password, None).await;
            let expected = json!({ "accessToken": null, "refreshToken": null, "expiresAt": null, "viewer": null, "userErrors": [
                { "field": null, "code": "INCORRECT", "message": "the address or the password is not right" }] });
            assert_eq!((answer.payload(), answer.status.as_u16()), (&expected, 200), "{}: {email} {password}", app.name);
            assert!(!answer.headers.contains_key("set-cookie"), "{}: {email}", app.name);
        }
        assert_eq!(rows_of(&app, "sessions").await + rows_of(&app, "refresh_tokens").await, 0, "{}", app.name);
        people::sign_in(&app, EMAIL).await;
        assert_eq!((rows_of(&app, "sessions").await, rows_of(&app, "refresh_tokens").await), (1, 1), "{}", app.name);
    }
}

#[tokio::test]
async fn what_takes_a_secret_stands_alone_in_its_operation() {
    for app in TestApp::both().await {
        joined(&app, EMAIL, &[]).await;
        let sign_in = format!("signIn(input: {{ email: \"{EMAIL}\", password: \"{PASSWORD}\" }}) {{ accessToken }}");
        let refresh = "tokenRefresh(input: { refreshToken: \"alr_x\" }) { accessToken }";
        let reset = "passwordReset(input: { token: \"all_x\", newPassword: \"x\" }) { userErrors { code } }";
        let confirm = "accountConfirm(input: { token: \"all_x\" }) { userErrors { code } }";
        for alone in [sign_in.as_str(), refresh, reset, confirm] {
            for other in ["b: visitorTokenCreate { userErrors { code } }", &format!("b: {alone}"), "__typename"] {
                for query in [format!("mutation {{ a: {alone} {other} }}"), format!("mutation {{ {other} a: {alone} }}")] {
                    app.statements();
                    let answer = ask(&app, &[], &query, &json!({})).await;
                    assert_eq!(answer.code(), "LIMIT_EXCEEDED", "{}: {query}: {}", app.name, answer.text);
                    assert!(answer.body.get("data").is_none() && app.statements().is_empty(), "{}: {query}", app.name);
                }
            }
        }
        let answer = ask(&app, &[], &format!("mutation {{ a: {sign_in} }}"), &json!({})).await;
        assert!(answer.payload()["accessToken"].is_string(), "{}: {}", app.name, answer.text);
    }
}

#[tokio::test]
async fn a_weaker_hash_is_made_anew_when_its_password_is_given() {
    for app in TestApp::both().await {
        let id = joined(&app, EMAIL, &[]).await;
        let row = people::stored(&app, id).await;
        people::store(&app, account::Model { password_hash: Some(WEAK.to_owned()), ..row }).await;
        try_sign_in(&app, EMAIL, "seven brass lanterns over sneinton", None).await;
        assert_eq!(people::stored(&app, id).await.password_hash.as_deref(), Some(WEAK), "{}: not by a guess", app.name);
        people::sign_in(&app, EMAIL).await;
        let hash = people::stored(&app, id).await.password_hash.expect("there is one");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}: {hash}", app.name);
        people::sign_in(&app, EMAIL).await;
        assert_eq!(people::stored(&app, id).await.password_hash, Some(hash), "{}: once", app.name);
    }
}
