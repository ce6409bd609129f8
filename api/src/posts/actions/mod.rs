//! What can be done to posts. Each act begins by holding the post, and ends by writing its row, which counts one more version.

pub mod correct;
pub mod create;
pub mod delete;
pub mod edit;
pub mod preview;
pub mod publish;
pub mod review;
pub mod schedule;
pub mod terms;

use std::collections::BTreeSet;

use alliance_entity::id::PostId;
use alliance_entity::post::{self, PostStatus};
use alliance_entity::post_revision;
use alliance_entity::search_document::SearchType;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::policy::{Action, Owned};
use crate::posts::moved::Moved;
use crate::posts::store::{change, departures, previews};
use crate::posts::word;
use crate::searchable::store::{self as searchable, Findable};
use crate::text::markdown;

/// Which post is changed, and which version of it was read.
#[derive(Debug, Clone, Copy)]
pub struct Which {
    /// The post.
    pub id: PostId,
    /// The version that was read.
    pub version: i32,
}

/// A post in the midst of a change, held against others.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) txn: Transaction,
    pub(super) post: post::Model,
    pub(super) now: DateTime<Utc>,
    /// The places where it was public before something was done that may take it out of them.
    pub(super) before: Option<BTreeSet<Uuid>>,
}

/// What the policy decides by.
pub(super) fn rule(post: &post::Model) -> Owned<PostStatus> {
    Owned { owner: post.owner_id, alliance: post.alliance_id, state: post.status }
}

/// Begins a change of a post that the caller may make, and that nobody has changed since it was read.
pub(super) async fn hold(caller: &Caller, which: Which, act: fn(Owned<PostStatus>) -> Action<'static>) -> Result<Held> {
    let held = hold_any(caller, which.id, act).await?;
    if held.post.deleted_at.is_some() {
        return Err(wrong_state("this post was deleted; take it back with `postRestore` first"));
    }
    unchanged(&held.post, which.version)?;
    Ok(held)
}

/// The same, whatever its version is and whether it was deleted or not.
pub(super) async fn hold_any(caller: &Caller, id: PostId, act: fn(Owned<PostStatus>) -> Action<'static>) -> Result<Held> {
    let (txn, now) = (caller.app.db().begin().await?, caller.now());
    let found = change::lock(&txn, id).await?;
    let visible = found.filter(|post| caller.viewer.may(Action::ReadPost(rule(post))));
    let post = visible.ok_or_else(|| caller.unseen("post"))?;
    caller.viewer.must(act(rule(&post)))?;
    Ok(Held { txn, post, now, before: None })
}

/// Refuses what was read before the latest change.
pub(super) fn unchanged(post: &post::Model, version: i32) -> Result<()> {
    if post.version == version {
        return Ok(());
    }
    let problem = format!("the post was changed since: it is at version {}; read it anew, and change that", post.version);
    Err(Error::refused("version", UserErrorCode::Conflict, problem))
}

pub(super) fn wrong_state(problem: &str) -> Error {
    Error::Refused(vec![Problem::whole(UserErrorCode::WrongState, problem)])
}

/// Refuses an act on a post that stands where the act makes no sense.
pub(super) fn only_from(post: &post::Model, states: &[PostStatus], act: &str) -> Result<()> {
    if states.contains(&post.status) {
        return Ok(());
    }
    let allowed = states.iter().copied().map(word).collect::<Vec<_>>().join(" or ");
    Err(wrong_state(&format!("a post is {act} from {allowed}; this one is {}", word(post.status))))
}

impl Held {
    /// The revision that is being written: the draft, or what is public where there is none.
    pub(super) async fn latest(&self) -> Result<post_revision::Model> {
        let id = self.post.draft_revision_id.or(self.post.live_revision_id);
        let id = id.ok_or_else(|| Error::internal("a post has no revision"))?;
        change::revision(&self.txn, id).await?.ok_or_else(|| Error::internal("a revision is missing"))
    }

    /// Lets the row and its links show a revision.
    pub(super) async fn show(&mut self, revision: &post_revision::Model) -> Result<()> {
        (self.post.author_id, self.post.event_id) = change::living(&self.txn, revision).await?;
        self.post.kind = revision.kind;
        change::set_links(&self.txn, &self.post, revision).await
    }

    /// Lets a post that is not public wait for its time.
    pub(super) fn waits(&mut self) {
        if !matches!(self.post.status, PostStatus::Published | PostStatus::Scheduled) {
            self.post.earlier_status = Some(self.post.status);
            self.post.status = PostStatus::Scheduled;
        }
    }

    /// Lets a post that waits for its time stand where it stood before.
    pub(super) fn waits_no_more(&mut self) {
        if self.post.status == PostStatus::Scheduled {
            let first = if self.post.first_published_at.is_some() { PostStatus::Unpublished } else { PostStatus::Draft };
            self.post.status = self.post.earlier_status.take().unwrap_or(first);
        }
    }

    /// Notes where it is public, before something is done that those hear of who carry it.
    pub(super) async fn moves(&mut self) -> Result<()> {
        self.before = Some(departures::places(&self.txn, &self.post).await?);
        Ok(())
    }

    /// Makes a revision the one that the public reads.
    pub(super) async fn go_live(&mut self, revision: &post_revision::Model, at: DateTime<Utc>) -> Result<()> {
        self.moves().await?;
        let was_public = self.post.status == PostStatus::Published;
        (self.post.status, self.post.earlier_status) = (PostStatus::Published, None);
        self.post.live_revision_id = Some(revision.id);
        if self.post.draft_revision_id == Some(revision.id) {
            self.post.draft_revision_id = None;
        }
        // What is public keeps its place in the lists, however often it is changed.
        if !was_public {
            self.post.published_at = Some(at);
        }
        self.post.first_published_at = self.post.first_published_at.or(Some(at));
        self.post.updated_at = at;
        self.show(revision).await?;
        let text = markdown::plain_text(&revision.body);
        let found = Findable {
            subject_type: SearchType::Post,
            subject_id: self.post.id.0,
            alliance_id: self.post.alliance_id,
            title: &revision.title,
            body: &text,
            date: self.post.published_at.unwrap_or(at),
        };
        searchable::put(&self.txn, found).await
    }

    /// Takes a post away from the public.
    pub(super) async fn go_off(&mut self, status: PostStatus, at: DateTime<Utc>) -> Result<()> {
        self.moves().await?;
        (self.post.status, self.post.earlier_status) = (status, None);
        self.post.updated_at = at;
        searchable::delete(&self.txn, self.post.id.0).await?;
        // What is withdrawn is not shown to those who were shown its draft either.
        previews::revoke_all(&self.txn, self.post.id, self.now).await?;
        if let Some(live) = self.post.live_revision_id
            && let Some(revision) = change::revision(&self.txn, live).await?
        {
            self.show(&revision).await?;
        }
        Ok(())
    }

    /// Writes the row, records what was done, and keeps it.
    pub(super) async fn keep(self, caller: &Caller, act: Act) -> Result<post::Model> {
        let Self { txn, mut post, now, before } = self;
        let moved = match before {
            Some(before) => {
                // Whichever act comes first once an embargo is over tells that it is.
                post.embargoed_until = post.embargoed_until.filter(|until| *until > now);
                Some(Moved { before, after: departures::places(&txn, &post).await? })
            }
            None => None,
        };
        if let Some(Moved { before, after }) = &moved {
            post.public_version += i32::from(!before.is_empty() || !after.is_empty());
            post.carried_since = post.carried_since.or((!after.is_empty()).then_some(now));
            if before.is_empty() && !after.is_empty() {
                // Whoever was told that it is gone takes it again only where it is newer than that.
                post.updated_at = post.updated_at.max(now);
            }
        }
        if !change::set(&txn, &post, post.version).await? {
            return Err(Error::internal("a post that was held has been changed"));
        }
        let told = match &moved {
            Some(moved) => {
                departures::note(&txn, &post, moved, now).await?;
                moved.told()
            }
            None => json!({}),
        };
        caller.record_telling(&txn, act.deed(&post), told).await?;
        caller.commit(txn).await?;
        Ok(post::Model { version: post.version + 1, ..post })
    }
}

/// What was done to a post, in words.
#[derive(Debug)]
pub(super) struct Act {
    /// The act, by the name of its mutation.
    pub(super) action: &'static str,
    /// What happened.
    pub(super) event: &'static str,
    /// What else matters.
    pub(super) details: Value,
}

impl Act {
    pub(super) fn new(action: &'static str, event: &'static str) -> Self {
        Self { action, event, details: json!({}) }
    }

    pub(super) fn with(self, details: Value) -> Self {
        Self { details, ..self }
    }

    pub(super) fn deed(self, post: &post::Model) -> Deed {
        let Self { action, event, details } = self;
        Deed { action, event, subject_type: "POST", subject_id: post.id.0, alliance: Some(post.alliance_id), details }
    }
}
