//! allianceEdit.

use alliance_entity::id::AllianceId;
use async_graphql::{Context, InputObject, Object};

use crate::alliances::actions::{self, Edit};
use crate::alliances::object::Alliance;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::scalar::IdOf;

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct AllianceEditInput {
    /// The alliance's id.
    pub id: IdOf<AllianceId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Whether its staff must have a second factor. The roles of those who have none do not count until they set it up; who asks for
    /// it needs one first.
    pub two_factor_required: Option<bool>,
}

payload! {
    /// What came of editing.
    AllianceEditPayload {
        /// The alliance, as it is now.
        alliance: Alliance,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct AllianceMutation;

#[Object]
impl AllianceMutation {
    /// Changes an alliance. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn alliance_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: AllianceEditInput,
    ) -> Result<AllianceEditPayload> {
        let AllianceEditInput { id, version, two_factor_required } = input;
        let done = actions::edit(&ctx.caller(), Edit { id: id.0, version, two_factor_required }).await;
        AllianceEditPayload::of(done, |payload, alliance| payload.alliance = Some(Alliance(alliance)))
    }
}
