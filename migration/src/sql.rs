//! One text of SQL for both databases: the placeholders of column types, filled in for the one at hand.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// What each placeholder means on SQLite, then on PostgreSQL. Text that is ordered by compares bytes on both, so that a list has
/// the same order, and a cursor the same meaning, wherever it is read.
const TYPES: [(&str, &str, &str); 6] = [
    ("{id}", "BLOB", "UUID"),
    ("{bytes}", "BLOB", "BYTEA"),
    ("{time}", "TEXT", "TIMESTAMPTZ"),
    ("{date}", "TEXT", "DATE"),
    ("{sorted}", "TEXT COLLATE BINARY", "TEXT COLLATE \"C\""),
    ("{ordered_table}", "WITHOUT ROWID", ""),
];

/// Runs the statements of `script`, which end with a semicolon at the end of a line, in the dialect of `db`.
///
/// # Errors
/// The first statement that the database refuses.
pub async fn run(db: &impl ConnectionTrait, script: &str) -> Result<(), DbErr> {
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    let mut script = script.to_owned();
    for (placeholder, on_sqlite, on_postgres) in TYPES {
        script = script.replace(placeholder, if sqlite { on_sqlite } else { on_postgres });
    }
    for statement in script.split(";\n").map(str::trim).filter(|statement| !statement.is_empty()) {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}
