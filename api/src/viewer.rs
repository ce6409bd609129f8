//! Who is asking. What they may do is a matter for `policy`.

use std::sync::Arc;

use alliance_entity::account_role::Role;
use alliance_entity::api_key::ApiKeyScope;
use alliance_entity::id::{AccountId, AllianceId, ApiKeyId, CampaignId, PartnerId, SessionId, VisitorId};
use chrono::{DateTime, Utc};

/// Who a request speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody without a token: the public.
    Anonymous,
    /// Somebody without an account who holds a token, so that what they do can be known for theirs.
    Visitor(VisitorId),
    /// Somebody who has signed in.
    Account(Arc<SignedIn>),
    /// A partner's machine, by its key. It is nobody's account.
    Partner(Arc<Partner>),
}

/// An account in one of its sessions, with the rights that it has at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Which account.
    pub account: AccountId,
    /// In which session.
    pub session: SessionId,
    /// Whether it is an admin of every alliance.
    pub is_operator: bool,
    /// Its roles that count, by alliance.
    pub grants: Vec<(AllianceId, Role)>,
    /// The alliances whose staff it is as soon as it has a second factor, which they require.
    pub awaiting_second_factor: Vec<AllianceId>,
}

/// A partner's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Which key.
    pub key: ApiKeyId,
    /// The alliance that it is a key to.
    pub alliance: AllianceId,
    /// What it is for.
    pub scopes: Vec<ApiKeyScope>,
    /// The partner whose rights it has.
    pub partner: Option<PartnerId>,
    /// What that may carry.
    pub carries: Carries,
    /// Where it is asked for what is sent to another site, the moment: posts under an embargo are in nothing that is sent. None where a
    /// program asks, which reads what everybody reads.
    pub sent_at: Option<DateTime<Utc>>,
}

/// Which posts somebody may carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carries {
    /// None.
    Nothing,
    /// All posts of an alliance.
    All(AllianceId),
    /// The posts of some campaigns of an alliance.
    Campaigns(AllianceId, Vec<CampaignId>),
}

impl Carries {
    /// Whether a campaign is there for whoever carries these.
    #[must_use]
    pub fn has(&self, campaign: CampaignId) -> bool {
        match self {
            Self::Nothing => false,
            Self::All(_) => true,
            Self::Campaigns(_, campaigns) => campaigns.contains(&campaign),
        }
    }
}

/// Who can react, and take it back: somebody who can be known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Writer {
    /// Somebody with an account.
    Account(AccountId),
    /// Somebody with a visitor's token.
    Visitor(VisitorId),
}

impl Viewer {
    /// What posts this viewer may carry.
    #[must_use]
    pub fn carries(&self) -> &Carries {
        match self {
            Self::Partner(partner) => &partner.carries,
            Self::Anonymous | Self::Visitor(_) | Self::Account(_) => &Carries::Nothing,
        }
    }

    /// Whose a reaction of this viewer is; nothing for those who cannot react.
    #[must_use]
    pub fn writer(&self) -> Option<Writer> {
        match self {
            Self::Account(own) => Some(Writer::Account(own.account)),
            Self::Visitor(visitor) => Some(Writer::Visitor(*visitor)),
            Self::Anonymous | Self::Partner(_) => None,
        }
    }

    /// The account that asks.
    #[must_use]
    pub fn account(&self) -> Option<&SignedIn> {
        match self {
            Self::Account(account) => Some(account),
            Self::Anonymous | Self::Visitor(_) | Self::Partner(_) => None,
        }
    }

    /// Whether it works for some alliance, in whatever role.
    #[must_use]
    pub fn is_staff(&self) -> bool {
        self.account()
            .is_some_and(|account| account.is_operator || account.grants.iter().any(|(_, role)| !matches!(role, Role::Supporter)))
    }
}
