//! An alliance: the organisation whose content this is.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AllianceId;

/// One row of `alliances`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "alliances")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AllianceId,
    pub slug: String,
    pub kind: AllianceKind,
    pub name: String,
    /// The name as lists order it: folded to lower case, without accents.
    pub sort_name: String,
    pub tagline: Option<String>,
    /// Markdown.
    pub description: String,
    pub website_url: Option<String>,
    /// An IANA name, such as `Europe/London`.
    pub time_zone: String,
    /// Whether its staff must sign in with a second factor.
    pub two_factor_required: bool,
    pub comment_policy: CommentPolicy,
    /// Words and phrases for which a comment is held back, one a line.
    pub blocked_words: String,
    /// Whom people write to about their data: an e-mail address or the address of a page.
    pub privacy_contact: Option<String>,
    /// The colour of its mails and pages, as six digits in hexadecimal.
    pub mail_colour: Option<String>,
    /// What its mails end with, such as where it can be reached.
    pub mail_footer: Option<String>,
    /// What people agree to who sign up for its updates; none where it is the usual.
    pub subscription_wording: Option<String>,
    /// Counts its wordings.
    pub subscription_wording_version: i32,
    /// Where its own site shows what it publishes, with `{kind}`, `{slug}` and `{id}` in their places; none where that is here.
    pub link_template: Option<String>,
    /// The language of what it publishes, by its tag, such as `en` or `pl`.
    pub language: String,
    pub feed_content: FeedContent,
    /// The licence of its posts: an SPDX name or an address.
    pub licence: Option<String>,
    /// On what terms others carry its posts, in words.
    pub usage_terms: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// One that is written here, with nothing chosen yet but its name.
    #[must_use]
    pub fn hosted(id: AllianceId, slug: String, (name, sort_name): (String, String), now: DateTime<Utc>) -> Self {
        Self {
            id,
            slug,
            kind: AllianceKind::Hosted,
            name,
            sort_name,
            tagline: None,
            description: String::new(),
            website_url: None,
            time_zone: "Europe/London".to_owned(),
            two_factor_required: false,
            comment_policy: CommentPolicy::Held,
            blocked_words: String::new(),
            privacy_contact: None,
            mail_colour: None,
            mail_footer: None,
            subscription_wording: None,
            subscription_wording_version: 1,
            link_template: None,
            language: "en".to_owned(),
            feed_content: FeedContent::Full,
            licence: None,
            usage_terms: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }
}

/// How much of its posts an alliance's feeds hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum FeedContent {
    /// The whole of them.
    #[sea_orm(string_value = "FULL")]
    Full,
    /// How they begin.
    #[sea_orm(string_value = "EXCERPT")]
    Excerpt,
}

/// What becomes of comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CommentPolicy {
    /// None is taken; people react without words.
    #[sea_orm(string_value = "CLOSED")]
    Closed,
    /// Each waits until a moderator lets it through.
    #[sea_orm(string_value = "HELD")]
    Held,
    /// Each is shown at once and looked at afterwards; one that holds a link or a blocked word waits.
    #[sea_orm(string_value = "SHOWN")]
    Shown,
}

/// Where an alliance's content is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum AllianceKind {
    /// It is written and published here.
    #[sea_orm(string_value = "HOSTED")]
    Hosted,
    /// It is written by a partner elsewhere, and carried here.
    #[sea_orm(string_value = "PARTNER")]
    Partner,
}
