//! Ending a campaign.

use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::id::CampaignId;
use chrono::NaiveDate;
use serde_json::json;

use crate::alliances;
use crate::caller::Caller;
use crate::campaigns::actions::{Change, check_days};
use crate::campaigns::store::change as store;
use crate::clock;
use crate::editing::given::Problems;
use crate::editing::{self, Act};
use crate::error::Result;
use crate::policy::Action;

const DONE: Act = Act { action: "campaignClose", event: "CampaignClosed" };

/// Which campaign ends.
#[derive(Debug)]
pub struct Close {
    /// Which campaign.
    pub id: CampaignId,
    /// The version that was read.
    pub version: i32,
    /// Its last day; else today in its alliance's city.
    pub ended_on: Option<NaiveDate>,
}

/// Ends a campaign: it stays public, and says that it is over.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it does not go on, or the day is not possible.
pub async fn close(caller: &Caller, input: Close) -> Result<()> {
    let Close { id, version, ended_on } = input;
    let change = Change::begin(caller, id.0, version, Action::CloseCampaign).await?;
    editing::stands(
        change.row.status == CampaignStatus::Active,
        "this campaign does not go on: it is a draft, or is closed already",
    )?;
    let alliance = alliances::store::hold(&change.txn, change.row.alliance_id).await?;
    let today = clock::day_in(&alliance.time_zone, change.now());
    let ended_on = Some(ended_on.unwrap_or(today));
    let mut problems = Problems::default();
    problems.unless(ended_on <= Some(today), "endedOn", "this day is still to come: close the campaign when it has");
    check_days(&mut problems, "endedOn", change.row.started_on, ended_on);
    problems.end()?;
    let row = change.write(campaign::Model { status: CampaignStatus::Closed, ended_on, ..change.row.clone() }).await?;
    store::set_findable(&change.txn, &row).await?;
    change.keep(DONE, json!({ "version": row.version, "endedOn": ended_on })).await
}
