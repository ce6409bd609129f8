//! A partner's feed, as its program sees it.

use std::sync::Arc;

use alliance_entity::id::PostId;
use async_graphql::{ComplexObject, Context, Enum, ID, SimpleObject};
use tokio::sync::OnceCell;

use crate::context::Ask;
use crate::error::{Error, Result};
use crate::page::connection::PageInfo;
use crate::policy::staff::staff_only;
use crate::posts::object::Post;
use crate::scalar::DateTime;
use crate::syndication::changes::Change;
use crate::syndication::signature;

/// What happened to a post, for those who carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum SyndicationChangeKind {
    /// It may be carried from now on: it was published, or its embargo ended, or it came to a campaign that you carry.
    Published,
    /// It says something else, or has another address.
    Edited,
    /// It was wrong, and was corrected: show the notice with it.
    Corrected,
    /// It may not be carried any more: take it away.
    Withdrawn,
    /// It was deleted: take it away.
    Deleted,
}

/// Where a post comes from. It is attributed to there wherever it is shown.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = staff_only::apply())]
pub struct SyndicationOrigin {
    /// The name of the alliance that published it.
    pub alliance: String,
    /// Its address there: the canonical one.
    pub url: String,
    /// Its id there, the same for ever.
    pub original_id: String,
    /// By whom it is.
    pub author: Option<String>,
    /// Its licence: an SPDX name or an address.
    pub licence: Option<String>,
}

/// A page of the feed.
#[derive(Debug, SimpleObject)]
#[graphql(directive = staff_only::apply())]
pub struct SyndicationChangeConnection {
    /// The changes of this page, each with its cursor.
    pub edges: Vec<SyndicationChangeEdge>,
    /// The changes of this page, in the order in which they happened.
    pub nodes: Vec<SyndicationChange>,
    /// Where the page stands. `endCursor` is there on an empty page, too: give it as `after` the next time.
    pub page_info: PageInfo,
}

/// A change and its place in the feed.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = staff_only::apply())]
pub struct SyndicationChangeEdge {
    /// The place of this change: give it as `after` to read on behind it.
    pub cursor: String,
    /// The change.
    pub node: SyndicationChange,
}

/// A change of a post that you may carry.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(complex, directive = staff_only::apply())]
pub struct SyndicationChange {
    /// What happened.
    pub kind: SyndicationChangeKind,
    /// The post's id, the same for ever: by it you know your copy.
    pub post_id: ID,
    /// When it happened.
    pub changed_at: DateTime,
    /// Counts what changed of the post for those who carry it: of what you are told of a post, in whatever order it comes to you, the one with the
    /// higher number is the newer one. Null where the post was deleted for good.
    pub version: Option<i32>,
    #[graphql(skip)]
    pub(super) change: Change,
    #[graphql(skip)]
    pub(super) is_carried: bool,
    /// Made once, however often it is asked for.
    #[graphql(skip)]
    pub(super) signed: Arc<OnceCell<String>>,
}

impl SyndicationChange {
    pub(super) fn new(change: Change, is_carried: bool, version: Option<i32>) -> Self {
        let Change { kind, post, at, place: _ } = change;
        let signed = Arc::default();
        Self { kind, post_id: post.to_string().into(), changed_at: DateTime(at), version, change, is_carried, signed }
    }

    fn id(&self) -> PostId {
        self.change.post
    }

    async fn carried(&self, ctx: &Context<'_>) -> Result<Option<Post>> {
        if !self.is_carried {
            return Ok(None);
        }
        Ok(ctx.load(self.id()).await?.map(Post))
    }
}

#[ComplexObject]
impl SyndicationChange {
    /// The whole post as it is now; null where you may not carry it any more, which a later change tells.
    async fn post(&self, ctx: &Context<'_>) -> Result<Option<Post>> {
        self.carried(ctx).await
    }

    /// Where the post comes from; null where you may not carry it any more.
    async fn origin(&self, ctx: &Context<'_>) -> Result<Option<SyndicationOrigin>> {
        let Some(post) = self.carried(ctx).await? else { return Ok(None) };
        let alliance = ctx.load(post.0.alliance_id).await?.ok_or_else(|| Error::internal("a post's alliance is missing"))?;
        let author = match post.0.author_id {
            Some(id) => ctx.load(id).await?.map(|person| person.name),
            None => None,
        };
        Ok(Some(SyndicationOrigin {
            url: post.address(ctx).await?,
            original_id: post.0.id.to_string(),
            author,
            licence: post.0.licence.clone().or(alliance.licence),
            alliance: alliance.name,
        }))
    }

    /// What the desk is told of the post, and nobody else; null where there is nothing.
    async fn desk_note(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.carried(ctx).await?.and_then(|post| post.0.desk_note))
    }

    /// The whole change with the item as it is now, signed: a JWS in its compact form (RFC 7515, `EdDSA`). Its key is at
    /// `/.well-known/jwks.json`, by its `kid`; its `typ` is `syndication-change+jwt`. What it holds is what counts, wherever it was passed on.
    async fn signed(&self, ctx: &Context<'_>) -> Result<String> {
        let sign = async || {
            let post = self.carried(ctx).await?;
            signature::sign(ctx, (&self.change, self.version), post.as_ref()).await
        };
        let signed = self.signed.get_or_try_init(sign).await?;
        ctx.spend(signed.len())?;
        Ok(signed.clone())
    }
}
