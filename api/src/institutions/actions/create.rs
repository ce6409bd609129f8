//! Writing an institution down.

use alliance_entity::id::AllianceId;
use alliance_entity::institution::{self, InstitutionKind, InstitutionStatus};

use crate::alliances;
use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::given::{self, Problems};
use crate::editing::rendered::Ahead;
use crate::editing::{self, Act};
use crate::error::Result;
use crate::id;
use crate::policy::Action;
use crate::text::sort_key;

const DONE: Act = Act { action: "institutionCreate", event: "InstitutionCreated" };

/// What is said of the institution.
#[derive(Debug)]
pub struct Create {
    /// Whose it is.
    pub alliance: AllianceId,
    /// Its name.
    pub name: String,
    /// Its slug; else one made of the name.
    pub slug: Option<String>,
    /// What kind of organisation it is.
    pub kind: InstitutionKind,
    /// What it is and does, in Markdown.
    pub description: Option<String>,
    /// Its own site.
    pub website_url: Option<String>,
}

/// Writes an institution down as a draft, which is no member yet.
///
/// # Errors
/// [`crate::error::Error::Forbidden`], [`crate::error::Error::NotFound`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn create(caller: &Caller, input: Create) -> Result<institution::Model> {
    caller.viewer.must(Action::CreateInstitution(input.alliance))?;
    let ahead = Ahead::of(caller, input.description.as_deref()).await?;
    let txn = caller.app.db().begin().await?;
    let row = write(caller, &txn, input, ahead).await?;
    caller.commit(txn).await?;
    Ok(row)
}

/// The same as a part of another act, which whoever does it has been found to be allowed.
///
/// # Errors
/// [`crate::error::Error::NotFound`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn add(caller: &Caller, txn: &Transaction, input: Create) -> Result<institution::Model> {
    let ahead = Ahead::of(caller, input.description.as_deref()).await?;
    write(caller, txn, input, ahead).await
}

async fn write(caller: &Caller, txn: &Transaction, input: Create, ahead: Ahead) -> Result<institution::Model> {
    let Create { alliance, name, slug, kind, description, website_url } = input;
    let (mut problems, now) = (Problems::default(), caller.now());
    let name = problems.text("name", &name, given::name);
    let slug = problems.new_slug(slug.as_deref(), &name, "institution");
    let description = problems.text("description", description.as_deref().unwrap_or_default(), given::body);
    let website_url = problems.new_text("websiteUrl", website_url, given::website);
    ahead.check("description", &mut problems);
    problems.end()?;
    alliances::store::hold(txn, alliance).await?;
    let new = |slug| institution::Model {
        id: id::new(now),
        alliance_id: alliance,
        slug,
        status: InstitutionStatus::Draft,
        kind,
        name: name.clone(),
        sort_name: sort_key(&name),
        description: description.clone(),
        website_url: website_url.clone(),
        joined_on: None,
        left_on: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let row = editing::add::<institution::Entity>(txn, slug, alliance, new).await?;
    ahead.keep(txn, alliance, row.id.0).await?;
    editing::record_new::<institution::Entity>(caller, txn, DONE, &row).await?;
    Ok(row)
}
