//! What the tests stand on: a whole Alliance on each database, entered through its router.

pub mod app;
pub mod postgres;
