//! Taking back comments that nobody has let through for long.

use alliance_entity::reaction::{self, ReactionState};
use chrono::{DateTime, Utc};

use crate::caller::Caller;
use crate::error::Result;
use crate::reactions::actions::tell_moderators;
use crate::reactions::store::change;

/// How many are taken back at once, so that nobody who moderates waits for long.
const FEW: u64 = 50;

/// Takes back the comments that have waited for a moderator since before this time, as their writers would: their words go, and nobody is told
/// whose they were. Returns how many.
///
/// # Errors
/// Where the database does not answer; what was taken back by then stays so.
pub async fn expire(caller: &Caller, before: DateTime<Utc>) -> Result<u64> {
    let mut forgotten = 0;
    loop {
        let txn = caller.app.db().begin().await?;
        let some = change::lock_held(&txn, before, FEW).await?;
        for row in &some {
            change::withdraw(&txn, row.id, caller.now()).await?;
            let row = reaction::Model { state: ReactionState::Withdrawn, to_moderate: false, ..row.clone() };
            tell_moderators(caller, &txn, &row).await?;
        }
        caller.commit(txn).await?;
        forgotten += some.len() as u64;
        if (some.len() as u64) < FEW {
            return Ok(forgotten);
        }
    }
}
