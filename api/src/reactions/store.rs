//! Every SQL statement about reactions.

use std::collections::HashMap;

use alliance_entity::reaction::ReactionKind;
use alliance_entity::reaction_counter;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::viewer::Viewer;

/// The counters of a subject, as a key to load them by. Who holds the id of a subject has read it, so that nothing else decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CountersOf(pub Uuid);

impl Load for CountersOf {
    type Value = HashMap<ReactionKind, i64>;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let subjects = keys.iter().map(|Self(id)| *id);
        let counters = reaction_counter::Entity::find()
            .filter(reaction_counter::Column::SubjectId.is_in(subjects))
            .all(app.db().read())
            .await?;
        let mut sums: HashMap<Self, Self::Value> = HashMap::new();
        for counter in counters {
            sums.entry(Self(counter.subject_id)).or_default().insert(counter.kind, counter.total);
        }
        Ok(sums)
    }
}
