//! The terms of a post, as clients see them.

use async_graphql::{Context, Object};

use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::posts::object::Post;
use crate::scalar::DateTime;

/// A post's terms.
#[derive(Debug, Clone)]
pub struct PostTerms {
    pub(super) post: Post,
}

/// On what terms others may carry a post: its own, or else those of its alliance.
#[Object]
impl PostTerms {
    /// The licence: an SPDX name, such as `CC-BY-4.0`, or an address; null where none is named, so that nobody may carry it unasked.
    async fn licence(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let row = &self.post.0;
        let of_alliance = ctx.load(row.alliance_id).await?.and_then(|alliance| alliance.licence);
        Ok(row.licence.clone().or(of_alliance))
    }

    /// The terms in words.
    async fn usage_terms(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let row = &self.post.0;
        let of_alliance = ctx.load(row.alliance_id).await?.and_then(|alliance| alliance.usage_terms);
        Ok(row.usage_terms.clone().or(of_alliance))
    }

    /// Until when nobody may carry it; null where it may be carried, and to the public.
    #[graphql(directive = staff_only::apply())]
    async fn embargoed_until(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.post.0.embargoed_until.filter(|_| self.post.is_open_to(ctx)).map(DateTime)
    }

    /// What the desks of partners are told of it; null to the public.
    #[graphql(directive = staff_only::apply())]
    async fn desk_note(&self, ctx: &Context<'_>) -> Option<&str> {
        self.post.0.desk_note.as_deref().filter(|_| self.post.is_open_to(ctx))
    }
}
