//! Person, as clients see it.

use alliance_entity::person;
use alliance_entity::person_role::{self, PersonRole};
use async_graphql::{Context, ID, Object, SimpleObject};

use crate::context::Ask;
use crate::error::Result;
use crate::page::connection::connection;
use crate::people::store::{People, RolesOf};
use crate::policy::Action;
use crate::policy::staff::staff_only;

connection!(PersonConnection, PersonEdge, People => Person, "person", "people");

/// A person's row.
#[derive(Debug, Clone)]
pub struct Person(pub person::Model);

impl From<person::Model> for Person {
    fn from(row: person::Model) -> Self {
        Self(row)
    }
}

/// A public role of a person.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub struct PublicRole {
    /// The role.
    pub role: PersonRole,
    /// The place in lists of this role, the smallest first.
    pub position: i32,
}

impl From<person_role::Model> for PublicRole {
    fn from(person_role::Model { person_id: _, role, position }: person_role::Model) -> Self {
        Self { role, position }
    }
}

/// A person in a public role of an alliance: an organiser, a commissioner or an author. Public by that role alone.
#[Object]
impl Person {
    /// The person's id, the same for ever.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The role in words, such as "Community organiser".
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// A few sentences about the person, in plain text.
    async fn bio(&self) -> Option<&str> {
        self.0.bio.as_deref()
    }

    /// The public roles; empty where only staff see the person.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<PublicRole>> {
        let roles = ctx.load(RolesOf(self.0.id)).await?.unwrap_or_default();
        Ok(roles.into_iter().map(PublicRole::from).collect())
    }

    /// Counts its changes: give the one that you read with each change; null but to those who edit it.
    #[graphql(directive = staff_only::apply())]
    async fn version(&self, ctx: &Context<'_>) -> Option<i32> {
        ctx.viewer().may(Action::EditPerson(self.0.alliance_id)).then_some(self.0.version)
    }
}
