//! What can be done with campaigns.

pub mod close;
pub mod create;
pub mod delete;
pub mod edit;
pub mod publish;

use alliance_entity::campaign;
use alliance_entity::id::{AllianceId, InstitutionId};
use alliance_entity::institution;
use chrono::NaiveDate;

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::given::{self, Problems};
use crate::editing::store;
use crate::error::Result;

/// The institutions that take part must be the alliance's own.
async fn knows_institutions(caller: &Caller, txn: &Transaction, alliance: AllianceId, ids: &[InstitutionId]) -> Result<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    match store::are_known::<institution::Entity>(txn, &caller.viewer, alliance, &ids).await? {
        true => Ok(()),
        false => Err(given::unknown("institutions", "institutions")),
    }
}

/// It ends on its first day at the earliest.
fn check_days(problems: &mut Problems, field: &str, started_on: Option<NaiveDate>, ended_on: Option<NaiveDate>) {
    let is_right = started_on.zip(ended_on).is_none_or(|(first, last)| first <= last);
    problems.unless(is_right, field, "a campaign ends on its first day at the earliest");
}

type Change<'a> = crate::editing::Change<'a, campaign::Entity>;
