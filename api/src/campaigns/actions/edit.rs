//! Changing what a campaign says.

use alliance_entity::campaign;
use alliance_entity::id::{CampaignId, InstitutionId};
use async_graphql::MaybeUndefined;
use chrono::NaiveDate;
use serde_json::json;

use crate::caller::Caller;
use crate::campaigns::actions::{Change, check_days, knows_institutions};
use crate::campaigns::store::change as store;
use crate::editing::Act;
use crate::editing::given::{self, Problems, or_none};
use crate::editing::rendered::Ahead;
use crate::error::Result;
use crate::policy::Action;
use crate::text::sort_key;

const DONE: Act = Act { action: "campaignEdit", event: "CampaignEdited" };

/// What is to be another.
#[derive(Debug)]
pub struct Edit {
    /// Which campaign.
    pub id: CampaignId,
    /// The version that was read.
    pub version: i32,
    /// Its title.
    pub title: MaybeUndefined<String>,
    /// Its slug.
    pub slug: MaybeUndefined<String>,
    /// What it is about, in plain text.
    pub summary: MaybeUndefined<String>,
    /// The whole of it, in Markdown.
    pub body: MaybeUndefined<String>,
    /// Its first day.
    pub started_on: MaybeUndefined<NaiveDate>,
    /// Whether those who react must not be found out.
    pub is_sensitive: MaybeUndefined<bool>,
    /// The institutions that take part.
    pub institutions: MaybeUndefined<Vec<InstitutionId>>,
}

/// Changes a campaign.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn edit(caller: &Caller, input: Edit) -> Result<()> {
    let Edit { id, version, title, slug, summary, body, started_on, is_sensitive, institutions } = input;
    let ahead = Ahead::of_change(caller, &body).await?;
    let change = Change::begin(caller, id.0, version, Action::EditCampaign).await?;
    let (mut problems, was) = (Problems::default(), change.row.clone());
    let title = problems.kept_text("title", title, was.title, given::title);
    let row = campaign::Model {
        slug: problems.kept_text("slug", slug, was.slug, given::slug_of),
        sort_title: sort_key(&title),
        title,
        summary: problems.open_text("summary", summary, was.summary, given::sentences),
        body: problems.open_text("body", body, was.body, given::body),
        started_on: or_none(started_on, was.started_on),
        is_sensitive: problems.kept("isSensitive", is_sensitive, was.is_sensitive),
        ..change.row.clone()
    };
    check_days(&mut problems, "startedOn", row.started_on, row.ended_on);
    let institutions = problems.links("institutions", institutions);
    ahead.check("body", &mut problems);
    problems.end()?;
    if let Some(ids) = institutions {
        knows_institutions(caller, &change.txn, row.alliance_id, &ids).await?;
        store::set_institutions(&change.txn, id, &ids).await?;
    }
    let row = change.write(row).await?;
    change.keep_html(ahead).await?;
    store::set_findable(&change.txn, &row).await?;
    change.keep(DONE, json!({ "version": row.version })).await
}
