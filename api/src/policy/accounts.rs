//! Accounts, their roles, and the keys of partners: who may see and change them, as a decision and as SQL.

use alliance_entity::{account, account_role, api_key};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};

use crate::policy::reach::Reach;
use crate::policy::{Action, Readable, Subject};
use crate::viewer::Viewer;

/// People see and change themselves; an alliance's admins see and appoint its people; what reaches beyond one alliance is for the
/// operator.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    let is_self = |account| viewer.account().is_some_and(|own| own.account == account);
    let is_operator = || viewer.account().is_some_and(|own| own.is_operator);
    let administers = |alliance| viewer.administers().covers(alliance);
    match action {
        Action::ReadAccount(Subject { account, alliances, .. }) => {
            is_self(account) || is_operator() || alliances.iter().any(|alliance| administers(*alliance))
        }
        Action::EditAccount(account) => is_self(account),
        // Whoever has a role elsewhere would lose it there, too.
        Action::DisableAccount(Subject { account, is_operator: of_operator, alliances }) => {
            let all = !alliances.is_empty() && alliances.iter().all(|alliance| administers(*alliance));
            !is_self(account) && (is_operator() || (!of_operator && all))
        }
        Action::ExportAccount(account) | Action::EraseAccount(account) => is_self(account) || is_operator(),
        Action::InviteAccount(alliance, _) | Action::GrantRole(alliance, _) | Action::RevokeRole(alliance, _) => {
            administers(alliance)
        }
        Action::CreateApiKey(alliance) | Action::RevokeApiKey(alliance) => administers(alliance),
        Action::ReadApiKey(alliance, key) => {
            administers(alliance) || matches!(viewer, Viewer::Partner(partner) if partner.key == key)
        }
        _ => false,
    }
}

/// Oneself, and the people of alliances that one administers.
#[must_use]
pub fn readable_accounts(viewer: &Viewer) -> Readable<account::Entity> {
    let id = || Expr::col((account::Entity, account::Column::Id));
    let own = viewer.account().map(|own| id().eq(own.account));
    let condition = match viewer.administers() {
        Reach::Everywhere => Condition::all(),
        Reach::In(alliances) => {
            let mut theirs = Query::select();
            theirs
                .column(account_role::Column::AccountId)
                .from(account_role::Entity)
                .and_where(account_role::Column::AllianceId.is_in(alliances.clone()));
            let theirs = (!alliances.is_empty()).then(|| id().in_subquery(theirs));
            Condition::any().add(Expr::val(1).eq(0)).add_option(own).add_option(theirs)
        }
    };
    Readable::only(condition)
}

/// One's own roles, and those in alliances that one administers.
#[must_use]
pub fn readable_roles(viewer: &Viewer) -> Readable<account_role::Entity> {
    let own = viewer.account().map(|own| account_role::Column::AccountId.eq(own.account));
    let own = Condition::any().add(Expr::val(1).eq(0)).add_option(own);
    Readable::only(viewer.administers().or((account_role::Entity, account_role::Column::AllianceId), own))
}

/// The keys of alliances that one administers, and the key that one asks with.
#[must_use]
pub fn readable_api_keys(viewer: &Viewer) -> Readable<api_key::Entity> {
    let own = match viewer {
        Viewer::Partner(partner) => Condition::any().add(api_key::Column::Id.eq(partner.key)),
        Viewer::Anonymous | Viewer::Visitor(_) | Viewer::Account(_) => Condition::any().add(Expr::val(1).eq(0)),
    };
    Readable::only(viewer.administers().or((api_key::Entity, api_key::Column::AllianceId), own))
}
