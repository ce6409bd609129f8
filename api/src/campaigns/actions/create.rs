//! Beginning a campaign.

use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::id::{AllianceId, InstitutionId};
use chrono::NaiveDate;

use crate::alliances;
use crate::caller::Caller;
use crate::campaigns::actions::knows_institutions;
use crate::campaigns::store::change as store;
use crate::editing::given::{self, Problems};
use crate::editing::rendered::Ahead;
use crate::editing::{self, Act};
use crate::error::Result;
use crate::id;
use crate::policy::Action;
use crate::text::sort_key;

const DONE: Act = Act { action: "campaignCreate", event: "CampaignCreated" };

/// What the campaign says.
#[derive(Debug)]
pub struct Create {
    /// Whose it is.
    pub alliance: AllianceId,
    /// Its title.
    pub title: String,
    /// Its slug; else one made of the title.
    pub slug: Option<String>,
    /// What it is about, in plain text.
    pub summary: Option<String>,
    /// The whole of it, in Markdown.
    pub body: Option<String>,
    /// Its first day.
    pub started_on: Option<NaiveDate>,
    /// Whether those who react must not be found out.
    pub is_sensitive: bool,
    /// The institutions that take part.
    pub institutions: Vec<InstitutionId>,
}

/// Begins a campaign as a draft.
///
/// # Errors
/// [`crate::error::Error::Forbidden`], [`crate::error::Error::NotFound`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn create(caller: &Caller, input: Create) -> Result<campaign::Model> {
    let Create { alliance, title, slug, summary, body, started_on, is_sensitive, institutions } = input;
    caller.viewer.must(Action::CreateCampaign(alliance))?;
    let ahead = Ahead::of(caller, body.as_deref()).await?;
    let (mut problems, now) = (Problems::default(), caller.now());
    let title = problems.text("title", &title, given::title);
    let slug = problems.new_slug(slug.as_deref(), &title, "campaign");
    let summary = problems.text("summary", summary.as_deref().unwrap_or_default(), given::sentences);
    let body = problems.text("body", body.as_deref().unwrap_or_default(), given::body);
    let institutions = problems.new_links("institutions", institutions);
    ahead.check("body", &mut problems);
    problems.end()?;
    let txn = caller.app.db().begin().await?;
    alliances::store::hold(&txn, alliance).await?;
    knows_institutions(caller, &txn, alliance, &institutions).await?;
    let new = |slug| campaign::Model {
        id: id::new(now),
        alliance_id: alliance,
        slug,
        status: CampaignStatus::Draft,
        title: title.clone(),
        sort_title: sort_key(&title),
        summary: summary.clone(),
        body: body.clone(),
        started_on,
        ended_on: None,
        is_sensitive,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let row = editing::add::<campaign::Entity>(&txn, slug, alliance, new).await?;
    store::set_institutions(&txn, row.id, &institutions).await?;
    ahead.keep(&txn, alliance, row.id.0).await?;
    editing::record_new::<campaign::Entity>(caller, &txn, DONE, &row).await?;
    caller.commit(txn).await?;
    Ok(row)
}
