//! Every SQL statement that reads the audit log.

use std::collections::HashMap;

use alliance_entity::audit_entry;
use alliance_entity::id::AuditEntryId;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::app::App;
use crate::audit_log::AuditFilter;
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::store::alliance_called;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::audit::readable_entries;
use crate::viewer::Viewer;

impl Load for AuditEntryId {
    type Value = audit_entry::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = audit_entry::Entity::find().filter(audit_entry::Column::Id.is_in(keys));
        let found = found.filter(readable_entries(viewer).condition()).all(app.db().read()).await?;
        Ok(found.into_iter().map(|entry| (entry.id, entry)).collect())
    }
}

/// What somebody did, the latest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn of_actor(db: &impl ConnectionTrait, actor: Uuid) -> Result<Vec<audit_entry::Model>> {
    let deeds = audit_entry::Entity::find().filter(audit_entry::Column::ActorId.eq(actor));
    Ok(deeds.order_by_desc(audit_entry::Column::CreatedAt).all(db).await?)
}

/// What others did to an account, the latest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn of_subject(db: &impl ConnectionTrait, account: Uuid) -> Result<Vec<audit_entry::Model>> {
    let others = audit_entry::Column::ActorId.is_null().or(audit_entry::Column::ActorId.ne(account));
    let deeds = audit_entry::Entity::find()
        .filter(audit_entry::Column::SubjectType.eq("ACCOUNT"))
        .filter(audit_entry::Column::SubjectId.eq(account))
        .filter(others);
    Ok(deeds.order_by_desc(audit_entry::Column::CreatedAt).all(db).await?)
}

/// Entries, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entries {
    /// Which of them.
    pub filter: AuditFilter,
}

impl Listed for Entries {
    type Row = audit_entry::Model;

    fn order(&self) -> Order {
        let key = Expr::col((audit_entry::Entity, audit_entry::Column::CreatedAt));
        Order { name: "audit.created.desc", key, like: Key::Time(0), descending: true }
    }

    fn id(&self) -> Expr {
        Expr::col((audit_entry::Entity, audit_entry::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let AuditFilter { alliance, actor, action, from, before } = &self.filter;
        let mut select = Query::select();
        select.from(audit_entry::Entity).cond_where(readable_entries(viewer).condition());
        if let Some(alliance) = alliance {
            select.and_where(Expr::col(audit_entry::Column::AllianceId).eq(alliance_called(&alliance.0)));
        }
        select.and_where_option(actor.map(|actor| audit_entry::Column::ActorId.eq(actor.0.0)));
        select.and_where_option(action.as_ref().map(|action| audit_entry::Column::Action.eq(&action.0)));
        select.and_where_option(from.map(|from| audit_entry::Column::CreatedAt.gte(from.0)));
        select.and_where_option(before.map(|before| audit_entry::Column::CreatedAt.lt(before.0)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(audit_entry::Column::iter().map(|column| (audit_entry::Entity, column)));
    }
}
