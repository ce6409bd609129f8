//! What Alliance is measured beside: the same answers by one hand-written statement each, put together by the database itself, and the
//! same bytes out of memory. `load-baseline DATABASE_URL LISTEN`; see `tests/load/run`.

#![expect(clippy::print_stderr, reason = "a tool for the command line")]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};
use uuid::Uuid;

const POSTGRES: [(&str, &str); 5] = [
    ("q1", include_str!("sql/postgres/q1.sql")),
    ("q2", include_str!("sql/postgres/q2.sql")),
    ("q3", include_str!("sql/postgres/q3.sql")),
    ("q4", include_str!("sql/postgres/q4.sql")),
    ("q6", include_str!("sql/postgres/q6.sql")),
];
const SQLITE: [(&str, &str); 5] = [
    ("q1", include_str!("sql/sqlite/q1.sql")),
    ("q2", include_str!("sql/sqlite/q2.sql")),
    ("q3", include_str!("sql/sqlite/q3.sql")),
    ("q4", include_str!("sql/sqlite/q4.sql")),
    ("q6", include_str!("sql/sqlite/q6.sql")),
];

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

struct Baseline {
    pool: Pool,
    /// The one connection that writes to SQLite.
    writer: SqlitePool,
    static_bytes: String,
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, listen] = arguments.as_slice() else {
        eprintln!("load-baseline DATABASE_URL LISTEN");
        std::process::exit(2);
    };
    let pool = if url.starts_with("sqlite") {
        Pool::Sqlite(SqlitePoolOptions::new().max_connections(8).connect(url).await.expect("the database can be opened"))
    } else {
        Pool::Postgres(PgPoolOptions::new().max_connections(16).connect(url).await.expect("the database can be reached"))
    };
    let static_bytes = answer(&pool, "q1").await.expect("the database has posts");
    let baseline = Arc::new(Baseline { pool, writer: writer(url), static_bytes });
    let router = Router::new()
        .route("/static", post(async |State(baseline): State<Arc<Baseline>>| baseline.static_bytes.clone()))
        .route("/q5", post(reaction))
        .route("/{query}", post(query))
        .with_state(baseline);
    let listener = tokio::net::TcpListener::bind(listen).await.expect("the address is free");
    axum::serve(listener, router).await.expect("the socket works");
}

/// One connection, whose commits are on the disk as Alliance's are.
fn writer(url: &str) -> SqlitePool {
    let options = if url.starts_with("sqlite") { url } else { "sqlite::memory:" };
    let options: SqliteConnectOptions = options.parse().expect("this is an address of SQLite");
    let options = options.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options.busy_timeout(Duration::from_secs(30)))
}

async fn query(State(baseline): State<Arc<Baseline>>, Path(name): Path<String>, _body: String) -> Result<String, StatusCode> {
    answer(&baseline.pool, &name).await.map_err(|e| {
        eprintln!("{name}: {e}");
        StatusCode::INTERNAL_SERVER_ERROR
    })
}

/// Adds a reaction that counts, with its sum, its event and what is spent of its writer's rate: the rows that Alliance writes, as durably.
async fn reaction(State(baseline): State<Arc<Baseline>>, body: String) -> Result<String, StatusCode> {
    let Some(asked) = Asked::read(&body) else { return Err(StatusCode::BAD_REQUEST) };
    let added = match &baseline.pool {
        Pool::Sqlite(_) => asked.add_on_sqlite(&baseline.writer).await,
        Pool::Postgres(pool) => asked.add_on_postgres(pool).await,
    };
    added.map_err(|e| {
        eprintln!("q5: {e}");
        StatusCode::INTERNAL_SERVER_ERROR
    })
}

struct Asked {
    visitor: Uuid,
    subject: Uuid,
    kind: String,
}

impl Asked {
    fn read(body: &str) -> Option<Self> {
        let body: serde_json::Value = serde_json::from_str(body).ok()?;
        let id = |text: &serde_json::Value| Some(alliance_entity::id::parse(text.as_str()?).ok()?.1);
        let input = &body["variables"]["i"];
        Some(Self { visitor: id(&body["visitor"])?, subject: id(&input["subject"])?, kind: input["kind"].as_str()?.to_owned() })
    }
}

macro_rules! add {
    ($name:ident, $pool:ty, $begin:literal) => {
        impl Asked {
            async fn $name(&self, pool: &$pool) -> sqlx::Result<String> {
                let (id, now) = (Uuid::now_v7(), alliance::clock::Clock::System.now());
                let mut txn = pool.begin_with($begin).await?;
                sqlx::query(RATE).bind(self.visitor.to_string()).execute(&mut *txn).await?;
                sqlx::query(SUBJECT).bind(self.subject).fetch_one(&mut *txn).await?;
                let added = sqlx::query(REACTION).bind(id).bind(self.subject).bind(self.visitor).bind(&self.kind).bind(now);
                if added.execute(&mut *txn).await?.rows_affected() > 0 {
                    sqlx::query(COUNTER).bind(self.subject).bind(&self.kind).execute(&mut *txn).await?;
                    sqlx::query(EVENT).bind(self.subject).bind(now).execute(&mut *txn).await?;
                }
                let total: i64 = sqlx::query_scalar(TOTAL).bind(self.subject).fetch_one(&mut *txn).await?;
                txn.commit().await?;
                Ok(format!("{{\"data\":{{\"reaction\":{{\"id\":\"{id}\",\"state\":\"COUNTED\"}},\"total\":{total}}}}}"))
            }
        }
    };
}
add!(add_on_sqlite, SqlitePool, "BEGIN IMMEDIATE");
add!(add_on_postgres, PgPool, "BEGIN");

const RATE: &str = "INSERT INTO rates (key, spent_until) VALUES ($1, 1) \
    ON CONFLICT (key) DO UPDATE SET spent_until = rates.spent_until + 1";
const SUBJECT: &str = "SELECT 1 FROM posts WHERE id = $1 AND status = 'PUBLISHED'";
const REACTION: &str = "INSERT INTO reactions (id, subject_type, subject_id, alliance_id, visitor_id, kind, state, has_comment, created_at) \
    SELECT $1, 'POST', $2, alliance_id, $3, $4, 'COUNTED', FALSE, $5 FROM posts WHERE id = $2 ON CONFLICT DO NOTHING";
const COUNTER: &str = "INSERT INTO reaction_counters (subject_id, kind, total) VALUES ($1, $2, 1) \
    ON CONFLICT (subject_id, kind) DO UPDATE SET total = reaction_counters.total + 1";
const EVENT: &str = "INSERT INTO outbox (kind, subject_type, subject_id, alliance_id, data, recorded_at) \
    SELECT 'ReactionsChanged', 'POST', id, alliance_id, '{}', $2 FROM posts WHERE id = $1";
const TOTAL: &str = "SELECT CAST(COALESCE(SUM(total), 0) AS BIGINT) FROM reaction_counters WHERE subject_id = $1";

async fn answer(pool: &Pool, name: &str) -> sqlx::Result<String> {
    let statement =
        |of: &[(&str, &'static str)]| of.iter().find(|(q, _)| *q == name).map(|(_, sql)| *sql).ok_or(sqlx::Error::RowNotFound);
    match pool {
        Pool::Sqlite(pool) => sqlx::query_scalar(statement(&SQLITE)?).fetch_one(pool).await,
        Pool::Postgres(pool) => sqlx::query_scalar(statement(&POSTGRES)?).fetch_one(pool).await,
    }
}
