//! Writing a person down.

use alliance_entity::id::AllianceId;
use alliance_entity::person;
use alliance_entity::person_role::PersonRole;

use crate::alliances;
use crate::caller::Caller;
use crate::editing::given::{self, Problems};
use crate::editing::{self, Act, store as content};
use crate::error::Result;
use crate::id;
use crate::people::actions::roles;
use crate::people::store::change as store;
use crate::policy::Action;

const DONE: Act = Act { action: "personCreate", event: "PersonCreated" };

/// What is said of the person.
#[derive(Debug)]
pub struct Create {
    /// Whose they are.
    pub alliance: AllianceId,
    /// The name.
    pub name: String,
    /// The role in words.
    pub title: Option<String>,
    /// A few sentences.
    pub bio: Option<String>,
    /// The public roles, each with its place in lists.
    pub roles: Vec<(PersonRole, i32)>,
}

/// Writes a person down, who is public by their roles alone.
///
/// # Errors
/// [`crate::error::Error::Forbidden`], [`crate::error::Error::NotFound`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn create(caller: &Caller, input: Create) -> Result<person::Model> {
    let Create { alliance, name, title, bio, roles: held } = input;
    caller.viewer.must(Action::CreatePerson(alliance))?;
    let (mut problems, now) = (Problems::default(), caller.now());
    let row = person::Model {
        id: id::new(now),
        alliance_id: alliance,
        name: problems.text("name", &name, given::name),
        title: problems.new_text("title", title, given::one_line),
        bio: problems.new_text("bio", bio, given::sentences),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let held = roles(&mut problems, held);
    problems.end()?;
    let txn = caller.app.db().begin().await?;
    alliances::store::hold(&txn, alliance).await?;
    content::insert::<person::Entity>(&txn, &row).await?;
    store::set_roles(&txn, row.id, &held).await?;
    editing::record_new::<person::Entity>(caller, &txn, DONE, &row).await?;
    caller.commit(txn).await?;
    Ok(row)
}
