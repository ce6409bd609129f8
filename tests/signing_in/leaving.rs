//! How sessions end: by signing out, here or everywhere, by revoking one, and by another password. Their tokens are worth nothing at
//! once.

use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::people::{
    PASSWORD, Tokens, ask, ask_with, change, mailed, refresh, rows_of, sign_in, status_of, stored, try_sign_in, welcomed,
};

const EMAIL: &str = "w.farthingale@brassworks.example";
const OTHER: &str = "o.other@brassworks.example";
const NEW: &str = "eleven copper kettles under Lenton";

/// Whether a session goes on: 401 for its access token and an error for its refresh token are one answer.
async fn is_live(app: &TestApp, tokens: &Tokens) -> bool {
    let status = status_of(app, &tokens.access).await;
    assert!([200, 401].contains(&status), "{}: {status}", app.name);
    let refused = refresh(app, &tokens.refresh).await.code() == "UNAUTHENTICATED";
    assert_eq!(status == 401, refused, "{}: both tokens of a session end together", app.name);
    !refused
}

async fn three(app: &TestApp) -> [Tokens; 3] {
    let (_, first) = welcomed(app, EMAIL, &[]).await;
    [first, sign_in(app, EMAIL).await, sign_in(app, EMAIL).await]
}

async fn id_of(app: &TestApp, tokens: &Tokens) -> Value {
    let answer = ask_with(app, &tokens.access, "{ viewer { sessions { id isCurrent } } }", &json!({})).await;
    let all = answer.payload()["sessions"].as_array().expect("it is a list").clone();
    all.into_iter().find(|session| session["isCurrent"] == true).expect("it is one of them")["id"].take()
}

#[tokio::test]
async fn who_signs_out_ends_the_session_that_asks_or_the_one_of_the_refresh_token() {
    for app in TestApp::both().await {
        let [first, second, third] = three(&app).await;
        let ids = [id_of(&app, &first).await, id_of(&app, &second).await];
        let out = ask_with(&app, &first.access, "mutation { signOut { session userErrors { code } } }", &json!({})).await;
        assert_eq!((&out.done()["session"], out.headers.contains_key("set-cookie")), (&ids[0], false), "{}", app.name);
        let out = change(&app, "", "signOut", &json!({ "refreshToken": second.refresh }), "session").await;
        assert_eq!(out.done()["session"], ids[1], "{}: {}", app.name, out.text);
        for (tokens, live) in [(first, false), (second, false), (third, true)] {
            assert_eq!(is_live(&app, &tokens).await, live, "{}", app.name);
        }
        assert_eq!(rows_of(&app, "audit_entries WHERE action = 'signOut'").await, 2, "{}", app.name);
        for input in [json!({}), json!({ "refreshToken": "alr_x" })] {
            let nobody = change(&app, "", "signOut", &input, "session").await;
            assert_eq!(nobody.code(), "UNAUTHENTICATED", "{}: {}", app.name, nobody.text);
        }
    }
}

#[tokio::test]
async fn who_signs_out_everywhere_ends_all_sessions_or_all_others_and_nobody_elses() {
    for app in TestApp::both().await {
        let [first, second, third] = three(&app).await;
        let (_, others) = welcomed(&app, OTHER, &[]).await;
        let kept = change(&app, &first.access, "signOutEverywhere", &json!({ "keepCurrent": true }), "sessions").await;
        assert_eq!(kept.done()["sessions"], 2, "{}: {}", app.name, kept.text);
        let mut live = Vec::new();
        for tokens in [&first, &second, &third, &others] {
            live.push(is_live(&app, tokens).await);
        }
        assert_eq!(live, [true, false, false, true], "{}", app.name);
        let again = sign_in(&app, EMAIL).await;
        let all = change(&app, &first.access, "signOutEverywhere", &json!({}), "sessions").await;
        assert_eq!(all.done()["sessions"], 2, "{}: {}", app.name, all.text);
        assert_eq!([status_of(&app, &first.access).await, status_of(&app, &again.access).await], [401, 401], "{}", app.name);
        assert!(is_live(&app, &others).await && !is_live(&app, &again).await, "{}", app.name);
        let nobody = ask(&app, &[], "mutation { signOutEverywhere { sessions } }", &json!({})).await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED", "{}", app.name);
    }
}

#[tokio::test]
async fn one_of_ones_own_sessions_can_be_revoked_and_anothers_is_not_there() {
    for app in TestApp::both().await {
        let [first, second, third] = three(&app).await;
        let (_, others) = welcomed(&app, OTHER, &[alliance_entity::account_role::Role::Admin]).await;
        let (mine, theirs) = (id_of(&app, &second).await, id_of(&app, &others).await);
        let unknown = json!("session_00000000000000000000000001");
        for (token, id) in [(&first.access, &theirs), (&others.access, &mine), (&first.access, &unknown)] {
            let refused = change(&app, token, "sessionRevoke", &json!({ "session": id }), "session").await;
            assert_eq!((refused.code(), refused.status.as_u16()), ("NOT_FOUND", 200), "{}: {}", app.name, refused.text);
        }
        let revoked = change(&app, &first.access, "sessionRevoke", &json!({ "session": mine }), "session").await;
        assert_eq!(revoked.done()["session"], mine, "{}", app.name);
        let again = change(&app, &first.access, "sessionRevoke", &json!({ "session": mine }), "session").await;
        assert_eq!(again.code(), "NOT_FOUND", "{}: it has ended", app.name);
        let mut live = Vec::new();
        for tokens in [&first, &second, &third, &others] {
            live.push(is_live(&app, tokens).await);
        }
        assert_eq!(live, [true, false, true, true], "{}", app.name);
        let nobody = change(&app, "", "sessionRevoke", &json!({ "session": theirs }), "session").await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED", "{}", app.name);
    }
}

#[tokio::test]
async fn another_password_ends_all_other_sessions_and_its_owner_is_told() {
    for app in TestApp::both().await {
        let [first, second, third] = three(&app).await;
        let input = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
        let changed = change(&app, &second.access, "passwordChange", &input, "account { email }").await;
        assert_eq!(changed.done()["account"]["email"], EMAIL, "{}: {}", app.name, changed.text);
        let mut live = Vec::new();
        for tokens in [&first, &second, &third] {
            live.push(is_live(&app, tokens).await);
        }
        assert_eq!(live, [false, true, false], "{}", app.name);
        assert_eq!(try_sign_in(&app, EMAIL, PASSWORD, None).await.refused(), "INCORRECT", "{}", app.name);
        try_sign_in(&app, EMAIL, NEW, None).await.done();
        let told = mailed(&app).await;
        assert!(told.len() == 1 && told[0].0 == EMAIL && told[0].1.contains("was changed"), "{}: {told:?}", app.name);
        assert_eq!(rows_of(&app, "audit_entries WHERE action = 'passwordChange'").await, 1, "{}", app.name);
    }
}

#[tokio::test]
async fn a_password_is_changed_by_nobody_who_does_not_know_it_and_to_none_that_is_weak() {
    for app in TestApp::both().await {
        let (id, tokens) = welcomed(&app, EMAIL, &[]).await;
        let hash = stored(&app, id).await.password_hash;
        let cases = [
            ("wrong", NEW, "currentPassword", "INCORRECT"),
            (NEW, NEW, "currentPassword", "INCORRECT"),
            (PASSWORD, "too short", "newPassword", "WEAK"),
            (PASSWORD, "w.farthingale at brassworks", "newPassword", "WEAK"),
            (PASSWORD, &"x1Y".repeat(342), "newPassword", "TOO_LONG"),
        ];
        for (present, new, field, code) in cases {
            let input = json!({ "currentPassword": present, "newPassword": new });
            let answer = change(&app, &tokens.access, "passwordChange", &input, "account { id }").await;
            assert_eq!((answer.refused(), &answer.payload()["account"]), (code, &Value::Null), "{}: {new}", app.name);
            assert_eq!(answer.payload()["userErrors"][0]["field"], json!(["input", field]), "{}: {new}", app.name);
            assert!(!answer.text.contains(new), "{}: {}", app.name, answer.text);
        }
        assert_eq!(stored(&app, id).await.password_hash, hash, "{}", app.name);
        let input = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
        let nobody = change(&app, "", "passwordChange", &input, "account { id }").await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED", "{}", app.name);
        assert!(is_live(&app, &tokens).await && mailed(&app).await.is_empty(), "{}", app.name);
    }
}
