//! Who may do what: the whole table, and its twin in SQL over the same rows.

use alliance::policy::Action;
use alliance::policy::content::{readable_campaigns, readable_events, readable_institutions, readable_people, readable_posts};
use alliance::policy::reactions::readable_comments;
use alliance::viewer::Viewer;
use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::event::{self, EventStatus};
use alliance_entity::institution::{self, InstitutionStatus};
use alliance_entity::post::{self, PostStatus};
use alliance_entity::reaction::{self, ReactionState};
use alliance_entity::{person, person_role};
use alliance_tests::app::TestApp;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, Iterable, QueryFilter};

const VIEWERS: [Viewer; 1] = [Viewer::Anonymous];

fn actions() -> Vec<Action> {
    let mut all = vec![Action::ReadAlliance, Action::ReadPerson(0), Action::ReadPerson(1)];
    all.extend(InstitutionStatus::iter().map(Action::ReadInstitution));
    all.extend(CampaignStatus::iter().map(Action::ReadCampaign));
    all.extend(EventStatus::iter().map(Action::ReadEvent));
    all.extend(ReactionState::iter().map(Action::ReadComment));
    for of in [Action::ReadPost, Action::EditPost, Action::PublishPost, Action::DeletePost, Action::ReactToPost] {
        all.extend(PostStatus::iter().map(of));
    }
    all
}

#[test]
fn the_table_of_rights_is_as_committed() {
    let row = |action: &Action| {
        let may: Vec<&str> = VIEWERS.iter().map(|viewer| if viewer.may(*action) { "yes" } else { "-" }).collect();
        format!("{action:?}: {}", may.join(" "))
    };
    let table: Vec<String> = actions().iter().map(row).collect();
    insta::assert_snapshot!(format!("{VIEWERS:?}\n{}", table.join("\n")));
}

/// Sets every row to each status in turn, and compares what the SQL lets through with what the policy says.
macro_rules! twins {
    ($app:expr, $entity:ident, $column:ident, $status:ty, $readable:path, $action:path) => {
        for status in <$status>::iter() {
            let db = $app.app.db().write();
            let set = $entity::Entity::update_many().col_expr($entity::Column::$column, Expr::val(status)).exec(db).await;
            let rows = set.expect("the rows can be changed").rows_affected;
            for viewer in &VIEWERS {
                let found = $entity::Entity::find().filter($readable(viewer).condition()).all(db).await.expect("it answers");
                let may = viewer.may($action(status));
                assert_eq!(found.len() as u64, if may { rows } else { 0 }, "{}: {viewer:?} {status:?}", $app.name);
            }
        }
    };
}

#[tokio::test]
async fn the_sql_of_each_right_says_the_same() {
    for app in TestApp::both().await {
        // Comments first: they show by what they are about.
        twins!(app, reaction, State, ReactionState, readable_comments, Action::ReadComment);
        twins!(app, post, Status, PostStatus, readable_posts, Action::ReadPost);
        twins!(app, campaign, Status, CampaignStatus, readable_campaigns, Action::ReadCampaign);
        twins!(app, event, Status, EventStatus, readable_events, Action::ReadEvent);
        twins!(app, institution, Status, InstitutionStatus, readable_institutions, Action::ReadInstitution);
        let db = app.app.db().write();
        let people = || person::Entity::find().filter(readable_people(&Viewer::Anonymous).condition()).all(db);
        assert_eq!(people().await.expect("it answers").len(), 8, "{}", app.name);
        person_role::Entity::delete_many().exec(db).await.expect("the roles can be taken away");
        assert_eq!(people().await.expect("it answers").len(), 0, "{}", app.name);
    }
}
