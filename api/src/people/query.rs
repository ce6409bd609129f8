//! people; and the people of what has some.

use alliance_entity::id::AllianceId;
use async_graphql::Context;

use crate::context::Ask;
use crate::error::{Error, Result, SIGN_IN};
use crate::page::connection::{Asked, object};
use crate::people::PersonFilter;
use crate::people::object::{Person, PersonConnection};
use crate::people::store::{OrganisersOf, People};
use crate::policy::staff::staff_only;

/// The root fields.
#[derive(Debug, Default)]
pub struct PersonQuery;

object! {
    PersonQuery (self, ctx, page) {}
    lists {
        /// The people that you may see, in the order in which they were written down: those in public roles, and all of the alliances
        /// that you edit. For those who are signed in.
        #[graphql(directive = staff_only::apply())]
        fn people(#[graphql(desc = "Which people.")] filter: Option<PersonFilter>) -> PersonConnection {
            if ctx.viewer().account().is_none() {
                return Err(Error::Unauthenticated(SIGN_IN));
            }
            Ok(PersonConnection(Asked::new(People { filter: filter.unwrap_or_default() }, None, page)?))
        }
    }
}

/// The organisers of an alliance.
pub(crate) async fn organisers(ctx: &Context<'_>, alliance: AllianceId) -> Result<Vec<Person>> {
    Ok(ctx.load(OrganisersOf(alliance)).await?.unwrap_or_default().into_iter().map(Person).collect())
}
