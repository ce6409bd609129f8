//! The merged roots.

use async_graphql::{EmptyMutation, EmptySubscription, MergedObject, SDLExportOptions, Schema};

use crate::alliances::query::AllianceQuery;
use crate::campaigns::query::CampaignQuery;
use crate::events::query::EventQuery;
use crate::institutions::query::InstitutionQuery;
use crate::node::NodeQuery;
use crate::posts::query::PostQuery;
use crate::search::query::SearchQuery;

/// Everything that can be asked.
#[derive(Debug, Default, MergedObject)]
pub struct Query(NodeQuery, AllianceQuery, InstitutionQuery, CampaignQuery, PostQuery, EventQuery, SearchQuery);

/// The schema that is served.
pub type Served = Schema<Query, EmptyMutation, EmptySubscription>;

/// Builds the schema.
#[must_use]
pub fn build() -> Served {
    Schema::build(Query::default(), EmptyMutation, EmptySubscription).finish()
}

/// The schema in the schema definition language, as `schema.graphql` holds it.
#[must_use]
pub fn sdl(schema: &Served) -> String {
    schema.sdl_with_options(SDLExportOptions::new().include_specified_by())
}
