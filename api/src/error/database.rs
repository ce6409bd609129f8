//! What an error of a database means: whether the same request may succeed later, and whether its connection is of use any more.

use sea_orm::sqlx::Error as Cause;
use sea_orm::{DbErr, RuntimeErr};

/// Codes of PostgreSQL that end a connection: it is shut down, or closed for what it did or left undone.
const ENDED: [&str; 5] = ["57P01", "57P02", "57P03", "57P05", "25P03"];
/// Codes of PostgreSQL for what may succeed later: too many connections, a statement or a wait for a lock that took too long, and
/// changes that waited for each other.
const LATER: [&str; 5] = ["53300", "57014", "55P03", "40P01", "40001"];
/// Codes of SQLite for a database or a table that somebody else holds.
const BUSY: [u32; 2] = [5, 6];

/// Whether the database does not answer now, so that the same request may succeed later.
#[must_use]
pub fn is_unavailable(error: &DbErr) -> bool {
    matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
        || is_lost(error)
        || code(error).is_some_and(|code| is_busy(&code))
}

/// Whether the connection on which this happened is gone.
#[must_use]
pub fn is_lost(error: &DbErr) -> bool {
    match cause(error) {
        Some(Cause::Database(_)) => code(error).is_some_and(|code| ENDED.contains(&code.as_str()) || code.starts_with("08")),
        Some(Cause::Io(_) | Cause::Tls(_) | Cause::WorkerCrashed) => true,
        _ => false,
    }
}

/// Whether the database itself refused: the connection has answered in full, and can be asked again.
#[must_use]
pub fn is_refusal(error: &DbErr) -> bool {
    matches!(cause(error), Some(Cause::Database(_))) && !is_lost(error)
}

/// The code that the database gave an error.
#[must_use]
pub fn code(error: &DbErr) -> Option<String> {
    Some(cause(error)?.as_database_error()?.code()?.into_owned())
}

fn is_busy(code: &str) -> bool {
    // PostgreSQL has five characters, and SQLite a number whose lowest byte says what it is about.
    match code.len() {
        5 => LATER.contains(&code),
        _ => code.parse::<u32>().is_ok_and(|code| BUSY.contains(&(code & 0xff))),
    }
}

fn cause(error: &DbErr) -> Option<&Cause> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}
