//! What is reacted to, for those who are about to.

use alliance_entity::id::{AllianceId, CampaignId, EventId, PostId, PostRevisionId};
use alliance_entity::reaction::SubjectType;
use alliance_entity::{campaign, event, post};
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::policy::content::{readable_campaigns, readable_events};
use crate::policy::posts::readable_posts;
use crate::policy::{Action, Owned};
use crate::viewer::Viewer;

/// What is reacted to.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// What kind of thing it is.
    pub on: SubjectType,
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub alliance: AllianceId,
    /// The revision of a post that is public.
    pub revision: Option<PostRevisionId>,
    /// What reacting to it is, to the policy.
    pub reacting: Action<'static>,
}

/// What a viewer wants to react to; none where they may not see it. It stays until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn hold(txn: &Transaction, viewer: &Viewer, subject: (SubjectType, Uuid)) -> Result<Option<Subject>> {
    read(txn, viewer, subject, true).await
}

/// The same, which may go at any moment.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(db: &impl ConnectionTrait, viewer: &Viewer, subject: (SubjectType, Uuid)) -> Result<Option<Subject>> {
    read(db, viewer, subject, false).await
}

async fn read(db: &impl ConnectionTrait, viewer: &Viewer, (on, id): (SubjectType, Uuid), holds: bool) -> Result<Option<Subject>> {
    Ok(match on {
        SubjectType::Post => {
            let found = post::Entity::find_by_id(PostId(id)).filter(readable_posts(viewer).condition());
            held(found, holds).one(db).await?.filter(|post| post.deleted_at.is_none()).map(|post| {
                let owned = Owned { owner: post.owner_id, alliance: post.alliance_id, state: post.status };
                let (alliance, revision) = (post.alliance_id, post.live_revision_id);
                Subject { on, id, alliance, revision, reacting: Action::ReactToPost(owned) }
            })
        }
        SubjectType::Campaign => {
            let found = campaign::Entity::find_by_id(CampaignId(id)).filter(readable_campaigns(viewer).condition());
            held(found, holds).one(db).await?.map(|row| {
                let (alliance, reacting) = (row.alliance_id, Action::ReactToCampaign(row.alliance_id, row.status));
                Subject { on, id, alliance, revision: None, reacting }
            })
        }
        SubjectType::Event => {
            let found = event::Entity::find_by_id(EventId(id)).filter(readable_events(viewer).condition());
            held(found, holds).one(db).await?.map(|row| {
                let (alliance, reacting) = (row.alliance_id, Action::ReactToEvent(row.alliance_id, row.status));
                Subject { on, id, alliance, revision: None, reacting }
            })
        }
    })
}

fn held<E: EntityTrait>(found: Select<E>, holds: bool) -> Select<E> {
    if holds { found.lock(LockType::KeyShare) } else { found }
}
