//! Changing what is said of an institution.

use alliance_entity::id::InstitutionId;
use alliance_entity::institution::{self, InstitutionKind};
use async_graphql::MaybeUndefined;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::Act;
use crate::editing::given::{self, Problems};
use crate::editing::rendered::Ahead;
use crate::error::Result;
use crate::institutions::actions::Change;
use crate::institutions::store::change as store;
use crate::policy::Action;
use crate::text::sort_key;

const DONE: Act = Act { action: "institutionEdit", event: "InstitutionEdited" };

/// What is to be another.
#[derive(Debug)]
pub struct Edit {
    /// Which institution.
    pub id: InstitutionId,
    /// The version that was read.
    pub version: i32,
    /// Its name.
    pub name: MaybeUndefined<String>,
    /// Its slug.
    pub slug: MaybeUndefined<String>,
    /// What kind of organisation it is.
    pub kind: MaybeUndefined<InstitutionKind>,
    /// What it is and does, in Markdown.
    pub description: MaybeUndefined<String>,
    /// Its own site.
    pub website_url: MaybeUndefined<String>,
}

/// Changes an institution.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn edit(caller: &Caller, input: Edit) -> Result<()> {
    let Edit { id, version, name, slug, kind, description, website_url } = input;
    let ahead = Ahead::of_change(caller, &description).await?;
    let change = Change::begin(caller, id.0, version, Action::EditInstitution).await?;
    let (mut problems, was) = (Problems::default(), change.row.clone());
    let name = problems.kept_text("name", name, was.name, given::name);
    let row = institution::Model {
        slug: problems.kept_text("slug", slug, was.slug, given::slug_of),
        kind: problems.kept("kind", kind, was.kind),
        sort_name: sort_key(&name),
        name,
        description: problems.open_text("description", description, was.description, given::body),
        website_url: problems.maybe_text("websiteUrl", website_url, was.website_url, given::website),
        ..change.row.clone()
    };
    ahead.check("description", &mut problems);
    problems.end()?;
    let row = change.write(row).await?;
    change.keep_html(ahead).await?;
    store::set_findable(&change.txn, &row).await?;
    change.keep(DONE, json!({ "version": row.version })).await
}
