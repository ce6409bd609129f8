//! Partner, as clients see it.

use alliance_entity::partner;
use async_graphql::{Context, ID, Object};
use futures_util::future::try_join_all;

use crate::alliances::object::Alliance;
use crate::campaigns::object::Campaign;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::page::connection::connection;
use crate::partners::store::{CampaignsOf, Partners};
use crate::policy::staff::staff_only;
use crate::scalar::DateTime;

connection!(PartnerConnection, PartnerEdge, Partners => Partner, "partner", "partners");

/// A partner's row.
#[derive(Debug, Clone)]
pub struct Partner(pub partner::Model);

impl From<partner::Model> for Partner {
    fn from(row: partner::Model) -> Self {
        Self(row)
    }
}

/// Another alliance that carries posts of one here. Its programs sign in with keys, and read `syndicationChanges`.
#[Object(directive = staff_only::apply())]
impl Partner {
    /// The partner's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The alliance whose posts it carries.
    async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
        let alliance = ctx.load(self.0.alliance_id).await?;
        alliance.map(Alliance::from).ok_or_else(|| Error::internal("a partner's alliance is missing"))
    }

    /// The name, unique among the partners of its alliance.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its site.
    async fn website_url(&self) -> Option<&str> {
        self.0.website_url.as_deref()
    }

    /// Whom to write to there: an e-mail address, or the address of a page.
    async fn contact(&self) -> Option<&str> {
        self.0.contact.as_deref()
    }

    /// Whether it may carry all posts of the alliance, those of no campaign too.
    async fn carries_all(&self) -> bool {
        self.0.carries_all
    }

    /// The campaigns whose posts it may carry, where it may not carry all.
    async fn campaigns(&self, ctx: &Context<'_>) -> Result<Vec<Campaign>> {
        let ids = ctx.load(CampaignsOf(self.0.id)).await?.unwrap_or_default();
        let found = try_join_all(ids.into_iter().map(|id| ctx.load(id))).await?;
        Ok(found.into_iter().flatten().map(Campaign::from).collect())
    }

    /// Since when it may carry nothing, for now; null where it may.
    async fn suspended_at(&self) -> Option<DateTime> {
        self.0.suspended_at.map(DateTime)
    }

    /// Counts its changes: give the one that you read with each change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was written down.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was changed last.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
