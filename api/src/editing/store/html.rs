//! The SQL of the HTML that is kept of texts. It has a table of its own: it is long, and lists do not read past it.

use std::collections::HashMap;

use alliance_entity::id::AllianceId;
use alliance_entity::rendered_text::{self, Column, Entity};
use alliance_entity::{alliance, campaign, event, institution};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::editing::rendered::kept;
use crate::error::Result;
use crate::loader::Load;
use crate::viewer::Viewer;

/// Keeps what was made of a text, in the place of what was kept of it before.
///
/// # Errors
/// Where the database does not answer.
pub async fn put(txn: &Transaction, row: rendered_text::Model) -> Result<()> {
    let columns = [Column::Source, Column::Html, Column::Rendering];
    let there = OnConflict::column(Column::SubjectId).update_columns(columns).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(there).exec_without_returning(txn).await?;
    Ok(())
}

/// Forgets what was made of a text.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, subject: Uuid) -> Result<()> {
    Entity::delete_by_id(subject).exec(txn).await?;
    Ok(())
}

/// Makes the HTML of all that an alliance, its campaigns, events and institutions say, of which none is kept yet.
///
/// # Errors
/// Where the database does not answer.
pub async fn make_all(db: &impl ConnectionTrait, id: AllianceId) -> Result<()> {
    let mut texts = texts_of::<alliance::Entity>(db, "description", alliance::Column::Id.eq(id)).await?;
    texts.extend(texts_of::<campaign::Entity>(db, "body", campaign::Column::AllianceId.eq(id)).await?);
    texts.extend(texts_of::<event::Entity>(db, "body", event::Column::AllianceId.eq(id)).await?);
    texts.extend(texts_of::<institution::Entity>(db, "description", institution::Column::AllianceId.eq(id)).await?);
    let rows = texts.iter().map(|(of, text)| kept(id, *of, text).into_active_model());
    Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

async fn texts_of<E: EntityTrait>(db: &impl ConnectionTrait, column: &'static str, which: Expr) -> Result<Vec<(Uuid, String)>> {
    let texts = E::find().select_only().expr(Expr::col("id")).expr(Expr::col(column)).filter(which);
    Ok(texts.into_tuple().all(db).await?)
}

/// What is kept of something's text, as a key to load it by. Who holds the id of that has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HtmlOf(pub Uuid);

impl Load for HtmlOf {
    type Value = rendered_text::Model;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let kept = Entity::find().filter(Column::SubjectId.is_in(keys.iter().map(|Self(id)| *id))).all(app.db().read()).await?;
        Ok(kept.into_iter().map(|kept| (HtmlOf(kept.subject_id), kept)).collect())
    }
}
