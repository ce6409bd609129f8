//! viewer, accounts.

use async_graphql::Context;

use crate::accounts::AccountFilter;
use crate::accounts::object::{AccountConnection, Viewer};
use crate::accounts::store::list::Accounts;
use crate::context::Ask;
use crate::error::{Error, SIGN_IN};
use crate::page::connection::{Asked, object};
use crate::viewer::Viewer as Asking;

/// The root fields.
#[derive(Debug, Default)]
pub struct AccountQuery;

object! {
    AccountQuery (self, ctx, page) {
        /// Who your token speaks for; null without one.
        async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
            match ctx.viewer() {
                Asking::Anonymous => None,
                known => Some(Viewer(known.clone())),
            }
        }
    }
    lists {
        /// The accounts that you may see, by their addresses: those of the alliances that you are an admin of, and your own.
        fn accounts(#[graphql(desc = "Which accounts.")] filter: Option<AccountFilter>) -> AccountConnection {
            if ctx.viewer().account().is_none() {
                return Err(Error::Unauthenticated(SIGN_IN));
            }
            Ok(AccountConnection(Asked::new(Accounts { filter: filter.unwrap_or_default() }, None, page)?))
        }
    }
}
