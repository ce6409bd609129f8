//! Deleting a campaign.

use alliance_entity::campaign;
use alliance_entity::id::CampaignId;
use serde_json::json;

use crate::caller::Caller;
use crate::campaigns::actions::Change;
use crate::campaigns::store::change as store;
use crate::editing::uses::Going;
use crate::editing::{Act, uses};
use crate::error::Result;
use crate::policy::Action;
use crate::viewer::Viewer;

const DONE: Act = Act { action: "campaignDelete", event: "CampaignDeleted" };
const THEN: &str = "Posts and events stay, and name it no more; the reactions go with it.";

/// Which campaign goes.
#[derive(Debug)]
pub struct Delete {
    /// Which campaign.
    pub id: CampaignId,
    /// The version that was read.
    pub version: i32,
    /// Its slug, where others refer to it.
    pub confirm: Option<String>,
}

/// Deletes a campaign, and returns it as it was. Posts and events stay.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where others refer to it and it was
/// not named.
pub async fn delete(caller: &Caller, input: Delete) -> Result<campaign::Model> {
    let Delete { id, version, confirm } = input;
    let change = Change::begin_deleting(caller, id.0, version, Action::DeleteCampaign).await?;
    let row = change.row.clone();
    let lost = store::uses(&change.txn, id).await?;
    uses::confirm(&lost, Going { word: "campaign", name: &row.slug, then: THEN }, confirm.as_deref())?;
    let partners = store::partners(&change.txn, id).await?;
    change.delete().await?;
    // Whoever was told of it is told that it is gone, and nobody else.
    let was_public = Viewer::Anonymous.may(Action::ReadCampaign(row.alliance_id, row.status));
    change
        .keep_telling(DONE, json!({ "lost": uses::told(&lost) }), json!({ "wasPublic": was_public, "partners": partners }))
        .await?;
    Ok(row)
}
