//! Changing an alliance.

use alliance_entity::alliance;
use alliance_entity::id::AllianceId;
use serde_json::json;

use crate::alliances::store;
use crate::caller::{Caller, Deed};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::policy::Action;

/// What is to be another. What is left out stays.
#[derive(Debug)]
pub struct Edit {
    /// Which alliance.
    pub id: AllianceId,
    /// The version that was read.
    pub version: i32,
    /// Whether its staff must have a second factor.
    pub two_factor_required: Option<bool>,
}

/// Changes an alliance.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where it was changed since it was read, and where who requires a second
/// factor has none.
pub async fn edit(caller: &Caller, input: Edit) -> Result<alliance::Model> {
    let Edit { id, version, two_factor_required } = input;
    let (txn, now) = (caller.app.db().begin().await?, caller.now());
    let row = store::lock(&txn, id).await?.ok_or(Error::NotFound("alliance"))?;
    caller.viewer.must(Action::EditAlliance(id))?;
    let two_factor_required = two_factor_required.unwrap_or(row.two_factor_required);
    if two_factor_required
        && !row.two_factor_required
        && let Some(own) = caller.viewer.account().filter(|own| !own.is_operator)
        && !store::has_second_factor(&txn, own.account).await?
    {
        let problem = "set up a second factor of your own first: without one you would be no admin any more";
        return Err(Error::refused("twoFactorRequired", UserErrorCode::TwoFactorRequired, problem));
    }
    if !store::set_two_factor_required(&txn, (id, version), two_factor_required, now).await? {
        let problem = format!("the alliance was changed since: it is at version {}", row.version);
        return Err(Error::refused("version", UserErrorCode::Conflict, problem));
    }
    let deed = Deed {
        action: "allianceEdit",
        event: "AllianceEdited",
        subject_type: "ALLIANCE",
        subject_id: id.0,
        alliance: Some(id),
        details: json!({ "twoFactorRequired": two_factor_required }),
    };
    caller.record(&txn, deed).await?;
    caller.commit(txn).await?;
    Ok(alliance::Model { two_factor_required, version: version + 1, updated_at: now, ..row })
}
