//! webhooks, webhookDeliveries.

use crate::context::Ask;
use crate::error::{Error, Result, SIGN_IN};
use crate::page::connection::{Asked, object};
use crate::policy::staff::staff_only;
use crate::viewer::Viewer;
use crate::webhooks::object::{WebhookConnection, WebhookDeliveryConnection};
use crate::webhooks::store::list::{Deliveries, Webhooks};
use crate::webhooks::{WebhookDeliveryFilter, WebhookFilter};

/// The root fields.
#[derive(Debug, Default)]
pub struct WebhookQuery;

fn known(viewer: &Viewer) -> Result<()> {
    match viewer {
        Viewer::Anonymous | Viewer::Visitor(_) => Err(Error::Unauthenticated(SIGN_IN)),
        Viewer::Account(_) | Viewer::Partner(_) => Ok(()),
    }
}

object! {
    WebhookQuery (self, ctx, page) {}
    lists {
        /// The webhooks of the alliances that you are an admin of, the newest first; to a partner, its own.
        #[graphql(directive = staff_only::apply())]
        fn webhooks(#[graphql(desc = "Which webhooks.")] filter: Option<WebhookFilter>) -> WebhookConnection {
            known(ctx.viewer())?;
            Ok(WebhookConnection(Asked::new(Webhooks { filter: filter.unwrap_or_default() }, None, page)?))
        }

        /// What was sent to those webhooks, or is to be, the newest first. It is kept for thirty days.
        #[graphql(directive = staff_only::apply())]
        fn webhook_deliveries(
            #[graphql(desc = "Which deliveries.")] filter: Option<WebhookDeliveryFilter>
        ) -> WebhookDeliveryConnection {
            known(ctx.viewer())?;
            Ok(WebhookDeliveryConnection(Asked::new(Deliveries { filter: filter.unwrap_or_default() }, None, page)?))
        }
    }
}
