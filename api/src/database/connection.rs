//! One connection to either database: statements go in, rows come out.

use sea_orm::sqlx::postgres::{PgConnectOptions, PgConnection};
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sea_orm::sqlx::{self, AssertSqlSafe, Executor, Postgres, Sqlite};
use sea_orm::{DbErr, ExecResult, QueryResult, RuntimeErr, Statement, Values};
use sea_query_sqlx::SqlxValues;

/// What to connect to, and how.
#[derive(Debug, Clone)]
pub(super) enum Target {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

/// A connection. Dropped, it is closed at once, whatever it was doing.
#[derive(Debug)]
pub(super) enum Connection {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

impl Target {
    pub(super) async fn connect(&self) -> Result<Connection, DbErr> {
        use sqlx::ConnectOptions;
        let connected = match self {
            Self::Sqlite(options) => options.connect().await.map(|made| Connection::Sqlite(Box::new(made))),
            Self::Postgres(options) => options.connect().await.map(|made| Connection::Postgres(Box::new(made))),
        };
        connected.map_err(|e| DbErr::Conn(RuntimeErr::SqlxError(e.into())))
    }
}

/// The same code for a connection to either.
macro_rules! on_either {
    ($connection:expr, $database:ident, $one:ident => $code:expr) => {
        match $connection {
            Connection::Sqlite($one) => {
                type $database = Sqlite;
                let $one = &mut **$one;
                $code
            }
            Connection::Postgres($one) => {
                type $database = Postgres;
                let $one = &mut **$one;
                $code
            }
        }
    };
}

impl Connection {
    /// Says goodbye, and waits until all is written.
    pub(super) async fn close(self) -> Result<(), DbErr> {
        use sqlx::Connection as _;
        let closed = match self {
            Self::Sqlite(one) => one.close().await,
            Self::Postgres(one) => one.close().await,
        };
        closed.map_err(|e| DbErr::Conn(RuntimeErr::SqlxError(e.into())))
    }
}

/// What a connection can be asked.
pub(super) trait Asked: Sync {
    type Answer: Send;

    /// The statement, for those who are told of each; none of those that manage the connection itself.
    fn statement(&self) -> Option<&Statement> {
        None
    }

    fn ask(&self, connection: &mut Connection) -> impl Future<Output = Result<Self::Answer, DbErr>> + Send;
}

/// A statement, for the number of rows it changed.
pub(super) struct Execute(pub(super) Statement);

/// Several statements at once, or one that no plan is to be kept of.
pub(super) struct Unprepared<'a>(pub(super) &'a str);

/// A statement, for its first row.
pub(super) struct One(pub(super) Statement);

/// A statement, for its rows.
pub(super) struct All(pub(super) Statement);

fn values(statement: &Statement) -> SqlxValues {
    SqlxValues(statement.values.clone().unwrap_or(Values(Vec::new())))
}

fn of_execution(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(error.into()))
}

fn of_query(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

impl Asked for Execute {
    type Answer = ExecResult;

    fn statement(&self) -> Option<&Statement> {
        Some(&self.0)
    }

    async fn ask(&self, connection: &mut Connection) -> Result<ExecResult, DbErr> {
        on_either!(connection, Either, one => {
            let query = sqlx::query_with::<Either, _>(AssertSqlSafe(self.0.sql.as_str()), values(&self.0));
            query.execute(one).await.map(Into::into)
        })
        .map_err(of_execution)
    }
}

impl Asked for Unprepared<'_> {
    type Answer = ExecResult;

    async fn ask(&self, connection: &mut Connection) -> Result<ExecResult, DbErr> {
        on_either!(connection, Either, one => {
            Executor::execute(one, AssertSqlSafe(self.0)).await.map(|done: <Either as sqlx::Database>::QueryResult| done.into())
        })
        .map_err(of_execution)
    }
}

impl Asked for One {
    type Answer = Option<QueryResult>;

    fn statement(&self) -> Option<&Statement> {
        Some(&self.0)
    }

    async fn ask(&self, connection: &mut Connection) -> Result<Option<QueryResult>, DbErr> {
        on_either!(connection, Either, one => {
            let query = sqlx::query_with::<Either, _>(AssertSqlSafe(self.0.sql.as_str()), values(&self.0));
            query.fetch_optional(one).await.map(|row| row.map(Into::into))
        })
        .map_err(of_query)
    }
}

impl Asked for All {
    type Answer = Vec<QueryResult>;

    fn statement(&self) -> Option<&Statement> {
        Some(&self.0)
    }

    async fn ask(&self, connection: &mut Connection) -> Result<Vec<QueryResult>, DbErr> {
        on_either!(connection, Either, one => {
            let query = sqlx::query_with::<Either, _>(AssertSqlSafe(self.0.sql.as_str()), values(&self.0));
            query.fetch_all(one).await.map(|rows| rows.into_iter().map(Into::into).collect())
        })
        .map_err(of_query)
    }
}
