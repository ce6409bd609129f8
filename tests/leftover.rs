//! Which jobs a test has left over. It is asked where nothing can be awaited: by a thread with a connection of its own.

use alliance::app::App;
use sea_orm::{ConnectionTrait, Database, DbErr, Statement};

/// The kinds of jobs that are due, or are being done.
pub(crate) fn jobs(app: &App) -> Vec<String> {
    let (url, backend) = (app.config().database.expose().to_owned(), app.db().backend());
    let time = app.db().bell().time(backend);
    let sql = format!("SELECT kind FROM jobs WHERE state = 'RUNNING' OR (state = 'WAITING' AND due <= {time}) ORDER BY id");
    let asked = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
        runtime.block_on(async move {
            let db = Database::connect(url).await?;
            let rows = db.query_all_raw(Statement::from_string(backend, sql)).await?;
            rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, DbErr>>()
        })
    });
    asked.join().expect("asking does not panic").expect("the database answers")
}
