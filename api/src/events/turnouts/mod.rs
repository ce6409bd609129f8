//! Turnout: how many people each institution pledged to bring to an event, and how many it brought.

pub mod actions;
pub mod mutation;
pub mod object;
pub mod store;
