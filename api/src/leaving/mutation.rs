//! accountDataExport, accountEraseData.

use alliance_entity::id::AccountId;
use async_graphql::{Context, ID, InputObject, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::leaving::actions::{erase, export};
use crate::scalar::{IdOf, Secret};

/// Whose data.
#[derive(Debug, InputObject)]
pub struct AccountDataExportInput {
    /// Your account's id; as the operator, anybody's.
    pub id: IdOf<AccountId>,
    /// Your own password.
    pub password: Secret,
}

/// Whom to erase.
#[derive(Debug, InputObject)]
pub struct AccountEraseDataInput {
    /// Your account's id; as the operator, anybody's.
    pub id: IdOf<AccountId>,
    /// Your own password.
    pub password: Option<Secret>,
}

payload! {
    /// Everything that is kept about an account.
    AccountDataExportPayload {
        /// A JSON document. Whoever has it knows all of this: keep it safe.
        export: String,
    }
}

payload! {
    /// What came of erasing.
    AccountEraseDataPayload {
        /// The id that the account had.
        id: ID,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct LeavingMutation;

#[Object]
impl LeavingMutation {
    /// Everything that is kept about your account, as a document that a program can read.
    async fn account_data_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose data.")] input: AccountDataExportInput,
    ) -> Result<AccountDataExportPayload> {
        let AccountDataExportInput { id, password } = input;
        let done = export::export(&ctx.caller(), id.0, password.0).await;
        AccountDataExportPayload::of(done, |payload, export| payload.export = Some(export))
    }

    /// Erases your account and everything that is kept about you, for good: what remains is a keyed hash of the address, which keeps it
    /// from being written to until you register anew. What you wrote for an alliance stays the alliance's, without a word about you.
    async fn account_erase_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to erase.")] input: AccountEraseDataInput,
    ) -> Result<AccountEraseDataPayload> {
        let AccountEraseDataInput { id, password } = input;
        let done = erase::erase(&ctx.caller(), id.0, password.map(|password| password.0)).await;
        AccountEraseDataPayload::of(done, |payload, id| payload.id = Some(id.to_string().into()))
    }
}
