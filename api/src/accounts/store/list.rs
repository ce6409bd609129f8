//! The list of accounts.

use alliance_entity::{account, account_role};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Iterable};

use crate::accounts::AccountFilter;
use crate::app::App;
use crate::lookup::store::alliance_called;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::accounts::{readable_accounts, readable_roles};
use crate::viewer::Viewer;

/// Accounts in the order of their addresses.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Accounts {
    /// Which of them.
    pub filter: AccountFilter,
}

impl Listed for Accounts {
    type Row = account::Model;

    fn order(&self) -> Order {
        let key = Expr::col((account::Entity, account::Column::EmailKey));
        Order { name: "accounts.email", key, like: Key::Text(String::new()), descending: false }
    }

    fn id(&self) -> Expr {
        Expr::col((account::Entity, account::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let AccountFilter { alliance, role, is_disabled } = &self.filter;
        let mut select = Query::select();
        select.from(account::Entity).cond_where(readable_accounts(viewer).condition());
        if alliance.is_some() || role.is_some() {
            let mut holders = Query::select();
            holders.column(account_role::Column::AccountId).from(account_role::Entity);
            holders.cond_where(readable_roles(viewer).condition());
            if let Some(alliance) = alliance {
                holders.and_where(Expr::col(account_role::Column::AllianceId).eq(alliance_called(&alliance.0)));
            }
            holders.and_where_option(role.map(|role| account_role::Column::Role.eq(role)));
            select.and_where(self.id().in_subquery(holders));
        }
        select.and_where_option(is_disabled.map(|is| match is {
            true => account::Column::DisabledAt.is_not_null(),
            false => account::Column::DisabledAt.is_null(),
        }));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(account::Column::iter().map(|column| (account::Entity, column)));
    }
}
