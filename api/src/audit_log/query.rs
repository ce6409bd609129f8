//! auditLog.

use crate::audit_log::AuditFilter;
use crate::audit_log::object::AuditEntryConnection;
use crate::audit_log::store::Entries;
use crate::context::Ask;
use crate::error::{Error, SIGN_IN};
use crate::page::connection::{Asked, object};
use crate::policy::staff::staff_only;
use crate::viewer::Viewer;

/// The root fields.
#[derive(Debug, Default)]
pub struct AuditQuery;

object! {
    AuditQuery (self, ctx, page) {}
    lists {
        /// Who did what, the latest first: what you did, what was done to the content of the alliances that you edit, and everything that
        /// was done in those that you are an admin of.
        #[graphql(directive = staff_only::apply())]
        fn audit_log(#[graphql(desc = "Which entries.")] filter: Option<AuditFilter>) -> AuditEntryConnection {
            if matches!(ctx.viewer(), Viewer::Anonymous | Viewer::Visitor(_)) {
                return Err(Error::Unauthenticated(SIGN_IN));
            }
            Ok(AuditEntryConnection(Asked::new(Entries { filter: filter.unwrap_or_default() }, None, page)?))
        }
    }
}
