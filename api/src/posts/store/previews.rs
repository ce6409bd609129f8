//! The statements of preview tokens.

use alliance_entity::account_role::{self, Role};
use alliance_entity::id::{PostId, PostPreviewTokenId};
use alliance_entity::post_preview_token::{Column, Entity, Model};
use alliance_entity::{account, post, post_revision};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, Iterable, QueryFilter, QuerySelect,
};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::posts::store::{Body, LivePost, Previewed};

/// Adds a token.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, token: &Model) -> Result<()> {
    Entity::insert(token.clone().into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// A token, held against others who would change it until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, id: PostPreviewTokenId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(txn).await?)
}

/// Revokes a token.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_revoked(txn: &Transaction, id: PostPreviewTokenId, now: DateTime<Utc>) -> Result<()> {
    let set = Entity::update_many().col_expr(Column::RevokedAt, Expr::val(now)).filter(Column::Id.eq(id));
    set.exec(txn).await?;
    Ok(())
}

/// The tokens of a post that are still valid.
///
/// # Errors
/// Where the database does not answer.
pub async fn valid(app: &App, post: PostId, now: DateTime<Utc>) -> Result<Vec<Model>> {
    let valid =
        Entity::find().filter(Column::PostId.eq(post)).filter(Column::RevokedAt.is_null()).filter(Column::ExpiresAt.gt(now));
    Ok(valid.all(app.db().read()).await?)
}

/// The post that a valid token shows, as the token's revision has it.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(app: &App, hash: &str, now: DateTime<Utc>) -> Result<Option<LivePost>> {
    let of = |column| Expr::col((Entity, column));
    let mut select = Query::select();
    select
        .columns(post::Column::iter().map(|column| (post::Entity, column)))
        .from(Entity)
        .inner_join(post::Entity, of(Column::PostId).equals((post::Entity, post::Column::Id)))
        .inner_join(post_revision::Entity, of(Column::RevisionId).equals((post_revision::Entity, post_revision::Column::Id)))
        .inner_join(account::Entity, of(Column::CreatedBy).equals((account::Entity, account::Column::Id)))
        .and_where(Expr::col((account::Entity, account::Column::DisabledAt)).is_null())
        .cond_where(Condition::any().add(account::Column::IsOperator.eq(true)).add(Expr::exists(works_there())))
        .and_where(Column::Hash.eq(hash))
        .and_where(Column::RevokedAt.is_null())
        .and_where(Column::ExpiresAt.gt(now))
        .and_where(Expr::col((post::Entity, post::Column::DeletedAt)).is_null());
    for column in post_revision::Column::iter() {
        select.expr_as(Expr::col((post_revision::Entity, column)), format!("revision_{}", sea_orm::IdenStatic::as_str(&column)));
    }
    let Some(row) = app.db().read().query_one(&select).await? else { return Ok(None) };
    let post = post::Model::from_query_result(&row, "")?;
    let revision = post_revision::Model::from_query_result(&row, "revision_")?;
    Ok(Some(shown(post, revision)))
}

/// The roles by which whoever made a token works on posts of that alliance.
fn works_there() -> SelectStatement {
    let mut roles = Query::select();
    roles
        .expr(Expr::val(1))
        .from(account_role::Entity)
        .and_where(
            Expr::col((account_role::Entity, account_role::Column::AccountId)).equals((account::Entity, account::Column::Id)),
        )
        .and_where(
            Expr::col((account_role::Entity, account_role::Column::AllianceId)).equals((post::Entity, post::Column::AllianceId)),
        )
        .and_where(account_role::Column::Role.is_in([Role::Admin, Role::Editor, Role::Author]));
    roles
}

/// Revokes all tokens of a post.
///
/// # Errors
/// Where the database does not answer.
pub async fn revoke_all(txn: &Transaction, post: PostId, now: DateTime<Utc>) -> Result<()> {
    let set = Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::val(now))
        .filter(Column::PostId.eq(post))
        .filter(Column::RevokedAt.is_null());
    set.exec(txn).await?;
    Ok(())
}

/// A post as a revision has it.
fn shown(post: post::Model, revision: post_revision::Model) -> LivePost {
    let previewed = Previewed { campaigns: revision.campaign_ids, institutions: revision.institution_ids };
    LivePost {
        id: post.id,
        alliance_id: post.alliance_id,
        slug: post.slug,
        kind: revision.kind,
        status: post.status,
        owner_id: post.owner_id,
        author_id: revision.author_id,
        event_id: revision.event_id,
        published_at: post.published_at,
        first_published_at: post.first_published_at,
        scheduled_for: post.scheduled_for,
        unpublish_at: post.unpublish_at,
        deleted_at: post.deleted_at,
        licence: post.licence,
        usage_terms: post.usage_terms,
        embargoed_until: post.embargoed_until,
        desk_note: post.desk_note,
        public_version: post.public_version,
        draft_revision_id: post.draft_revision_id,
        live_revision_id: post.live_revision_id,
        version: post.version,
        updated_at: post.updated_at,
        revision_id: revision.id,
        title: revision.title,
        excerpt: revision.excerpt,
        has_more: revision.has_more,
        reading_minutes: revision.reading_minutes,
        body: Some(Body { markdown: revision.body, html: revision.body_html, rendering: revision.rendering }),
        redirected_from: None,
        previewed: Some(previewed),
    }
}
