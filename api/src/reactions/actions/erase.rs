//! Erasing what somebody said.

use alliance_entity::id::AccountId;
use alliance_entity::reaction::ReactionState;

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::reactions::ADDRESS;
use crate::reactions::actions::tell;
use crate::reactions::store::{change, links, sums};

/// Erases the reactions of an account, and the comments that were confirmed by these addresses, or wait to be. They count no more.
///
/// # Errors
/// Where the database does not answer.
pub async fn erase(caller: &Caller, txn: &Transaction, account: Option<AccountId>, addresses: &[String]) -> Result<()> {
    let hashes = addresses.iter().flat_map(|address| caller.app.keys().digests(ADDRESS, address)).collect();
    let mut rows = change::lock_of(txn, account, hashes).await?;
    change::delete(txn, &rows).await?;
    links::delete_to(txn, addresses).await?;
    rows.retain(|row| row.state == ReactionState::Counted);
    // Sums are held in an order that all keep to who change several.
    rows.sort_unstable_by_key(|row| (row.subject_id, row.kind as u8));
    for alike in rows.chunk_by(|one, other| (one.subject_id, one.kind) == (other.subject_id, other.kind)) {
        let many = i64::try_from(alike.len()).map_err(Error::internal)?;
        sums::add(txn, alike[0].subject_id, alike[0].kind, -many).await?;
    }
    rows.dedup_by_key(|row| row.subject_id);
    for row in &rows {
        tell(caller, txn, row).await?;
    }
    Ok(())
}
