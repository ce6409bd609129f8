//! ReactionSummary, as clients see it.

use alliance_entity::reaction::{ReactionKind, SubjectType};
use async_graphql::{Context, Object, SimpleObject};
use sea_orm::Iterable;
use uuid::Uuid;

use crate::app::App;
use crate::context::Ask;
use crate::error::Result;
use crate::reactions::languages;
use crate::reactions::store::OwnKinds;
use crate::reactions::store::sums::{Sums, SumsOf};

/// The sums of a subject.
#[derive(Debug, Clone)]
pub struct ReactionSummary {
    subject: Uuid,
    sums: Sums,
    smallest: i64,
}

impl ReactionSummary {
    /// The sums of what has this id.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn of(ctx: &Context<'_>, on: SubjectType, id: Uuid) -> Result<Self> {
        Ok(Self::new(ctx.app(), id, ctx.load(SumsOf { on, id }).await?.unwrap_or_default()))
    }

    /// These sums of what has this id.
    #[must_use]
    pub fn new(app: &App, id: Uuid, sums: Sums) -> Self {
        let smallest = i64::try_from(app.config().limits.smallest_sum).unwrap_or(i64::MAX);
        Self { subject: id, sums, smallest }
    }

    /// The sum, unless it is so small that it tells on those who gave it.
    #[must_use]
    pub fn told(&self) -> Option<i64> {
        // Each kind counts once for each person: the largest is how many they are at least.
        let people = self.sums.counts.values().copied().max().unwrap_or_default();
        (!self.sums.is_sensitive || people >= self.smallest).then(|| self.sums.counts.values().sum())
    }

    /// All that is told of the sums, the same text where the same is told.
    #[must_use]
    pub fn told_in_full(&self) -> String {
        format!("{:?} {:?}", self.told(), self.kinds())
    }

    /// The sums by kind; none where they must not be told.
    fn kinds(&self) -> Vec<(ReactionKind, i64)> {
        if self.sums.is_sensitive {
            return Vec::new();
        }
        ReactionKind::iter().map(|kind| (kind, self.sums.counts.get(&kind).copied().unwrap_or_default())).collect()
    }
}

/// How many people reacted, and how. It never says who.
#[Object]
impl ReactionSummary {
    /// All reactions together; null where they are few and must not be told, as on what belongs to a sensitive campaign.
    async fn total(&self) -> Option<i64> {
        self.told()
    }

    /// The sum in words: "Add your reaction", "1 reaction", "12 reactions". Where the sum is not told it is the invitation.
    #[allow(clippy::unused_async, reason = "every field of an object is asked for in this way")]
    async fn label(
        &self,
        #[graphql(
            desc = "In which language, by its tag, such as `en` or `pl`. For one that is not known the error names those that are.",
            default = "en"
        )]
        language: String,
    ) -> Result<String> {
        languages::label(self.told().unwrap_or_default(), &language)
    }

    /// The reactions by kind: every kind once, in the order of the kinds, those without a reaction too. Empty on what belongs to a sensitive
    /// campaign.
    async fn by_kind(&self) -> Vec<ReactionKindCount> {
        self.kinds().into_iter().map(|(kind, count)| ReactionKindCount { kind, count }).collect()
    }

    /// The kinds by which you have reacted yourself, in the order of the kinds; empty for somebody without a token.
    async fn viewer_kinds(&self, ctx: &Context<'_>) -> Result<Vec<ReactionKind>> {
        if ctx.viewer().writer().is_none() {
            return Ok(Vec::new());
        }
        let own = ctx.load(OwnKinds(self.subject)).await?.unwrap_or_default();
        Ok(ReactionKind::iter().filter(|kind| own.contains(kind)).collect())
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
