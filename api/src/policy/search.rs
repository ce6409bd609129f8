//! Which search documents a viewer may find, as SQL: those of what the viewer may read. Staff find no drafts here: only what is live
//! has a document.

use alliance_entity::search_document::{self, SearchType};
use alliance_entity::{campaign, event, institution, post};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, IntoTableRef, Query};
use sea_orm::{ColumnTrait, Condition};

use crate::policy::Readable;
use crate::policy::content::{readable_campaigns, readable_events, readable_institutions};
use crate::policy::posts::readable_posts;
use crate::viewer::Viewer;

/// Documents of subjects that the viewer may read.
#[must_use]
pub fn readable_documents(viewer: &Viewer) -> Readable<search_document::Entity> {
    let posts = subject(post::Entity, (post::Entity, post::Column::Id), readable_posts(viewer).condition());
    let campaigns = subject(campaign::Entity, (campaign::Entity, campaign::Column::Id), readable_campaigns(viewer).condition());
    let events = subject(event::Entity, (event::Entity, event::Column::Id), readable_events(viewer).condition());
    let institutions =
        subject(institution::Entity, (institution::Entity, institution::Column::Id), readable_institutions(viewer).condition());
    let documents = [
        (SearchType::Post, posts),
        (SearchType::Campaign, campaigns),
        (SearchType::Event, events),
        (SearchType::Institution, institutions),
    ];
    let any = documents.into_iter().fold(Condition::any(), |any, (of, readable)| {
        any.add(Condition::all().add(search_document::Column::SubjectType.eq(of)).add(readable))
    });
    Readable::only(any)
}

fn subject(table: impl IntoTableRef, id: impl IntoColumnRef, readable: Condition) -> Expr {
    let mut select = Query::select();
    select
        .expr(Expr::val(1))
        .from(table)
        .and_where(Expr::col(id).equals((search_document::Entity, search_document::Column::SubjectId)))
        .cond_where(readable);
    Expr::exists(select)
}
