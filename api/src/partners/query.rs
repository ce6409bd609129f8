//! partners.

use crate::context::Ask;
use crate::error::{Error, SIGN_IN};
use crate::page::connection::{Asked, object};
use crate::partners::PartnerFilter;
use crate::partners::object::PartnerConnection;
use crate::partners::store::Partners;
use crate::policy::staff::staff_only;
use crate::viewer::Viewer;

/// The root fields.
#[derive(Debug, Default)]
pub struct PartnerQuery;

object! {
    PartnerQuery (self, ctx, page) {}
    lists {
        /// The partners of the alliances that you are an admin of, by their names; to a partner, itself.
        #[graphql(directive = staff_only::apply())]
        fn partners(#[graphql(desc = "Which partners.")] filter: Option<PartnerFilter>) -> PartnerConnection {
            if matches!(ctx.viewer(), Viewer::Anonymous | Viewer::Visitor(_)) {
                return Err(Error::Unauthenticated(SIGN_IN));
            }
            Ok(PartnerConnection(Asked::new(Partners { filter: filter.unwrap_or_default() }, None, page)?))
        }
    }
}
