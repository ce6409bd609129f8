//! Where a post stands: who sees all of it, whose it is, and where it is read.

use alliance_entity::alliance;
use alliance_entity::post::PostStatus;
use async_graphql::Context;

use crate::alliances::address::{self, Kind};
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::policy::{Action, Owned};
use crate::posts::object::Post;

impl Post {
    pub(super) fn rule(&self) -> Owned<PostStatus> {
        Owned { owner: self.0.owner_id, alliance: self.0.alliance_id, state: self.0.status }
    }

    /// Whether who asks works on it.
    pub(super) fn is_open_to(&self, ctx: &Context<'_>) -> bool {
        ctx.viewer().may(Action::ReadWholePost(self.rule()))
    }

    /// The alliance whose post it is.
    pub(super) async fn publisher(&self, ctx: &Context<'_>) -> Result<alliance::Model> {
        ctx.load(self.0.alliance_id).await?.ok_or_else(|| Error::internal("a post's alliance is missing"))
    }

    /// Its public address.
    pub(crate) async fn address(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(address::of(ctx.app(), &self.publisher(ctx).await?, Kind::Post, &self.0.slug, self.0.id.0))
    }
}
