//! Alliance: a headless GraphQL content API for civic alliances.
//!
//! The modules in reading order. A module names only those below it.

pub mod people;
pub mod reactions;

pub mod context;
pub mod loader;
pub mod page;
pub mod policy;

pub mod app;
pub mod viewer;

pub mod clock;
pub mod config;
pub mod database;
pub mod error;
pub mod text;
