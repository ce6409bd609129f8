//! An enquiry: an institution asks to sit down with an organiser.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AllianceId, EnquiryId, InstitutionId};
use crate::institution::InstitutionKind;

/// One row of `enquiries`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enquiries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EnquiryId,
    pub alliance_id: AllianceId,
    pub state: EnquiryState,
    /// What the institution calls itself.
    pub institution_name: String,
    pub institution_kind: InstitutionKind,
    /// The institution, where it is written down.
    pub institution_id: Option<InstitutionId>,
    pub contact_name: String,
    pub email: String,
    /// The address as it is compared.
    pub email_key: String,
    pub phone: Option<String>,
    pub message: String,
    /// Who wrote it, where they were signed in.
    pub account_id: Option<AccountId>,
    /// Who works it.
    pub organiser_id: Option<AccountId>,
    pub closed_at: Option<DateTime<Utc>>,
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
        f.debug_struct("enquiry::Model").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// How far an enquiry has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EnquiryState {
    /// Nobody has answered yet.
    #[sea_orm(string_value = "NEW")]
    New,
    /// An organiser has written or called.
    #[sea_orm(string_value = "CONTACTED")]
    Contacted,
    /// A meeting is agreed, or has been held.
    #[sea_orm(string_value = "MEETING")]
    Meeting,
    /// The institution has become a member.
    #[sea_orm(string_value = "JOINED")]
    Joined,
    /// Nothing more is to be done. It is erased after a while.
    #[sea_orm(string_value = "CLOSED")]
    Closed,
}
