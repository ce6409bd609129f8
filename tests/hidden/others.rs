//! The same walk by those who are somebody, somewhere: hidden rows show to whom they belong, and to nobody else.

use alliance::viewer::Viewer;
use alliance_entity::account_role::Role;
use alliance_entity::id::{AccountId, AllianceId};
use alliance_entity::post;
use alliance_tests::app::TestApp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::hidden::walk::{Answers, walk};
use crate::hidden::wide;
use crate::plant::{self, HIDDEN};
use crate::rows::{self, put};
use crate::viewers::{Kind, THERE, partner, staff_elsewhere, with_roles};

/// How many objects deep these walks go: an alliance, its posts, their campaigns.
const DEPTH: usize = 3;
/// How deep they go where many viewers go them.
const SHALLOW: usize = 2;
const AUTHOR: u128 = 0x41;

/// The alliance of the demo content, which the hidden rows are planted into.
async fn home(app: &TestApp) -> AllianceId {
    let one = alliance_entity::alliance::Entity::find().one(app.app.db().read()).await;
    one.expect("the database answers").expect("the demo has an alliance").id
}

/// Which of the hidden rows `viewer` reads by their ids.
async fn seen(app: &TestApp, viewer: &Viewer) -> Vec<&'static str> {
    let found = app.read_as(viewer, &format!("{{ nodes(ids: [\"{}\"]) {{ id }} }}", HIDDEN.join("\", \""))).await;
    HIDDEN
        .into_iter()
        .zip(found["nodes"].as_array().expect("a list"))
        .filter(|(_, node)| !node.is_null())
        .map(|(id, _)| id)
        .collect()
}

fn assert_same(app: &TestApp, name: &str, (wanted, got): (&Answers, &Answers)) {
    assert_eq!(wanted.len(), got.len(), "{}: {name}", app.name);
    for ((asked, wanted), (_, got)) in wanted.iter().zip(got) {
        assert!(wanted == got, "{}: {name}: {asked}: {got:.2000} and not {wanted:.2000}", app.name);
    }
}

#[tokio::test]
async fn staff_of_another_alliance_read_what_a_supporter_reads() {
    for app in TestApp::both_set(wide).await {
        let home = home(&app).await;
        let supporter = with_roles(0x40, &[(home, Role::Supporter)]);
        let before = walk(&app, Some(&supporter), DEPTH).await;
        plant::hidden(&app).await;
        let wanted = walk(&app, Some(&supporter), DEPTH).await;
        assert_same(&app, "a supporter, before and after", (&before, &wanted));
        let editor = with_roles(0x43, &[(THERE, Role::Editor)]);
        assert_same(&app, "an editor of another alliance", (&wanted, &walk(&app, Some(&editor), DEPTH).await));
        let organiser = with_roles(0x42, &[(home, Role::Organiser)]);
        let wanted = walk(&app, Some(&supporter), SHALLOW).await;
        for Kind { name, viewer } in staff_elsewhere() {
            assert_same(&app, name, (&wanted, &walk(&app, Some(&viewer), SHALLOW).await));
            assert_eq!(seen(&app, &viewer).await, <[&str; 0]>::default(), "{}: {name}", app.name);
        }
        // Organisers count those who come exactly, and read nothing else that is hidden.
        for (asked, answer) in walk(&app, Some(&organiser), SHALLOW).await {
            assert!(!answer.to_lowercase().contains("hidden"), "{}: {asked}: {answer:.2000}", app.name);
        }
        assert_eq!(seen(&app, &organiser).await, <[&str; 0]>::default(), "{}", app.name);
    }
}

#[tokio::test]
async fn a_partner_reads_what_a_stranger_reads() {
    for app in TestApp::both_set(wide).await {
        plant::hidden(&app).await;
        let wanted = walk(&app, Some(&Viewer::Anonymous), DEPTH).await;
        for viewer in [partner(0x40, home(&app).await), partner(0x41, THERE)] {
            assert_same(&app, "a partner", (&wanted, &walk(&app, Some(&viewer), DEPTH).await));
        }
    }
}

#[tokio::test]
async fn an_author_reads_their_own_draft_and_nothing_that_hangs_on_it() {
    for app in TestApp::both_set(wide).await {
        let home = home(&app).await;
        let author = with_roles(AUTHOR, &[(home, Role::Author)]);
        let before = walk(&app, Some(&author), DEPTH).await;
        plant::hidden(&app).await;
        assert_same(&app, "drafts of others", (&before, &walk(&app, Some(&author), DEPTH).await));
        let id = AccountId(Uuid::from_u128(AUTHOR));
        put!(&app, rows::account(id));
        let owned = post::Entity::update_many()
            .col_expr(post::Column::OwnerId, Expr::val(id))
            .filter(post::Column::Slug.eq("hidden"))
            .exec(app.app.db().write());
        owned.await.expect("the post can be given to them");
        // The comment stands below the post, which they read.
        assert_eq!(seen(&app, &author).await, [HIDDEN[0], HIDDEN[5]], "{}", app.name);
        let query = "{ post(slug: \"hidden\", alliance: \"nottingham-citizens\") { title status scheduledFor author { name }
            event { title } campaigns { nodes { slug } } viewerCan { edit publish delete react } } }";
        let post = app.read_as(&author, query).await["post"].take();
        let may = json!({ "edit": true, "publish": false, "delete": true, "react": false });
        assert_eq!(
            (&post["title"], &post["status"], &post["viewerCan"]),
            (&json!("hidden"), &json!("DRAFT"), &may),
            "{}",
            app.name
        );
        assert_eq!((&post["author"], &post["event"]), (&Value::Null, &Value::Null), "{}", app.name);
        let moved_away = with_roles(AUTHOR, &[(home, Role::Supporter), (THERE, Role::Author)]);
        for other in [with_roles(0x42, &[(home, Role::Author)]), moved_away] {
            assert_same(&app, "others", (&before, &walk(&app, Some(&other), DEPTH).await));
        }
        walk(&app, Some(&author), DEPTH).await;
    }
}

#[tokio::test]
async fn an_editor_reads_everything_of_their_alliance() {
    for app in TestApp::both_set(wide).await {
        let home = home(&app).await;
        plant::hidden(&app).await;
        for role in [Role::Editor, Role::Admin] {
            let viewer = with_roles(0x40, &[(home, role)]);
            assert_eq!(seen(&app, &viewer).await, HIDDEN, "{}: {role:?}", app.name);
            let answers = walk(&app, Some(&viewer), DEPTH).await;
            let hidden = answers.iter().filter(|(_, answer)| answer.contains("hidden")).count();
            assert!(hidden > 20, "{}: {role:?}: {hidden} answers show what is hidden", app.name);
        }
    }
}
