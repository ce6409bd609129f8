//! Rows to plant: each as plain as its table allows. What a test is about, it sets itself.

pub(crate) mod told;

use alliance_entity::alliance;
use alliance_entity::api_key;
use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::email_subscription::{self, ConsentSource, EmailFrequency, EmailSubscriptionState};
use alliance_entity::event::{self, EventStatus};
use alliance_entity::id::{
    AccountId, AllianceId, ApiKeyId, CampaignId, EmailSubscriptionId, EventId, InstitutionId, PersonId, PostId, PostRevisionId,
    ReactionId,
};
use alliance_entity::institution::{self, InstitutionKind, InstitutionStatus};
use alliance_entity::post::{self, PostKind, PostStatus};
use alliance_entity::reaction::{self, ReactionKind, ReactionState, SubjectType};
use alliance_entity::{account, person, post_revision};
use alliance_tests::app::TestApp;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

/// Writes rows of any tables, in their order.
macro_rules! put {
    ($app:expr, $($row:expr),+ $(,)?) => {$(
        $crate::rows::insert($app, $row).await;
    )+};
}
pub(crate) use put;

pub(crate) async fn insert<M>(app: &TestApp, row: M)
where
    M: sea_orm::ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: sea_orm::ActiveModelTrait<Entity = M::Entity> + Send,
{
    let inserted = M::Entity::insert(row.into_active_model()).exec_without_returning(app.app.db().write()).await;
    inserted.expect("the row can be written");
}

/// Writes rows of one table at once.
pub(crate) async fn insert_all<M>(app: &TestApp, rows: impl IntoIterator<Item = M>)
where
    M: sea_orm::ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: sea_orm::ActiveModelTrait<Entity = M::Entity> + Send,
{
    let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    let inserted = M::Entity::insert_many(rows).exec_without_returning(app.app.db().write()).await;
    inserted.expect("the rows can be written");
}

/// Somebody who gets all of an alliance's updates at once.
pub(crate) fn subscription(id: EmailSubscriptionId, alliance_id: AllianceId, email: &str) -> email_subscription::Model {
    email_subscription::Model {
        id,
        alliance_id,
        email: email.to_owned(),
        email_key: email.to_lowercase(),
        name: None,
        state: EmailSubscriptionState::Confirmed,
        frequency: EmailFrequency::Immediate,
        wording: "yes".to_owned(),
        wording_version: 1,
        source: ConsentSource::Program,
        network: None,
        requested_at: now(),
        confirmed_at: now(),
        ended_at: None,
        updated_at: now(),
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().expect("this is a time")
}

pub(crate) fn alliance(id: AllianceId, slug: &str) -> alliance::Model {
    alliance::Model {
        description: slug.to_owned(),
        ..alliance::Model::hosted(id, slug.to_owned(), (slug.to_owned(), slug.to_owned()), now())
    }
}

pub(crate) fn campaign(id: CampaignId, alliance_id: AllianceId, slug: &str, status: CampaignStatus) -> campaign::Model {
    campaign::Model {
        id,
        alliance_id,
        slug: slug.to_owned(),
        status,
        title: slug.to_owned(),
        sort_title: slug.to_owned(),
        summary: slug.to_owned(),
        body: slug.to_owned(),
        started_on: None,
        ended_on: None,
        is_sensitive: false,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

pub(crate) fn event(id: EventId, alliance_id: AllianceId, slug: &str, status: EventStatus) -> event::Model {
    event::Model {
        id,
        alliance_id,
        slug: slug.to_owned(),
        status,
        title: slug.to_owned(),
        summary: slug.to_owned(),
        body: slug.to_owned(),
        starts_at: now(),
        ends_at: None,
        time_zone: "Europe/London".to_owned(),
        rescheduled_from: None,
        reschedule_reason: None,
        cancel_reason: None,
        venue_name: None,
        venue_address: None,
        capacity: None,
        attendance: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

pub(crate) fn institution(
    id: InstitutionId,
    alliance_id: AllianceId,
    slug: &str,
    status: InstitutionStatus,
) -> institution::Model {
    institution::Model {
        id,
        alliance_id,
        slug: slug.to_owned(),
        status,
        kind: InstitutionKind::Other,
        name: slug.to_owned(),
        sort_name: slug.to_owned(),
        description: slug.to_owned(),
        website_url: None,
        joined_on: None,
        left_on: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

pub(crate) fn person(id: PersonId, alliance_id: AllianceId, name: &str) -> person::Model {
    person::Model {
        id,
        alliance_id,
        name: name.to_owned(),
        title: None,
        bio: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

/// A post that was written once, and published once where its state says so; its revision has its id.
pub(crate) fn post(id: PostId, alliance_id: AllianceId, slug: &str, status: PostStatus) -> post::Model {
    let revision = PostRevisionId(id.0);
    let was_public = matches!(status, PostStatus::Published | PostStatus::Unpublished | PostStatus::Archived);
    post::Model {
        id,
        alliance_id,
        slug: slug.to_owned(),
        kind: PostKind::News,
        status,
        earlier_status: (status == PostStatus::Scheduled).then_some(PostStatus::Draft),
        owner_id: None,
        author_id: None,
        event_id: None,
        live_revision_id: was_public.then_some(revision),
        draft_revision_id: None,
        published_at: was_public.then(now),
        first_published_at: was_public.then(now),
        scheduled_for: (status == PostStatus::Scheduled).then(now),
        unpublish_at: None,
        deleted_at: None,
        licence: None,
        usage_terms: None,
        embargoed_until: None,
        desk_note: None,
        carried_since: was_public.then(now),
        public_version: i32::from(was_public),
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

pub(crate) fn revision(post: &post::Model) -> post_revision::Model {
    post_revision::Model {
        id: PostRevisionId(post.id.0),
        post_id: post.id,
        number: 1,
        title: post.slug.clone(),
        excerpt: post.slug.clone(),
        has_more: false,
        reading_minutes: 1,
        created_at: post.created_at,
        body: post.slug.clone(),
        body_html: format!("<p>{}</p>", post.slug),
        rendering: 1,
        kind: post.kind,
        author_id: post.author_id,
        event_id: post.event_id,
        campaign_ids: String::new(),
        institution_ids: String::new(),
        excerpt_is_own: true,
        created_by: post.owner_id,
    }
}

/// Writes posts and their revisions, as their drafts where they have none that is live.
pub(crate) async fn insert_posts(app: &TestApp, posts: &[post::Model]) {
    insert_all(app, posts.iter().cloned()).await;
    insert_all(app, posts.iter().map(revision)).await;
    let drafts = posts.iter().filter(|post| post.live_revision_id.is_none()).map(|post| post.id);
    // The id of a revision is that of its post.
    let set = post::Entity::update_many()
        .col_expr(post::Column::DraftRevisionId, Expr::col(post::Column::Id))
        .filter(post::Column::Id.is_in(drafts))
        .exec(app.app.db().write());
    set.await.expect("the posts can be changed");
}

pub(crate) fn comment(id: ReactionId, on: (SubjectType, Uuid), state: ReactionState) -> reaction::Model {
    reaction::Model {
        state,
        has_comment: true,
        comment: Some("hidden".to_owned()),
        author_name: Some("Hidden".to_owned()),
        ..reaction::Model::counted(id, on, crate::viewers::HERE, ReactionKind::Concern, now())
    }
}

pub(crate) fn account(id: AccountId) -> account::Model {
    let email = format!("{id}@example.org");
    account::Model {
        id,
        email_key: email.clone(),
        email,
        name: id.to_string(),
        name_is_public: false,
        password_hash: None,
        is_operator: false,
        two_factor_secret: None,
        two_factor_since: None,
        two_factor_step: None,
        disabled_at: None,
        signed_in_at: None,
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

pub(crate) fn api_key(id: ApiKeyId, alliance_id: AllianceId) -> api_key::Model {
    api_key::Model {
        id,
        alliance_id,
        holder: id.to_string(),
        partner_id: None,
        prefix: "alliance".to_owned(),
        hash: id.to_string(),
        scopes: "content:read".to_owned(),
        created_by: None,
        created_at: now(),
        expires_at: None,
        used_at: None,
        revoked_at: None,
    }
}
