//! What Alliance is measured beside: the same answers by one hand-written statement each, put together by the database itself, and the
//! same bytes out of memory. `load-baseline DATABASE_URL LISTEN`; see `tests/load/run`.

#![expect(clippy::print_stderr, reason = "a tool for the command line")]

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{PgPool, SqlitePool};

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
    let baseline = Arc::new(Baseline { pool, static_bytes });
    let router = Router::new()
        .route("/static", post(async |State(baseline): State<Arc<Baseline>>| baseline.static_bytes.clone()))
        .route("/{query}", post(query))
        .with_state(baseline);
    let listener = tokio::net::TcpListener::bind(listen).await.expect("the address is free");
    axum::serve(listener, router).await.expect("the socket works");
}

async fn query(State(baseline): State<Arc<Baseline>>, Path(name): Path<String>, _body: String) -> Result<String, StatusCode> {
    answer(&baseline.pool, &name).await.map_err(|e| {
        eprintln!("{name}: {e}");
        StatusCode::INTERNAL_SERVER_ERROR
    })
}

async fn answer(pool: &Pool, name: &str) -> sqlx::Result<String> {
    let statement =
        |of: &[(&str, &'static str)]| of.iter().find(|(q, _)| *q == name).map(|(_, sql)| *sql).ok_or(sqlx::Error::RowNotFound);
    match pool {
        Pool::Sqlite(pool) => sqlx::query_scalar(statement(&SQLITE)?).fetch_one(pool).await,
        Pool::Postgres(pool) => sqlx::query_scalar(statement(&POSTGRES)?).fetch_one(pool).await,
    }
}
