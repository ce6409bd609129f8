//! Reads pages of any list: one statement for one list, and one for the same list of many parents.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, JoinType, Order as Direction, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, FromQueryResult, QueryResult};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::page::cursor::{Key, Position};
use crate::page::{Page, Request};
use crate::viewer::Viewer;

/// How many parents one statement of SQLite serves: it allows 500 terms of a UNION.
const PARENTS: usize = 200;
const PARENT: &str = "list_parent";
const KEY: &str = "list_key";
const ID: &str = "list_id";

/// What a list is ordered by.
pub struct Order {
    /// A name of this order; cursors hold to it.
    pub name: &'static str,
    /// The key in SQL, never null.
    pub key: Expr,
    /// Any key of the kind.
    pub like: Key,
    /// Whether the highest comes first.
    pub descending: bool,
}

/// A list of rows: which, and in what order. A domain's store says so in SQL.
pub trait Listed: Clone + Eq + Hash + Send + Sync + 'static {
    /// What an item is read into.
    type Row: FromQueryResult + Clone + Send + Sync + 'static;

    /// Its order.
    fn order(&self) -> Order;
    /// The column that tells rows apart where their keys are equal.
    fn id(&self) -> Expr;
    /// What `viewer` may read of the list, without columns; `parent` is the id of the object whose list it is.
    fn rows(&self, app: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement;
    /// The column of the parent's id, where a parent has so few items that all of them may be read to make a page: the lists of
    /// many parents are one plain select then.
    fn few_by(&self) -> Option<Expr> {
        None
    }
    /// Selects the columns of a row.
    fn columns(&self, select: &mut SelectStatement);
}

/// A page of a list, as a key to load it by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct List<L> {
    /// Which list.
    pub of: L,
    /// Whose list; none for a list at the root.
    pub parent: Option<Uuid>,
    /// Which page.
    pub request: Request,
}

/// How long a list is, as a key to load it by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Count<L> {
    /// Which list.
    pub of: L,
    /// Whose list; none for a list at the root.
    pub parent: Option<Uuid>,
}

impl<L: Listed> Load for List<L> {
    type Value = Page<L::Row>;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut alike: HashMap<(L, Request), Vec<Option<Uuid>>> = HashMap::new();
        for Self { of, parent, request } in keys {
            alike.entry((of, request)).or_default().push(parent);
        }
        let mut pages = HashMap::new();
        for ((of, request), parents) in alike {
            let mut rows: HashMap<Option<Uuid>, Vec<(Position, L::Row)>> = HashMap::new();
            let few = of.few_by().filter(|_| parents.len() > 1);
            let selected = match &few {
                Some(column) => app.db().read().query_all(&all_pages(&of, &request, (app, viewer), &parents, column)).await?,
                None => ask(app, &parents, |parent| page(&of, &request, app, viewer, parent)).await?,
            };
            for row in selected {
                let found = (position(&row, &of.order().like)?, L::Row::from_query_result(&row, "")?);
                rows.entry(parent_of(&row, &parents)?).or_default().push(found);
            }
            let descending = of.order().descending != request.backward;
            for parent in parents {
                let mut found = rows.remove(&parent).unwrap_or_default();
                found.sort_by(|(a, _), (b, _)| if descending { b.cmp(a) } else { a.cmp(b) });
                if few.is_some() {
                    found.drain(..found.len().min(usize::try_from(request.offset).unwrap_or(usize::MAX)));
                }
                let page = Page::new(found, &request);
                pages.insert(Self { of: of.clone(), parent, request: request.clone() }, page);
            }
        }
        Ok(pages)
    }
}

impl<L: Listed> Load for Count<L> {
    type Value = i64;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut alike: HashMap<L, Vec<Option<Uuid>>> = HashMap::new();
        for Self { of, parent } in keys {
            alike.entry(of).or_default().push(parent);
        }
        let mut counts = HashMap::new();
        for (of, parents) in alike {
            let count = |parent| {
                let mut select = of.rows(app, viewer, parent);
                select.expr_as(Expr::cust("COUNT(*)"), "total");
                select
            };
            for row in ask(app, &parents, count).await? {
                let key = Self { of: of.clone(), parent: parent_of(&row, &parents)? };
                counts.insert(key, row.try_get("", "total")?);
            }
        }
        Ok(counts)
    }
}

/// One page of one list: a walk along an index from the cursor on, one row longer than asked for.
fn page<L: Listed>(of: &L, request: &Request, app: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
    let Order { name: _, key, like: _, descending } = of.order();
    let mut select = of.rows(app, viewer, parent);
    of.columns(&mut select);
    select.expr_as(key.clone(), KEY).expr_as(of.id(), ID);
    let row = || Expr::tuple([key.clone(), of.id()]);
    let at = |position: &Position| Expr::tuple([Expr::val(position.key.value()), Expr::val(position.id)]);
    if let Some(after) = &request.after {
        select.and_where(if descending { row().lt(at(after)) } else { row().gt(at(after)) });
    }
    if let Some(before) = &request.before {
        select.and_where(if descending { row().gt(at(before)) } else { row().lt(at(before)) });
    }
    let direction = if descending == request.backward { Direction::Asc } else { Direction::Desc };
    select.order_by_expr(key.clone(), direction.clone()).order_by_expr(of.id(), direction).limit(request.limit + 1);
    if request.offset > 0 {
        select.offset(request.offset);
    }
    select
}

/// The pages of all parents, and what lies behind them.
fn all_pages<L: Listed>(
    of: &L,
    request: &Request,
    (app, viewer): (&App, &Viewer),
    parents: &[Option<Uuid>],
    column: &Expr,
) -> SelectStatement {
    let mut all = page(of, request, app, viewer, Some(column.clone()));
    all.reset_limit().reset_offset().clear_order_by();
    all.expr_as(column.clone(), PARENT).and_where(column.clone().is_in(parents.iter().copied().flatten()));
    all
}

/// Runs what `build` makes for each parent, all of them at once.
async fn ask(app: &App, parents: &[Option<Uuid>], build: impl Fn(Option<Expr>) -> SelectStatement) -> Result<Vec<QueryResult>> {
    let db = app.db().read();
    if let [parent] = parents {
        return Ok(db.query_all(&build(parent.map(Expr::val))).await?);
    }
    let ids: Vec<Uuid> = parents.iter().copied().flatten().collect();
    if !app.db().is_sqlite() {
        return Ok(db.query_all(&lateral(&ids, &build)).await?);
    }
    let mut rows = Vec::new();
    for ids in ids.chunks(PARENTS) {
        rows.extend(db.query_all(&union(ids, &build)).await?);
    }
    Ok(rows)
}

fn lateral(ids: &[Uuid], build: &impl Fn(Option<Expr>) -> SelectStatement) -> SelectStatement {
    let parent = || Expr::col((Alias::new("parents"), Alias::new("column1")));
    let mut all = Query::select();
    all.expr_as(parent(), PARENT)
        .column((Alias::new("page"), Asterisk))
        .from_values(ids.iter().copied(), "parents")
        .join_lateral(JoinType::InnerJoin, build(Some(parent())), "page", Expr::cust("TRUE"));
    all
}

fn union(ids: &[Uuid], build: &impl Fn(Option<Expr>) -> SelectStatement) -> SelectStatement {
    let mut terms = ids.iter().map(|id| {
        let mut term = Query::select();
        term.expr_as(Expr::val(*id), PARENT)
            .column((Alias::new("page"), Asterisk))
            .from_subquery(build(Some(Expr::val(*id))), "page");
        term
    });
    let mut all = terms.next().unwrap_or_default();
    all.unions(terms.map(|term| (UnionType::All, term)));
    all
}

fn parent_of(row: &QueryResult, parents: &[Option<Uuid>]) -> Result<Option<Uuid>> {
    match parents {
        [parent] => Ok(*parent),
        _ => Ok(Some(row.try_get("", PARENT)?)),
    }
}

fn position(row: &QueryResult, like: &Key) -> Result<Position> {
    let key = match like {
        Key::Time(_) => Key::Time(row.try_get::<DateTime<Utc>>("", KEY)?.timestamp_micros()),
        Key::Day(_) => Key::Day(chrono::Datelike::num_days_from_ce(&row.try_get::<NaiveDate>("", KEY)?)),
        Key::Number(_) => Key::Number(row.try_get("", KEY)?),
        Key::Text(_) => Key::Text(row.try_get("", KEY)?),
    };
    Ok(Position { key, id: row.try_get("", ID)? })
}
