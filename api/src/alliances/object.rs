//! Alliance, as clients see it.

use alliance_entity::alliance::{self, AllianceKind, CommentPolicy, FeedContent};
use async_graphql::{Context, ID, SimpleObject};

use crate::alliances::appearance;
use crate::alliances::store::Alliances;
use crate::campaigns::object::CampaignConnection;
use crate::campaigns::{CampaignFilter, CampaignOrder};
use crate::context::Ask;
use crate::editing::rendered;
use crate::error::Result;
use crate::events::object::EventConnection;
use crate::events::{EventFilter, EventOrder};
use crate::feeds;
use crate::feeds::object::Feeds;
use crate::institutions::object::InstitutionConnection;
use crate::institutions::{InstitutionFilter, InstitutionOrder};
use crate::page::connection::{connection, object};
use crate::people::object::Person;
use crate::policy::Action;
use crate::policy::staff::staff_only;
use crate::posts::object::PostConnection;
use crate::posts::{PostFilter, PostOrder};
use crate::text::rich::RichText;
use crate::{campaigns, events, institutions, people, posts};

connection!(AllianceConnection, AllianceEdge, Alliances => Alliance, "alliance", "alliances");

/// An alliance's row, and the slug that led to it where it has another one now.
#[derive(Debug, Clone)]
pub struct Alliance(pub alliance::Model, Option<String>);

impl Alliance {
    /// The one that this slug led to.
    #[must_use]
    pub fn by_slug(row: alliance::Model, slug: String) -> Self {
        let former = Some(slug).filter(|slug| *slug != row.slug);
        Self(row, former)
    }
}

impl From<alliance::Model> for Alliance {
    fn from(row: alliance::Model) -> Self {
        Self(row, None)
    }
}

/// What people agree to who sign up for updates by e-mail.
#[derive(Debug, Clone, SimpleObject)]
pub struct EmailSubscriptionWording {
    /// What they agree to.
    pub text: String,
    /// Counts the alliance's wordings: give the one that you have shown with `emailSubscriptionRequest`.
    pub version: i32,
}

object! {
    /// A civic alliance: the organisation whose content this is. Public.
    Alliance (self, ctx, page) {
        /// The alliance's id, the same for ever.
        pub async fn id(&self) -> ID {
            self.0.id.to_string().into()
        }

        /// Its name in addresses, unique in this installation.
        async fn slug(&self) -> &str {
            &self.0.slug
        }

        /// The slug that it was asked for by, where it had that one once: lead your readers to the one it has now. Null in all other cases.
        async fn redirected_from(&self) -> Option<&str> {
            self.1.as_deref()
        }

        /// Its name.
        async fn name(&self) -> &str {
            &self.0.name
        }

        /// What it is, in one line.
        async fn tagline(&self) -> Option<&str> {
            self.0.tagline.as_deref()
        }

        /// What it is and does.
        async fn description(&self, ctx: &Context<'_>) -> Result<RichText> {
            rendered::text(ctx, self.0.id.0, &self.0.description).await
        }

        /// Its own site.
        async fn website_url(&self) -> Option<&str> {
            self.0.website_url.as_deref()
        }

        /// The time zone of its city, an IANA name such as `Europe/London`.
        async fn time_zone(&self) -> &str {
            &self.0.time_zone
        }

        /// The address of a calendar of its public events that calendars subscribe to, as RFC 5545 has it.
        async fn calendar_url(&self, ctx: &Context<'_>) -> String {
            events::query::calendar_of(ctx.app(), &self.0.slug)
        }

        /// Where its own site shows what it publishes, with `{kind}`, `{slug}` and `{id}` in their places; null where that is here.
        async fn link_template(&self) -> Option<&str> {
            self.0.link_template.as_deref()
        }

        /// The language of what it publishes, by its tag, such as `en-GB` or `pl`.
        async fn language(&self) -> &str {
            &self.0.language
        }

        /// Its feeds, and the index of them.
        async fn feeds(&self, ctx: &Context<'_>) -> Feeds {
            feeds::object::of_alliance(ctx.app(), &self.0.slug)
        }

        /// How much of its posts its feeds hold.
        async fn feed_content(&self) -> FeedContent {
            self.0.feed_content
        }

        /// The licence of its posts where they have none of their own: an SPDX name or an address; null where none is named, so that nobody may
        /// carry them unasked.
        async fn licence(&self) -> Option<&str> {
            self.0.licence.as_deref()
        }

        /// On what terms others may carry its posts, in words.
        async fn usage_terms(&self) -> Option<&str> {
            self.0.usage_terms.as_deref()
        }

        /// The address of its sitemap: every public page of it, for the robots.txt of its site to name.
        async fn sitemap_url(&self, ctx: &Context<'_>) -> String {
            feeds::object::sitemap(ctx.app(), &self.0.slug)
        }

        /// Whom to write to about what is kept of one: an e-mail address, or the address of a page; null where nobody is named. What is kept,
        /// and for how long, stands at `/privacy/` and the alliance's slug.
        async fn privacy_contact(&self) -> Option<&str> {
            self.0.privacy_contact.as_deref()
        }

        /// Whether its content is written here, or by a partner elsewhere.
        async fn kind(&self) -> AllianceKind {
            self.0.kind
        }

        /// Whether its staff must have a second factor; null but to its admins.
        #[graphql(directive = staff_only::apply())]
        async fn two_factor_required(&self, ctx: &Context<'_>) -> Option<bool> {
            ctx.viewer().may(Action::EditAlliance(self.0.id)).then_some(self.0.two_factor_required)
        }

        /// What becomes of comments on its posts, campaigns and events.
        async fn comment_policy(&self) -> CommentPolicy {
            self.0.comment_policy
        }

        /// Words and phrases for which a comment is held back; empty to all but its admins.
        #[graphql(directive = staff_only::apply())]
        async fn blocked_words(&self, ctx: &Context<'_>) -> Vec<&str> {
            let words = self.0.blocked_words.lines();
            if ctx.viewer().may(Action::EditAlliance(self.0.id)) { words.collect() } else { Vec::new() }
        }

        /// Counts its changes: give the one that you read with `allianceEdit`; null but to its admins.
        #[graphql(directive = staff_only::apply())]
        async fn version(&self, ctx: &Context<'_>) -> Option<i32> {
            ctx.viewer().may(Action::EditAlliance(self.0.id)).then_some(self.0.version)
        }

        /// How many public institutions are members today.
        async fn institution_count(&self, ctx: &Context<'_>) -> Result<i64> {
            institutions::query::members(ctx, self.0.id).await
        }

        /// The colour of the buttons in its mails and on their pages, such as `#14532d`.
        async fn mail_colour(&self) -> String {
            format!("#{}", appearance::colour(&self.0))
        }

        /// What its updates by e-mail end with; null for nothing.
        async fn mail_footer(&self) -> Option<&str> {
            self.0.mail_footer.as_deref()
        }

        /// What people agree to who sign up for its updates by e-mail: show it beside the form.
        async fn email_subscription_wording(&self) -> EmailSubscriptionWording {
            EmailSubscriptionWording { text: appearance::wording(&self.0), version: self.0.subscription_wording_version }
        }

        /// Its organisers: the staff whom an enquiry goes to.
        async fn organisers(&self, ctx: &Context<'_>) -> Result<Vec<Person>> {
            people::query::organisers(ctx, self.0.id).await
        }
    }
    lists {
        /// Its institutions: members, and those that have left; by name where nothing else is asked for.
        fn institutions(
            #[graphql(desc = "Which institutions.")] filter: Option<InstitutionFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<InstitutionOrder>
        ) -> InstitutionConnection {
            institutions::query::of_alliance(ctx, self.0.id, filter, order_by, page)
        }

        /// Its public campaigns, by title where nothing else is asked for.
        fn campaigns(
            #[graphql(desc = "Which campaigns.")] filter: Option<CampaignFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<CampaignOrder>
        ) -> CampaignConnection {
            campaigns::query::of_alliance(self.0.id, filter, order_by, page)
        }

        /// Its published posts, the newest first where nothing else is asked for.
        fn posts(
            #[graphql(desc = "Which posts.")] filter: Option<PostFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<PostOrder>
        ) -> PostConnection {
            posts::query::of_alliance(self.0.id, filter, order_by, page)
        }

        /// Its public events, the latest first where nothing else is asked for.
        fn events(
            #[graphql(desc = "Which events.")] filter: Option<EventFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<EventOrder>
        ) -> EventConnection {
            events::query::of(events::Scope::Alliance, Some(self.0.id.0), filter, order_by, page)
        }
    }
}
