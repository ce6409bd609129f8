//! Which comments a viewer may read, as a decision and as SQL. Each is of a subject that the viewer may read.

use alliance_entity::reaction::{self, ReactionState, SubjectType};
use alliance_entity::{campaign, event, post};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, IntoTableRef, Query};
use sea_orm::{ColumnTrait, Condition, Iterable};

use crate::policy::content::{readable_campaigns, readable_events};
use crate::policy::posts::readable_posts;
use crate::policy::reach::Reach;
use crate::policy::{Action, Owned, Readable};
use crate::viewer::Viewer;

/// What is held back or was removed: its writer sees what became of it, and so do those who moderate.
const SETTLING: [ReactionState; 2] = [ReactionState::Pending, ReactionState::Removed];

/// Counted comments are public; what its writer took back is gone. Of what was removed its writer learns that it was.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    let own = |comment: Owned<ReactionState>| viewer.account().is_some_and(|own| comment.owner == Some(own.account));
    let moderates = |comment: Owned<ReactionState>| viewer.edits().covers(comment.alliance);
    let reads = |comment: Owned<ReactionState>| match comment.state {
        ReactionState::Counted => true,
        ReactionState::Pending | ReactionState::Removed => own(comment) || moderates(comment),
        ReactionState::Withdrawn => false,
    };
    match action {
        Action::ReadComment(comment) => reads(comment),
        Action::ReadCommentText(comment) => reads(comment) && (comment.state != ReactionState::Removed || moderates(comment)),
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

fn comments_on(viewer: &Viewer, on: SubjectType, with_settling: bool) -> Condition {
    let readable = match on {
        SubjectType::Post => subject(post::Entity, (post::Entity, post::Column::Id), readable_posts(viewer).condition()),
        SubjectType::Campaign => {
            subject(campaign::Entity, (campaign::Entity, campaign::Column::Id), readable_campaigns(viewer).condition())
        }
        SubjectType::Event => subject(event::Entity, (event::Entity, event::Column::Id), readable_events(viewer).condition()),
    };
    let counted = Condition::all().add(reaction::Column::State.eq(ReactionState::Counted));
    let state = match settling_on(viewer, on) {
        Some(settling) if with_settling => Condition::any().add(counted).add(settling),
        _ => counted,
    };
    Condition::all().add(state).add(reaction::Column::HasComment.eq(true)).add(reaction::Column::SubjectType.eq(on)).add(readable)
}

/// What of the comments that do not count the viewer may read; nothing where nobody is signed in.
fn settling_on(viewer: &Viewer, on: SubjectType) -> Option<Condition> {
    let account = viewer.account()?;
    let own = Condition::any().add(reaction::Column::AccountId.eq(account.account));
    let whose = match viewer.edits() {
        Reach::Everywhere => Condition::all(),
        Reach::In(alliances) if alliances.is_empty() => own,
        reach @ Reach::In(_) => {
            // Nothing satisfies it but what the reach adds.
            let (nothing, post, campaign, event) = (
                || Condition::any().add(Expr::val(1).eq(0)),
                (post::Entity, post::Column::AllianceId),
                (campaign::Entity, campaign::Column::AllianceId),
                (event::Entity, event::Column::AllianceId),
            );
            own.add(match on {
                SubjectType::Post => subject(post::Entity, (post::Entity, post::Column::Id), reach.or(post, nothing())),
                SubjectType::Campaign => {
                    subject(campaign::Entity, (campaign::Entity, campaign::Column::Id), reach.or(campaign, nothing()))
                }
                SubjectType::Event => subject(event::Entity, (event::Entity, event::Column::Id), reach.or(event, nothing())),
            })
        }
    };
    Some(Condition::all().add(reaction::Column::State.is_in(SETTLING)).add(whose))
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
