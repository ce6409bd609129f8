//! The history of the database schema. Each migration is SQL and names no type of ours: what has run once must never change
//! because the code around it did. The two dialects differ only in the types of [`sql`] and in full-text search.

mod m0001_content;
mod m0002_reactions;
mod m0003_search;
mod m0004_search_words;
mod m0005_accounts;
mod m0006_ground;
mod m0007_editing;
mod m0008_idempotency;
mod m0009_reasons;
mod m0010_earlier_status;
mod m0011_reacting;
mod m0012_subscriptions;
mod m0013_enquiries;
mod m0015_attendance;
mod m0016_parties;
mod m0017_syndication;
pub mod sql;

use sea_orm_migration::{MigrationTrait, MigratorTrait};

/// Every migration, oldest first.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_content::Migration),
            Box::new(m0002_reactions::Migration),
            Box::new(m0003_search::Migration),
            Box::new(m0004_search_words::Migration),
            Box::new(m0005_accounts::Migration),
            Box::new(m0006_ground::Migration),
            Box::new(m0007_editing::Migration),
            Box::new(m0008_idempotency::Migration),
            Box::new(m0009_reasons::Migration),
            Box::new(m0010_earlier_status::Migration),
            Box::new(m0011_reacting::Migration),
            Box::new(m0012_subscriptions::Migration),
            Box::new(m0013_enquiries::Migration),
            Box::new(m0015_attendance::Migration),
            Box::new(m0016_parties::Migration),
            Box::new(m0017_syndication::Migration),
        ]
    }
}
