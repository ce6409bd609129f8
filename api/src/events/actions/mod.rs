//! What can be done with events.

pub mod cancel;
pub mod create;
pub mod delete;
pub mod edit;
pub mod publish;
pub mod reschedule;

use alliance_entity::id::{AllianceId, CampaignId};
use alliance_entity::{campaign, event};
use chrono::{DateTime, Utc};

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::given::{self, Problems};
use crate::editing::store;
use crate::error::Result;

type Change<'a> = crate::editing::Change<'a, event::Entity>;

/// Where an event takes place, as it was given.
#[derive(Debug, Clone)]
pub struct Place {
    /// The place's name.
    pub name: String,
    /// Its postal address.
    pub address: Option<String>,
}

/// The name and the address of a place.
fn place(problems: &mut Problems, given: Option<Place>) -> (Option<String>, Option<String>) {
    let Some(Place { name, address }) = given else { return (None, None) };
    let name = problems.text("venue", &name, given::title);
    (Some(name), problems.new_text("venue", address, given::sentences))
}

/// It ends after it has begun.
fn check_end(problems: &mut Problems, starts_at: DateTime<Utc>, ends_at: Option<DateTime<Utc>>) {
    problems.unless(ends_at.is_none_or(|end| starts_at < end), "endsAt", "an event ends after its start");
}

/// How many people fit, or came.
fn check_number(problems: &mut Problems, field: &str, number: Option<i32>) {
    problems.unless(number.is_none_or(|number| number >= 0), field, "this is a number of people: 0 or more");
}

/// The campaigns that it belongs to must be the alliance's own.
async fn knows_campaigns(caller: &Caller, txn: &Transaction, alliance: AllianceId, ids: &[CampaignId]) -> Result<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    match store::are_known::<campaign::Entity>(txn, &caller.viewer, alliance, &ids).await? {
        true => Ok(()),
        false => Err(given::unknown("campaigns", "campaigns")),
    }
}
