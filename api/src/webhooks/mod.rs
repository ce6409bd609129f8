//! Webhooks: addresses of other sites that are told what happens, as Standard Webhooks has it. Each event is one delivery to each webhook
//! that wants it, tried until it is taken.
//!
//! <https://www.standardwebhooks.com>

pub mod actions;
pub mod happening;
pub mod health;
pub mod hear;
pub mod mailing;
pub mod mutation;
pub mod object;
pub mod payload;
pub mod query;
pub mod secret;
pub mod send;
pub mod store;

use alliance_entity::id::{WebhookDeliveryId, WebhookId};
use alliance_entity::webhook_delivery::WebhookDeliveryState;
use async_graphql::{Enum, InputObject};
use sha2::{Digest, Sha256};

use crate::scalar::{IdOf, Text};

/// How a delivery's message is called that is made by hand.
pub const TEST: &str = "webhook.test";
/// The subject of webhooks themselves.
pub const SUBJECT: &str = "WEBHOOK";

/// What a webhook can be told of. What nobody sees who has its rights it is not told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Enum)]
pub enum WebhookEvent {
    /// `post.published`: a post may be carried from now on. It was published, or its embargo has ended, or it came to a campaign that the
    /// partner carries.
    PostPublished,
    /// `post.edited`: a public post says something else, has another address, other terms or other campaigns.
    PostEdited,
    /// `post.corrected`: a public post was wrong, and has a notice that says so.
    PostCorrected,
    /// `post.withdrawn`: a post may not be carried any more.
    PostWithdrawn,
    /// `post.deleted`: a post was deleted that was public.
    PostDeleted,
    /// `campaign.changed`: a public campaign was begun, edited, closed or deleted.
    CampaignChanged,
    /// `event.changed`: a public event was announced, edited, moved, called off or deleted.
    EventChanged,
    /// `institution.changed`: a public institution was added, edited or deleted, has joined or has left.
    InstitutionChanged,
    /// `person.changed`: what is said of a person in a public role was changed, or they were deleted.
    PersonChanged,
    /// `alliance.changed`: what is said of the alliance was changed.
    AllianceChanged,
    /// `webhook.resync`: what the webhook's partner may carry is another now, or the alliance's name, slug, link template or terms are, which each
    /// of its posts tells. Read it anew, and take away what is not there. It comes without being asked for.
    Resync,
    /// `webhook.test`: what `webhookTest` sends. It comes without being asked for.
    Test,
}

/// What webhooks can ask for, as it is written.
const WORDS: [(WebhookEvent, &str); 12] = [
    (WebhookEvent::PostPublished, "post.published"),
    (WebhookEvent::PostEdited, "post.edited"),
    (WebhookEvent::PostCorrected, "post.corrected"),
    (WebhookEvent::PostWithdrawn, "post.withdrawn"),
    (WebhookEvent::PostDeleted, "post.deleted"),
    (WebhookEvent::CampaignChanged, "campaign.changed"),
    (WebhookEvent::EventChanged, "event.changed"),
    (WebhookEvent::InstitutionChanged, "institution.changed"),
    (WebhookEvent::PersonChanged, "person.changed"),
    (WebhookEvent::AllianceChanged, "alliance.changed"),
    (WebhookEvent::Resync, "webhook.resync"),
    (WebhookEvent::Test, TEST),
];

impl WebhookEvent {
    /// As messages and rows call it.
    #[must_use]
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(event, _)| *event == self).map_or(TEST, |(_, word)| word)
    }

    /// The event that is called so.
    #[must_use]
    pub fn called(word: &str) -> Option<Self> {
        WORDS.iter().find(|(_, of)| *of == word).map(|(event, _)| *event)
    }
}

/// Events as a row keeps them.
#[must_use]
pub fn written(events: &[WebhookEvent]) -> String {
    events.iter().map(|event| event.word()).collect::<Vec<_>>().join(" ")
}

/// Events as a row kept them.
#[must_use]
pub fn read(words: &str) -> Vec<WebhookEvent> {
    words.split(' ').filter_map(WebhookEvent::called).collect()
}

/// By what a receiver knows a message that it has had already: the same for one event to one webhook, however often and however late it is
/// sent.
#[must_use]
pub fn message_id(webhook: WebhookId, position: Option<i64>, delivery: WebhookDeliveryId) -> String {
    let digest = Sha256::new().chain_update(webhook.0);
    let digest = match position {
        Some(position) => digest.chain_update(position.to_be_bytes()),
        None => digest.chain_update(delivery.0),
    };
    let bytes = digest.finalize();
    format!("msg_{}", uuid::Uuid::from_bytes(std::array::from_fn(|at| bytes[at])).simple())
}

/// Which webhooks to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct WebhookFilter {
    /// Only the webhooks of the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only the webhooks of this partner.
    pub partner: Option<IdOf<alliance_entity::id::PartnerId>>,
    /// Only those that are sent to, or only those that are turned off.
    pub is_enabled: Option<bool>,
}

/// Which deliveries to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct WebhookDeliveryFilter {
    /// Only the deliveries to this webhook.
    pub webhook: Option<IdOf<WebhookId>>,
    /// Only those that stand there.
    pub state: Option<WebhookDeliveryState>,
    /// Only those of this event.
    pub event: Option<WebhookEvent>,
}
