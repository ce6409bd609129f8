//! Who may do what: the whole table, and its twin in SQL over the same rows.

mod attending;
mod audited;
mod carrying;
mod planted;
mod subscribed;
mod table;
mod told;
mod twins;
