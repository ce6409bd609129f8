//! The people of what has some.

use alliance_entity::id::AllianceId;
use async_graphql::Context;

use crate::context::Ask;
use crate::error::Result;
use crate::people::object::Person;
use crate::people::store::OrganisersOf;

/// The organisers of an alliance.
pub(crate) async fn organisers(ctx: &Context<'_>, alliance: AllianceId) -> Result<Vec<Person>> {
    Ok(ctx.load(OrganisersOf(alliance)).await?.unwrap_or_default().into_iter().map(Person).collect())
}
