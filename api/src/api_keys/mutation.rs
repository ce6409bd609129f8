//! apiKeyCreate, apiKeyRevoke.

use alliance_entity::api_key::ApiKeyScope;
use alliance_entity::id::{AllianceId, ApiKeyId, PartnerId};
use async_graphql::{Context, InputObject, Object};

use crate::api_keys::actions::{self, NewKey, Who};
use crate::api_keys::object::ApiKey;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::scalar::{DateTime, IdOf, Text};

/// Which key to make.
#[derive(Debug, InputObject)]
pub struct ApiKeyCreateInput {
    /// The id of the alliance that it is a key to.
    pub alliance: IdOf<AllianceId>,
    /// Who will hold it, where that is no partner who is written down: up to 100 characters. Everybody has at most two live keys, so that one
    /// can take the other's place.
    pub holder: Option<Text>,
    /// The id of the partner whose rights it has; instead of `holder`.
    pub partner: Option<IdOf<PartnerId>>,
    /// What it is for.
    pub scopes: Vec<ApiKeyScope>,
    /// When it ends; left out, it does not by itself.
    pub expires_at: Option<DateTime>,
}

/// Which key to revoke.
#[derive(Debug, InputObject)]
pub struct ApiKeyRevokeInput {
    /// The key's id.
    pub id: IdOf<ApiKeyId>,
}

payload! {
    /// What came of making a key.
    ApiKeyCreatePayload {
        /// The key.
        api_key: ApiKey,
        /// Its secret, shown this once: the partner sends it as `Authorization: Bearer ...`.
        secret: String,
    }
}

payload! {
    /// What came of revoking a key.
    ApiKeyRevokePayload {
        /// The key, as it is now.
        api_key: ApiKey,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct ApiKeyMutation;

#[Object]
impl ApiKeyMutation {
    /// Makes a key for a partner's program. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn api_key_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which key.")] input: ApiKeyCreateInput,
    ) -> Result<ApiKeyCreatePayload> {
        let ApiKeyCreateInput { alliance, holder, partner, scopes, expires_at } = input;
        let who = Who { holder: holder.map(|text| text.0), partner: partner.map(|id| id.0) };
        let key = NewKey { alliance: alliance.0, who, scopes, expires_at: expires_at.map(|at| at.0) };
        let done = actions::create(&ctx.caller(), key).await;
        ApiKeyCreatePayload::of(done, |payload, (row, secret)| {
            payload.api_key = Some(ApiKey(row));
            payload.secret = Some(secret);
        })
    }

    /// Revokes a partner's key: it is good for nothing from then on. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn api_key_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which key.")] input: ApiKeyRevokeInput,
    ) -> Result<ApiKeyRevokePayload> {
        let done = actions::revoke(&ctx.caller(), input.id.0).await;
        ApiKeyRevokePayload::of(done, |payload, row| payload.api_key = Some(ApiKey(row)))
    }
}
