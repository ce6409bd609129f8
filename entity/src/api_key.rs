//! What partners sign in with.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AllianceId, ApiKeyId, PartnerId};

/// One row of `api_keys`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiKeyId,
    /// The alliance whose content it is a key to.
    pub alliance_id: AllianceId,
    /// The partner who holds it, by name.
    pub holder: String,
    /// The partner whose rights it has.
    pub partner_id: Option<PartnerId>,
    /// What it begins with, to tell keys apart.
    pub prefix: String,
    pub hash: String,
    /// What it is for: words of [`ApiKeyScope`], separated by spaces.
    pub scopes: String,
    pub created_by: Option<AccountId>,
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was used last, to the minute or so.
    pub used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a partner's key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, async_graphql::Enum)]
pub enum ApiKeyScope {
    /// Reading public content. In other places: `content:read`.
    ContentRead,
    /// Reading the feed of changes. In other places: `syndication:read`.
    SyndicationRead,
    /// Handing in posts. In other places: `syndication:write`.
    SyndicationWrite,
}

impl ApiKeyScope {
    /// The scope as it is kept, and as OAuth would write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ContentRead => "content:read",
            Self::SyndicationRead => "syndication:read",
            Self::SyndicationWrite => "syndication:write",
        }
    }
}
