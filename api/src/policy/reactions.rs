//! Who reacts, who moderates, and which comments a viewer may read, as a decision and as SQL. Each comment is of a subject that the
//! viewer may read.

use alliance_entity::id::AllianceId;
use alliance_entity::reaction::{self, ReactionState, SubjectType};
use alliance_entity::{campaign, event, post};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, IntoTableRef, Query};
use sea_orm::{ColumnTrait, Condition, Iterable};

use crate::policy::content::{PUBLIC_CAMPAIGNS, PUBLIC_EVENTS, readable_campaigns, readable_events};
use crate::policy::posts::{readable_posts, takes_part};
use crate::policy::{Action, Reacted, Readable};
use crate::viewer::{Viewer, Writer};

/// What is held back or was removed: its writer sees what became of it, and so do those who moderate.
const SETTLING: [ReactionState; 2] = [ReactionState::Pending, ReactionState::Removed];

/// Counted comments are public; what its writer took back is gone. Of what was removed its writer learns that it was.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    let own = |reacted: Reacted| reacted.writer.is_some() && reacted.writer == viewer.writer();
    let moderates = |alliance: AllianceId| viewer.edits().covers(alliance);
    let reads = |reacted: Reacted| match reacted.state {
        ReactionState::Counted => true,
        ReactionState::Pending | ReactionState::Removed => own(reacted) || moderates(reacted.alliance),
        ReactionState::Withdrawn => false,
    };
    match action {
        Action::ReactToCampaign(alliance, status) => takes_part(viewer, alliance) && PUBLIC_CAMPAIGNS.contains(&status),
        Action::ReactToEvent(alliance, status) => takes_part(viewer, alliance) && PUBLIC_EVENTS.contains(&status),
        Action::WithdrawReaction => viewer.writer().is_some(),
        Action::ModerateComments(alliance) => moderates(alliance),
        Action::ReadComment(reacted) => reads(reacted),
        Action::ReadCommentText(reacted) => {
            reads(reacted) && (reacted.state != ReactionState::Removed || moderates(reacted.alliance))
        }
        _ => false,
    }
}

/// Reactions that carry a comment which the viewer may read.
#[must_use]
pub fn readable_comments(viewer: &Viewer) -> Readable<reaction::Entity> {
    let any = SubjectType::iter().fold(Condition::any(), |any, on| any.add(comments_on(viewer, on, true)));
    Readable::only(any)
}

/// The counted ones among them, of subjects of one type.
#[must_use]
pub fn readable_comments_on(viewer: &Viewer, on: SubjectType) -> Readable<reaction::Entity> {
    Readable::only(comments_on(viewer, on, false))
}

/// What the viewer said of what they may still read, with a comment or without one, and has not taken back.
#[must_use]
pub fn own_reactions(viewer: &Viewer) -> Readable<reaction::Entity> {
    let Some(writer) = viewer.writer() else { return Readable::only(Condition::any().add(nothing())) };
    let any = SubjectType::iter().fold(Condition::any(), |any, on| {
        any.add(Condition::all().add(reaction::Column::SubjectType.eq(on)).add(of_readable(viewer, on)))
    });
    Readable::only(Condition::all().add(of(writer)).add(reaction::Column::State.ne(ReactionState::Withdrawn)).add(any))
}

/// The comments that a moderator is to look at.
#[must_use]
pub fn moderated_comments(viewer: &Viewer) -> Readable<reaction::Entity> {
    let covered = viewer.edits().or((reaction::Entity, reaction::Column::AllianceId), Condition::any().add(nothing()));
    Readable::only(Condition::all().add(reaction::Column::ToModerate.eq(true)).add(covered))
}

fn comments_on(viewer: &Viewer, on: SubjectType, with_settling: bool) -> Condition {
    let counted = Condition::all().add(reaction::Column::State.eq(ReactionState::Counted));
    let state = match settling(viewer) {
        Some(settling) if with_settling => Condition::any().add(counted).add(settling),
        _ => counted,
    };
    Condition::all()
        .add(state)
        .add(reaction::Column::HasComment.eq(true))
        .add(reaction::Column::SubjectType.eq(on))
        .add(of_readable(viewer, on))
}

/// Reactions to what the viewer may read.
fn of_readable(viewer: &Viewer, on: SubjectType) -> Expr {
    match on {
        SubjectType::Post => subject(post::Entity, (post::Entity, post::Column::Id), readable_posts(viewer).condition()),
        SubjectType::Campaign => {
            subject(campaign::Entity, (campaign::Entity, campaign::Column::Id), readable_campaigns(viewer).condition())
        }
        SubjectType::Event => subject(event::Entity, (event::Entity, event::Column::Id), readable_events(viewer).condition()),
    }
}

/// What of the comments that do not count the viewer may read; nothing where nobody can be known again.
fn settling(viewer: &Viewer) -> Option<Condition> {
    let own = Condition::any().add(of(viewer.writer()?));
    let whose = viewer.edits().or((reaction::Entity, reaction::Column::AllianceId), own);
    Some(Condition::all().add(reaction::Column::State.is_in(SETTLING)).add(whose))
}

fn of(writer: Writer) -> Expr {
    match writer {
        Writer::Account(id) => reaction::Column::AccountId.eq(id),
        Writer::Visitor(id) => reaction::Column::VisitorId.eq(id),
    }
}

/// Satisfied by no row.
fn nothing() -> Expr {
    Expr::val(1).eq(0)
}

fn subject(table: impl IntoTableRef, id: impl IntoColumnRef, readable: Condition) -> Expr {
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(table)
        .and_where(Expr::col(id).equals((reaction::Entity, reaction::Column::SubjectId)))
        .cond_where(readable);
    Expr::exists(select)
}
