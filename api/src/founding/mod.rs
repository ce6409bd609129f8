//! Founding: an operator begins an alliance of their own, and leaves the demo behind.

pub mod actions;
pub mod mutation;
pub mod store;

use crate::editing::uses::{self, Use};

/// How many of each an alliance has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Posts.
    pub posts: u64,
    /// Campaigns.
    pub campaigns: u64,
    /// Events.
    pub events: u64,
    /// Institutions.
    pub institutions: u64,
    /// People.
    pub people: u64,
    /// Reactions.
    pub reactions: u64,
    /// Enquiries.
    pub enquiries: u64,
    /// Accounts.
    pub accounts: u64,
    /// Keys of partners.
    pub api_keys: u64,
    /// Those who get its updates by e-mail.
    pub email_subscriptions: u64,
}

impl Holdings {
    /// The same in words; nothing where there are none.
    #[must_use]
    pub fn told(&self) -> Option<String> {
        let Self {
            posts,
            campaigns,
            events,
            institutions,
            people,
            reactions,
            enquiries,
            accounts,
            api_keys,
            email_subscriptions,
        } = *self;
        let each: [Use; 10] = [
            (posts, "post", "posts"),
            (campaigns, "campaign", "campaigns"),
            (events, "event", "events"),
            (institutions, "institution", "institutions"),
            (people, "person", "people"),
            (reactions, "reaction", "reactions"),
            (enquiries, "enquiry", "enquiries"),
            (accounts, "account", "accounts"),
            (api_keys, "key of a partner", "keys of partners"),
            (email_subscriptions, "subscription by e-mail", "subscriptions by e-mail"),
        ];
        uses::told(&each)
    }
}
