//! What those see who work on a post: its revisions, its notes, its preview tokens, and what is scheduled; and its corrections, which all see.

use alliance_entity::post_note::{self, PostNoteKind};
use alliance_entity::post_schedule::ScheduledAct;
use alliance_entity::{post_correction, post_preview_token};
use async_graphql::{Context, ID, Object};

use crate::accounts::object::Account;
use crate::campaigns;
use crate::campaigns::object::CampaignConnection;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::events::object::Event;
use crate::institutions;
use crate::institutions::object::InstitutionConnection;
use crate::page::connection::{connection, object};
use crate::people::object::Person;
use crate::policy::staff::staff_only;
use crate::posts::object::Post;
use crate::posts::store::BodyOf;
use crate::posts::store::notes::Notes;
use crate::posts::store::revisions::{Calendar, Revision, Revisions, Scheduled};
use crate::posts::{links, zone};
use crate::scalar::{DateTime, LocalDateTime};
use crate::text::rich::RichText;

connection!(PostRevisionConnection, PostRevisionEdge, Revisions => PostRevision, "revision", "revisions");
connection!(PostNoteConnection, PostNoteEdge, Notes => PostNote, "note", "notes");
connection!(ScheduledPostConnection, ScheduledPostEdge, Calendar => ScheduledPost, "scheduled act", "scheduled acts");

/// A revision's row.
#[derive(Debug, Clone)]
pub struct PostRevision(pub Revision);

impl From<Revision> for PostRevision {
    fn from(row: Revision) -> Self {
        Self(row)
    }
}

object! {
    /// All that a post said at one save. It never changes.
    PostRevision (self, ctx, page) {
        /// The revision's id, the same for ever.
        pub async fn id(&self) -> ID {
            self.0.id.to_string().into()
        }

        /// Counted from 1 within the post.
        async fn number(&self) -> i32 {
            self.0.number
        }

        /// Its title.
        async fn title(&self) -> &str {
            &self.0.title
        }

        /// Its gist, or its beginning where none was written; plain text.
        async fn excerpt(&self) -> &str {
            &self.0.excerpt
        }

        /// Whether the body says more than the excerpt.
        async fn has_more(&self) -> bool {
            self.0.has_more
        }

        /// The whole article.
        async fn body(&self, ctx: &Context<'_>) -> Result<RichText> {
            let missing = || Error::internal("a revision is missing");
            let body = ctx.load(BodyOf(self.0.id)).await?.ok_or_else(missing)?;
            Ok(RichText::rendered(body.markdown, body.html, body.rendering))
        }

        /// How long it takes to read, in minutes; at least 1.
        async fn reading_minutes(&self) -> i32 {
            self.0.reading_minutes
        }

        /// What kind of article it is.
        async fn kind(&self) -> alliance_entity::post::PostKind {
            self.0.kind
        }

        /// Who it is by; null where nobody is named.
        async fn author(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
            let Some(author) = self.0.author_id else { return Ok(None) };
            Ok(ctx.load(author).await?.map(Person))
        }

        /// The event that it is about.
        async fn event(&self, ctx: &Context<'_>) -> Result<Option<Event>> {
            let Some(event) = self.0.event_id else { return Ok(None) };
            Ok(ctx.load(event).await?.map(Event::from))
        }

        /// When it was saved.
        async fn created_at(&self) -> DateTime {
            DateTime(self.0.created_at)
        }

        /// Whose account saved it; null where you may not see that account, or it is gone.
        async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
            let Some(account) = self.0.created_by else { return Ok(None) };
            Ok(ctx.load(account).await?.map(Account))
        }
    }
    lists {
        /// The campaigns that it belongs to, by title.
        fn campaigns() -> CampaignConnection {
            campaigns::query::named(links::read(&self.0.campaign_ids), page)
        }

        /// The institutions that it is about, by name.
        fn institutions() -> InstitutionConnection {
            institutions::query::named(links::read(&self.0.institution_ids), page)
        }
    }
}

/// A note's row.
#[derive(Debug, Clone)]
pub struct PostNote(pub post_note::Model);

impl From<post_note::Model> for PostNote {
    fn from(row: post_note::Model) -> Self {
        Self(row)
    }
}

/// What those who write a post and those who review it tell each other.
#[Object(directive = staff_only::apply())]
impl PostNote {
    /// The note's id, the same for ever.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What it goes with.
    async fn kind(&self) -> PostNoteKind {
        self.0.kind
    }

    /// What it says, in plain text; null where a post was submitted without a word.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// The number of the revision that it is about.
    async fn revision_number(&self) -> i32 {
        self.0.revision_number
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Whose account wrote it; null where you may not see that account, or it is gone.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        let Some(account) = self.0.created_by else { return Ok(None) };
        Ok(ctx.load(account).await?.map(Account))
    }
}

/// A correction's row.
#[derive(Debug, Clone)]
pub struct PostCorrection(pub post_correction::Model);

/// What was wrong with what the public had read of a post, and what is right.
#[Object]
impl PostCorrection {
    /// The correction's id, the same for ever.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What was wrong, and what is right; plain text.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// When it was corrected.
    async fn corrected_at(&self) -> DateTime {
        DateTime(self.0.corrected_at)
    }
}

/// A token's row.
#[derive(Debug, Clone)]
pub struct PostPreviewToken(pub post_preview_token::Model);

/// A token that shows one revision of a post to whoever holds it. The token itself is told once, by `postPreviewTokenCreate`.
#[Object(directive = staff_only::apply())]
impl PostPreviewToken {
    /// Its id, by which it is revoked.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Until when it shows the post: 24 hours from then.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// When it was revoked; null where it was not.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}

/// A row of the calendar.
#[derive(Debug, Clone)]
pub struct ScheduledPost(pub Scheduled);

impl From<Scheduled> for ScheduledPost {
    fn from(row: Scheduled) -> Self {
        Self(row)
    }
}

/// Something that will happen to a post by itself.
#[Object(directive = staff_only::apply())]
impl ScheduledPost {
    /// The post.
    async fn post(&self, ctx: &Context<'_>) -> Result<Post> {
        let missing = || Error::internal("a scheduled post is missing");
        ctx.load(self.0.post_id).await?.map(Post).ok_or_else(missing)
    }

    /// What happens.
    async fn act(&self) -> ScheduledAct {
        self.0.act
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.scheduled_for)
    }

    /// What the clocks of the alliance's city show then.
    async fn at_local(&self, ctx: &Context<'_>) -> Result<LocalDateTime> {
        let missing = || Error::internal("a scheduled post is missing");
        let post = ctx.load(self.0.post_id).await?.ok_or_else(missing)?;
        let alliance = ctx.load(post.alliance_id).await?.ok_or_else(|| Error::internal("a post's alliance is missing"))?;
        Ok(LocalDateTime(zone::local(self.0.scheduled_for, &alliance.time_zone)))
    }

    /// The number of the revision that is published; null where the post is withdrawn.
    async fn revision_number(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        let Some(revision) = self.0.revision_id else { return Ok(None) };
        Ok(ctx.load(revision).await?.map(|revision| revision.number))
    }
}
