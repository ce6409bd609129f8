//! The demo content's one reaction.

use alliance_entity::id::{PostId, PostRevisionId, ReactionId};
use alliance_entity::reaction::{self, ReactionKind, SubjectType};
use alliance_entity::reaction_counter;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};

use crate::demo::named;
use crate::demo::rows::time;
use crate::demo::{alliance_id, content};
use crate::error::Result;

/// Writes the one reaction that there is, and its sum.
pub(super) async fn write(db: &impl ConnectionTrait, post: &content::Post) -> Result<()> {
    let subject_id = named!(PostId, post.slug).0;
    let row = reaction::Model {
        revision_id: Some(named!(PostRevisionId, post.slug)),
        has_comment: true,
        comment: Some("I was there, and I will vote. (Sample comment.)".to_owned()),
        author_name: Some("Sample Supporter".to_owned()),
        ..reaction::Model::counted(
            named!(ReactionId, post.slug),
            (SubjectType::Post, subject_id),
            alliance_id(),
            ReactionKind::Support,
            time("2015-04-29T08:00:00Z")?,
        )
    };
    reaction::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    let sum = reaction_counter::Model { subject_id, kind: ReactionKind::Support, total: 1 };
    reaction_counter::Entity::insert(sum.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}
