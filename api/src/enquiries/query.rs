//! enquiries.

use crate::context::Ask;
use crate::enquiries::object::EnquiryConnection;
use crate::enquiries::store::Enquiries;
use crate::enquiries::{EnquiryFilter, EnquiryOrder, LATEST_FIRST};
use crate::error::{Error, SIGN_IN};
use crate::page::connection::{Asked, object};

/// The root fields.
#[derive(Debug, Default)]
pub struct EnquiryQuery;

object! {
    EnquiryQuery (self, ctx, page) {}
    lists {
        /// The enquiries that you may see, the latest first where nothing else is asked for: those to the alliances whose organiser or
        /// admin you are, and those that you wrote yourself while you were signed in.
        fn enquiries(
            #[graphql(desc = "Which enquiries.")] filter: Option<EnquiryFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<EnquiryOrder>
        ) -> EnquiryConnection {
            if ctx.viewer().account().is_none() {
                return Err(Error::Unauthenticated(SIGN_IN));
            }
            let (filter, order) = (filter.unwrap_or_default(), order_by.unwrap_or(LATEST_FIRST));
            Ok(EnquiryConnection(Asked::new(Enquiries { filter, order }, None, page)?))
        }
    }
}
