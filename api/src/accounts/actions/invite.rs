//! Inviting: an admin names an address and a role, and whoever follows the link has it.

use alliance_entity::account_link::{self, LinkPurpose};
use alliance_entity::account_role::Role;
use alliance_entity::id::AllianceId;
use chrono::TimeDelta;
use serde_json::json;

use crate::accounts::actions::{both, email, named, register};
use crate::accounts::mailing;
use crate::accounts::store::{links, roles};
use crate::caller::{Caller, Deed};
use crate::error::Result;
use crate::policy::Action;
use crate::rates;

const VALID: TimeDelta = TimeDelta::days(7);

/// Who is invited, and to what.
#[derive(Debug)]
pub struct Invite {
    /// To which alliance.
    pub alliance: AllianceId,
    /// In which role.
    pub role: Role,
    /// By which address.
    pub email: String,
    /// By which name.
    pub name: String,
}

/// Invites somebody. Whether they have an account already, nobody learns from it.
///
/// # Errors
/// [`crate::error::Error::Forbidden`] for who is no admin there, [`crate::error::Error::NotFound`] for no alliance;
/// [`crate::error::Error::Refused`] for what is no address or no name.
pub async fn invite(caller: &Caller, input: Invite) -> Result<account_link::Model> {
    let Invite { alliance, role, email, name } = input;
    caller.viewer.must(Action::InviteAccount(alliance, role))?;
    let (email, name) = both(self::email("email", &email), named("name", &name))?;
    rates::take_mail(&caller.app, &email).await?;
    let row = account_link::Model {
        name: Some(name),
        alliance_id: Some(alliance),
        role: Some(role),
        invited_by: caller.viewer.account().map(|account| account.account),
        ..register::link(LinkPurpose::Invitation, &email, VALID, caller.now())
    };
    let txn = caller.app.db().begin().await?;
    roles::lock(&txn, alliance).await?;
    // A newer one takes the place of one that named another role, or was lost.
    links::delete_invitations(&txn, &row).await?;
    links::insert(&txn, row.clone()).await?;
    mailing::send_link(&txn, caller.now(), row.id).await?;
    let deed = Deed {
        action: "accountInvite",
        event: "AccountInvited",
        subject_type: "INVITATION",
        subject_id: row.id.0,
        alliance: Some(alliance),
        details: json!({ "role": mailing::role_in_words(role) }),
    };
    caller.record(&txn, deed).await?;
    caller.commit(txn).await?;
    Ok(row)
}
