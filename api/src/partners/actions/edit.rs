//! Changing what is said of a partner, and what it may carry.

use alliance_entity::id::{CampaignId, PartnerId};
use alliance_entity::partner;
use async_graphql::MaybeUndefined;
use serde_json::json;

use crate::api_keys::store::carries;
use crate::caller::Caller;
use crate::editing::Act;
use crate::editing::given::{self, Problems};
use crate::error::Result;
use crate::partners::actions::{Change, own_name};
use crate::partners::store;
use crate::policy::Action;
use crate::text::sort_key;

const DONE: Act = Act { action: "partnerEdit", event: "PartnerEdited" };

/// What is to be another.
#[derive(Debug)]
pub struct Edit {
    /// Which partner.
    pub id: PartnerId,
    /// The version that was read.
    pub version: i32,
    /// The name.
    pub name: MaybeUndefined<String>,
    /// Its site.
    pub website_url: MaybeUndefined<String>,
    /// Whom to write to.
    pub contact: MaybeUndefined<String>,
    /// Whether it carries all posts.
    pub carries_all: Option<bool>,
    /// Whose posts it carries else.
    pub campaigns: MaybeUndefined<Vec<CampaignId>>,
    /// Whether it carries nothing for now.
    pub is_suspended: Option<bool>,
}

/// Changes a partner.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn edit(caller: &Caller, input: Edit) -> Result<()> {
    let Edit { id, version, name, website_url, contact, carries_all, campaigns, is_suspended } = input;
    let change = Change::begin(caller, id.0, version, Action::EditPartner).await?;
    let (mut problems, was) = (Problems::default(), change.row.clone());
    let name = problems.kept_text("name", name, was.name, given::name);
    let suspended_at = match is_suspended {
        None => was.suspended_at,
        Some(true) => was.suspended_at.or(Some(change.now())),
        Some(false) => None,
    };
    let row = partner::Model {
        sort_name: sort_key(&name),
        name,
        website_url: problems.maybe_text("websiteUrl", website_url, was.website_url, given::website),
        contact: problems.maybe_text("contact", contact, was.contact, given::contact),
        carries_all: carries_all.unwrap_or(was.carries_all),
        suspended_at,
        ..change.row.clone()
    };
    let campaigns = problems.links("campaigns", campaigns);
    problems.end()?;
    let before = carries(&change.txn, id).await?;
    own_name(&change.txn, &row).await?;
    let row = change.write(row).await?;
    if let Some(campaigns) = campaigns
        && !store::set_campaigns(&change.txn, &row, &campaigns).await?
    {
        return Err(given::unknown("campaigns", "campaigns"));
    }
    let has_others = carries(&change.txn, id).await? != before;
    let details = json!({ "version": row.version, "suspended": row.suspended_at.is_some() });
    change.keep_telling(DONE, details, json!({ "rights": has_others })).await
}
