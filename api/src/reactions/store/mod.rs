//! Every SQL statement about reactions: here those that read, beside them the sums, the changes and the links that confirm.

pub mod change;
pub mod links;
pub mod subjects;
pub mod sums;

use std::collections::HashMap;

use alliance_entity::id::{AllianceId, ReactionId};
use alliance_entity::reaction::{self, ReactionKind, ReactionState, SubjectType};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::reactions::{moderated_comments, own_reactions, readable_comments, readable_comments_on};
use crate::viewer::Viewer;

impl Load for ReactionId {
    type Value = reaction::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut readable = Condition::any().add(readable_comments(viewer).condition());
        if viewer.writer().is_some() {
            readable = readable.add(own_reactions(viewer).condition());
        }
        let found = reaction::Entity::find().filter(reaction::Column::Id.is_in(keys)).filter(readable);
        Ok(found.all(app.db().read()).await?.into_iter().map(|reaction| (reaction.id, reaction)).collect())
    }
}

/// The kinds by which the viewer has reacted to a subject, as a key to load them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OwnKinds(pub Uuid);

impl Load for OwnKinds {
    type Value = Vec<ReactionKind>;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let own = reaction::Entity::find()
            .select_only()
            .columns([reaction::Column::SubjectId, reaction::Column::Kind])
            .filter(own_reactions(viewer).condition())
            .filter(reaction::Column::State.eq(ReactionState::Counted))
            .filter(reaction::Column::SubjectId.is_in(keys.into_iter().map(|Self(id)| id)));
        let mut kinds: HashMap<Self, Self::Value> = HashMap::new();
        for (subject, kind) in own.into_tuple::<(Uuid, ReactionKind)>().all(app.db().read()).await? {
            kinds.entry(Self(subject)).or_default().push(kind);
        }
        Ok(kinds)
    }
}

/// A list of reactions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reactions {
    /// The comments on a subject of this type that count, the newest first.
    On(SubjectType),
    /// The comments that an alliance's moderators are to look at, the oldest first.
    ToModerate(AllianceId),
    /// The viewer's own, the newest first.
    Own,
}

impl Listed for Reactions {
    type Row = reaction::Model;

    fn order(&self) -> Order {
        let key = Expr::col((reaction::Entity, reaction::Column::CreatedAt));
        let (name, descending) = match self {
            Self::On(_) => ("comments.created.desc", true),
            Self::ToModerate(_) => ("moderation.created", false),
            Self::Own => ("reactions.created.desc", true),
        };
        Order { name, key, like: Key::Time(0), descending }
    }

    fn id(&self) -> Expr {
        Expr::col((reaction::Entity, reaction::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let mut select = Query::select();
        select.from(reaction::Entity);
        match self {
            Self::On(on) => select.cond_where(readable_comments_on(viewer, *on).condition()),
            Self::ToModerate(alliance) => select
                .cond_where(moderated_comments(viewer).condition())
                .and_where(Expr::col((reaction::Entity, reaction::Column::AllianceId)).eq(*alliance)),
            Self::Own => select.cond_where(own_reactions(viewer).condition()),
        };
        select.and_where_option(parent.map(|id| Expr::col((reaction::Entity, reaction::Column::SubjectId)).eq(id)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(reaction::Column::iter().map(|column| (reaction::Entity, column)));
    }
}
