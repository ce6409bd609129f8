//! For whom a document is read: what it may cost, how long it may be, and how much of the schema is told. What its operation may see
//! and change is no matter of this folder.

use crate::config::limits::Limits;

/// Who asks, as far as documents are concerned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Anybody.
    #[default]
    Stranger,
    /// A supporter, or a program with a key.
    Member,
    /// A partner's program, which is told what it reads with its rights.
    Partner,
    /// Who works here.
    Staff,
}

impl Audience {
    /// What an operation may cost.
    pub(super) fn cost(self, limits: &Limits) -> u64 {
        let member = limits.cost.max(limits.cost_member);
        match self {
            Self::Stranger => limits.cost,
            Self::Member | Self::Partner => member,
            Self::Staff => member.max(limits.cost_staff),
        }
    }

    /// How many bytes a document may have.
    pub(super) fn document_bytes(self, limits: &Limits) -> u64 {
        match self {
            Self::Stranger | Self::Member | Self::Partner => limits.document_bytes,
            Self::Staff => limits.document_bytes.max(limits.document_bytes_staff),
        }
    }

    /// Whether the whole schema is told; others are told its projection.
    pub(super) fn is_told_all(self) -> bool {
        matches!(self, Self::Partner | Self::Staff)
    }
}
