//! The HTML that was made of a text in Markdown when it was written: of an alliance, a campaign, an event or an institution.

use sea_orm::entity::prelude::*;

use crate::id::AllianceId;

/// One row of `rendered_texts`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rendered_texts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: uuid::Uuid,
    pub alliance_id: AllianceId,
    /// The digest of the Markdown that it was made of: of another text it says nothing.
    pub source: Vec<u8>,
    /// Sanitised, by the rules numbered in `rendering`.
    pub html: String,
    /// Which rules made `html`; by older ones it is made anew when read.
    pub rendering: i32,
}

impl ActiveModelBehavior for ActiveModel {}
