//! Who may do what: all of it. Each rule of reading stands here twice, as a decision about one row and as a condition in SQL, and
//! a test runs both over the same rows. A store reads only what a [`Readable`] lets it, and nothing else can make one.

pub mod content;
pub mod reactions;
pub mod search;
pub mod staff;

use std::marker::PhantomData;

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::institution::InstitutionStatus;
use alliance_entity::post::PostStatus;
use alliance_entity::reaction::ReactionState;
use sea_orm::Condition;

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

/// What can be done, with what it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// See an alliance.
    ReadAlliance,
    /// See an institution.
    ReadInstitution(InstitutionStatus),
    /// See a campaign.
    ReadCampaign(CampaignStatus),
    /// See an event.
    ReadEvent(EventStatus),
    /// See a post.
    ReadPost(PostStatus),
    /// See a person who holds this number of public roles.
    ReadPerson(usize),
    /// See the comment of a reaction whose subject can be seen.
    ReadComment(ReactionState),
    /// Change what a post says.
    EditPost(PostStatus),
    /// Make a post public.
    PublishPost(PostStatus),
    /// Delete a post.
    DeletePost(PostStatus),
    /// React to a post.
    ReactToPost(PostStatus),
}

impl Viewer {
    /// Whether this viewer may do it.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        match self {
            Self::Anonymous => a_stranger_may(action),
        }
    }
}

fn a_stranger_may(action: Action) -> bool {
    match action {
        Action::ReadAlliance => true,
        Action::ReadInstitution(status) => status == InstitutionStatus::Published,
        Action::ReadCampaign(status) => matches!(status, CampaignStatus::Active | CampaignStatus::Closed),
        Action::ReadEvent(status) => matches!(status, EventStatus::Scheduled | EventStatus::Cancelled),
        Action::ReadPost(status) => status == PostStatus::Published,
        Action::ReadPerson(roles) => roles > 0,
        Action::ReadComment(state) => state == ReactionState::Counted,
        Action::EditPost(_) | Action::PublishPost(_) | Action::DeletePost(_) | Action::ReactToPost(_) => false,
    }
}
