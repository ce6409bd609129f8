//! Whether somebody may do something.

use crate::error::{Error, Result, SIGN_IN};
use crate::policy::{
    Action, accounts, attendance, audit, content, enquiries, posts, reactions, subscriptions, syndication, webhooks,
};
use crate::viewer::Viewer;

impl Viewer {
    /// Whether this viewer may do it.
    #[must_use]
    pub fn may(&self, action: Action<'_>) -> bool {
        // Each room answers for its own actions, and lets nobody do what is another's.
        content::may(self, action)
            || posts::may(self, action)
            || reactions::may(self, action)
            || accounts::may(self, action)
            || audit::may(self, action)
            || enquiries::may(self, action)
            || attendance::may(self, action)
            || subscriptions::may(self, action)
            || syndication::may(self, action)
            || webhooks::may(self, action)
    }

    /// Nothing where this viewer may do it.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where signing in may help, [`Error::Forbidden`] where it does not.
    pub fn must(&self, action: Action<'_>) -> Result<()> {
        match self {
            _ if self.may(action) => Ok(()),
            Self::Anonymous | Self::Visitor(_) => Err(Error::Unauthenticated(SIGN_IN)),
            Self::Account(_) | Self::Partner(_) => Err(Error::Forbidden(action.words())),
        }
    }
}
