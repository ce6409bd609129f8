//! What full-text search finds: a document for each thing that is live, which its domain keeps in the transaction of each change.

pub mod store;
pub mod words;
