//! What the tests stand on: a whole Alliance on each database, entered through its router.

#![expect(clippy::missing_panics_doc, reason = "a test panics where something is wrong")]

pub mod app;
pub mod authenticator;
pub mod carrying;
pub mod crash;
pub mod hooking;
pub mod leftover;
pub mod mailing;
pub mod postgres;
pub mod proxy;
pub mod readers;
pub mod receiver;
pub mod running;
pub mod secrets;
pub mod smtp;
pub mod tail;
pub mod timing;
