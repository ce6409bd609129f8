//! An id type for each table: a UUIDv7 inside, a [type id](https://github.com/jetify-com/typeid) outside (`post_01h455vb4pex5vsknk084sn02q`).

use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// Why a text is no id of the wanted type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdProblem {
    /// It is no TypeID at all.
    Malformed,
    /// It is the id of something else.
    OtherType,
}

/// Splits any TypeID into its prefix and its UUID.
///
/// # Errors
/// [`IdProblem::Malformed`] for what is no TypeID.
pub fn parse(text: &str) -> Result<(String, Uuid), IdProblem> {
    let id: TypeSafeId<DynamicType> = text.parse().map_err(|_| IdProblem::Malformed)?;
    Ok((id.type_prefix().to_owned(), id.uuid()))
}

fn show(prefix: &str, uuid: Uuid) -> String {
    let prefix = DynamicType::new(prefix).expect("the prefixes below are lower-case letters");
    TypeSafeId::from_type_and_uuid(prefix, uuid).to_string()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, sea_orm::DeriveValueType)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The prefix of its TypeID.
            pub const PREFIX: &'static str = $prefix;

            /// A new id, later than those made before it. `millis` is the time in milliseconds since 1970.
            #[must_use]
            pub fn new(millis: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&show($prefix, self.0))
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdProblem;

            fn from_str(text: &str) -> Result<Self, IdProblem> {
                match parse(text)? {
                    (prefix, uuid) if prefix == $prefix => Ok(Self(uuid)),
                    _ => Err(IdProblem::OtherType),
                }
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

ids! {
    /// An alliance's id.
    AllianceId = "alliance";
    /// An institution's id.
    InstitutionId = "institution";
    /// A campaign's id.
    CampaignId = "campaign";
    /// An event's id.
    EventId = "event";
    /// A person's id.
    PersonId = "person";
    /// A post's id.
    PostId = "post";
    /// A revision's id.
    PostRevisionId = "revision";
    /// The id of a note on a post.
    PostNoteId = "note";
    /// The id of a correction of a post.
    PostCorrectionId = "correction";
    /// The id of a preview token, which is not the secret in it.
    PostPreviewTokenId = "preview";
    /// A reaction's id.
    ReactionId = "reaction";
    /// The id of what confirms a comment, which is not the secret in it.
    ReactionLinkId = "confirmation";
    /// An account's id.
    AccountId = "account";
    /// The id of an account's link, which is not the secret in it.
    AccountLinkId = "link";
    /// A session's id.
    SessionId = "session";
    /// The id of a partner's key.
    ApiKeyId = "key";
    /// The id of a visitor: somebody without an account who holds a token.
    VisitorId = "visitor";
    /// The id of an entry of the audit log.
    AuditEntryId = "audit";
    /// An enquiry's id.
    EnquiryId = "enquiry";
    /// The id of a step of an enquiry.
    EnquiryStepId = "step";
    /// The id of somebody's answer to an event.
    RsvpId = "rsvp";
    /// The id of a subscription to updates by e-mail.
    EmailSubscriptionId = "subscription";
    /// The id of a request for one, which is not the secret in its link.
    SubscriptionRequestId = "signup";
    /// The id of a mail to a subscriber.
    SubscriptionMailId = "mailing";
    /// A partner's id.
    PartnerId = "partner";
    /// A webhook's id.
    WebhookId = "webhook";
    /// The id of one event on its way to a webhook.
    WebhookDeliveryId = "delivery";
}
