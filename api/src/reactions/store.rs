//! Every SQL statement about reactions.

use std::collections::HashMap;

use alliance_entity::id::ReactionId;
use alliance_entity::reaction::{self, ReactionKind, SubjectType};
use alliance_entity::reaction_counter;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::reactions::{readable_comments, readable_comments_on};
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

impl Load for ReactionId {
    type Value = reaction::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found =
            reaction::Entity::find().filter(reaction::Column::Id.is_in(keys)).filter(readable_comments(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|reaction| (reaction.id, reaction)).collect())
    }
}

/// The comments on a subject, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Comments {
    /// What kind of subject.
    pub on: SubjectType,
}

impl Listed for Comments {
    type Row = reaction::Model;

    fn order(&self) -> Order {
        let key = Expr::col((reaction::Entity, reaction::Column::CreatedAt));
        Order { name: "comments.created.desc", key, like: Key::Time(0), descending: true }
    }

    fn id(&self) -> Expr {
        Expr::col((reaction::Entity, reaction::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let mut select = Query::select();
        select.from(reaction::Entity).cond_where(readable_comments_on(viewer, self.on).condition());
        select.and_where_option(parent.map(|id| Expr::col((reaction::Entity, reaction::Column::SubjectId)).eq(id)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(reaction::Column::iter().map(|column| (reaction::Entity, column)));
    }
}
