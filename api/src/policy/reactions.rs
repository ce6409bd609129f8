//! Which comments a viewer may read, as SQL: the counted ones, of subjects that the viewer may read.

use alliance_entity::reaction::{self, ReactionState, SubjectType};
use alliance_entity::{campaign, event, post};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, IntoTableRef, Query};
use sea_orm::{ColumnTrait, Condition, Iterable};

use crate::policy::Readable;
use crate::policy::content::{readable_campaigns, readable_events, readable_posts};
use crate::viewer::Viewer;

/// Reactions that carry a comment which the viewer may read.
#[must_use]
pub fn readable_comments(viewer: &Viewer) -> Readable<reaction::Entity> {
    let any = SubjectType::iter().fold(Condition::any(), |any, on| any.add(comments_on(viewer, on)));
    Readable::only(any)
}

/// The same, of subjects of one type.
#[must_use]
pub fn readable_comments_on(viewer: &Viewer, on: SubjectType) -> Readable<reaction::Entity> {
    Readable::only(comments_on(viewer, on))
}

fn comments_on(viewer: &Viewer, on: SubjectType) -> Condition {
    let subject = match on {
        SubjectType::Post => subject(post::Entity, (post::Entity, post::Column::Id), readable_posts(viewer).condition()),
        SubjectType::Campaign => {
            subject(campaign::Entity, (campaign::Entity, campaign::Column::Id), readable_campaigns(viewer).condition())
        }
        SubjectType::Event => subject(event::Entity, (event::Entity, event::Column::Id), readable_events(viewer).condition()),
    };
    Condition::all()
        .add(reaction::Column::State.eq(ReactionState::Counted))
        .add(reaction::Column::HasComment.eq(true))
        .add(reaction::Column::SubjectType.eq(on))
        .add(subject)
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
