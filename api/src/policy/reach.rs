//! Where a viewer's roles count.

use alliance_entity::account_role::Role;
use alliance_entity::id::AllianceId;
use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef};

use crate::viewer::Viewer;

/// The alliances in which a viewer has one of some roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reach {
    /// All of them, and those to come.
    Everywhere,
    /// These.
    In(Vec<AllianceId>),
}

impl Reach {
    /// Whether it covers an alliance.
    pub(super) fn covers(&self, alliance: AllianceId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::In(alliances) => alliances.contains(&alliance),
        }
    }

    /// The rows that satisfy `otherwise`, and besides them those whose `alliance` it covers.
    pub(super) fn or(&self, alliance: impl IntoColumnRef, otherwise: Condition) -> Condition {
        match self {
            Self::Everywhere => Condition::all(),
            Self::In(alliances) if alliances.is_empty() => otherwise,
            Self::In(alliances) => Condition::any().add(otherwise).add(Expr::col(alliance).is_in(alliances.iter().copied())),
        }
    }
}

impl Viewer {
    /// Where this viewer has one of the roles. An operator has each of them everywhere, but for those of people who only take part.
    pub(super) fn reach(&self, roles: &[Role]) -> Reach {
        let Some(account) = self.account() else { return Reach::In(Vec::new()) };
        if account.is_operator && roles.contains(&Role::Admin) {
            return Reach::Everywhere;
        }
        let mut alliances: Vec<AllianceId> =
            account.grants.iter().filter(|(_, role)| roles.contains(role)).map(|(alliance, _)| *alliance).collect();
        alliances.sort_unstable();
        alliances.dedup();
        Reach::In(alliances)
    }

    /// Where it edits.
    pub(super) fn edits(&self) -> Reach {
        self.reach(&[Role::Admin, Role::Editor])
    }

    /// Where it decides who is who.
    pub(super) fn administers(&self) -> Reach {
        self.reach(&[Role::Admin])
    }

    /// Where it works enquiries, and who comes to events.
    pub(super) fn organises(&self) -> Reach {
        self.reach(&[Role::Admin, Role::Organiser])
    }

    /// Where it keeps count of those whom institutions bring.
    pub(super) fn counts_turnout(&self) -> Reach {
        self.reach(&[Role::Admin, Role::Editor, Role::Organiser])
    }

    /// Where it writes.
    pub(super) fn writes(&self) -> Reach {
        self.reach(&[Role::Author])
    }
}
