//! What can be done with partners.

pub mod create;
pub mod delete;
pub mod edit;

use alliance_entity::partner;

use crate::database::transaction::Transaction;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::partners::store;

type Change<'a> = crate::editing::Change<'a, partner::Entity>;

/// Refuses a name that another partner has.
async fn own_name(txn: &Transaction, row: &partner::Model) -> Result<()> {
    match store::exists(txn, row).await? {
        true => Err(Error::refused("name", UserErrorCode::Taken, "another partner of this alliance has this name")),
        false => Ok(()),
    }
}
