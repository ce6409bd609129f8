//! Who may do what: all of it. Each rule of reading stands here twice, as a decision about one row and as a condition in SQL, and
//! a test runs both over the same rows. A store reads only what a [`Readable`] lets it, and nothing else can make one.

pub mod accounts;
pub mod attendance;
pub mod audit;
pub mod content;
pub mod enquiries;
mod may;
pub mod posts;
mod reach;
pub mod reactions;
pub mod search;
pub mod staff;
pub mod subscriptions;
pub mod syndication;
pub mod webhooks;
mod words;

use std::marker::PhantomData;

use alliance_entity::account_role::Role;
use alliance_entity::campaign::CampaignStatus;
use alliance_entity::email_subscription::EmailSubscriptionState;
use alliance_entity::enquiry::EnquiryState;
use alliance_entity::event::EventStatus;
use alliance_entity::event_rsvp::RsvpState;
use alliance_entity::id::{AccountId, AllianceId, ApiKeyId, PartnerId};
use alliance_entity::institution::InstitutionStatus;
use alliance_entity::post::PostStatus;
use alliance_entity::reaction::ReactionState;
use sea_orm::Condition;

use crate::policy::audit::Entry;
use crate::viewer::Writer;

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

/// A reaction, by what decides who sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reacted {
    /// Whose it is; nobody's where its writer is not known any more.
    pub writer: Option<Writer>,
    /// The alliance of its subject.
    pub alliance: AllianceId,
    /// Where it stands.
    pub state: ReactionState,
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
    /// React to a campaign.
    ReactToCampaign(AllianceId, CampaignStatus),
    /// React to an event.
    ReactToEvent(AllianceId, EventStatus),
    /// Take back what one said oneself.
    WithdrawReaction,
    /// See the comment of a reaction whose subject can be seen.
    ReadComment(Reacted),
    /// See what that comment says, not only what became of it.
    ReadCommentText(Reacted),
    /// Decide which comments are shown.
    ModerateComments(AllianceId),
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
    /// Begin a campaign of an alliance.
    CreateCampaign(AllianceId),
    /// Change what a campaign says.
    EditCampaign(AllianceId),
    /// Let a campaign begin, or go on.
    PublishCampaign(AllianceId),
    /// End a campaign.
    CloseCampaign(AllianceId),
    /// Delete a campaign.
    DeleteCampaign(AllianceId),
    /// Write down an institution of an alliance.
    CreateInstitution(AllianceId),
    /// Change what is said of an institution.
    EditInstitution(AllianceId),
    /// Make an institution's page public.
    PublishInstitution(AllianceId),
    /// Say since when an institution is a member.
    JoinInstitution(AllianceId),
    /// Say from when on an institution is no member.
    LeaveInstitution(AllianceId),
    /// Delete an institution.
    DeleteInstitution(AllianceId),
    /// Write down a person of an alliance.
    CreatePerson(AllianceId),
    /// Change what is said of a person, and the public roles.
    EditPerson(AllianceId),
    /// Delete a person.
    DeletePerson(AllianceId),
    /// Write an event of an alliance.
    CreateEvent(AllianceId),
    /// Change what an event says.
    EditEvent(AllianceId),
    /// Announce an event.
    PublishEvent(AllianceId),
    /// Move an event to another time.
    RescheduleEvent(AllianceId),
    /// Call an event off.
    CancelEvent(AllianceId),
    /// Delete an event.
    DeleteEvent(AllianceId),
    /// Begin an alliance on this installation.
    CreateAlliance,
    /// Delete an alliance with all that is its own.
    DeleteAlliance(AllianceId),
    /// Change what is said of an alliance, and whether its staff need a second factor.
    EditAlliance(AllianceId),
    /// See who gets updates by e-mail, with the address.
    ReadEmailSubscription(Owned<EmailSubscriptionState>),
    /// Say what updates go to an address, or that none do.
    EditEmailSubscription(Owned<EmailSubscriptionState>),
    /// Know how many get an alliance's updates by e-mail, and what became of those mails.
    CountEmailSubscriptions(AllianceId),
    /// Have the mail of a post sent to oneself.
    TestMailing(AllianceId),
    /// See an entry of the audit log.
    ReadAuditEntry(Entry<'a>),
    /// See a partner's key, though never its secret.
    ReadApiKey(AllianceId, ApiKeyId),
    /// Make a partner's key.
    CreateApiKey(AllianceId),
    /// Revoke a partner's key.
    RevokeApiKey(AllianceId),
    /// See a partner, and what it may carry.
    ReadPartner(AllianceId, PartnerId),
    /// Write a partner down.
    CreatePartner(AllianceId),
    /// Change what is said of a partner, and what it may carry.
    EditPartner(AllianceId),
    /// Delete a partner with its keys.
    DeletePartner(AllianceId),
    /// See a webhook, of this partner or nobody's, and what is sent to it.
    ReadWebhook(AllianceId, Option<PartnerId>),
    /// Let another site be told what happens.
    CreateWebhook(AllianceId),
    /// Change a webhook.
    EditWebhook(AllianceId),
    /// Delete a webhook.
    DeleteWebhook(AllianceId),
    /// Have something sent to a webhook.
    SendWebhook(AllianceId),
    /// Read the feed of changes that a key is for.
    ReadSyndicationChanges,
    /// Say on what terms others carry a post, and until when nobody does.
    SetPostTerms(Owned<PostStatus>),
    /// Ask an alliance to sit down with one of its organisers.
    SubmitEnquiry,
    /// See an enquiry: what was written, and how far it has come.
    ReadEnquiry(Owned<EnquiryState>),
    /// See what was done about an enquiry, and what those who work it told each other.
    ReadWholeEnquiry(AllianceId),
    /// Say who works an enquiry.
    AssignEnquiry(AllianceId),
    /// Say how far an enquiry has come.
    AdvanceEnquiry(AllianceId),
    /// Write a note on an enquiry.
    AnnotateEnquiry(AllianceId),
    /// Delete an enquiry with all that was noted about it.
    DeleteEnquiry(AllianceId),
    /// Say that one comes to an event.
    RsvpToEvent,
    /// See somebody's answer to an event.
    ReadRsvp(Owned<RsvpState>),
    /// See who comes to the events of an alliance, and exactly how many.
    ReadRsvps(AllianceId),
    /// Say that an account comes to an event no more.
    CancelRsvp(AccountId),
    /// See how many people institutions pledged and brought.
    ReadTurnouts(AllianceId),
    /// Say how many people an institution pledged and brought.
    SetTurnout(AllianceId),
}
