//! An entry of the audit log, as clients see it.

use alliance_entity::audit_entry::{self, ActorKind};
use alliance_entity::id::{AccountId, ApiKeyId, VisitorId};
use async_graphql::{Context, ID, Object};

use crate::alliances::object::Alliance;
use crate::audit_log::store::Entries;
use crate::context::Ask;
use crate::error::Result;
use crate::page::connection::connection;
use crate::policy::staff::staff_only;
use crate::scalar::DateTime;

connection!(AuditEntryConnection, AuditEntryEdge, Entries => AuditEntry, "entry of the audit log", "entries of the audit log");

/// An entry's row.
#[derive(Debug, Clone)]
pub struct AuditEntry(pub audit_entry::Model);

impl From<audit_entry::Model> for AuditEntry {
    fn from(row: audit_entry::Model) -> Self {
        Self(row)
    }
}

/// One thing that somebody did. It is never changed, and holds no name and no address: what was erased is not in here.
#[Object(directive = staff_only::apply())]
impl AuditEntry {
    /// The entry's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What kind of somebody did it.
    async fn actor_kind(&self) -> ActorKind {
        self.0.actor
    }

    /// The id of who did it; null where nobody was known, or it was the installation itself.
    async fn actor(&self) -> Option<ID> {
        let id = self.0.actor_id?;
        let shown = match self.0.actor {
            ActorKind::Account => AccountId(id).to_string(),
            ActorKind::ApiKey => ApiKeyId(id).to_string(),
            ActorKind::Visitor => VisitorId(id).to_string(),
            ActorKind::Anonymous | ActorKind::System | ActorKind::Operator => return None,
        };
        Some(shown.into())
    }

    /// What was done, by the name of its mutation or its command.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// To what kind of object.
    async fn subject_type(&self) -> &str {
        &self.0.subject_type
    }

    /// To which, as the UUID inside its id.
    async fn subject_id(&self) -> Option<String> {
        self.0.subject_id.map(|id| id.to_string())
    }

    /// The alliance that it was done in; null where it belongs to none.
    async fn alliance(&self, ctx: &Context<'_>) -> Result<Option<Alliance>> {
        match self.0.alliance_id {
            Some(id) => Ok(ctx.load(id).await?.map(Alliance::from)),
            None => Ok(None),
        }
    }

    /// The network that it was done from: an address without its end.
    async fn network(&self) -> Option<&str> {
        self.0.network.as_deref()
    }

    /// What else matters, as JSON.
    async fn details(&self) -> &str {
        &self.0.details
    }

    /// When it was done.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
