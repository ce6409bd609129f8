//! Alliance: a headless GraphQL content API for civic alliances.
//!
//! The modules in reading order. A module names only those below it.

// Doors.
pub mod cli;
pub mod document;
pub mod schema;
pub mod seed;
pub mod server;
pub mod worker;

// The product: every folder is a business word.
pub mod accounts;
pub mod alliances;
pub mod api_keys;
pub mod audit_log;
pub mod campaigns;
pub mod demo;
pub mod enquiries;
pub mod events;
pub mod feeds;
pub mod founding;
pub mod institutions;
pub mod leaving;
pub mod node;
pub mod partners;
pub mod people;
pub mod posts;
pub mod reactions;
pub mod retention;
pub mod search;
pub mod subscriptions;
pub mod syndication;
pub mod visitors;
pub mod webhooks;

// Ground.
pub mod audit;
pub mod caller;
pub mod change;
pub mod consistency;
pub mod context;
pub mod cookie;
pub mod editing;
pub mod following;
pub mod idempotency;
pub mod jobs;
pub mod live;
pub mod loader;
pub mod lookup;
pub mod outbox;
pub mod page;
pub mod policy;
pub mod rates;
pub mod searchable;
pub mod slugs;

pub mod access;
pub mod app;
pub mod client;
pub mod viewer;

pub mod clock;
pub mod config;
pub mod database;
pub mod error;
pub mod id;
pub mod keys;
pub mod mail;
pub mod outgoing;
pub mod passwords;
pub mod scalar;
pub mod text;
