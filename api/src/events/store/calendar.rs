//! The statement of an alliance's calendar: what is public of its events, but for their bodies.

use alliance_entity::event;
use alliance_entity::id::AllianceId;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::error::Result;
use crate::events::calendar::MOST;
use crate::policy::content::readable_events;
use crate::viewer::Viewer;

/// The public events of an alliance that begin after a moment, by their start: the latest, where they are many. Their bodies are left out.
///
/// # Errors
/// Where the database does not answer.
pub async fn all(app: &App, alliance: AllianceId, since: DateTime<Utc>) -> Result<Vec<event::Model>> {
    let found = event::Entity::find()
        .select_only()
        .columns(event::Column::iter().filter(|column| !matches!(column, event::Column::Body)))
        .expr_as(Expr::val(""), "body")
        .filter(readable_events(&Viewer::Anonymous).condition())
        .filter(Expr::col((event::Entity, event::Column::AllianceId)).eq(alliance))
        .filter(event::Column::StartsAt.gt(since))
        .order_by_desc(event::Column::StartsAt)
        .order_by_desc(event::Column::Id)
        .limit(MOST);
    let mut events = found.all(app.db().read()).await?;
    events.reverse();
    Ok(events)
}
