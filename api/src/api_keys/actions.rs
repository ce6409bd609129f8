//! Making and revoking keys.

use alliance_entity::api_key::{self, ApiKeyScope};
use alliance_entity::id::{AllianceId, ApiKeyId, PartnerId};
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::api_keys::{PREFIX, store, written};
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::policy::Action;
use crate::text::name;
use crate::{accounts, id, keys};

/// How many live keys a partner has: one, and the next while they change over.
const LIVE: u64 = 2;
/// How many characters of a key tell it apart.
const SHOWN: usize = PREFIX.len() + 8;

/// Which key is made.
#[derive(Debug)]
pub struct NewKey {
    /// To which alliance.
    pub alliance: AllianceId,
    /// For whom.
    pub who: Who,
    /// What for.
    pub scopes: Vec<ApiKeyScope>,
    /// Until when.
    pub expires_at: Option<DateTime<Utc>>,
}

/// Whose a key is: one of the two.
#[derive(Debug)]
pub struct Who {
    /// The name of somebody who is not written down: the key reads what is public.
    pub holder: Option<String>,
    /// A partner: the key has its rights.
    pub partner: Option<PartnerId>,
}

/// Makes a key, and returns it with its secret, which is kept nowhere.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Refused`] for what is no name, for no scope, for a time that is over, and for a third live key.
pub async fn create(caller: &Caller, input: NewKey) -> Result<(api_key::Model, String)> {
    caller.viewer.must(Action::CreateApiKey(input.alliance))?;
    let txn = caller.app.db().begin().await?;
    let made = add(caller, &txn, input).await?;
    caller.commit(txn).await?;
    Ok(made)
}

/// Makes a key within a change that the caller may make.
///
/// # Errors
/// As [`create`].
pub async fn add(caller: &Caller, txn: &Transaction, input: NewKey) -> Result<(api_key::Model, String)> {
    let NewKey { alliance, who, mut scopes, expires_at } = input;
    let (now, partner_id) = (caller.now(), who.partner);
    let mut problems = Vec::new();
    let holder = holder(txn, alliance, who).await?.map_err(|problem| problems.push(problem));
    if scopes.is_empty() {
        problems.push(Problem::of("scopes", UserErrorCode::Required, "say what the key is for"));
    }
    if expires_at.is_some_and(|at| at <= now) {
        problems.push(Problem::of("expiresAt", UserErrorCode::Invalid, "this time is over"));
    }
    let (Ok(holder), true) = (holder, problems.is_empty()) else { return Err(Error::Refused(problems)) };
    scopes.sort_unstable();
    scopes.dedup();
    let secret = keys::token(PREFIX);
    let row = api_key::Model {
        id: id::new(now),
        alliance_id: alliance,
        prefix: secret.chars().take(SHOWN).collect(),
        hash: keys::hash(&secret),
        scopes: written(&scopes),
        created_by: caller.viewer.account().map(|account| account.account),
        created_at: now,
        expires_at,
        used_at: None,
        revoked_at: None,
        holder,
        partner_id,
    };
    accounts::store::roles::lock(txn, alliance).await?;
    if store::count_live(txn, &row, now).await? >= LIVE {
        let problem = "this partner has two live keys already: revoke one of them first";
        return Err(Error::refused("holder", UserErrorCode::Conflict, problem));
    }
    store::insert(txn, row.clone()).await?;
    caller.record(txn, deed("apiKeyCreate", "ApiKeyCreated", &row)).await?;
    Ok((row, secret))
}

/// The name of whose a key is.
async fn holder(txn: &Transaction, alliance: AllianceId, who: Who) -> Result<Result<String, Problem>> {
    Ok(match (who.holder, who.partner) {
        (Some(holder), None) => name::parse(&holder).map_err(|problem| Problem::of("holder", UserErrorCode::Invalid, problem)),
        (None, Some(id)) => store::partner(txn, alliance, id)
            .await?
            .map(|partner| partner.name)
            .ok_or_else(|| Problem::of("partner", UserErrorCode::NotFound, "this alliance has no such partner")),
        _ => Err(Problem::of("holder", UserErrorCode::Required, "say whose it is: give either `holder` or `partner`")),
    })
}

/// Revokes a key.
///
/// # Errors
/// [`Error::NotFound`] for a key that the viewer may not see; [`Error::Forbidden`].
pub async fn revoke(caller: &Caller, id: ApiKeyId) -> Result<api_key::Model> {
    let txn = caller.app.db().begin().await?;
    let found = store::lock(&txn, id).await?;
    let visible = found.filter(|key| caller.viewer.may(Action::ReadApiKey(key.alliance_id, key.id)));
    let Some(row) = visible else {
        caller.signed_in()?;
        return Err(Error::NotFound("key"));
    };
    caller.viewer.must(Action::RevokeApiKey(row.alliance_id))?;
    if row.revoked_at.is_some() {
        return Ok(row);
    }
    store::set_revoked(&txn, id, caller.now()).await?;
    caller.record(&txn, deed("apiKeyRevoke", "ApiKeyRevoked", &row)).await?;
    caller.commit(txn).await?;
    Ok(api_key::Model { revoked_at: Some(caller.now()), ..row })
}

fn deed(action: &'static str, event: &'static str, row: &api_key::Model) -> Deed {
    Deed {
        action,
        event,
        subject_type: "API_KEY",
        subject_id: row.id.0,
        alliance: Some(row.alliance_id),
        details: json!({ "scopes": row.scopes }),
    }
}
