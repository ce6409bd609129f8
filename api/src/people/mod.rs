//! People in public roles: organisers, commissioners, authors. No account is public; a person is not an account.

pub mod object;
pub mod query;
pub mod store;
