//! Person, as clients see it.

use alliance_entity::person;
use async_graphql::{ID, Object};

/// A person's row.
#[derive(Debug, Clone)]
pub struct Person(pub person::Model);

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
}
