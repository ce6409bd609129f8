//! What was done about an enquiry.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::enquiry::EnquiryState;
use crate::id::{AccountId, EnquiryId, EnquiryStepId};

/// One row of `enquiry_steps`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enquiry_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EnquiryStepId,
    pub enquiry_id: EnquiryId,
    pub kind: EnquiryStepKind,
    /// Where the enquiry stood from then on.
    pub state: EnquiryState,
    /// Who worked it from then on.
    pub organiser_id: Option<AccountId>,
    pub text: Option<String>,
    pub created_by: Option<AccountId>,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EnquiryStepKind {
    /// It was written.
    #[sea_orm(string_value = "SUBMITTED")]
    Submitted,
    /// It was given to an organiser, or to nobody any more.
    #[sea_orm(string_value = "ASSIGNED")]
    Assigned,
    /// It came further, or was taken up again.
    #[sea_orm(string_value = "ADVANCED")]
    Advanced,
    /// A remark by itself.
    #[sea_orm(string_value = "NOTE")]
    Note,
}
