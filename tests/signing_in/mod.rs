//! Signing in through the door: accounts, their sessions and second factors, partners' keys and visitors' tokens, and how often all
//! that may be tried.

mod alike;
mod api_keys;
mod cookies;
mod forged;
mod leaving;
mod mail_rates;
mod rates;
mod refreshing;
mod second_factor;
mod sign_in;
mod visitors;
