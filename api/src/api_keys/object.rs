//! A partner's key, as clients see it.

use alliance_entity::api_key::{self, ApiKeyScope};
use async_graphql::{Context, ID, Object};

use crate::alliances::object::Alliance;
use crate::api_keys::read;
use crate::api_keys::store::ApiKeys;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::page::connection::connection;
use crate::policy::staff::staff_only;
use crate::scalar::DateTime;

connection!(ApiKeyConnection, ApiKeyEdge, ApiKeys => ApiKey, "key", "keys");

/// A key's row.
#[derive(Debug, Clone)]
pub struct ApiKey(pub api_key::Model);

impl From<api_key::Model> for ApiKey {
    fn from(row: api_key::Model) -> Self {
        Self(row)
    }
}

/// What a partner's program signs in with. The secret is shown once, when the key is made, and kept nowhere.
#[Object(directive = staff_only::apply())]
impl ApiKey {
    /// The key's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The alliance that it is a key to.
    async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
        let alliance = ctx.load(self.0.alliance_id).await?;
        alliance.map(Alliance::from).ok_or_else(|| Error::internal("a key's alliance is missing"))
    }

    /// The partner who holds it.
    async fn holder(&self) -> &str {
        &self.0.holder
    }

    /// What it begins with, to tell keys apart.
    async fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// What it is for.
    async fn scopes(&self) -> Vec<ApiKeyScope> {
        read(&self.0.scopes)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it ends; null where it does not by itself.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }

    /// When it was used last, to the minute or so; null where it never was.
    async fn used_at(&self) -> Option<DateTime> {
        self.0.used_at.map(DateTime)
    }

    /// When it was revoked; null where it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}
