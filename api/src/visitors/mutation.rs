//! visitorTokenCreate.

use alliance_entity::id::VisitorId;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use secrecy::ExposeSecret;

use crate::caller::Caller;
use crate::change::payload;
use crate::context::Ask;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::id;
use crate::keys::token::VisitorClaims;
use crate::rates::{self, Rate};
use crate::scalar::{DateTime, Secret};

/// For whom a token is made.
#[derive(Debug, Default, InputObject)]
pub struct VisitorTokenCreateInput {
    /// A visitor's token that you hold: the new one stands for the same visitor. Without it there is a new visitor.
    pub token: Option<Secret>,
}

/// A visitor's token.
#[derive(Debug, SimpleObject)]
pub struct VisitorToken {
    /// Send it with each request as `Authorization: Bearer ...`. Keep it: whoever has it is this visitor.
    pub token: String,
    /// The visitor's id.
    pub visitor: ID,
    /// When the token ends.
    pub expires_at: DateTime,
}

payload! {
    /// What came of asking for a visitor's token.
    VisitorTokenCreatePayload {
        /// The token.
        visitor_token: VisitorToken,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct VisitorMutation;

#[Object]
impl VisitorMutation {
    /// A token for somebody without an account, so that what they do can be known for theirs. It says nothing about who they are.
    async fn visitor_token_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "For whom.", default)] input: VisitorTokenCreateInput,
    ) -> Result<VisitorTokenCreatePayload> {
        let done = create(&ctx.caller(), input.token).await;
        VisitorTokenCreatePayload::of(done, |payload, token| payload.visitor_token = Some(token))
    }
}

async fn create(caller: &Caller, held: Option<Secret>) -> Result<VisitorToken> {
    let (keys, now) = (caller.app.keys(), caller.now());
    rates::take(&caller.app, &Rate::visitor_tokens(&caller.app.config().limits), &caller.address()).await?;
    let visitor: VisitorId = match held {
        None => id::new(now),
        Some(held) => {
            let held = keys.verify_visitor(held.0.expose_secret(), now);
            held.map_err(|problem| Error::refused("token", UserErrorCode::Expired, problem))?.visitor
        }
    };
    let claims = VisitorClaims::new(visitor, now);
    let token = keys.sign_visitor(&claims)?;
    Ok(VisitorToken { token, visitor: visitor.to_string().into(), expires_at: DateTime(claims.expires_at) })
}
