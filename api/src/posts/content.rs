//! What a post says: the checks of its texts, and the revision that keeps them.

use alliance_entity::id::{AccountId, CampaignId, EventId, InstitutionId, PersonId, PostId};
use alliance_entity::post::PostKind;
use alliance_entity::post_revision;
use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};

use crate::editing::given::{self, Problems, Wrong, invalid_or_long, or_none};
use crate::editing::rendered::Rendered;
use crate::error::Result;
use crate::error::problem::UserErrorCode;
use crate::id;
use crate::posts::links;
use crate::text::{line, markdown};

/// How many characters an excerpt may have.
pub const EXCERPT: usize = 600;
/// How many campaigns, or institutions, a post may name.
pub const LINKS: usize = 50;
/// How many characters of a body make an excerpt where none was written.
const BEGINNING: usize = 200;

/// All that a post says, but for its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its title.
    pub title: String,
    /// Its text, in Markdown.
    pub body: String,
    /// Its gist; none where that is the beginning of the body.
    pub excerpt: Option<String>,
    /// What kind of article it is.
    pub kind: PostKind,
    /// Who wrote it.
    pub author: Option<PersonId>,
    /// The event that it is about.
    pub event: Option<EventId>,
    /// The campaigns that it belongs to.
    pub campaigns: Vec<CampaignId>,
    /// The institutions that it is about.
    pub institutions: Vec<InstitutionId>,
}

/// What is to be another. What is undefined stays, and null clears.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The title.
    pub title: MaybeUndefined<String>,
    /// The body.
    pub body: MaybeUndefined<String>,
    /// The excerpt.
    pub excerpt: MaybeUndefined<String>,
    /// The kind.
    pub kind: MaybeUndefined<PostKind>,
    /// The author.
    pub author: MaybeUndefined<PersonId>,
    /// The event.
    pub event: MaybeUndefined<EventId>,
    /// The campaigns.
    pub campaigns: MaybeUndefined<Vec<CampaignId>>,
    /// The institutions.
    pub institutions: MaybeUndefined<Vec<InstitutionId>>,
}

/// Where a revision stands.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Whose revision it is.
    pub post: PostId,
    /// Counted from 1 within the post.
    pub number: i32,
    /// Who saves it.
    pub by: Option<AccountId>,
    /// When.
    pub now: DateTime<Utc>,
}

impl Content {
    /// What a revision says.
    #[must_use]
    pub fn of(revision: &post_revision::Model) -> Self {
        Self {
            title: revision.title.clone(),
            body: revision.body.clone(),
            excerpt: revision.excerpt_is_own.then(|| revision.excerpt.clone()),
            kind: revision.kind,
            author: revision.author_id,
            event: revision.event_id,
            campaigns: links::read(&revision.campaign_ids),
            institutions: links::read(&revision.institution_ids),
        }
    }

    /// The same after some changes, whose texts are checked.
    ///
    /// # Errors
    /// [`crate::error::Error::Refused`] with all that is wrong with them.
    pub fn with(self, changes: Changes) -> Result<Self> {
        let Changes { title, body, excerpt, kind, author, event, campaigns, institutions } = changes;
        let mut problems = Problems::default();
        let content = Self {
            title: problems.kept_text("title", title, self.title, given::title),
            body: problems.kept_text("body", body, self.body, given::body),
            excerpt: problems.maybe_text("excerpt", excerpt, self.excerpt, gist),
            kind: problems.kept("kind", kind, self.kind),
            author: or_none(author, self.author),
            event: or_none(event, self.event),
            campaigns: listed("campaigns", campaigns, self.campaigns, &mut problems),
            institutions: listed("institutions", institutions, self.institutions, &mut problems),
        };
        problems.end()?;
        Ok(content)
    }

    /// What of this was not named before.
    #[must_use]
    pub fn beyond(&self, before: &Self) -> Self {
        Self {
            author: self.author.filter(|id| before.author != Some(*id)),
            event: self.event.filter(|id| before.event != Some(*id)),
            campaigns: self.campaigns.iter().copied().filter(|id| !before.campaigns.contains(id)).collect(),
            institutions: self.institutions.iter().copied().filter(|id| !before.institutions.contains(id)).collect(),
            ..self.clone()
        }
    }

    /// Nothing yet.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            title: String::new(),
            body: String::new(),
            excerpt: None,
            kind: PostKind::News,
            author: None,
            event: None,
            campaigns: Vec::new(),
            institutions: Vec::new(),
        }
    }

    /// The revision that keeps this, with what was made of its body ahead.
    #[must_use]
    pub fn revision(self, place: Place, ahead: Option<Rendered>) -> post_revision::Model {
        let Place { post, number, by, now } = place;
        let fits = ahead.filter(|rendered| rendered.markdown == self.body);
        let Rendered { markdown: body, html, plain } = fits.unwrap_or_else(|| Rendered::of(self.body));
        let excerpt_is_own = self.excerpt.is_some();
        let excerpt = self.excerpt.unwrap_or_else(|| beginning(&plain));
        post_revision::Model {
            id: id::new(now),
            post_id: post,
            number,
            has_more: squeezed(&plain) != squeezed(&excerpt),
            reading_minutes: markdown::reading_minutes(&plain),
            created_at: now,
            body_html: html,
            rendering: markdown::RENDERING,
            title: self.title,
            excerpt,
            body,
            kind: self.kind,
            author_id: self.author,
            event_id: self.event,
            campaign_ids: links::written(self.campaigns.iter().map(|id| id.0)),
            institution_ids: links::written(self.institutions.iter().map(|id| id.0)),
            excerpt_is_own,
            created_by: by,
        }
    }
}

/// What was made of a revision's body, where that was by the rules of today.
#[must_use]
pub fn again(revision: &post_revision::Model) -> Option<Rendered> {
    let post_revision::Model { body, body_html, rendering, .. } = revision;
    let made = || Rendered { html: body_html.clone(), plain: markdown::plain_text(body), markdown: body.clone() };
    (*rendering == markdown::RENDERING).then(made)
}

fn gist(text: &str) -> Result<String, Wrong> {
    line::paragraphs(text, EXCERPT).map_err(|problem| (invalid_or_long(text, EXCERPT), problem))
}

fn listed<T: Ord>(field: &str, value: MaybeUndefined<Vec<T>>, before: Vec<T>, problems: &mut Problems) -> Vec<T> {
    let mut ids = match value {
        MaybeUndefined::Undefined => return before,
        MaybeUndefined::Null => Vec::new(),
        MaybeUndefined::Value(ids) => ids,
    };
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > LINKS {
        problems.add(field, UserErrorCode::TooLong, format!("a post names at most {LINKS} of them"));
    }
    ids
}

/// The beginning of a text, to the end of a word.
fn beginning(plain: &str) -> String {
    let text = squeezed(plain);
    if text.chars().count() <= BEGINNING {
        return text;
    }
    let end = text.char_indices().nth(BEGINNING).map_or(text.len(), |(at, _)| at);
    let end = text[..end].rfind(' ').filter(|at| *at > 0).unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([' ', ',', ';', ':', '.']))
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
