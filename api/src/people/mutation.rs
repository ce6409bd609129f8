//! personCreate, personEdit, personDelete.

use alliance_entity::id::{AllianceId, PersonId};
use alliance_entity::person_role::PersonRole;
use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::people::actions::create::{self, Create};
use crate::people::actions::delete::{self, Delete};
use crate::people::actions::edit::{self, Edit};
use crate::people::object::Person;
use crate::policy::staff::staff_only;
use crate::scalar::{IdOf, Text};

/// A public role of a person.
#[derive(Debug, Clone, Copy, InputObject)]
pub struct PublicRoleInput {
    /// The role.
    pub role: PersonRole,
    /// The place in lists of this role: 0 to 10,000, the smallest first.
    #[graphql(default)]
    pub position: i32,
}

/// What is said of a new person.
#[derive(Debug, InputObject)]
pub struct PersonCreateInput {
    /// The id of the alliance that they belong to.
    pub alliance: IdOf<AllianceId>,
    /// The name: one line of up to 100 characters.
    pub name: Text,
    /// The role in words, such as "Community organiser".
    pub title: Option<Text>,
    /// A few sentences about the person, in plain text: up to 1,000 characters.
    pub bio: Option<Text>,
    /// The public roles. Without one only staff see the person.
    #[graphql(default)]
    pub roles: Vec<PublicRoleInput>,
}

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct PersonEditInput {
    /// The person's id.
    pub id: IdOf<PersonId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// The name: one line of up to 100 characters.
    pub name: MaybeUndefined<Text>,
    /// The role in words; `null` where there is none.
    pub title: MaybeUndefined<Text>,
    /// A few sentences about the person, in plain text; `null` empties them.
    pub bio: MaybeUndefined<Text>,
    /// All public roles from then on; `null` where there are none, so that only staff see the person.
    pub roles: MaybeUndefined<Vec<PublicRoleInput>>,
}

/// Which person is deleted.
#[derive(Debug, InputObject)]
pub struct PersonDeleteInput {
    /// The person's id.
    pub id: IdOf<PersonId>,
    /// The version that you read: where it has moved on, nothing is deleted.
    pub version: i32,
    /// The name, where they are the author of posts: without it you are told what would be lost.
    pub confirm: Option<Text>,
}

payload! {
    /// What came of writing a person down.
    PersonCreatePayload {
        /// The person.
        person: Person,
    }
}

payload! {
    /// What came of editing a person.
    PersonEditPayload {
        /// The person, as they are now; on a conflict as another has left them.
        person: Person,
    }
}

payload! {
    /// What came of deleting a person.
    PersonDeletePayload {
        /// The person, as they were; on a conflict as another has left them.
        person: Person,
    }
}

fn roles(given: Vec<PublicRoleInput>) -> Vec<(PersonRole, i32)> {
    given.into_iter().map(|PublicRoleInput { role, position }| (role, position)).collect()
}

/// The root fields.
#[derive(Debug, Default)]
pub struct PersonMutation;

#[Object]
impl PersonMutation {
    /// Writes a person down, who is public by their roles alone. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn person_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said of them.")] input: PersonCreateInput,
    ) -> Result<PersonCreatePayload> {
        let PersonCreateInput { alliance, name, title, bio, roles: held } = input;
        let new = Create {
            alliance: alliance.0,
            name: name.0,
            title: title.map(|text| text.0),
            bio: bio.map(|text| text.0),
            roles: roles(held),
        };
        let done = create::create(&ctx.caller(), new).await;
        PersonCreatePayload::of(done, |payload, row| payload.person = Some(Person(row)))
    }

    /// Changes what is said of a person, and the public roles. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn person_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: PersonEditInput,
    ) -> Result<PersonEditPayload> {
        let PersonEditInput { id, version, name, title, bio, roles: held } = input;
        let edit = Edit {
            id: id.0,
            version,
            name: name.map_value(|text| text.0),
            title: title.map_value(|text| text.0),
            bio: bio.map_value(|text| text.0),
            roles: held.map_value(roles),
        };
        let (person, user_errors) = ctx.changed(id.0, edit::edit(&ctx.caller(), edit).await).await?;
        Ok(PersonEditPayload { person: person.map(Person), user_errors })
    }

    /// Deletes a person. Their posts stay, and have no author then. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn person_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which person.")] input: PersonDeleteInput,
    ) -> Result<PersonDeletePayload> {
        let PersonDeleteInput { id, version, confirm } = input;
        let gone = Delete { id: id.0, version, confirm: confirm.map(|text| text.0) };
        let (person, user_errors) = ctx.deleted(id.0, delete::delete(&ctx.caller(), gone).await).await?;
        Ok(PersonDeletePayload { person: person.map(Person), user_errors })
    }
}
