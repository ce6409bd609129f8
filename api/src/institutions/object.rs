//! Institution, as clients see it.

use alliance_entity::institution::{self, InstitutionKind, InstitutionStatus};
use async_graphql::{Context, ID};

use crate::alliances::address::{self, Kind};
use crate::alliances::object::Alliance;
use crate::campaigns;
use crate::campaigns::object::CampaignConnection;
use crate::context::Ask;
use crate::editing::rendered;
use crate::error::{Error, Result};
use crate::feeds;
use crate::feeds::object::Feeds;
use crate::institutions;
use crate::institutions::store::Institutions;
use crate::lookup::Found;
use crate::page::connection::{connection, object};
use crate::policy::Action;
use crate::policy::staff::staff_only;
use crate::posts;
use crate::posts::object::PostConnection;
use crate::scalar::Date;
use crate::text::rich::RichText;

connection!(InstitutionConnection, InstitutionEdge, Institutions => Institution, "institution", "institutions");

/// An institution's row, and the slug that led to it where it has another one now.
#[derive(Debug, Clone)]
pub struct Institution(pub institution::Model, Option<String>);

impl From<institution::Model> for Institution {
    fn from(row: institution::Model) -> Self {
        Self(row, None)
    }
}

impl From<Found<institution::Model>> for Institution {
    fn from(Found { row, redirected_from }: Found<institution::Model>) -> Self {
        Self(row, redirected_from)
    }
}

object! {
    /// An organisation that is, was or will be a member of an alliance. Public once it is published.
    Institution (self, ctx, page) {
        /// The institution's id, the same for ever.
        pub async fn id(&self) -> ID {
            self.0.id.to_string().into()
        }

        /// Its name in addresses, unique within its alliance.
        async fn slug(&self) -> &str {
            &self.0.slug
        }

        /// Its public address.
        async fn url(&self, ctx: &Context<'_>) -> Result<String> {
            let missing = || Error::internal("an institution's alliance is missing");
            let alliance = ctx.load(self.0.alliance_id).await?.ok_or_else(missing)?;
            Ok(address::of(ctx.app(), &alliance, Kind::Institution, &self.0.slug, self.0.id.0))
        }

        /// Its feeds.
        async fn feeds(&self, ctx: &Context<'_>) -> Result<Feeds> {
            let missing = || Error::internal("an institution's alliance is missing");
            let alliance = ctx.load(self.0.alliance_id).await?.ok_or_else(missing)?;
            Ok(feeds::object::of_place(ctx.app(), &alliance.slug, Kind::Institution, &self.0.slug))
        }

        /// The slug that it was asked for by, where it had that one once: lead your readers to the one it has now. Null in all other cases.
        async fn redirected_from(&self) -> Option<&str> {
            self.1.as_deref()
        }

        /// Counts its changes: give the one that you read with each change; null but to those who edit it.
        #[graphql(directive = staff_only::apply())]
        async fn version(&self, ctx: &Context<'_>) -> Option<i32> {
            ctx.viewer().may(Action::EditInstitution(self.0.alliance_id)).then_some(self.0.version)
        }

        /// Its name.
        async fn name(&self) -> &str {
            &self.0.name
        }

        /// Whether its page is public; null but to those who edit it.
        #[graphql(directive = staff_only::apply())]
        async fn status(&self, ctx: &Context<'_>) -> Option<InstitutionStatus> {
            ctx.viewer().may(Action::EditInstitution(self.0.alliance_id)).then_some(self.0.status)
        }

        /// What kind of organisation it is.
        async fn kind(&self) -> InstitutionKind {
            self.0.kind
        }

        /// What it is and does.
        async fn description(&self, ctx: &Context<'_>) -> Result<RichText> {
            rendered::text(ctx, self.0.id.0, &self.0.description).await
        }

        /// Its own site.
        async fn website_url(&self) -> Option<&str> {
            self.0.website_url.as_deref()
        }

        /// The alliance that it belongs to.
        async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
            let missing = || Error::internal("an institution's alliance is missing");
            ctx.load(self.0.alliance_id).await?.map(Alliance::from).ok_or_else(missing)
        }

        /// Its first day as a member.
        async fn joined_on(&self) -> Option<Date> {
            self.0.joined_on.map(Date)
        }

        /// The first day on which it is a member no longer.
        async fn left_on(&self) -> Option<Date> {
            self.0.left_on.map(Date)
        }

        /// Whether it is a member today.
        async fn is_member(&self, ctx: &Context<'_>) -> bool {
            institutions::is_member(&self.0, ctx.app().clock().today())
        }
    }
    lists {
        /// The public campaigns that it takes part in, by title.
        fn campaigns() -> CampaignConnection {
            campaigns::query::of(campaigns::Scope::Institution, Some(self.0.id.0), None, None, page)
        }

        /// The published posts that it appears in, the newest first.
        fn posts() -> PostConnection {
            posts::query::of(posts::Scope::Institution, Some(self.0.id.0), None, None, page)
        }
    }
}
