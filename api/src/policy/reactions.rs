//! Which comments a viewer may read, as SQL: the counted ones, of subjects that the viewer may read.

use alliance_entity::reaction::{self, ReactionState};
use alliance_entity::{campaign, event, post};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, IntoTableRef, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition};

use crate::policy::Readable;
use crate::policy::content::{readable_campaigns, readable_events, readable_posts};
use crate::viewer::Viewer;

/// Reactions that carry a comment which the viewer may read.
#[must_use]
pub fn readable_comments(viewer: &Viewer) -> Readable<reaction::Entity> {
    let subject = Condition::any()
        .add(Expr::exists(subject(post::Entity, (post::Entity, post::Column::Id), readable_posts(viewer).condition())))
        .add(Expr::exists(subject(
            campaign::Entity,
            (campaign::Entity, campaign::Column::Id),
            readable_campaigns(viewer).condition(),
        )))
        .add(Expr::exists(subject(event::Entity, (event::Entity, event::Column::Id), readable_events(viewer).condition())));
    let comment = Condition::all()
        .add(reaction::Column::State.eq(ReactionState::Counted))
        .add(reaction::Column::HasComment.eq(true))
        .add(subject);
    Readable::only(comment)
}

fn subject(table: impl IntoTableRef, id: impl IntoColumnRef, readable: Condition) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(table)
        .and_where(Expr::col(id).equals((reaction::Entity, reaction::Column::SubjectId)))
        .cond_where(readable);
    select
}
