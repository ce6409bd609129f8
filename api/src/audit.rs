//! Who did what to what, when, and from where. Entries are written with the change and never changed; the database refuses that.

use alliance_entity::audit_entry::{self, ActorKind};
use alliance_entity::id::{AccountId, AllianceId, ApiKeyId, AuditEntryId, VisitorId};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde_json::Value;
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::Result;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody with an account.
    Account(AccountId),
    /// A partner by its key.
    ApiKey(ApiKeyId),
    /// A visitor by its token.
    Visitor(VisitorId),
    /// Nobody known.
    Anonymous,
    /// The node by itself.
    System,
    /// Whoever holds the command line.
    Operator,
}

impl Actor {
    fn parts(self) -> (ActorKind, Option<Uuid>) {
        match self {
            Self::Account(id) => (ActorKind::Account, Some(id.0)),
            Self::ApiKey(id) => (ActorKind::ApiKey, Some(id.0)),
            Self::Visitor(id) => (ActorKind::Visitor, Some(id.0)),
            Self::Anonymous => (ActorKind::Anonymous, None),
            Self::System => (ActorKind::System, None),
            Self::Operator => (ActorKind::Operator, None),
        }
    }
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Who did it.
    pub actor: Actor,
    /// What, in a word such as `roleGrant`.
    pub action: &'static str,
    /// To what kind of object, such as `ACCOUNT`.
    pub subject_type: &'static str,
    /// To which.
    pub subject_id: Option<Uuid>,
    /// The alliance that it belongs to.
    pub alliance: Option<AllianceId>,
    /// Where from: an address that was shortened.
    pub network: Option<String>,
    /// What else matters; never a name, an e-mail address or a secret, since erasing a person leaves this.
    pub details: Value,
}

/// Writes an entry with the change.
///
/// # Errors
/// Where the database does not answer.
pub async fn record(txn: &Transaction, now: DateTime<Utc>, entry: Entry) -> Result<()> {
    let Entry { actor, action, subject_type, subject_id, alliance, network, details } = entry;
    let (actor, actor_id) = actor.parts();
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    let row = audit_entry::ActiveModel {
        id: Set(AuditEntryId::new(millis, rand::random())),
        actor: Set(actor),
        actor_id: Set(actor_id),
        action: Set(action.to_owned()),
        subject_type: Set(subject_type.to_owned()),
        subject_id: Set(subject_id),
        alliance_id: Set(alliance),
        network: Set(network),
        details: Set(details.to_string()),
        created_at: Set(now),
    };
    audit_entry::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}
