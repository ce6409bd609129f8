//! Deleting enquiries that have been kept for long enough.

use alliance_entity::enquiry;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::caller::{Caller, Deed};
use crate::editing::Act;
use crate::editing::store::Content;
use crate::enquiries::actions::delete::DONE;
use crate::enquiries::mailing;
use crate::enquiries::store::{self, Old};
use crate::error::Result;

/// How many are deleted at once, so that nobody who works one waits for long.
const FEW: u64 = 50;

/// Deletes those that were closed before this time, or about which nothing was done since, as [`super::delete`] deletes one. Returns how
/// many.
///
/// # Errors
/// Where the database does not answer; what was deleted by then stays deleted.
pub async fn expire(caller: &Caller, old: Old, before: DateTime<Utc>) -> Result<u64> {
    let mut deleted = 0;
    loop {
        let txn = caller.app.db().begin().await?;
        let some = store::lock_old(&txn, old, before, FEW).await?;
        for row in &some {
            store::delete(&txn, row.id).await?;
            caller.record(&txn, deed(row)).await?;
        }
        mailing::forget(&caller.app, &some.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
        caller.commit(txn).await?;
        deleted += some.len() as u64;
        if (some.len() as u64) < FEW {
            return Ok(deleted);
        }
    }
}

fn deed(row: &enquiry::Model) -> Deed {
    let Act { action, event } = DONE;
    let (subject_type, subject_id, alliance) = (enquiry::Entity::SUBJECT, row.id.0, Some(row.alliance_id));
    Deed { action, event, subject_type, subject_id, alliance, details: json!({}) }
}
