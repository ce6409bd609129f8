//! The statements of notes and corrections.

use std::collections::HashMap;

use alliance_entity::account_role::{self, Role};
use alliance_entity::id::{AccountId, AllianceId, PostId, PostNoteId};
use alliance_entity::{account, post, post_correction, post_note};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::loader::Load;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::posts::wholly_readable_posts;
use crate::viewer::Viewer;

/// Adds a note.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, note: &post_note::Model) -> Result<()> {
    post_note::Entity::insert(note.clone().into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Adds a correction.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert_correction(txn: &Transaction, correction: &post_correction::Model) -> Result<()> {
    post_correction::Entity::insert(correction.clone().into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// A note.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(app: &App, id: PostNoteId) -> Result<Option<post_note::Model>> {
    Ok(post_note::Entity::find_by_id(id).one(app.db().read()).await?)
}

/// Those who edit an alliance and can sign in.
///
/// # Errors
/// Where the database does not answer.
pub async fn editors(db: &impl ConnectionTrait, alliance: AllianceId) -> Result<Vec<AccountId>> {
    let mut select = Query::select();
    select
        .distinct()
        .column((account::Entity, account::Column::Id))
        .from(account_role::Entity)
        .inner_join(
            account::Entity,
            Expr::col((account_role::Entity, account_role::Column::AccountId)).equals((account::Entity, account::Column::Id)),
        )
        .and_where(account_role::Column::AllianceId.eq(alliance))
        .and_where(account_role::Column::Role.is_in([Role::Admin, Role::Editor]))
        .and_where(account::Column::DisabledAt.is_null());
    let rows = db.query_all(&select).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// The notes on a post, the newest first. Who lists them has been found to see all of the post.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Notes;

impl Listed for Notes {
    type Row = post_note::Model;

    fn order(&self) -> Order {
        let key = Expr::col((post_note::Entity, post_note::Column::CreatedAt));
        Order { name: "post_notes.created.desc", key, like: Key::Time(0), descending: true }
    }

    fn id(&self) -> Expr {
        Expr::col((post_note::Entity, post_note::Column::Id))
    }

    fn rows(&self, _: &App, _: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let mut select = Query::select();
        select.from(post_note::Entity);
        select.and_where_option(parent.map(|id| Expr::col((post_note::Entity, post_note::Column::PostId)).eq(id)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(post_note::Column::iter().map(|column| (post_note::Entity, column)));
    }
}

/// The corrections of a post, as a key to load them by. Who holds the post's id has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CorrectionsOf(pub PostId);

impl Load for CorrectionsOf {
    type Value = Vec<post_correction::Model>;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let rows = post_correction::Entity::find()
            .filter(post_correction::Column::PostId.is_in(keys.iter().map(|Self(id)| *id)))
            .order_by_desc(post_correction::Column::CorrectedAt)
            .order_by_desc(post_correction::Column::Id)
            .all(app.db().read())
            .await?;
        let mut found: HashMap<Self, Self::Value> = HashMap::new();
        for row in rows {
            found.entry(Self(row.post_id)).or_default().push(row);
        }
        Ok(found)
    }
}

impl Load for PostNoteId {
    type Value = post_note::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut posts = Query::select();
        posts.column((post::Entity, post::Column::Id)).from(post::Entity);
        posts.cond_where(wholly_readable_posts(viewer).condition());
        let notes = post_note::Entity::find()
            .filter(post_note::Column::Id.is_in(keys))
            .filter(post_note::Column::PostId.in_subquery(posts))
            .all(app.db().read())
            .await?;
        Ok(notes.into_iter().map(|note| (note.id, note)).collect())
    }
}
