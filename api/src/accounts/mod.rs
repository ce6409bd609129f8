//! Accounts: who can sign in, and with what.

pub mod password;
pub mod recovery;
pub mod totp;
