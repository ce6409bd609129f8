//! Updates by e-mail: whoever signs up confirms it by the link in a mail, and then is told once of each post that is published about
//! what they chose, at once or in a digest. What is about one mail is in `mailing`.

pub mod actions;
pub mod mailing;
pub mod mutation;
pub mod object;
pub mod query;
pub mod store;
pub mod token;
pub mod topic;

use alliance_entity::email_subscription::{EmailFrequency, EmailSubscriptionState};
use alliance_entity::id::EmailSubscriptionId;
use async_graphql::{ID, InputObject};
use secrecy::SecretString;

/// The kind of a subscription in the audit log.
pub const SUBJECT: &str = "EMAIL_SUBSCRIPTION";

/// Which subscription: by the token of a mail, or one's own by its id.
#[derive(Debug, Clone)]
pub enum Which {
    /// The one that this token is for.
    Token(SecretString),
    /// One's own.
    Own(EmailSubscriptionId),
}

/// Which subscriptions to list and to count. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct EmailSubscriptionFilter {
    /// Only those in one of these states.
    pub states: Option<Vec<EmailSubscriptionState>>,
    /// Only those with this frequency.
    pub frequency: Option<EmailFrequency>,
    /// Only those about this alliance as a whole, this campaign or this institution, by its id.
    pub topic: Option<ID>,
}
