//! Every kind of viewer.

use std::sync::Arc;

use alliance::viewer::{Carries, Partner, SignedIn, Viewer};
use alliance_entity::account_role::Role;
use alliance_entity::api_key::ApiKeyScope;
use alliance_entity::id::{AccountId, AllianceId, ApiKeyId, PartnerId, SessionId, VisitorId};
use uuid::Uuid;

/// The alliance whose things are asked for.
pub(crate) const HERE: AllianceId = AllianceId(Uuid::from_u128(0xa));
/// Another one on the same installation.
pub(crate) const THERE: AllianceId = AllianceId(Uuid::from_u128(0xb));

/// A kind of viewer.
#[derive(Debug, Clone)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) viewer: Viewer,
}

impl Kind {
    pub(crate) fn account(&self) -> Option<AccountId> {
        self.viewer.account().map(|own| own.account)
    }

    pub(crate) fn partner(&self) -> Option<&Partner> {
        match &self.viewer {
            Viewer::Partner(partner) => Some(partner),
            Viewer::Anonymous | Viewer::Visitor(_) | Viewer::Account(_) => None,
        }
    }
}

/// Somebody who has signed in, with an account of this number.
pub(crate) fn with_roles(number: u128, grants: &[(AllianceId, Role)]) -> Viewer {
    Viewer::Account(Arc::new(signed_in(number, grants)))
}

fn signed_in(number: u128, grants: &[(AllianceId, Role)]) -> SignedIn {
    SignedIn {
        account: AccountId(Uuid::from_u128(number)),
        session: SessionId(Uuid::from_u128(number)),
        is_operator: false,
        grants: grants.to_vec(),
        awaiting_second_factor: Vec::new(),
    }
}

/// A partner's machine.
pub(crate) fn partner(number: u128, alliance: AllianceId) -> Viewer {
    let scopes = vec![ApiKeyScope::ContentRead, ApiKeyScope::SyndicationRead, ApiKeyScope::SyndicationWrite];
    let (key, partner) = (ApiKeyId(Uuid::from_u128(number)), Some(PartnerId(Uuid::from_u128(number))));
    Viewer::Partner(Arc::new(Partner { key, alliance, scopes, partner, carries: Carries::Nothing, sent_at: None }))
}

/// The kinds of the table in the specification, those of one alliance.
pub(crate) fn here() -> Vec<Kind> {
    let of = |number, role| with_roles(number, &[(HERE, role)]);
    let operator = SignedIn { is_operator: true, ..signed_in(0x16, &[]) };
    let kinds = [
        ("anonymous", Viewer::Anonymous),
        ("visitor", Viewer::Visitor(VisitorId(Uuid::from_u128(0x10)))),
        ("supporter", of(0x11, Role::Supporter)),
        ("partner", partner(0x12, HERE)),
        ("author", of(0x13, Role::Author)),
        ("organiser", of(0x14, Role::Organiser)),
        ("editor", of(0x15, Role::Editor)),
        ("admin", of(0x17, Role::Admin)),
        ("operator", Viewer::Account(Arc::new(operator))),
    ];
    kinds.into_iter().map(|(name, viewer)| Kind { name, viewer }).collect()
}

/// The staff of another alliance, and those who are staff of this one as soon as they have a second factor.
pub(crate) fn staff_elsewhere() -> Vec<Kind> {
    let of = |number, role| with_roles(number, &[(THERE, role)]);
    let awaiting = SignedIn { awaiting_second_factor: vec![HERE], ..signed_in(0x25, &[]) };
    let kinds = [
        ("author/2", of(0x21, Role::Author)),
        ("organiser/2", of(0x22, Role::Organiser)),
        ("editor/2", of(0x23, Role::Editor)),
        ("admin/2", of(0x24, Role::Admin)),
        ("no 2nd factor", Viewer::Account(Arc::new(awaiting))),
    ];
    kinds.into_iter().map(|(name, viewer)| Kind { name, viewer }).collect()
}

/// Those who are one thing here and another elsewhere.
pub(crate) fn mixed() -> Vec<Kind> {
    let everything = [Role::Supporter, Role::Author, Role::Organiser, Role::Editor, Role::Admin].map(|role| (HERE, role));
    let kinds = [
        ("partner/2", partner(0x31, THERE)),
        ("without a role", with_roles(0x32, &[])),
        ("editor here, author there", with_roles(0x33, &[(HERE, Role::Editor), (THERE, Role::Author)])),
        ("admin of both", with_roles(0x34, &[(HERE, Role::Admin), (THERE, Role::Admin)])),
        ("everything here", with_roles(0x35, &everything)),
    ];
    kinds.into_iter().map(|(name, viewer)| Kind { name, viewer }).collect()
}
