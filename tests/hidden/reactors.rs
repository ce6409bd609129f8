//! Who reacted to what is sensitive shows nowhere: everything is read before and after the same reactions are other people's.

use alliance_entity::id::{AccountId, ReactionId, VisitorId};
use alliance_entity::reaction::{self, ReactionKind, ReactionState, SubjectType};
use alliance_entity::{campaign, event, post, reaction_counter};
use alliance_tests::app::TestApp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use crate::hidden::walk::walk;
use crate::hidden::{DEPTH, wide};
use crate::rows::{self, put};

/// What is reacted to: a campaign, a post and an event of it.
async fn subjects(app: &TestApp) -> [(SubjectType, Uuid); 3] {
    let db = app.app.db().read();
    let campaign = campaign::Entity::find().filter(campaign::Column::Slug.eq("hate-crime")).one(db).await;
    let post = post::Entity::find().filter(post::Column::Slug.eq("no-place-for-hate")).one(db).await;
    let campaign = campaign.expect("the database answers").expect("the demo has it").id;
    let events = event::Entity::find().all(db).await.expect("the database answers");
    let row =
        alliance_entity::event_campaign::Model { event_id: events[0].id, campaign_id: campaign, starts_at: events[0].starts_at };
    let added = alliance_entity::event_campaign::Entity::insert(sea_orm::IntoActiveModel::into_active_model(row));
    let ignore = sea_orm::sea_query::OnConflict::new().do_nothing().to_owned();
    added.on_conflict(ignore).exec_without_returning(app.app.db().write()).await.expect("it can be linked");
    let post = post.expect("the database answers").expect("the demo has it").id;
    [(SubjectType::Campaign, campaign.0), (SubjectType::Post, post.0), (SubjectType::Event, events[0].id.0)]
}

/// Three comments and a reaction without words on each, by these people.
async fn react(app: &TestApp) {
    let alliance_id = alliance::demo::alliance_id();
    for (n, subject) in (0u128..).zip(subjects(app).await) {
        for (m, kind) in (0u128..4).zip(ReactionKind::iter()) {
            let id = ReactionId(Uuid::from_u128(0x7_0000 + n * 16 + m));
            let row = rows::comment(id, subject, ReactionState::Counted);
            let (comment, has_comment) = (format!("Words {m}"), m > 0);
            let comment = has_comment.then_some(comment);
            let counter = reaction_counter::Model { subject_id: subject.1, kind, total: 1 };
            put!(app, reaction::Model { alliance_id, kind, has_comment, comment, ..row }, counter);
        }
    }
    belong(app, "Rosamund", 0x100).await;
}

/// Makes the reactions those of others, half of them with an account.
async fn belong(app: &TestApp, name: &str, first: u128) {
    let db = app.app.db().read();
    let planted = reaction::Entity::find().filter(reaction::Column::CreatedAt.eq(rows::now())).all(db).await;
    for (n, row) in (first..).zip(planted.expect("the database answers")) {
        let (account, visitor) = (AccountId(Uuid::from_u128(n)), VisitorId(Uuid::from_u128(n)));
        put!(app, rows::account(account));
        let (account, visitor) = if n % 2 == 0 { (Some(account), None) } else { (None, Some(visitor)) };
        let set = reaction::Entity::update_many()
            .col_expr(reaction::Column::AccountId, Expr::val(account))
            .col_expr(reaction::Column::VisitorId, Expr::val(visitor))
            .col_expr(reaction::Column::AddressHash, Expr::val(format!("hash of {name}")))
            .col_expr(reaction::Column::AuthorName, Expr::val(format!("{name} {n}")));
        let set = set.filter(reaction::Column::Id.eq(row.id)).exec(app.app.db().write()).await;
        set.expect("the reaction can be changed");
    }
}

#[tokio::test]
async fn nothing_public_about_a_sensitive_campaign_depends_on_who_reacted() {
    for app in TestApp::both_set(wide).await {
        react(&app).await;
        let named = walk(&app, None, DEPTH - 1).await;
        assert!(named.iter().any(|(_, answer)| answer.contains("Rosamund")), "{}: the walk sees names", app.name);
        let set = "UPDATE campaigns SET is_sensitive = TRUE WHERE slug = 'hate-crime'";
        app.app.db().write().execute_unprepared(set).await.expect("the campaign can be changed");
        let before = walk(&app, None, DEPTH - 1).await;
        belong(&app, "Wilhelmina", 0x200).await;
        let after = walk(&app, None, DEPTH - 1).await;
        for ((asked, before), (_, after)) in before.iter().zip(&after) {
            assert!(!after.contains("Rosamund") && !after.contains("Wilhelmina"), "{}: {asked}: {after:.2000}", app.name);
            assert!(before == after, "{}: {asked}: before {before:.2000}, after {after:.2000}", app.name);
        }
    }
}

#[tokio::test]
async fn small_sums_on_a_sensitive_campaign_are_not_told_and_nothing_tells_them_from_none() {
    for app in TestApp::both_set(wide).await {
        let set = "UPDATE campaigns SET is_sensitive = TRUE WHERE slug = 'hate-crime'";
        let query = "{ campaign(slug: \"hate-crime\", alliance: \"nottingham-citizens\") { isSensitive reactions { total label byKind { kind } } \
                     posts { nodes { slug reactions { total label byKind { kind } } } } events { nodes { reactions { total label } } } } }";
        subjects(&app).await;
        app.app.db().write().execute_unprepared(set).await.expect("the campaign can be changed");
        let none = app.read(query).await;
        assert_eq!(
            none["campaign"]["reactions"],
            json!({ "total": null, "label": "Add your reaction", "byKind": [] }),
            "{}",
            app.name
        );
        react(&app).await;
        assert_eq!(app.read(query).await, none, "{}: four are not told from none", app.name);
        let one = rows::comment(ReactionId(Uuid::from_u128(0x8_0000)), subjects(&app).await[1], ReactionState::Counted);
        put!(&app, reaction::Model { alliance_id: alliance::demo::alliance_id(), kind: ReactionKind::Concern, ..one });
        let counter = "INSERT INTO reaction_counters (subject_id, kind, total) SELECT id, 'CONCERN', 1 FROM posts WHERE slug = 'no-place-for-hate'";
        app.app.db().write().execute_unprepared(counter).await.expect("the sum can be written");
        assert_eq!(app.read(query).await, none, "{}: who reacts by all five kinds is one", app.name);
        let many = "UPDATE reaction_counters SET total = 5 WHERE kind = 'SUPPORT'";
        app.app.db().write().execute_unprepared(many).await.expect("the sum can be written");
        let posts = app.read(query).await["campaign"]["posts"]["nodes"].take();
        let told = posts
            .as_array()
            .expect("a list")
            .iter()
            .find(|post| post["slug"] == "no-place-for-hate")
            .expect("it is there")
            .clone();
        assert_eq!(told["reactions"], json!({ "total": 9, "label": "9 reactions", "byKind": [] }), "{}", app.name);
    }
}
