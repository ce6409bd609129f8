//! What somebody wants to be told about.

use std::fmt;

use alliance_entity::id::{AllianceId, CampaignId, InstitutionId};
use uuid::Uuid;

/// What updates are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Everything of an alliance.
    Alliance(AllianceId),
    /// What belongs to a campaign.
    Campaign(CampaignId),
    /// What an institution has to do with.
    Institution(InstitutionId),
}

impl Topic {
    /// Its id, whatever it is.
    #[must_use]
    pub fn id(self) -> Uuid {
        match self {
            Self::Alliance(id) => id.0,
            Self::Campaign(id) => id.0,
            Self::Institution(id) => id.0,
        }
    }

    /// What an id names, where that is a topic.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let alliance = || text.parse().ok().map(Self::Alliance);
        let campaign = || text.parse().ok().map(Self::Campaign);
        alliance().or_else(campaign).or_else(|| text.parse().ok().map(Self::Institution))
    }

    /// The topics of a row, as [`Topic::written`] wrote them.
    #[must_use]
    pub fn read(text: &str) -> Vec<Self> {
        text.split_whitespace().filter_map(Self::parse).collect()
    }

    /// Topics as a row keeps them.
    #[must_use]
    pub fn written(topics: &[Self]) -> String {
        topics.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alliance(id) => id.fmt(f),
            Self::Campaign(id) => id.fmt(f),
            Self::Institution(id) => id.fmt(f),
        }
    }
}
