//! Who can sign in.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AccountId;

/// One row of `accounts`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// The e-mail address, as its holder writes it.
    pub email: String,
    /// The address as it is compared.
    pub email_key: String,
    pub name: String,
    /// Whether the name may stand beside what the account writes.
    pub name_is_public: bool,
    /// Argon2id as PHC text; none where no password has been set.
    pub password_hash: Option<String>,
    /// Whether it is an admin of every alliance on this installation.
    pub is_operator: bool,
    /// The sealed secret of the authenticator app.
    pub two_factor_secret: Option<Vec<u8>>,
    /// Since when signing in takes a one-time password; a secret without it is not confirmed yet.
    pub two_factor_since: Option<DateTime<Utc>>,
    /// The time step of the last one-time password that was used: none works twice.
    pub two_factor_step: Option<i64>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub signed_in_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// None is named: statements join by columns.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Without what a log must not show.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("account::Model").field("id", &self.id).finish_non_exhaustive()
    }
}
