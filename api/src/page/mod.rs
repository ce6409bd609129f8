//! Pages of lists: what a client asks for, checked; cursors; and the rows that come back.

pub mod connection;
pub mod cursor;
pub mod store;

use async_graphql::Enum;

use crate::error::{Error, Result};
use crate::page::cursor::{Key, Position};

/// How many items a page has where the client does not say.
pub const DEFAULT: u64 = 20;
/// How many items a page has at most.
pub const MOST: u64 = 100;
/// How far `offset` reaches.
pub const FARTHEST: u64 = 10_000;

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OrderDirection {
    /// The lowest, earliest or alphabetically first comes first.
    Asc,
    /// The highest, latest or alphabetically last comes first.
    Desc,
}

/// The five arguments of every list, as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments {
    /// How many from the start.
    pub first: Option<i32>,
    /// The cursor to start behind.
    pub after: Option<String>,
    /// How many from the end.
    pub last: Option<i32>,
    /// The cursor to stop before.
    pub before: Option<String>,
    /// How many to skip.
    pub offset: Option<i32>,
}

/// A page that can be asked of a store.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// How many items.
    pub limit: u64,
    /// Whether they are counted from the end of the list.
    pub backward: bool,
    /// Only what follows this position.
    pub after: Option<Position>,
    /// Only what comes before this position.
    pub before: Option<Position>,
    /// How many to skip from the start.
    pub offset: u64,
}

impl Arguments {
    /// Checks the arguments for a list of the order `order`, whose keys are like `like`.
    ///
    /// # Errors
    /// [`Error::Limit`] for a page over [`MOST`] or an offset over [`FARTHEST`]; [`Error::Invalid`] for what makes no sense.
    pub fn check(self, order: &str, like: &Key) -> Result<Request> {
        let Self { first, after, last, before, offset } = self;
        if first.is_some() && last.is_some() {
            return Err(Error::invalid("last", "`first` is given too; give one of the two"));
        }
        let backward = last.is_some();
        let limit = match (first, last) {
            (Some(first), _) => size("first", first)?,
            (None, Some(last)) => size("last", last)?,
            (None, None) => DEFAULT,
        };
        let skipped = match offset {
            Some(_) if backward || after.is_some() || before.is_some() => {
                return Err(Error::invalid("offset", "it goes with `first` alone, not with `last`, `after` or `before`"));
            }
            Some(offset) => within("offset", offset, FARTHEST)?,
            None => 0,
        };
        let position = |name: &str, cursor: Option<String>| {
            let problem =
                "this is no cursor of this list in this order; give back one that the same list with the same `orderBy` gave";
            cursor.map(|c| Position::decode(&c, order, like).ok_or_else(|| Error::invalid(name, problem))).transpose()
        };
        Ok(Request { limit, backward, after: position("after", after)?, before: position("before", before)?, offset: skipped })
    }
}

/// The size of a page.
///
/// # Errors
/// [`Error::Limit`] for one over [`MOST`]; [`Error::Invalid`] for a negative one.
pub fn size(name: &str, asked: i32) -> Result<u64> {
    within(name, asked, MOST)
}

fn within(name: &str, asked: i32, allowed: u64) -> Result<u64> {
    let asked =
        u64::try_from(asked).map_err(|_| Error::invalid(name, format!("{asked} is negative; 0 to {allowed} is allowed")))?;
    if asked > allowed {
        return Err(Error::Limit { what: name.to_owned(), allowed, asked });
    }
    Ok(asked)
}

/// Some rows of a list, in the list's order, and what lies around them.
#[derive(Debug, Clone)]
pub struct Page<R> {
    /// The rows with their positions.
    pub rows: Vec<(Position, R)>,
    /// Whether the list goes on behind them.
    pub has_next: bool,
    /// Whether the list has some before them.
    pub has_previous: bool,
}

impl<R> Page<R> {
    /// Makes a page of what a statement returned: the rows in the order that they were read in, one more than asked for where there
    /// are more.
    #[must_use]
    pub fn new(mut rows: Vec<(Position, R)>, request: &Request) -> Self {
        let more = rows.len() as u64 > request.limit;
        rows.truncate(usize::try_from(request.limit).unwrap_or(usize::MAX));
        let (has_next, has_previous) = if request.backward {
            rows.reverse();
            (request.before.is_some(), more)
        } else {
            (more, request.after.is_some() || request.offset > 0)
        };
        Self { rows, has_next, has_previous }
    }
}
