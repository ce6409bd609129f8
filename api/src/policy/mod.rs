//! Who may do what: all of it. Each rule of reading stands here twice, as a decision about one row and as a condition in SQL, and
//! a test runs both over the same rows. A store reads only what a [`Readable`] lets it, and nothing else can make one.

pub mod accounts;
pub mod audit;
pub mod content;
pub mod posts;
mod reach;
pub mod reactions;
pub mod search;
pub mod staff;

use std::marker::PhantomData;

use alliance_entity::account_role::Role;
use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::id::{AccountId, AllianceId, ApiKeyId};
use alliance_entity::institution::InstitutionStatus;
use alliance_entity::post::PostStatus;
use alliance_entity::reaction::ReactionState;
use sea_orm::Condition;

use crate::error::{Error, Result, SIGN_IN};
use crate::policy::audit::Entry;
use crate::viewer::Viewer;

/// The rows of an entity that a viewer may read.
#[derive(Debug, Clone)]
pub struct Readable<E> {
    condition: Condition,
    of: PhantomData<fn() -> E>,
}

impl<E> Readable<E> {
    fn only(condition: Condition) -> Self {
        Self { condition, of: PhantomData }
    }

    /// The condition that a statement over the entity's table must hold.
    #[must_use]
    pub fn condition(&self) -> Condition {
        self.condition.clone()
    }
}

/// A row whose state and owner decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned<S> {
    /// Whose it is: the account that made it.
    pub owner: Option<AccountId>,
    /// The alliance that it belongs to.
    pub alliance: AllianceId,
    /// Where it stands.
    pub state: S,
}

/// What an account is to those who ask about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Which account.
    pub account: AccountId,
    /// Whether it is an operator.
    pub is_operator: bool,
    /// The alliances that it has a role in.
    pub alliances: &'a [AllianceId],
}

/// What can be done, with what it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action<'a> {
    /// See an alliance.
    ReadAlliance,
    /// See an institution.
    ReadInstitution(AllianceId, InstitutionStatus),
    /// See a campaign.
    ReadCampaign(AllianceId, CampaignStatus),
    /// See an event.
    ReadEvent(AllianceId, EventStatus),
    /// See a person who holds this number of public roles.
    ReadPerson(AllianceId, usize),
    /// See a post.
    ReadPost(Owned<PostStatus>),
    /// See all of a post, not only what the public may read of it.
    ReadWholePost(Owned<PostStatus>),
    /// Change what a post says.
    EditPost(Owned<PostStatus>),
    /// Write a post for an alliance.
    CreatePost(AllianceId),
    /// Submit a post for review.
    SubmitPost(Owned<PostStatus>),
    /// Return a post to who wrote it.
    ReturnPost(Owned<PostStatus>),
    /// Write a note on a post, for those who work on it.
    AnnotatePost(Owned<PostStatus>),
    /// Let whoever holds a token read a draft.
    PreviewPost(Owned<PostStatus>),
    /// Make a post public.
    PublishPost(Owned<PostStatus>),
    /// Say when a post is published or withdrawn, or that it is not.
    SchedulePost(Owned<PostStatus>),
    /// Tell the public that a post was wrong.
    CorrectPost(Owned<PostStatus>),
    /// Withdraw a post.
    UnpublishPost(Owned<PostStatus>),
    /// Put a post away.
    ArchivePost(Owned<PostStatus>),
    /// Delete a post.
    DeletePost(Owned<PostStatus>),
    /// Take a post back that was deleted.
    RestorePost(Owned<PostStatus>),
    /// React to a post.
    ReactToPost(Owned<PostStatus>),
    /// See the comment of a reaction whose subject can be seen.
    ReadComment(Owned<ReactionState>),
    /// See what that comment says, not only what became of it.
    ReadCommentText(Owned<ReactionState>),
    /// See an account with its name, its address and its roles.
    ReadAccount(Subject<'a>),
    /// Change one's own account: its name, its address, its password, its second factor, its sessions.
    EditAccount(AccountId),
    /// Keep an account from signing in, or let it in again.
    DisableAccount(Subject<'a>),
    /// Get everything that is kept about an account.
    ExportAccount(AccountId),
    /// Erase everything that is kept about an account.
    EraseAccount(AccountId),
    /// Invite somebody to an alliance in a role.
    InviteAccount(AllianceId, Role),
    /// Give an account of an alliance a role in it.
    GrantRole(AllianceId, Role),
    /// Take a role in an alliance from an account.
    RevokeRole(AllianceId, Role),
    /// Decide whether an alliance's staff need a second factor.
    EditAlliance(AllianceId),
    /// See an entry of the audit log.
    ReadAuditEntry(Entry<'a>),
    /// See a partner's key, though never its secret.
    ReadApiKey(AllianceId, ApiKeyId),
    /// Make a partner's key.
    CreateApiKey(AllianceId),
    /// Revoke a partner's key.
    RevokeApiKey(AllianceId),
}

impl Viewer {
    /// Whether this viewer may do it.
    #[must_use]
    pub fn may(&self, action: Action<'_>) -> bool {
        use Action as A;
        match action {
            A::ReadAlliance
            | A::ReadInstitution(..)
            | A::ReadCampaign(..)
            | A::ReadEvent(..)
            | A::ReadPerson(..)
            | A::EditAlliance(_) => content::may(self, action),
            A::ReadPost(_)
            | A::ReadWholePost(_)
            | A::CreatePost(_)
            | A::EditPost(_)
            | A::SubmitPost(_)
            | A::ReturnPost(_)
            | A::AnnotatePost(_)
            | A::PreviewPost(_)
            | A::PublishPost(_)
            | A::SchedulePost(_)
            | A::CorrectPost(_)
            | A::UnpublishPost(_)
            | A::ArchivePost(_)
            | A::DeletePost(_)
            | A::RestorePost(_)
            | A::ReactToPost(_) => posts::may(self, action),
            A::ReadComment(_) | A::ReadCommentText(_) => reactions::may(self, action),
            A::ReadAuditEntry(entry) => audit::may_read(self, entry),
            A::ReadAccount(_)
            | A::EditAccount(_)
            | A::DisableAccount(_)
            | A::ExportAccount(_)
            | A::EraseAccount(_)
            | A::InviteAccount(..)
            | A::GrantRole(..)
            | A::RevokeRole(..)
            | A::ReadApiKey(..)
            | A::CreateApiKey(_)
            | A::RevokeApiKey(_) => accounts::may(self, action),
        }
    }

    /// Nothing where this viewer may do it.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where signing in may help, [`Error::Forbidden`] where it does not.
    pub fn must(&self, action: Action<'_>) -> Result<()> {
        match self {
            _ if self.may(action) => Ok(()),
            Self::Anonymous | Self::Visitor(_) => Err(Error::Unauthenticated(SIGN_IN)),
            Self::Account(_) | Self::Partner(_) => Err(Error::Forbidden(action.words())),
        }
    }
}

impl Action<'_> {
    /// The act in words that follow "you may not".
    fn words(&self) -> &'static str {
        match self {
            Self::ReadAlliance => "see this alliance",
            Self::ReadInstitution(..) => "see this institution",
            Self::ReadCampaign(..) => "see this campaign",
            Self::ReadEvent(..) => "see this event",
            Self::ReadPerson(..) => "see this person",
            Self::ReadPost(_) => "see this post",
            Self::ReadWholePost(_) => "see all of this post",
            Self::EditPost(_) => "edit this post",
            Self::CreatePost(_) => "write posts for this alliance",
            Self::SubmitPost(_) => "submit this post for review",
            Self::ReturnPost(_) => "return this post",
            Self::AnnotatePost(_) => "write notes on this post",
            Self::PreviewPost(_) => "show drafts of this post to others",
            Self::PublishPost(_) => "publish this post",
            Self::SchedulePost(_) => "schedule this post",
            Self::CorrectPost(_) => "correct this post",
            Self::UnpublishPost(_) => "withdraw this post",
            Self::ArchivePost(_) => "archive this post",
            Self::DeletePost(_) => "delete this post",
            Self::RestorePost(_) => "restore this post",
            Self::ReactToPost(_) => "react to this post",
            Self::ReadComment(_) => "see this comment",
            Self::ReadCommentText(_) => "see what this comment says",
            Self::ReadAccount(_) => "see this account",
            Self::EditAccount(_) => "change this account",
            Self::DisableAccount(_) => "disable this account",
            Self::ExportAccount(_) => "export this account",
            Self::EraseAccount(_) => "erase this account",
            Self::InviteAccount(..) => "invite somebody to this alliance",
            Self::GrantRole(..) => "grant roles in this alliance",
            Self::RevokeRole(..) => "revoke roles in this alliance",
            Self::EditAlliance(_) => "change the rules of this alliance",
            Self::ReadAuditEntry(_) => "see this entry of the audit log",
            Self::ReadApiKey(..) => "see the keys of this alliance",
            Self::CreateApiKey(_) => "make keys for this alliance",
            Self::RevokeApiKey(_) => "revoke keys of this alliance",
        }
    }
}
