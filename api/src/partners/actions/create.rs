//! Writing a partner down, with its first key.

use alliance_entity::api_key::{self, ApiKeyScope};
use alliance_entity::id::{AllianceId, CampaignId};
use alliance_entity::partner;

use crate::api_keys::actions::{self as api_keys, NewKey, Who};
use crate::caller::Caller;
use crate::editing::given::{self, Problems};
use crate::editing::{self, Act, store as content};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::partners::actions::own_name;
use crate::partners::store;
use crate::policy::Action;
use crate::text::sort_key;
use crate::{alliances, id};

const DONE: Act = Act { action: "partnerCreate", event: "PartnerCreated" };
const FIRST: [ApiKeyScope; 2] = [ApiKeyScope::ContentRead, ApiKeyScope::SyndicationRead];

/// What is said of the partner.
#[derive(Debug)]
pub struct Create {
    /// Whose posts it carries.
    pub alliance: AllianceId,
    /// The name.
    pub name: String,
    /// Its site.
    pub website_url: Option<String>,
    /// Whom to write to.
    pub contact: Option<String>,
    /// Whether it carries all posts.
    pub carries_all: bool,
    /// Whose posts it carries else.
    pub campaigns: Vec<CampaignId>,
}

/// Writes a partner down, and makes its first key; returns that with its secret, which is kept nowhere.
///
/// # Errors
/// [`crate::error::Error::Forbidden`], [`crate::error::Error::NotFound`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn create(caller: &Caller, input: Create) -> Result<(partner::Model, api_key::Model, String)> {
    let Create { alliance, name, website_url, contact, carries_all, campaigns } = input;
    caller.viewer.must(Action::CreatePartner(alliance))?;
    let (mut problems, now) = (Problems::default(), caller.now());
    let name = problems.text("name", &name, given::name);
    let row = partner::Model {
        id: id::new(now),
        alliance_id: alliance,
        sort_name: sort_key(&name),
        website_url: problems.new_text("websiteUrl", website_url, given::website),
        contact: problems.new_text("contact", contact, given::contact),
        carries_all,
        suspended_at: None,
        version: 1,
        created_by: caller.account(),
        created_at: now,
        updated_at: now,
        name,
    };
    let campaigns = problems.new_links("campaigns", campaigns);
    problems.end()?;
    let txn = caller.app.db().begin().await?;
    alliances::store::hold_alone(&txn, alliance).await?;
    let most = caller.app.config().limits.partners;
    if store::count(&txn, alliance).await? >= most {
        let problem = format!("this alliance has {most} partners: delete one of them first");
        return Err(Error::refused("alliance", UserErrorCode::TooLong, problem));
    }
    own_name(&txn, &row).await?;
    content::insert::<partner::Entity>(&txn, &row).await?;
    if !store::set_campaigns(&txn, &row, &campaigns).await? {
        return Err(given::unknown("campaigns", "campaigns"));
    }
    editing::record_new::<partner::Entity>(caller, &txn, DONE, &row).await?;
    let who = Who { holder: None, partner: Some(row.id) };
    let key = NewKey { alliance, who, scopes: FIRST.to_vec(), expires_at: None };
    let (key, secret) = api_keys::add(caller, &txn, key).await?;
    caller.commit(txn).await?;
    Ok((row, key, secret))
}
