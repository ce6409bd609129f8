//! What can be done with all that is kept about somebody.

pub mod erase;
pub mod export;
