//! Whom a kept answer is shown to: whoever asked for it, as long as they may do what they were allowed to then.

use alliance_entity::account_role::{self, Role};
use alliance_entity::id::{AccountId, AllianceId};
use alliance_tests::app::TestApp;
use sea_orm::EntityTrait;
use serde_json::json;

use crate::idempotency::{EMAIL, Editor, is_replayed, keyed, refused};
use crate::people::{self, demo, elsewhere, joined, rows_of, welcomed};
use crate::rows::{self, put};

const GRANT: &str = "mutation($input: RoleGrantInput!) { roleGrant(input: $input) { account { name } userErrors { code } } }";

async fn grant(app: &TestApp, account: AccountId, alliance: AllianceId, role: Role) {
    put!(app, account_role::Model { account_id: account, alliance_id: alliance, role, granted_at: rows::now() });
    app.app.access().forget();
}

async fn revoke(app: &TestApp, account: AccountId, alliance: AllianceId, role: Role) {
    account_role::Entity::delete_by_id((account, alliance, role)).exec(app.app.db().write()).await.expect("it is deleted");
    app.app.access().forget();
}

#[tokio::test]
async fn an_answer_is_shown_again_to_who_has_more_rights_and_not_to_who_has_fewer() {
    for app in TestApp::both().await {
        let (ada, tokens) = welcomed(&app, EMAIL, &[Role::Admin, Role::Author]).await;
        let nadia = joined(&app, "nadia@brassworks.example", &[Role::Supporter]).await;
        let (here, there) = (demo(&app).await, elsewhere(&app).await);
        let input = json!({ "input": { "account": nadia.to_string(), "alliance": here.to_string(), "role": "EDITOR" } });
        let ask = async || keyed(&app, (&tokens.access, "one"), GRANT, &input).await;
        let first = ask().await;
        first.done();
        grant(&app, ada, there, Role::Editor).await;
        let again = ask().await;
        assert_eq!((&again.text, is_replayed(&again)), (&first.text, true), "{}: more rights", app.name);
        for role in [Role::Author, Role::Admin] {
            revoke(&app, ada, here, role).await;
            let again = ask().await;
            assert_eq!(refused(&again), (403, "FORBIDDEN"), "{}: {role:?}: {}", app.name, again.text);
            assert!(!again.text.contains("nadia") && again.text.contains("rights have changed"), "{}: {}", app.name, again.text);
            grant(&app, ada, here, role).await;
            assert!(is_replayed(&ask().await), "{}: it is theirs again", app.name);
        }
        assert_eq!(rows_of(&app, "audit_entries WHERE action = 'roleGrant'").await, 1, "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn whoever_is_signed_out_is_shown_nothing() {
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        rosa.edit(&app, "one", (1, "Rosa")).await.done();
        people::change(&app, &rosa.token, "signOut", &json!({}), "session").await.done();
        let again = rosa.edit(&app, "one", (1, "Rosa")).await;
        assert_eq!(refused(&again), (401, "UNAUTHENTICATED"), "{}: {}", app.name, again.text);
    }
}

#[tokio::test]
async fn what_a_person_can_mend_and_what_is_refused_for_good_are_answered_alike_each_time() {
    for app in TestApp::both().await {
        let (rosa, nadia) = (Editor::welcome(&app, EMAIL).await, Editor::welcome(&app, "nadia@brassworks.example").await);
        let stale = rosa.edit(&app, "one", (2, "Rosa")).await;
        assert_eq!(stale.refused(), "CONFLICT", "{}", app.name);
        let foreign = Editor { token: nadia.token.clone(), ..rosa };
        let hidden = foreign.edit(&app, "one", (1, "Rosa")).await;
        assert_eq!((hidden.code(), hidden.status.as_u16()), ("NOT_FOUND", 200), "{}", app.name);
        rosa.edit(&app, "two", (1, "Rose")).await.done();
        // It would be right now.
        let again = rosa.edit(&app, "one", (2, "Rosa")).await;
        assert_eq!((&again.text, is_replayed(&again)), (&stale.text, true), "{}", app.name);
        let again = foreign.edit(&app, "one", (1, "Rosa")).await;
        assert_eq!((&again.text, is_replayed(&again)), (&hidden.text, true), "{}", app.name);
        assert_eq!(rosa.stored(&app).await, ("Rose".to_owned(), 2), "{}", app.name);
    }
}
