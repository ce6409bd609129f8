//! Content for measuring: the same N posts on every machine, written in batches.

mod rows;
mod words;

use alliance_entity::{campaign, institution};
use sea_orm::{ConnectionTrait, EntityTrait};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::seed::rows::Seed;
use crate::{campaigns, demo, institutions};

/// How many posts one transaction writes.
const BATCH: u32 = 5_000;
/// The index of words costs less when it is built once than when it is kept while millions of rows come.
const GIN: [(&str, &str); 2] = [("search_documents_by_title_words", "title_words"), ("search_documents_by_words", "words")];

/// Writes `posts` posts and what belongs to them into a database that has no alliance yet, and calls `reported` after each batch. Says
/// whether it did.
///
/// # Errors
/// Where the database does not answer. What was written by then stays: start again with a new database.
pub async fn plant(app: &App, posts: u32, reported: impl Fn(u32) -> Result<()>) -> Result<bool> {
    let Some(txn) = demo::begin_in_empty(app).await? else { return Ok(false) };
    let (db, sqlite) = (app.db(), app.db().is_sqlite());
    if !sqlite {
        for (index, _) in GIN {
            txn.execute_unprepared(&format!("DROP INDEX {index}")).await?;
        }
    }
    // With the alliance committed, whoever else came to fill this database turns away.
    let mut seed = Seed::new(posts);
    seed.write_frame(&txn).await?;
    make_findable(&txn).await?;
    txn.commit().await?;
    if sqlite {
        db.write().execute_unprepared("PRAGMA cache_size = -262144").await?;
    }
    let mut left = posts;
    while left > 0 {
        let batch = left.min(BATCH);
        let txn = db.begin_slow().await?;
        // Posts are numbered from the newest, and written from the oldest: the order in which they would have come.
        seed.write_posts(&txn, (left - batch + 1)..=left).await?;
        txn.commit().await?;
        left -= batch;
        reported(posts - left)?;
    }
    let txn = db.begin_slow().await?;
    seed.write_reactions(&txn).await?;
    txn.commit().await?;
    let txn = db.begin_slow().await?;
    if sqlite {
        txn.execute_unprepared("INSERT INTO search_index (search_index) VALUES ('optimize')").await?;
        txn.execute_unprepared("INSERT INTO search_titles (search_titles) VALUES ('optimize')").await?;
    } else {
        txn.execute_unprepared("SET LOCAL maintenance_work_mem = '512MB'").await?;
        for (index, column) in GIN {
            txn.execute_unprepared(&format!("CREATE INDEX {index} ON search_documents USING GIN ({column})")).await?;
        }
    }
    txn.execute_unprepared("ANALYZE").await?;
    txn.commit().await?;
    Ok(true)
}

/// Lets the campaigns and the institutions be found.
async fn make_findable(txn: &Transaction) -> Result<()> {
    for row in campaign::Entity::find().all(txn).await? {
        campaigns::store::change::set_findable(txn, &row).await?;
    }
    for row in institution::Entity::find().all(txn).await? {
        institutions::store::change::set_findable(txn, &row).await?;
    }
    Ok(())
}
