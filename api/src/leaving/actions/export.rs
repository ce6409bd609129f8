//! Exporting: everything that is kept about somebody, for them to have; and nothing about anybody else.

use alliance_entity::account_role;
use alliance_entity::id::AccountId;
use alliance_entity::{
    account, account_link, audit_entry, email_subscription, email_subscription_topic, enquiry, event_rsvp, post, reaction,
    session, subscription_request,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::accounts::actions::{password, subject};
use crate::accounts::mailing::role_in_words;
use crate::accounts::store::{links, roles, second_factor, sessions, written};
use crate::audit_log;
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::enquiries;
use crate::error::{Error, Result};
use crate::events::rsvps;
use crate::policy::Action;

/// What is kept about an account, as JSON: one's own, or as the operator another's.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the password is not right.
pub async fn export(caller: &Caller, id: AccountId, present: SecretString) -> Result<String> {
    password::known(caller, present, "password").await?;
    let codes_left = second_factor::count_codes(&caller.app, id).await?;
    let txn = caller.app.db().begin().await?;
    let (account, _) = subject(caller, &txn, id).await?;
    caller.viewer.must(Action::ExportAccount(id))?;
    let mut addresses = links::former_addresses(&txn, id).await?;
    addresses.push(account.email_key.clone());
    addresses.sort_unstable();
    addresses.dedup();
    let subscriptions = written::subscriptions_of(&txn, &addresses).await?;
    let topics = written::topics_of(&txn, &subscriptions).await?;
    let export = json!({
        "exportedAt": caller.now(),
        "account": told(&account),
        "recoveryCodesLeft": codes_left,
        "roles": all(&roles::of(&txn, id).await?, role),
        "sessions": all(&sessions::all_of(&txn, id).await?, one_session),
        "links": all(&links::all_of(&txn, &account).await?, link),
        "posts": all(&written::posts_of(&txn, id).await?, one_post),
        "reactions": all(&written::reactions_of(&txn, id).await?, one_reaction),
        "enquiries": all(&enquiries_of(&txn, id, &addresses).await?, one_enquiry),
        "rsvps": all(&rsvps::store::of_person(&txn, Some(id), &addresses).await?, one_rsvp),
        "emailSubscriptions": subscriptions.iter().map(|row| subscription(row, &topics)).collect::<Vec<_>>(),
        "emailSubscriptionRequests": all(&written::requests_of(&txn, &addresses).await?, request),
        "deeds": all(&audit_log::store::of_actor(&txn, id.0).await?, own_deed),
        "deedsOfOthers": all(&audit_log::store::of_subject(&txn, id.0).await?, deed_of_another),
    });
    caller.record(&txn, Deed::of_account("accountDataExport", "AccountExported", id.0)).await?;
    caller.commit(txn).await?;
    serde_json::to_string_pretty(&export).map_err(Error::internal)
}

/// What they wrote while they were signed in, or with an address of theirs.
async fn enquiries_of(txn: &Transaction, id: AccountId, addresses: &[String]) -> Result<Vec<enquiry::Model>> {
    let mut found = enquiries::store::of_account(txn, id).await?;
    for address in addresses {
        let with_address = enquiries::store::of_address(txn, address).await?;
        found.extend(with_address.into_iter().filter(|row| row.account_id.is_none()));
    }
    Ok(found)
}

fn all<T>(rows: &[T], one: fn(&T) -> Value) -> Vec<Value> {
    rows.iter().map(one).collect()
}

fn told(account: &account::Model) -> Value {
    json!({
        "id": account.id.to_string(), "email": account.email, "name": account.name, "nameIsPublic": account.name_is_public,
        "isOperator": account.is_operator, "hasPassword": account.password_hash.is_some(), "twoFactorSince": account.two_factor_since,
        "disabledAt": account.disabled_at, "signedInAt": account.signed_in_at, "createdAt": account.created_at,
        "updatedAt": account.updated_at, "version": account.version,
    })
}

fn role(role: &account_role::Model) -> Value {
    json!({ "alliance": role.alliance_id.to_string(), "role": role_in_words(role.role), "grantedAt": role.granted_at })
}

fn one_session(session: &session::Model) -> Value {
    json!({
        "id": session.id.to_string(), "userAgent": session.user_agent, "network": session.network, "createdAt": session.created_at,
        "usedAt": session.used_at, "expiresAt": session.expires_at, "endedAt": session.ended_at,
    })
}

fn link(link: &account_link::Model) -> Value {
    json!({
        "purpose": format!("{:?}", link.purpose), "email": link.email, "name": link.name, "alliance": link.alliance_id.map(|id| id.to_string()),
        "role": link.role.map(role_in_words), "createdAt": link.created_at, "expiresAt": link.expires_at, "usedAt": link.used_at,
    })
}

fn one_post(post: &post::Model) -> Value {
    json!({ "id": post.id.to_string(), "alliance": post.alliance_id.to_string(), "slug": post.slug, "createdAt": post.created_at })
}

fn one_reaction(reaction: &reaction::Model) -> Value {
    json!({
        "id": reaction.id.to_string(), "kind": format!("{:?}", reaction.kind), "state": format!("{:?}", reaction.state), "comment": reaction.comment,
        "name": reaction.author_name, "createdAt": reaction.created_at,
    })
}

fn one_enquiry(row: &enquiry::Model) -> Value {
    json!({
        "id": row.id.to_string(), "alliance": row.alliance_id.to_string(), "state": format!("{:?}", row.state),
        "institutionName": row.institution_name, "contactName": row.contact_name, "email": row.email, "phone": row.phone,
        "message": row.message, "createdAt": row.created_at, "closedAt": row.closed_at,
    })
}

fn one_rsvp(row: &event_rsvp::Model) -> Value {
    json!({
        "id": row.id.to_string(), "event": row.event_id.to_string(), "state": format!("{:?}", row.state), "name": row.name,
        "email": row.email, "guests": row.guests, "createdAt": row.created_at, "updatedAt": row.updated_at,
    })
}

fn subscription(row: &email_subscription::Model, topics: &[email_subscription_topic::Model]) -> Value {
    let topics = topics.iter().filter(|topic| topic.subscription_id == row.id);
    let topics: Vec<String> = topics.map(|topic| topic.topic_id.to_string()).collect();
    json!({
        "id": row.id.to_string(), "alliance": row.alliance_id.to_string(), "email": row.email, "name": row.name,
        "state": format!("{:?}", row.state), "frequency": format!("{:?}", row.frequency), "topics": topics, "wording": row.wording,
        "wordingVersion": row.wording_version, "source": format!("{:?}", row.source), "network": row.network,
        "requestedAt": row.requested_at, "confirmedAt": row.confirmed_at, "endedAt": row.ended_at,
    })
}

fn request(row: &subscription_request::Model) -> Value {
    json!({
        "alliance": row.alliance_id.to_string(), "email": row.email, "name": row.name, "topics": row.topics,
        "frequency": format!("{:?}", row.frequency), "wording": row.wording, "network": row.network, "createdAt": row.created_at,
        "expiresAt": row.expires_at, "usedAt": row.used_at,
    })
}

fn own_deed(entry: &audit_entry::Model) -> Value {
    json!({ "action": entry.action, "at": entry.created_at, "network": entry.network })
}

/// Who it was, and from where, is theirs.
fn deed_of_another(entry: &audit_entry::Model) -> Value {
    json!({ "action": entry.action, "at": entry.created_at })
}
