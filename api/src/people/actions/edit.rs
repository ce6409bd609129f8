//! Changing what is said of a person, and the public roles.

use alliance_entity::id::PersonId;
use alliance_entity::person;
use alliance_entity::person_role::PersonRole;
use async_graphql::MaybeUndefined;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::Act;
use crate::editing::given::{self, Problems};
use crate::error::Result;
use crate::people::actions::{Change, roles};
use crate::people::store::change as store;
use crate::policy::Action;
use crate::viewer::Viewer;

const DONE: Act = Act { action: "personEdit", event: "PersonEdited" };

/// What is to be another.
#[derive(Debug)]
pub struct Edit {
    /// Which person.
    pub id: PersonId,
    /// The version that was read.
    pub version: i32,
    /// The name.
    pub name: MaybeUndefined<String>,
    /// The role in words.
    pub title: MaybeUndefined<String>,
    /// A few sentences.
    pub bio: MaybeUndefined<String>,
    /// The public roles, each with its place in lists.
    pub roles: MaybeUndefined<Vec<(PersonRole, i32)>>,
}

/// Changes a person.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn edit(caller: &Caller, input: Edit) -> Result<()> {
    let Edit { id, version, name, title, bio, roles: held } = input;
    let change = Change::begin(caller, id.0, version, Action::EditPerson).await?;
    let (mut problems, was) = (Problems::default(), change.row.clone());
    let row = person::Model {
        name: problems.kept_text("name", name, was.name, given::name),
        title: problems.maybe_text("title", title, was.title, given::one_line),
        bio: problems.maybe_text("bio", bio, was.bio, given::sentences),
        ..change.row.clone()
    };
    let held = match held {
        MaybeUndefined::Undefined => None,
        given => Some(roles(&mut problems, given.take().unwrap_or_default())),
    };
    problems.end()?;
    // Whoever was told of them is told of what they are now, and that the public sees them no more.
    let was_public = Viewer::Anonymous.may(Action::ReadPerson(row.alliance_id, store::count_roles(&change.txn, id).await?));
    let row = change.write(row).await?;
    if let Some(held) = held {
        store::set_roles(&change.txn, id, &held).await?;
    }
    change.keep_telling(DONE, json!({ "version": row.version }), json!({ "wasPublic": was_public })).await
}
