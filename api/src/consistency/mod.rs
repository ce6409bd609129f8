//! Whether what stands in several places says the same in each: rows and their revisions, schedules, links, search documents, counters,
//! the audit log and the outbox. Each is written in one transaction, so that a difference is a fault of ours or of the disk.

pub mod store;
