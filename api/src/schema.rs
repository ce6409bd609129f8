//! The merged roots.

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions, Schema, ValidationMode};

use crate::accounts::mutation::account::AccountMutation;
use crate::accounts::mutation::password::PasswordMutation;
use crate::accounts::mutation::registration::RegistrationMutation;
use crate::accounts::mutation::role::RoleMutation;
use crate::accounts::mutation::second_factor::TwoFactorMutation;
use crate::accounts::mutation::session::SessionMutation;
use crate::accounts::query::AccountQuery;
use crate::alliances::mutation::AllianceMutation;
use crate::alliances::query::AllianceQuery;
use crate::api_keys::mutation::ApiKeyMutation;
use crate::api_keys::query::ApiKeyQuery;
use crate::audit_log::query::AuditQuery;
use crate::campaigns::mutation::CampaignMutation;
use crate::campaigns::query::CampaignQuery;
use crate::campaigns::subscription::CampaignSubscription;
use crate::enquiries::mutation::EnquiryMutation;
use crate::enquiries::query::EnquiryQuery;
use crate::events::mutation::EventMutation;
use crate::events::query::EventQuery;
use crate::events::rsvps::mutation::RsvpMutation;
use crate::events::turnouts::mutation::TurnoutMutation;
use crate::founding::mutation::FoundingMutation;
use crate::institutions::mutation::InstitutionMutation;
use crate::institutions::query::InstitutionQuery;
use crate::leaving::mutation::LeavingMutation;
use crate::node::NodeQuery;
use crate::partners::mutation::PartnerMutation;
use crate::partners::query::PartnerQuery;
use crate::people::mutation::PersonMutation;
use crate::people::query::PersonQuery;
use crate::posts::mutation::publishing::PostPublishingMutation;
use crate::posts::mutation::reviewing::PostReviewingMutation;
use crate::posts::mutation::terms::PostTermsMutation;
use crate::posts::mutation::writing::PostWritingMutation;
use crate::posts::query::PostQuery;
use crate::posts::subscription::PostSubscription;
use crate::reactions::mutation::ReactionMutation;
use crate::reactions::query::ReactionQuery;
use crate::reactions::subscription::ReactionSubscription;
use crate::search::query::SearchQuery;
use crate::subscriptions::mutation::SubscriptionMutation;
use crate::subscriptions::query::SubscriptionQuery;
use crate::syndication::query::SyndicationQuery;
use crate::visitors::mutation::VisitorMutation;
use crate::webhooks::mutation::WebhookMutation;
use crate::webhooks::query::WebhookQuery;

/// Everything that can be asked.
#[derive(Debug, Default, MergedObject)]
pub struct Query(
    NodeQuery,
    AccountQuery,
    AllianceQuery,
    InstitutionQuery,
    CampaignQuery,
    PostQuery,
    EventQuery,
    PersonQuery,
    ReactionQuery,
    SearchQuery,
    SubscriptionQuery,
    ApiKeyQuery,
    PartnerQuery,
    SyndicationQuery,
    WebhookQuery,
    AuditQuery,
    EnquiryQuery,
);

/// Everything that can be changed. Every mutation answers with its subject, and with what a person can mend.
#[derive(Debug, Default, MergedObject)]
pub struct Mutation(
    RegistrationMutation,
    SessionMutation,
    PasswordMutation,
    TwoFactorMutation,
    AccountMutation,
    LeavingMutation,
    RoleMutation,
    ApiKeyMutation,
    PartnerMutation,
    WebhookMutation,
    VisitorMutation,
    AllianceMutation,
    FoundingMutation,
    CampaignMutation,
    InstitutionMutation,
    EventMutation,
    PersonMutation,
    PostWritingMutation,
    PostReviewingMutation,
    PostPublishingMutation,
    PostTermsMutation,
    ReactionMutation,
    EnquiryMutation,
    RsvpMutation,
    TurnoutMutation,
    SubscriptionMutation,
);

/// What can be followed as it happens, over WebSocket (`graphql-transport-ws`), server-sent events or `multipart/mixed`. Each event carries a
/// cursor: give it as `after` to resume without a miss or a double.
#[derive(Debug, Default, MergedSubscription)]
pub struct Subscription(PostSubscription, CampaignSubscription, ReactionSubscription);

/// The schema that is served.
pub type Served = Schema<Query, Mutation, Subscription>;

/// What an object of some types costs beside 1: a search looks at a thousand candidates, a long text may be long.
pub const WEIGHTS: [(&str, u64); 2] = [("SearchConnection", 100), ("RichText", 9)];

/// The mutations that are the only field of their operation: each takes a secret, and is counted by requests.
pub const ALONE: [&str; 4] = ["signIn", "tokenRefresh", "passwordReset", "accountConfirm"];

/// The mutations that take no `Idempotency-Key`: their answers are kept nowhere. They hold a secret, set a cookie, or hold all that is
/// known of somebody.
pub const UNREPEATED: [&str; 16] = [
    "signIn",
    "tokenRefresh",
    "signOut",
    "signOutEverywhere",
    "twoFactorBegin",
    "twoFactorConfirm",
    "apiKeyCreate",
    "partnerCreate",
    "webhookCreate",
    "webhookSecretRotate",
    "visitorTokenCreate",
    "accountDataExport",
    "postPreviewTokenCreate",
    "emailSubscriptionConfirm",
    "emailSubscriptionEdit",
    "emailSubscriptionCancel",
];

/// Builds the schema. Documents come to it validated and lowered by `document`, so that it need not look at them again.
#[must_use]
pub fn build() -> Served {
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).validation_mode(ValidationMode::Fast).finish()
}

/// The schema in the schema definition language, as `schema.graphql` holds it.
#[must_use]
pub fn sdl(schema: &Served) -> String {
    schema.sdl_with_options(SDLExportOptions::new().include_specified_by())
}
