//! How what a message is about stands now, for whoever is told.

use alliance_entity::id::{AllianceId, PostId};
use alliance_entity::{alliance, campaign, event, institution, person, post, webhook_delivery};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::policy::Readable;
use crate::policy::content::{readable_alliances, readable_campaigns, readable_events, readable_institutions, readable_people};
use crate::policy::syndication::carried;
use crate::viewer::{Carries, Viewer};

/// Where a subject stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can be seen.
    Shown,
    /// It cannot be seen, not any more or not yet again.
    Withdrawn,
    /// There is no such thing any more.
    Deleted,
}

impl Standing {
    /// As a message says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Shown => "PUBLISHED",
            Self::Withdrawn => "WITHDRAWN",
            Self::Deleted => "DELETED",
        }
    }
}

/// How the subject of a delivery stands for somebody who carries posts, and its version: of a post that is gone, too.
///
/// # Errors
/// Where the database does not answer.
pub async fn standing(app: &App, carries: &Carries, delivery: &webhook_delivery::Model) -> Result<(Standing, Option<i32>)> {
    let (id, public) = (delivery.subject_id, &Viewer::Anonymous);
    match delivery.subject_type.as_str() {
        "CAMPAIGN" => of::<campaign::Entity>(app, id, readable_campaigns(public), campaign::Column::Version).await,
        "EVENT" => of::<event::Entity>(app, id, readable_events(public), event::Column::Version).await,
        "INSTITUTION" => of::<institution::Entity>(app, id, readable_institutions(public), institution::Column::Version).await,
        "PERSON" => of::<person::Entity>(app, id, readable_people(public), person::Column::Version).await,
        "ALLIANCE" => of::<alliance::Entity>(app, id, readable_alliances(public), alliance::Column::Version).await,
        _ => {
            let Some(post) = post::Entity::find_by_id(PostId(id)).one(app.db().read()).await? else {
                return Ok((Standing::Deleted, None));
            };
            // The version is read first: what is told under it is never older than what it counts.
            let standing = match post.deleted_at {
                Some(_) => Standing::Deleted,
                None if is_carried(app, carries, post.alliance_id, post.id).await? => Standing::Shown,
                None => Standing::Withdrawn,
            };
            Ok((standing, Some(post.public_version)))
        }
    }
}

/// The same of something that says by `version` how often it was changed.
async fn of<E: EntityTrait>(app: &App, id: Uuid, readable: Readable<E>, version: E::Column) -> Result<(Standing, Option<i32>)>
where
    E::Model: Send + Sync,
{
    let one = || E::find().filter(Expr::col((E::default(), sea_orm::sea_query::Alias::new("id"))).eq(id));
    let shown = one().select_only().column(version);
    let shown = shown.filter(readable.condition()).into_tuple::<i32>().one(app.db().read()).await?;
    Ok(match shown {
        Some(version) => (Standing::Shown, Some(version)),
        None if one().count(app.db().read()).await? > 0 => (Standing::Withdrawn, None),
        None => (Standing::Deleted, None),
    })
}

/// Whether a post of an alliance may be carried now.
///
/// # Errors
/// Where the database does not answer.
pub async fn is_carried(app: &App, carries: &Carries, alliance: AllianceId, id: PostId) -> Result<bool> {
    let one = post::Entity::find_by_id(id).filter(carried(carries, app.clock().now()).condition());
    let found = one.one(app.db().read()).await?;
    Ok(found.is_some_and(|post| post.alliance_id == alliance))
}
