//! Which migrations a database has had, which it lacks, and whether they may run.

use alliance_migration::Migrator;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use sea_orm_migration::MigratorTrait;

use crate::config::database::DatabaseUrl;
use crate::database::connect::told;
use crate::error::{Error, Result};

/// The names of the migrations that have run. It reads alone: where their table is missing, none has.
pub(super) async fn applied(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let there = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT COUNT(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'",
        _ => "SELECT to_regclass('seaql_migrations') IS NOT NULL",
    };
    let statement = |sql: &str| Statement::from_string(db.get_database_backend(), sql);
    let there = db.query_one_raw(statement(there)).await?.map(|row| row.try_get_by_index(0)).transpose()?;
    if there != Some(true) {
        return Ok(Vec::new());
    }
    let rows = db.query_all_raw(statement("SELECT version FROM seaql_migrations ORDER BY version")).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The names of those that have yet to run.
///
/// # Errors
/// Where one has run that this Alliance does not know.
pub(super) fn pending(applied: &[String]) -> Result<Vec<String>> {
    let known: Vec<String> = Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
    if let Some(newer) = applied.iter().find(|name| !known.contains(name)) {
        let problem = format!(
            "this database is from a newer Alliance (migration {newer} is not known here): run that version, or restore a backup"
        );
        return Err(Error::invalid("DATABASE_URL", problem));
    }
    Ok(known.into_iter().filter(|name| !applied.contains(name)).collect())
}

/// Runs those that have yet to run. An up-to-date schema is not touched, so that a role without the right to change it may serve.
pub(super) async fn run(url: &DatabaseUrl, db: &DatabaseConnection) -> Result<()> {
    let pending = pending(&applied(db).await.map_err(|e| told(url, e))?)?;
    if pending.is_empty() {
        return Ok(());
    }
    permitted(url, db).await?;
    Migrator::up(db, None).await.map_err(|e| told(url, e))
}

/// Checks that this role may migrate. On SQLite whoever may write the file may.
///
/// # Errors
/// [`Error::Invalid`] with what is to be granted.
pub(super) async fn permitted(url: &DatabaseUrl, db: &DatabaseConnection) -> Result<()> {
    if db.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    let statement = Statement::from_string(DbBackend::Postgres, LACKING);
    let rows = db.query_all_raw(statement).await.map_err(|e| told(url, e))?;
    let lacking: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    match lacking.is_empty() {
        true => Ok(()),
        false => {
            let problem = format!("this role may not migrate; let the database's owner run: {}", lacking.join("; "));
            Err(Error::invalid("DATABASE_URL", problem))
        }
    }
}

/// What has to be granted before this role may migrate, as statements.
const LACKING: &str = "
SELECT CASE WHEN current_schema() IS NULL
            THEN 'GRANT USAGE, CREATE ON SCHEMA public TO ' || quote_ident(current_user)
            ELSE format('GRANT CREATE ON SCHEMA %I TO %I', current_schema(), current_user) END
WHERE current_schema() IS NULL OR NOT has_schema_privilege(current_schema(), 'CREATE')
UNION ALL
SELECT format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user)
WHERE NOT has_database_privilege(current_database(), 'CREATE')
  AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'unaccent')";
