//! Feeds: what an alliance, a campaign or an institution publishes, for readers' programs and for other sites. A feed is put together here from
//! what anyone may carry, and written as Atom or as a JSON Feed; beside them an index of all feeds, and sitemaps.

pub mod atom;
pub mod gather;
pub mod json;
pub mod month;
pub mod object;
pub mod oembed;
pub mod opml;
pub mod place;
pub mod sitemap;
pub mod store;
mod xml;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::feeds::month::Page;
use crate::feeds::place::Place;

/// How many posts a feed holds at least, where there are as many: the newest, and those that changed last.
pub const NEWEST: u64 = 50;
/// How many posts a page of the archive holds at most.
pub const PART: u64 = 100;
/// How many posts of this month that are on no page of the archive yet a feed holds at most, and how many that were taken away.
pub const MOST: u64 = 1_000;
/// After how many seconds no other post comes between those that are there.
pub const SETTLED: i64 = 60;
/// For how many days a feed tells that a post was taken away.
pub const TOLD_DAYS: i64 = 90;

/// A feed, or a page of its archive.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Whose it is.
    pub place: Place,
    /// Which page of the archive it is; none where it is the feed itself.
    pub page: Option<Page>,
    /// When something of it changed last.
    pub updated: DateTime<Utc>,
    /// The posts, the newest first.
    pub entries: Vec<Entry>,
    /// The posts that were taken away, the latest first.
    pub departed: Vec<Departed>,
    /// The archive's page before this one.
    pub previous: Option<Page>,
    /// The page after it.
    pub next: Option<Page>,
}

/// A post, as feeds tell it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The post's id, the same for ever.
    pub id: Uuid,
    /// Where it is read.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its excerpt.
    pub summary: String,
    /// What it says in HTML, beginning with what was wrong with it: the whole, or the excerpt.
    pub html: String,
    /// When it was published first.
    pub published: DateTime<Utc>,
    /// When what it says was published last, or corrected.
    pub updated: DateTime<Utc>,
    /// Who wrote it.
    pub author: Option<String>,
    /// Its public campaigns.
    pub campaigns: Vec<Tag>,
    /// How many reactions it has; none where that must not be told, and in archives, which do not change.
    pub reactions: Option<i64>,
    /// What was wrong with it, the latest first.
    pub corrections: Vec<Notice>,
    /// Its licence.
    pub licence: Option<String>,
    /// On what terms others carry it.
    pub usage_terms: Option<String>,
}

/// A campaign that a post belongs to.
#[derive(Debug, Clone)]
pub struct Tag {
    /// Its name in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
}

/// What was wrong with a post.
#[derive(Debug, Clone)]
pub struct Notice {
    /// When that was said.
    pub at: DateTime<Utc>,
    /// What was wrong, and what is right.
    pub text: String,
}

/// A post that was taken away.
#[derive(Debug, Clone, Copy)]
pub struct Departed {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
}

/// An id as feeds write it.
#[must_use]
pub fn urn(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}
