//! Lists of posts.

use alliance_entity::id::{CampaignId, PostId};
use alliance_entity::{campaign, event, institution, person, post, post_campaign, post_institution};

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait};

use crate::app::App;
use crate::error::Result;
use crate::lookup::store::alliance_called;
use crate::page::OrderDirection;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::content::{readable_campaigns, readable_events, readable_institutions, readable_people};
use crate::policy::posts::wholly_readable_posts;
use crate::posts::store::{LivePost, live_posts, with_columns};
use crate::posts::{PostFilter, PostOrder, PostOrderField, Scope};
use crate::scalar::{IdOf, Text};
use crate::viewer::Viewer;

/// Posts in an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Posts {
    /// Whose.
    pub scope: Scope,
    /// Which of them.
    pub filter: PostFilter,
    /// In what order.
    pub order: PostOrder,
}

impl Listed for Posts {
    type Row = LivePost;

    fn order(&self) -> Order {
        let descending = self.order.direction == OrderDirection::Desc;
        let (name, key) = match (self.order.field, descending) {
            (PostOrderField::PublishedAt, true) => ("posts.published.desc", self.published_at()),
            (PostOrderField::PublishedAt, false) => ("posts.published.asc", self.published_at()),
            (PostOrderField::UpdatedAt, true) => ("posts.updated.desc", Expr::col((post::Entity, post::Column::UpdatedAt))),
            (PostOrderField::UpdatedAt, false) => ("posts.updated.asc", Expr::col((post::Entity, post::Column::UpdatedAt))),
        };
        Order { name, key, like: Key::Time(0), descending }
    }

    fn id(&self) -> Expr {
        match self.scope {
            Scope::All | Scope::Alliance => Expr::col((post::Entity, post::Column::Id)),
            Scope::Campaign => Expr::col((post_campaign::Entity, post_campaign::Column::PostId)),
            Scope::Institution => Expr::col((post_institution::Entity, post_institution::Column::PostId)),
        }
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let PostFilter { kinds, published_from, published_before, .. } = &self.filter;
        let mut select = live_posts(viewer);
        self.narrow_for_staff(&mut select, viewer);
        select.and_where_option(kinds.as_ref().map(|kinds| post::Column::Kind.is_in(kinds.iter().copied())));
        select.and_where_option(published_from.map(|from| self.published_at().gte(from.0)));
        select.and_where_option(published_before.map(|before| self.published_at().lt(before.0)));
        if viewer.is_staff() && self.order.field == PostOrderField::PublishedAt {
            // What was never published has no place in this order.
            select.and_where(self.published_at().is_not_null());
        }
        self.narrow(&mut select, viewer);
        let Some(parent) = parent else { return select };
        let same_post = self.id().equals((post::Entity, post::Column::Id));
        match self.scope {
            Scope::All => {}
            Scope::Alliance => {
                select.and_where(Expr::col((post::Entity, post::Column::AllianceId)).eq(parent));
            }
            Scope::Campaign => {
                select.inner_join(post_campaign::Entity, same_post);
                select.and_where(Expr::col((post_campaign::Entity, post_campaign::Column::CampaignId)).eq(parent));
                select.and_where(self.published_at().is_not_null());
            }
            Scope::Institution => {
                select.inner_join(post_institution::Entity, same_post);
                select.and_where(Expr::col((post_institution::Entity, post_institution::Column::InstitutionId)).eq(parent));
                select.and_where(self.published_at().is_not_null());
            }
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        with_columns(select);
    }
}

impl Posts {
    /// Holds the list to what its filter names: a hidden object is named in vain.
    fn narrow(&self, select: &mut SelectStatement, viewer: &Viewer) {
        let PostFilter { alliance, campaign, institution, .. } = &self.filter;
        let column = |column| Expr::col((post::Entity, column));
        if let Some(Text(slug)) = alliance {
            select.and_where(column(post::Column::AllianceId).eq(alliance_called(slug)));
        }
        if let Some(IdOf(campaign)) = campaign {
            select.and_where(column(post::Column::Id).in_subquery(of_campaign(viewer, *campaign)));
        }
        if let Some(IdOf(institution)) = institution {
            let mut of_institution = Query::select();
            of_institution
                .column((post_institution::Entity, post_institution::Column::PostId))
                .from(post_institution::Entity)
                .inner_join(
                    institution::Entity,
                    Expr::col((post_institution::Entity, post_institution::Column::InstitutionId))
                        .equals((institution::Entity, institution::Column::Id)),
                )
                .and_where(institution::Column::Id.eq(*institution))
                .cond_where(readable_institutions(viewer).condition());
            select.and_where(column(post::Column::Id).in_subquery(of_institution));
        }
        self.narrow_to_named(select, viewer);
    }

    /// What only staff can tell posts apart by. To others no post is another than live.
    fn narrow_for_staff(&self, select: &mut SelectStatement, viewer: &Viewer) {
        let PostFilter { statuses, has_pending_changes, deleted, .. } = &self.filter;
        select.and_where_option(statuses.as_ref().map(|statuses| post::Column::Status.is_in(statuses.iter().copied())));
        let column = |column| Expr::col((post::Entity, column));
        let (draft, live) = (|| column(post::Column::DraftRevisionId), || column(post::Column::LiveRevisionId));
        if has_pending_changes.is_some() {
            // To others what is public has no changes that they could know of.
            select.cond_where(wholly_readable_posts(viewer).condition());
        }
        match has_pending_changes {
            Some(true) => select.and_where(draft().is_not_null()).and_where(live().is_not_null()),
            Some(false) => select.and_where(draft().is_null().or(live().is_null())),
            None => select,
        };
        match deleted {
            Some(true) => select.and_where(column(post::Column::DeletedAt).is_not_null()),
            _ if viewer.is_staff() => select.and_where(column(post::Column::DeletedAt).is_null()),
            _ => select,
        };
    }

    fn narrow_to_named(&self, select: &mut SelectStatement, viewer: &Viewer) {
        let PostFilter { event, author, .. } = &self.filter;
        let column = |column| Expr::col((post::Entity, column));
        if let Some(IdOf(event)) = event {
            let mut named = Query::select();
            named
                .column((event::Entity, event::Column::Id))
                .from(event::Entity)
                .and_where(event::Column::Id.eq(*event))
                .cond_where(readable_events(viewer).condition());
            select.and_where(column(post::Column::EventId).in_subquery(named));
        }
        if let Some(IdOf(author)) = author {
            let mut named = Query::select();
            named
                .column((person::Entity, person::Column::Id))
                .from(person::Entity)
                .and_where(person::Column::Id.eq(*author))
                .cond_where(readable_people(viewer).condition());
            select.and_where(column(post::Column::AuthorId).in_subquery(named));
        }
    }

    /// The column of the table whose index holds this list in order.
    fn published_at(&self) -> Expr {
        match self.scope {
            Scope::All | Scope::Alliance => Expr::col((post::Entity, post::Column::PublishedAt)),
            Scope::Campaign => Expr::col((post_campaign::Entity, post_campaign::Column::PublishedAt)),
            Scope::Institution => Expr::col((post_institution::Entity, post_institution::Column::PublishedAt)),
        }
    }
}

/// The ids of the posts of a campaign; none where it is hidden.
fn of_campaign(viewer: &Viewer, campaign: CampaignId) -> SelectStatement {
    let same = Expr::col((campaign::Entity, campaign::Column::Id));
    let mut select = Query::select();
    select
        .column((post_campaign::Entity, post_campaign::Column::PostId))
        .from(post_campaign::Entity)
        .inner_join(campaign::Entity, Expr::col((post_campaign::Entity, post_campaign::Column::CampaignId)).eq(same))
        .and_where(campaign::Column::Id.eq(campaign))
        .cond_where(readable_campaigns(viewer).condition());
    select
}

/// Whether a post belongs to a campaign that the viewer may see.
///
/// # Errors
/// Where the database does not answer.
pub async fn is_in_campaign(app: &App, viewer: &Viewer, post: PostId, campaign: CampaignId) -> Result<bool> {
    let mut select = of_campaign(viewer, campaign);
    select.and_where(post_campaign::Column::PostId.eq(post));
    Ok(app.db().read().query_one(&select).await?.is_some())
}
