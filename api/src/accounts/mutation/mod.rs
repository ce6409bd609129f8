//! The mutations of accounts: decode, call, wrap.

pub mod account;
pub mod password;
pub mod registration;
pub mod role;
pub mod second_factor;
pub mod session;
