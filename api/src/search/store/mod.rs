//! Every SQL statement about search: FTS5 on SQLite, tsvector on PostgreSQL.

pub mod words;

use std::collections::HashMap;

use alliance_entity::search_document::{self, SearchType};
use sea_orm::sea_query::{Alias, BinOper, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, FromQueryResult, QueryResult};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::store::alliance_called;
use crate::policy::search::readable_documents;
use crate::scalar::Text;
use crate::search::Search;
use crate::search::highlight::{CLOSE, OPEN, placed};
use crate::search::language::Sought;
use crate::viewer::Viewer;

/// How many matches ranking looks at, in titles and anywhere.
const CANDIDATES: u64 = 1_000;
/// How many characters of a text's beginning and end an excerpt is compared with: fewer than an excerpt has.
const END: i32 = 24;

/// Something that was found; found words stand between [`OPEN`] and [`CLOSE`].
#[derive(Debug, Clone, FromQueryResult)]
pub struct Hit {
    /// What kind of thing.
    pub subject_type: SearchType,
    /// Which one.
    pub subject_id: Uuid,
    /// Its title.
    pub title: String,
    /// The place where the words were found.
    pub excerpt: String,
}

/// Results from a place on, as a key to load them by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Hits {
    /// What is searched for.
    pub sought: Sought,
    /// How many to skip.
    pub start: u64,
    /// How many to return.
    pub limit: u64,
}

/// How many results there are, as a key to load it by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HowMany(pub Sought);

impl Load for Hits {
    type Value = Vec<Hit>;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut found = HashMap::new();
        for key in keys.into_iter().filter(|key| !key.sought.search.words.is_empty()) {
            let sqlite = app.db().is_sqlite();
            let mut page = Query::select();
            page.expr_as(column("best", "rank_time"), "rank_time").expr_as(column("best", "tier"), "tier");
            visible(&mut page, &key.sought, viewer, sqlite);
            page.order_by_expr(column("best", "tier"), Order::Asc)
                .order_by_expr(column("best", "rank_time"), Order::Desc)
                .limit(key.limit)
                .offset(key.start);
            let marked = if sqlite { marked_by_fts5(page, &key.sought) } else { marked_by_headline(page, &key.sought) };
            let rows = app.db().search().query_all(&marked).await?;
            let hits: Result<Vec<Hit>, _> = rows.iter().map(|row| if sqlite { hit(row) } else { placed_hit(row) }).collect();
            found.insert(key, hits?);
        }
        Ok(found)
    }
}

fn hit(row: &QueryResult) -> Result<Hit, DbErr> {
    Hit::from_query_result(row, "")
}

/// PostgreSQL does not say where in the text an excerpt stands, as SQLite does.
fn placed_hit(row: &QueryResult) -> Result<Hit, DbErr> {
    let (head, tail): (String, String) = (row.try_get("", "head")?, row.try_get("", "tail")?);
    let hit = hit(row)?;
    Ok(Hit { excerpt: placed(&hit.excerpt, &head, &tail), ..hit })
}

impl Load for HowMany {
    type Value = i64;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut counts = HashMap::new();
        for key in keys.into_iter().filter(|key| !key.0.search.words.is_empty()) {
            let mut count = Query::select();
            count.expr_as(Expr::cust("COUNT(*)"), "total");
            visible(&mut count, &key.0, viewer, app.db().is_sqlite());
            if let Some(row) = app.db().search().query_one(&count).await? {
                counts.insert(key, row.try_get("", "total")?);
            }
        }
        Ok(counts)
    }
}

/// From the best candidates, those that the viewer may read.
fn visible(select: &mut SelectStatement, sought: &Sought, viewer: &Viewer, sqlite: bool) {
    let mut pools = [(true, true), (true, false), (false, false)].into_iter().enumerate().map(|(tier, (in_title, as_phrase))| {
        let pool =
            if sqlite { matches_of_fts5(sought, in_title, as_phrase) } else { matches_of_gin(sought, in_title, as_phrase) };
        let mut named = Query::select();
        let tier = i32::try_from(tier).unwrap_or(i32::MAX);
        named.expr_as(column("pool", "rank_time"), "rank_time").expr_as(Expr::val(tier), "tier").from_subquery(pool, "pool");
        named
    });
    let mut all = pools.next().unwrap_or_default();
    all.unions(pools.map(|pool| (UnionType::All, pool)));
    let mut best = Query::select();
    best.expr_as(column("found", "rank_time"), "rank_time")
        .expr_as(Func::min(column("found", "tier")), "tier")
        .from_subquery(all, "found")
        .add_group_by([column("found", "rank_time")]);
    let document = column("best", "rank_time").eq(Expr::col((search_document::Entity, search_document::Column::RankTime)));
    select
        .from_subquery(best, "best")
        .inner_join(search_document::Entity, document)
        .cond_where(readable_documents(viewer).condition());
}

fn matches_of_fts5(sought: &Sought, in_title: bool, as_phrase: bool) -> SelectStatement {
    let index = if in_title { "search_titles" } else { "search_index" };
    let mut select = Query::select();
    select
        .expr_as(column(index, "rowid"), "rank_time")
        .from(Alias::new(index))
        .and_where(matches(index, sought.fts5(as_phrase)))
        .order_by_expr(column(index, "rowid"), Order::Desc)
        .limit(CANDIDATES);
    if sought.search.alliance.is_some() || sought.search.types.is_some() {
        let document = column(index, "rowid").eq(Expr::col((search_document::Entity, search_document::Column::RankTime)));
        select.inner_join(search_document::Entity, document).cond_where(narrowed(&sought.search));
    }
    select
}

fn matches_of_gin(sought: &Sought, in_title: bool, as_phrase: bool) -> SelectStatement {
    let words = column("search_documents", if in_title { "title_words" } else { "words" });
    let mut select = Query::select();
    select
        .expr_as(column("search_documents", "rank_time"), "rank_time")
        .from(search_document::Entity)
        .and_where(words.binary(BinOper::Custom("@@"), tsquery(sought, as_phrase)))
        .cond_where(narrowed(&sought.search))
        // An expression, so that no plan walks the key and looks into each document on its way.
        .order_by_expr(column("search_documents", "rank_time").add(0), Order::Desc)
        .limit(CANDIDATES);
    select
}

fn narrowed(search: &Search) -> Condition {
    let Search { words: _, alliance, types } = search;
    let in_alliance = alliance
        .as_ref()
        .map(|Text(slug)| Expr::col((search_document::Entity, search_document::Column::AllianceId)).eq(alliance_called(slug)));
    let of_types = types.as_ref().map(|types| search_document::Column::SubjectType.is_in(types.iter().copied()));
    Condition::all().add_option(in_alliance).add_option(of_types)
}

/// The page's documents stand before the index in a cross join, which SQLite reads in that order: the index is asked for these alone.
fn marked_by_fts5(page: SelectStatement, sought: &Sought) -> SelectStatement {
    let markers = format!("'{OPEN}', '{CLOSE}'");
    let mut select = subjects(page);
    select
        .expr_as(Expr::cust(format!("highlight(search_index, 0, {markers})")), "title")
        .expr_as(Expr::cust(format!("snippet(search_index, 1, {markers}, '…', 32)")), "excerpt")
        .cross_join(Alias::new("search_index"))
        .and_where(column("search_index", "rowid").eq(column("page", "rank_time")))
        .and_where(matches("search_index", sought.fts5(false)));
    select
}

fn marked_by_headline(page: SelectStatement, sought: &Sought) -> SelectStatement {
    let markers = format!("StartSel={OPEN}, StopSel={CLOSE}");
    let headline = |of: &'static str, options: String| {
        let text = column("search_documents", of);
        let options = Expr::val(format!("{markers}, {options}"));
        Func::cust("ts_headline").args([Expr::cust("'alliance_text'::regconfig"), text, tsquery(sought, false), options])
    };
    let mut select = subjects(page);
    select
        .expr_as(headline("title", "HighlightAll=true".to_owned()), "title")
        .expr_as(headline("body", "MaxWords=32, MinWords=16, ShortWord=0, MaxFragments=1".to_owned()), "excerpt");
    for (end, name) in [("left", "head"), ("right", "tail")] {
        let of = Func::cust(end).args([column("search_documents", "body"), Expr::val(END)]);
        select.expr_as(of, name);
    }
    select
}

fn subjects(page: SelectStatement) -> SelectStatement {
    let document = Expr::col((search_document::Entity, search_document::Column::RankTime)).eq(column("page", "rank_time"));
    let mut select = Query::select();
    select
        .column((search_document::Entity, search_document::Column::SubjectType))
        .column((search_document::Entity, search_document::Column::SubjectId))
        .from_subquery(page, "page")
        .inner_join(search_document::Entity, document)
        .order_by_expr(column("page", "tier"), Order::Asc)
        .order_by_expr(column("page", "rank_time"), Order::Desc);
    select
}

fn matches(index: &'static str, query: String) -> SimpleExpr {
    Expr::col(Alias::new(index)).binary(BinOper::Custom("MATCH"), Expr::val(query))
}

fn tsquery(sought: &Sought, as_phrase: bool) -> Expr {
    Func::cust("to_tsquery").args([Expr::cust("'alliance_text'::regconfig"), Expr::val(sought.tsquery(as_phrase))]).into()
}

fn column(table: &'static str, column: &'static str) -> Expr {
    Expr::col((Alias::new(table), Alias::new(column)))
}
