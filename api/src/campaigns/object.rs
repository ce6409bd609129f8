//! Campaign, as clients see it.

use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::reaction::SubjectType;
use async_graphql::{Context, ID};

use crate::alliances::address::{self, Kind};
use crate::alliances::object::Alliance;
use crate::campaigns::store::Campaigns;
use crate::context::Ask;
use crate::editing::rendered;
use crate::error::{Error, Result};
use crate::events;
use crate::events::object::EventConnection;
use crate::feeds;
use crate::feeds::object::Feeds;
use crate::institutions;
use crate::institutions::object::InstitutionConnection;
use crate::lookup::Found;
use crate::page::connection::{connection, object};
use crate::policy::Action;
use crate::policy::staff::staff_only;
use crate::posts;
use crate::posts::object::PostConnection;
use crate::posts::{PostFilter, PostOrder};
use crate::reactions;
use crate::reactions::object::ReactionConnection;
use crate::reactions::summary::ReactionSummary;
use crate::scalar::Date;
use crate::text::rich::RichText;

connection!(CampaignConnection, CampaignEdge, Campaigns => Campaign, "campaign", "campaigns");

/// A campaign's row, and the slug that led to it where it has another one now.
#[derive(Debug, Clone)]
pub struct Campaign(pub campaign::Model, Option<String>);

impl From<campaign::Model> for Campaign {
    fn from(row: campaign::Model) -> Self {
        Self(row, None)
    }
}

impl From<Found<campaign::Model>> for Campaign {
    fn from(Found { row, redirected_from }: Found<campaign::Model>) -> Self {
        Self(row, redirected_from)
    }
}

object! {
    /// Work on one issue over time: its posts, its events, its institutions. Public from its start on.
    Campaign (self, ctx, page) {
        /// The campaign's id, the same for ever.
        pub async fn id(&self) -> ID {
            self.0.id.to_string().into()
        }

        /// Its name in addresses, unique within its alliance.
        async fn slug(&self) -> &str {
            &self.0.slug
        }

        /// Its public address.
        async fn url(&self, ctx: &Context<'_>) -> Result<String> {
            let missing = || Error::internal("a campaign's alliance is missing");
            let alliance = ctx.load(self.0.alliance_id).await?.ok_or_else(missing)?;
            Ok(address::of(ctx.app(), &alliance, Kind::Campaign, &self.0.slug, self.0.id.0))
        }

        /// Its feeds.
        async fn feeds(&self, ctx: &Context<'_>) -> Result<Feeds> {
            let missing = || Error::internal("a campaign's alliance is missing");
            let alliance = ctx.load(self.0.alliance_id).await?.ok_or_else(missing)?;
            Ok(feeds::object::of_place(ctx.app(), &alliance.slug, Kind::Campaign, &self.0.slug))
        }

        /// The slug that it was asked for by, where it had that one once: lead your readers to the one it has now. Null in all other cases.
        async fn redirected_from(&self) -> Option<&str> {
            self.1.as_deref()
        }

        /// Counts its changes: give the one that you read with each change; null but to those who edit it.
        #[graphql(directive = staff_only::apply())]
        async fn version(&self, ctx: &Context<'_>) -> Option<i32> {
            ctx.viewer().may(Action::EditCampaign(self.0.alliance_id)).then_some(self.0.version)
        }

        /// Its title.
        async fn title(&self) -> &str {
            &self.0.title
        }

        /// What it is about, in a sentence or two of plain text.
        async fn summary(&self) -> &str {
            &self.0.summary
        }

        /// The whole of what it says.
        async fn body(&self, ctx: &Context<'_>) -> Result<RichText> {
            rendered::text(ctx, self.0.id.0, &self.0.body).await
        }

        /// Whether it goes on or has ended.
        async fn status(&self) -> CampaignStatus {
            self.0.status
        }

        /// The alliance that runs it.
        async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
            let missing = || Error::internal("a campaign's alliance is missing");
            ctx.load(self.0.alliance_id).await?.map(Alliance::from).ok_or_else(missing)
        }

        /// Its first day.
        async fn started_on(&self) -> Option<Date> {
            self.0.started_on.map(Date)
        }

        /// Its last day; null while it goes on.
        async fn ended_on(&self) -> Option<Date> {
            self.0.ended_on.map(Date)
        }

        /// Whether those who react must not be found out: on it, and on its posts and events, no name is shown and no small sum.
        async fn is_sensitive(&self) -> bool {
            self.0.is_sensitive
        }

        /// How many people reacted to it, and how.
        pub async fn reactions(&self, ctx: &Context<'_>) -> Result<ReactionSummary> {
            ReactionSummary::of(ctx, SubjectType::Campaign, self.0.id.0).await
        }
    }
    lists {
        /// The public institutions that take part, by name.
        fn institutions() -> InstitutionConnection {
            institutions::query::of(institutions::Scope::Campaign, Some(self.0.id.0), None, None, page)
        }

        /// Its published posts, the newest first where nothing else is asked for.
        fn posts(
            #[graphql(desc = "Which posts.")] filter: Option<PostFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<PostOrder>
        ) -> PostConnection {
            posts::query::of(posts::Scope::Campaign, Some(self.0.id.0), filter, order_by, page)
        }

        /// Its public events, the latest first.
        fn events() -> EventConnection {
            events::query::of(events::Scope::Campaign, Some(self.0.id.0), None, None, page)
        }

        /// The comments on it, the newest first.
        fn comments() -> ReactionConnection {
            reactions::query::comments(SubjectType::Campaign, self.0.id.0, page)
        }
    }
}
