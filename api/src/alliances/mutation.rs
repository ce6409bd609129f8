//! allianceEdit.

use alliance_entity::alliance::{CommentPolicy, FeedContent};
use alliance_entity::id::AllianceId;
use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use crate::alliances::actions::{self, Edit};
use crate::alliances::appearance::Appearance;
use crate::alliances::object::Alliance;
use crate::alliances::outward::Outward;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::scalar::{IdOf, Text};

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct AllianceEditInput {
    /// The alliance's id.
    pub id: IdOf<AllianceId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Its name: one line of up to 100 characters.
    pub name: MaybeUndefined<Text>,
    /// Its name in addresses. The one that it had leads to it from then on, with `redirectedFrom`, and so do its feeds and calendars there: up to ten of
    /// them, which no other alliance gets.
    pub slug: MaybeUndefined<Text>,
    /// What it is, in one line; `null` where that is not said.
    pub tagline: MaybeUndefined<Text>,
    /// What it is and does, in Markdown; `null` empties it.
    pub description: MaybeUndefined<Text>,
    /// Its own site; `null` where it has none.
    pub website_url: MaybeUndefined<Text>,
    /// The time zone of its city, an IANA name such as `Europe/London`.
    pub time_zone: MaybeUndefined<Text>,
    /// Whether its staff must have a second factor. The roles of those who have none do not count until they set it up; who asks for
    /// it needs one first.
    pub two_factor_required: MaybeUndefined<bool>,
    /// What becomes of comments from now on.
    pub comment_policy: MaybeUndefined<CommentPolicy>,
    /// All words and phrases for which a comment is held back: up to 500, each of up to 200 characters. They are found as whole words, whatever
    /// their case and accents; `null` where there are none.
    pub blocked_words: MaybeUndefined<Vec<Text>>,
    /// Whom people write to about what is kept of them: an e-mail address, or the address of a page. `null` where nobody is named.
    pub privacy_contact: MaybeUndefined<Text>,
    /// The colour of the buttons in its mails and on their pages, such as `#14532d`: dark enough for white text. `null` for the usual one.
    pub mail_colour: MaybeUndefined<Text>,
    /// What its updates by e-mail end with, in a few sentences, such as who sends them and where they can be reached; `null` for nothing.
    pub mail_footer: MaybeUndefined<Text>,
    /// What people agree to who sign up for its updates by e-mail, in a few sentences; `null` for the usual words. Those who have agreed to
    /// other words are kept with them.
    pub email_subscription_wording: MaybeUndefined<Text>,
    /// Where its own site shows what it publishes, such as `https://www.example.org/{kind}/{slug}`, of up to 300 characters: every link follows it, in
    /// answers, mails, calendars, feeds and sitemaps. `{kind}` becomes `posts`, `campaigns`, `events` or `institutions`, `{slug}` the slug and `{id}` the
    /// id; `{kind}` is needed, and `{slug}` or `{id}`. `null` leads to addresses of this installation.
    pub link_template: MaybeUndefined<Text>,
    /// The language of what it publishes, by its tag, such as `en-GB` or `pl`.
    pub language: MaybeUndefined<Text>,
    /// How much of its posts its feeds hold.
    pub feed_content: MaybeUndefined<FeedContent>,
    /// The licence of its posts where they have none of their own: an SPDX name such as `CC-BY-4.0`, or an address; `null` for none.
    pub licence: MaybeUndefined<Text>,
    /// On what terms others carry its posts, in a few sentences; `null` where nothing is said.
    pub usage_terms: MaybeUndefined<Text>,
}

impl AllianceEditInput {
    fn edit(self) -> Edit {
        let text = |given: MaybeUndefined<Text>| given.map_value(|text| text.0);
        Edit {
            id: self.id.0,
            version: self.version,
            name: text(self.name),
            slug: text(self.slug),
            tagline: text(self.tagline),
            description: text(self.description),
            website_url: text(self.website_url),
            time_zone: text(self.time_zone),
            two_factor_required: self.two_factor_required,
            comment_policy: self.comment_policy,
            blocked_words: self.blocked_words.map_value(|words| words.into_iter().map(|text| text.0).collect()),
            privacy_contact: text(self.privacy_contact),
            appearance: Appearance {
                colour: text(self.mail_colour),
                footer: text(self.mail_footer),
                wording: text(self.email_subscription_wording),
            },
            outward: Outward {
                link_template: text(self.link_template),
                language: text(self.language),
                feed_content: self.feed_content,
                licence: text(self.licence),
                usage_terms: text(self.usage_terms),
            },
        }
    }
}

payload! {
    /// What came of editing.
    AllianceEditPayload {
        /// The alliance, as it is now; on a conflict as another has left it.
        alliance: Alliance,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct AllianceMutation;

#[Object]
impl AllianceMutation {
    /// Changes an alliance. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn alliance_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: AllianceEditInput,
    ) -> Result<AllianceEditPayload> {
        let (id, edit) = (input.id.0, input.edit());
        let (alliance, user_errors) = ctx.changed(id, actions::edit(&ctx.caller(), edit).await).await?;
        Ok(AllianceEditPayload { alliance: alliance.map(Alliance::from), user_errors })
    }
}
