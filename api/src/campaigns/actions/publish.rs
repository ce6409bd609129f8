//! Letting a campaign begin, or go on after its end.

use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::id::CampaignId;
use serde_json::json;

use crate::caller::Caller;
use crate::campaigns::actions::Change;
use crate::campaigns::store::change as store;
use crate::editing::{self, Act};
use crate::error::Result;
use crate::policy::Action;

const DONE: Act = Act { action: "campaignPublish", event: "CampaignPublished" };

/// Makes a campaign public, or lets one go on that was closed.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it is public and goes on.
pub async fn publish(caller: &Caller, id: CampaignId, version: i32) -> Result<()> {
    let change = Change::begin(caller, id.0, version, Action::PublishCampaign).await?;
    editing::stands(change.row.status != CampaignStatus::Active, "this campaign is public already, and goes on")?;
    let from = change.row.status;
    let row = campaign::Model { status: CampaignStatus::Active, ended_on: None, ..change.row.clone() };
    let row = change.write(row).await?;
    store::set_findable(&change.txn, &row).await?;
    change.keep(DONE, json!({ "version": row.version, "reopened": from == CampaignStatus::Closed })).await
}
