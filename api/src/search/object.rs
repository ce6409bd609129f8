//! `SearchResult` and its connection, as clients see them. Rank is no key, so that a cursor is a place in the list.

use alliance_entity::id::{CampaignId, EventId, InstitutionId, PostId};
use alliance_entity::search_document::SearchType;
use async_graphql::{Context, Object, SimpleObject, Union};
use futures_util::future::try_join_all;
use uuid::Uuid;

use crate::campaigns::object::Campaign;
use crate::context::Ask;
use crate::error::Result;
use crate::events::object::Event;
use crate::institutions::object::Institution;
use crate::page::connection::PageInfo;
use crate::page::cursor::{Key, Position};
use crate::page::{Arguments, FARTHEST, Request};
use crate::posts::object::Post;
use crate::search::Search;
use crate::search::highlight;
use crate::search::language::Sought;
use crate::search::store::words::Beginning;
use crate::search::store::{Hit, Hits, HowMany};

/// What search finds.
#[derive(Debug, Clone, Union)]
pub enum SearchSubject {
    /// A post.
    Post(Post),
    /// A campaign.
    Campaign(Campaign),
    /// An event.
    Event(Event),
    /// An institution.
    Institution(Institution),
}

/// Something that was found, with the found words marked.
#[derive(Debug, Clone, SimpleObject)]
pub struct SearchResult {
    /// What was found.
    pub subject: SearchSubject,
    /// Its title or name, as HTML that holds nothing but text and `<mark>` around found words.
    pub title_html: String,
    /// The place in its text where the words were found, or its beginning; HTML as in `titleHtml`.
    pub excerpt_html: String,
}

/// One result in a page, with its cursor.
#[derive(Debug, Clone, SimpleObject)]
pub struct SearchEdge {
    /// Where the result stands in the list; opaque. Give it as `after` or `before`.
    pub cursor: String,
    /// The result.
    pub node: SearchResult,
}

/// A search that is run when one of its fields is read.
#[derive(Debug, Clone)]
pub struct SearchConnection {
    search: Search,
    request: Request,
}

impl SearchConnection {
    /// Checks the page arguments.
    pub fn new(search: Search, page: Arguments) -> Result<Self> {
        let request = page.check(&order_of(&search), &Key::Time(0))?;
        Ok(Self { search, request })
    }

    async fn sought(&self, ctx: &Context<'_>) -> Result<Sought> {
        let begun = match self.search.beginning() {
            Some(beginning) => ctx.load(Beginning(beginning)).await?.unwrap_or_default(),
            None => Vec::new(),
        };
        Ok(Sought { search: self.search.clone(), begun })
    }

    async fn total(&self, ctx: &Context<'_>) -> Result<u64> {
        let total = ctx.load(HowMany(self.sought(ctx).await?)).await?.unwrap_or_default();
        Ok(u64::try_from(total).unwrap_or_default())
    }

    /// The place of the page's first item, the page, and whether the list goes on behind it.
    async fn page(&self, ctx: &Context<'_>) -> Result<(u64, Vec<Hit>, bool)> {
        let Request { limit, backward, after, before, offset } = &self.request;
        let from = after.as_ref().map_or(*offset, |position| place(position) + 1);
        let until = before.as_ref().map(place);
        let (start, limit) = match (backward, until) {
            (false, None) => (from, *limit),
            (false, Some(until)) => (from, (*limit).min(until.saturating_sub(from))),
            (true, until) => {
                let until = match until {
                    Some(until) => until,
                    None => self.total(ctx).await?,
                };
                let start = until.saturating_sub(*limit).max(from);
                (start, until.saturating_sub(start))
            }
        };
        let hits = Hits { sought: self.sought(ctx).await?, start, limit: limit + 1 };
        let mut hits = ctx.load(hits).await?.unwrap_or_default();
        let more = hits.len() as u64 > limit;
        hits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok((start, hits, more))
    }

    fn cursor(&self, place: u64) -> String {
        let key = Key::Time(i64::try_from(place).unwrap_or(i64::MAX));
        Position { key, id: Uuid::nil() }.encode(&order_of(&self.search))
    }
}

/// Cursors hold to the search: one of another search is none of this one.
fn order_of(search: &Search) -> String {
    format!("search {search:?}")
}

fn place(position: &Position) -> u64 {
    match position.key {
        Key::Time(place) => u64::try_from(place).unwrap_or_default().min(FARTHEST),
        Key::Day(_) | Key::Number(_) | Key::Text(_) => 0,
    }
}

/// A page of search results.
#[Object]
impl SearchConnection {
    /// The results of this page, each with its cursor.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<SearchEdge>> {
        let (start, hits, _) = self.page(ctx).await?;
        let found = try_join_all(hits.into_iter().map(|hit| result(ctx, hit))).await?;
        let edge = |(place, found): (u64, Option<SearchResult>)| Some(SearchEdge { cursor: self.cursor(place), node: found? });
        Ok((start..).zip(found).filter_map(edge).collect())
    }

    /// The results of this page.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<SearchResult>> {
        let (_, hits, _) = self.page(ctx).await?;
        Ok(try_join_all(hits.into_iter().map(|hit| result(ctx, hit))).await?.into_iter().flatten().collect())
    }

    /// Where this page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo> {
        let (start, hits, has_next_page) = self.page(ctx).await?;
        let end = start + hits.len() as u64;
        Ok(PageInfo {
            has_next_page,
            has_previous_page: start > 0,
            start_cursor: (start < end).then(|| self.cursor(start)),
            end_cursor: (start < end).then(|| self.cursor(end - 1)),
        })
    }

    /// How many results the whole list has: at most 2,000.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        self.total(ctx).await
    }
}

/// What was found, or nothing where it was withdrawn in the meantime.
async fn result(ctx: &Context<'_>, hit: Hit) -> Result<Option<SearchResult>> {
    let id = hit.subject_id;
    let subject = match hit.subject_type {
        SearchType::Post => ctx.load(PostId(id)).await?.map(|row| SearchSubject::Post(Post(row))),
        SearchType::Campaign => ctx.load(CampaignId(id)).await?.map(|row| SearchSubject::Campaign(row.into())),
        SearchType::Event => ctx.load(EventId(id)).await?.map(|row| SearchSubject::Event(row.into())),
        SearchType::Institution => ctx.load(InstitutionId(id)).await?.map(|row| SearchSubject::Institution(row.into())),
    };
    let Some(subject) = subject else { return Ok(None) };
    let (title_html, excerpt_html) = (highlight::html(&hit.title), highlight::html(&hit.excerpt));
    Ok(Some(SearchResult { subject, title_html, excerpt_html }))
}
