//! Visitors: people without an account, each known by a token of their own, so that somebody reacts once.

pub mod mutation;
