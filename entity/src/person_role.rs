//! The public roles that a person holds.

use sea_orm::entity::prelude::*;

use crate::id::PersonId;

/// One row of `person_roles`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: PersonRole,
    /// Its place in lists of this role, from 0.
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}

/// A public role of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PersonRole {
    /// Staff of an alliance whom an enquiry goes to.
    #[sea_orm(string_value = "ORGANISER")]
    Organiser,
    /// A citizen who sits on a commission of the alliance.
    #[sea_orm(string_value = "COMMISSIONER")]
    Commissioner,
    /// Somebody who writes posts.
    #[sea_orm(string_value = "AUTHOR")]
    Author,
}
