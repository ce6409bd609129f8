//! The tables of Alliance as sea-orm entities: rows, their id types, and the enums they hold. Nothing here decides anything.
//!
//! The enums are the API's enums too: their doc comments are the documentation that clients read.

pub mod account;
pub mod account_link;
pub mod account_recovery_code;
pub mod account_role;
pub mod alliance;
pub mod api_key;
pub mod audit_entry;
pub mod campaign;
pub mod campaign_institution;
pub mod email_subscription;
pub mod email_subscription_topic;
pub mod event;
pub mod event_campaign;
pub mod former_slug;
pub mod id;
pub mod idempotency_key;
pub mod institution;
pub mod job;
pub mod outbox_event;
pub mod person;
pub mod person_role;
pub mod post;
pub mod post_campaign;
pub mod post_correction;
pub mod post_institution;
pub mod post_mailing;
pub mod post_note;
pub mod post_preview_token;
pub mod post_revision;
pub mod post_schedule;
pub mod reaction;
pub mod reaction_counter;
pub mod refresh_token;
pub mod search_document;
pub mod search_word;
pub mod session;
pub mod subscription_mail;
pub mod subscription_mail_post;
pub mod subscription_request;
pub mod suppression;
