//! Rows that no stranger may see, joined to rows that all may.

use alliance_entity::alliance::Entity as Alliances;
use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::event::{self, EventStatus};
use alliance_entity::id::{AllianceId, CampaignId, EventId, InstitutionId, PersonId, PostId, ReactionId};
use alliance_entity::institution::{self, InstitutionStatus};
use alliance_entity::post::{self, PostStatus};
use alliance_entity::reaction::{self, ReactionKind, ReactionState, SubjectType};
use alliance_entity::search_document::{self, SearchType};
use alliance_entity::{campaign_institution, event_campaign, person_role, post_campaign, post_institution, reaction_counter};
use alliance_tests::app::TestApp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::rows::{self, comment, now, put};

/// The ids of what is planted.
pub(crate) const HIDDEN: [&str; 6] = [
    "post_00000000008000g0000000000h",
    "campaign_00000000008000g0000000000j",
    "event_00000000008000g0000000000k",
    "institution_00000000008000g0000000000m",
    "person_00000000008000g0000000000n",
    "reaction_00000000008000g0000000000p",
];

fn id(text: &str) -> Uuid {
    alliance_entity::id::parse(text).expect("this is an id").1
}

/// Plants one hidden row of each kind, with every join to what is visible.
pub(crate) async fn hidden(app: &TestApp) {
    let db = app.app.db().read();
    let alliance_id = Alliances::find().one(db).await.expect("it answers").expect("the demo has an alliance").id;
    let seen_post = post::Entity::find()
        .filter(post::Column::Slug.eq("no-place-for-hate"))
        .one(db)
        .await
        .expect("it answers")
        .expect("it is there");
    let seen_campaign = campaign::Entity::find().one(db).await.expect("it answers").expect("the demo has campaigns").id;
    let seen_event = event::Entity::find().one(db).await.expect("it answers").expect("the demo has events");
    let seen_institution = institution::Entity::find().one(db).await.expect("it answers").expect("the demo has institutions").id;
    let [post_id, campaign_id, event_id, institution_id, person_id, reaction_id] = HIDDEN.map(id);
    let (post_id, campaign_id, event_id) = (PostId(post_id), CampaignId(campaign_id), EventId(event_id));
    let (institution_id, published_at) = (InstitutionId(institution_id), Some(now()));
    objects(app, alliance_id).await;
    post(app, alliance_id, PersonId(person_id), event_id).await;
    put!(
        app,
        post_campaign::Model { post_id, campaign_id: seen_campaign, published_at },
        post_campaign::Model { post_id: seen_post.id, campaign_id, published_at },
        post_institution::Model { post_id, institution_id: seen_institution, published_at },
        post_institution::Model { post_id: seen_post.id, institution_id, published_at },
        event_campaign::Model { event_id, campaign_id: seen_campaign, starts_at: now() },
        event_campaign::Model { event_id: seen_event.id, campaign_id, starts_at: seen_event.starts_at },
        campaign_institution::Model { campaign_id, institution_id: seen_institution },
        campaign_institution::Model { campaign_id: seen_campaign, institution_id },
    );
    // What a visible post says of a hidden author and a hidden event.
    let named = post::Entity::update_many()
        .col_expr(post::Column::EventId, Expr::val(event_id))
        .filter(post::Column::Id.eq(seen_post.id))
        .exec(app.app.db().write());
    named.await.expect("the post can be changed");
    let states = [ReactionState::Pending, ReactionState::Withdrawn, ReactionState::Removed];
    for (n, state) in (1u8..).zip(states) {
        put!(
            app,
            reaction::Model {
                alliance_id,
                ..comment(ReactionId::new(n.into(), [n; 10]), (SubjectType::Post, seen_post.id.0), state)
            }
        );
    }
    for (n, subject) in (10u8..).zip([(SubjectType::Campaign, campaign_id.0), (SubjectType::Event, event_id.0)]) {
        put!(
            app,
            reaction::Model { alliance_id, ..comment(ReactionId::new(n.into(), [n; 10]), subject, ReactionState::Counted) }
        );
    }
    put!(
        app,
        reaction::Model {
            alliance_id,
            ..comment(ReactionId(reaction_id), (SubjectType::Post, post_id.0), ReactionState::Counted)
        },
        reaction_counter::Model { subject_id: post_id.0, kind: ReactionKind::Concern, total: 77 },
    );
    let documents = [
        (SearchType::Post, post_id.0),
        (SearchType::Campaign, campaign_id.0),
        (SearchType::Event, event_id.0),
        (SearchType::Institution, institution_id.0),
    ];
    for (n, (subject_type, subject_id)) in (1..).zip(documents) {
        let (title, body) = ("Hidden lunch".to_owned(), "A hidden sample".to_owned());
        let rank_time = now().timestamp() + n;
        put!(app, search_document::Model { rank_time, subject_type, subject_id, alliance_id, title, body });
    }
}

async fn objects(app: &TestApp, alliance_id: AllianceId) {
    let [_, campaign_id, event_id, institution_id, person_id, _] = HIDDEN.map(id);
    let event = rows::event(EventId(event_id), alliance_id, "hidden", EventStatus::Draft);
    let institution = rows::institution(InstitutionId(institution_id), alliance_id, "hidden", InstitutionStatus::Draft);
    put!(
        app,
        rows::campaign(CampaignId(campaign_id), alliance_id, "hidden", CampaignStatus::Draft),
        event::Model { venue_name: Some("Hidden".to_owned()), ..event },
        institution::Model { joined_on: Some(now().date_naive()), ..institution },
        // Without a role a person is not public.
        rows::person(PersonId(person_id), alliance_id, "Hidden"),
    );
}

/// One that would show wherever its state alone did not hide it.
async fn post(app: &TestApp, alliance_id: AllianceId, author: PersonId, event: EventId) {
    let post = rows::post(PostId(id(HIDDEN[0])), alliance_id, "hidden", PostStatus::Draft);
    let (revision, now) = (rows::revision(&post), Some(now()));
    let post = post::Model {
        author_id: Some(author),
        event_id: Some(event),
        live_revision_id: Some(revision.id),
        published_at: now,
        first_published_at: now,
        scheduled_for: now,
        ..post
    };
    put!(app, post, revision);
}

/// Publishes what was hidden.
pub(crate) async fn published(app: &TestApp) {
    let db = app.app.db().write();
    let done = [
        post::Entity::update_many().col_expr(post::Column::Status, Expr::val("PUBLISHED")).exec(db).await,
        campaign::Entity::update_many().col_expr(campaign::Column::Status, Expr::val("ACTIVE")).exec(db).await,
        event::Entity::update_many().col_expr(event::Column::Status, Expr::val("SCHEDULED")).exec(db).await,
        institution::Entity::update_many().col_expr(institution::Column::Status, Expr::val("PUBLISHED")).exec(db).await,
    ];
    for done in done {
        done.expect("the rows can be changed");
    }
    put!(app, person_role::Model { person_id: PersonId(id(HIDDEN[4])), role: person_role::PersonRole::Author, position: 0 });
}
