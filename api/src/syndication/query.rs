//! syndicationChanges.

use async_graphql::{Context, Object};

use crate::context::Ask;
use crate::error::{Error, Result};
use crate::page::connection::PageInfo;
use crate::page::{self, DEFAULT};
use crate::policy::Action;
use crate::policy::staff::staff_only;
use crate::scalar::Text;
use crate::syndication::changes;
use crate::syndication::cursor::{Place, Standing};
use crate::syndication::object::{SyndicationChange, SyndicationChangeConnection, SyndicationChangeEdge};
use crate::syndication::store;

/// The root fields.
#[derive(Debug, Default)]
pub struct SyndicationQuery;

#[Object]
impl SyndicationQuery {
    /// A partner's feed: first all posts that it may carry now, then every change of them, each once and in order: published, edited, corrected,
    /// withdrawn, deleted. Read it with `after: null` at first, and then with the `endCursor` of the page that you read last: nothing is left out.
    /// Where that cannot be kept up, since you were away for too long, or your rights or the alliance's name, slug, link template or terms have
    /// changed, the error is RESYNC: read the feed from the beginning, take over all that comes, and take away what is not in it any more. For keys
    /// of partners with the scope `SYNDICATION_READ`.
    #[graphql(directive = staff_only::apply())]
    async fn syndication_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The `endCursor` of the page that was read last; null for the beginning.")] after: Option<Text>,
        #[graphql(desc = "How many changes: 1 to 100, 20 where it is left out.")] first: Option<i32>,
    ) -> Result<SyndicationChangeConnection> {
        ctx.viewer().must(Action::ReadSyndicationChanges)?;
        let first = first.map_or(Ok(DEFAULT), |first| page::size("first", first))?.max(1);
        let carries = ctx.viewer().carries();
        let (app, keys) = (ctx.app(), ctx.app().keys());
        let alliance = match changes::alliance(carries) {
            Some(id) => ctx.load(id).await?,
            None => None,
        };
        let standing = Standing::of(carries, alliance.as_ref());
        let place = after.map(|Text(text)| Place::read(keys, standing, &text)).transpose()?;
        let found = changes::read(app, carries, place, usize::try_from(first).map_err(Error::internal)?).await?;
        let posts = || found.changes.iter().map(|change| change.post);
        // The versions first: nothing older is told under one.
        let versions = store::versions(app, posts()).await?;
        let known = store::carried_among(app, carries, posts()).await?;
        let edges: Vec<_> = found
            .changes
            .into_iter()
            .map(|change| SyndicationChangeEdge {
                cursor: change.place.written(keys, standing),
                node: SyndicationChange::new(change, known.contains(&change.post), versions.get(&change.post).copied()),
            })
            .collect();
        let page_info = PageInfo {
            has_next_page: found.has_next,
            has_previous_page: place.is_some(),
            start_cursor: edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: Some(found.end.written(keys, standing)),
        };
        let nodes = edges.iter().map(|edge| edge.node.clone()).collect();
        Ok(SyndicationChangeConnection { edges, nodes, page_info })
    }
}
