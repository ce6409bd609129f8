//! apiKeys.

use crate::api_keys::ApiKeyFilter;
use crate::api_keys::object::ApiKeyConnection;
use crate::api_keys::store::ApiKeys;
use crate::context::Ask;
use crate::error::{Error, SIGN_IN};
use crate::page::connection::{Asked, object};
use crate::policy::staff::staff_only;
use crate::viewer::Viewer;

/// The root fields.
#[derive(Debug, Default)]
pub struct ApiKeyQuery;

object! {
    ApiKeyQuery (self, ctx, page) {}
    lists {
        /// The keys of partners to the alliances that you are an admin of, the newest first; to a partner, its own.
        #[graphql(directive = staff_only::apply())]
        fn api_keys(#[graphql(desc = "Which keys.")] filter: Option<ApiKeyFilter>) -> ApiKeyConnection {
            if matches!(ctx.viewer(), Viewer::Anonymous | Viewer::Visitor(_)) {
                return Err(Error::Unauthenticated(SIGN_IN));
            }
            Ok(ApiKeyConnection(Asked::new(ApiKeys { filter: filter.unwrap_or_default() }, None, page)?))
        }
    }
}
