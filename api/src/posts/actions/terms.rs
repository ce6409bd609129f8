//! On what terms others carry a post, and until when nobody does.

use std::time::Duration;

use alliance_entity::id::PostId;
use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::given::{self, Problems, or_none};
use crate::error::Result;
use crate::jobs::problem::Problem;
use crate::jobs::{self, NewJob};
use crate::policy::Action;
use crate::posts::actions::{Act, Held, Which, hold};
use crate::posts::store::change;

/// The job that lets a post be carried once its embargo is over.
pub const RELEASE: &str = "posts.release";

/// What is to be another. What is left out stays.
#[derive(Debug)]
pub struct Terms {
    /// Of which post.
    pub which: Which,
    /// Its licence.
    pub licence: MaybeUndefined<String>,
    /// On what terms others carry it, in words.
    pub usage_terms: MaybeUndefined<String>,
    /// Until when nobody does.
    pub embargoed_until: MaybeUndefined<DateTime<Utc>>,
    /// What partners' desks are told.
    pub desk_note: MaybeUndefined<String>,
}

/// Sets the terms of a post. Where it is public and comes under an embargo, it is taken away from those who carry it.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where the post was changed since,
/// and with what is wrong with the terms.
pub async fn set(caller: &Caller, input: Terms) -> Result<()> {
    let Terms { which, licence, usage_terms, embargoed_until, desk_note } = input;
    let mut held = hold(caller, which, Action::SetPostTerms).await?;
    held.moves().await?;
    let (mut problems, was) = (Problems::default(), held.post.clone());
    let is_over = matches!(embargoed_until, MaybeUndefined::Value(until) if until <= held.now);
    problems.unless(!is_over, "embargoedUntil", "this time is over");
    held.post.licence = problems.maybe_text("licence", licence, was.licence, given::one_line);
    held.post.usage_terms = problems.maybe_text("usageTerms", usage_terms, was.usage_terms, given::sentences);
    held.post.desk_note = problems.maybe_text("deskNote", desk_note, was.desk_note, given::sentences);
    held.post.embargoed_until = or_none(embargoed_until, was.embargoed_until);
    problems.end()?;
    if let Some(until) = held.post.embargoed_until {
        release_at(&held.txn, held.now, held.post.id, until).await?;
    }
    let details = json!({ "embargoedUntil": held.post.embargoed_until });
    held.keep(caller, Act::new("postTermsSet", "PostTermsSet").with(details)).await.map(drop)
}

async fn release_at(txn: &Transaction, now: DateTime<Utc>, post: PostId, until: DateTime<Utc>) -> Result<()> {
    let after = (until - now).to_std().unwrap_or(Duration::ZERO);
    let (payload, unique) = (json!({ "post": post.0 }), Some(post.0.to_string()));
    jobs::enqueue(txn, now, NewJob { kind: RELEASE, payload, unique, after }).await
}

/// Lets those posts be told of whose embargo is over and that nobody has told of: what was to do so has failed for good.
///
/// # Errors
/// Where the database does not answer.
pub async fn plan(app: &App) -> Result<()> {
    let now = app.clock().now();
    let overdue = change::past_embargo(app.db(), now).await?;
    if overdue.is_empty() {
        return Ok(());
    }
    let txn = app.db().begin().await?;
    for post in overdue {
        release_at(&txn, now, post, now).await?;
    }
    Caller::system(app).commit(txn).await
}

#[derive(Deserialize)]
struct ReleaseJob {
    post: Uuid,
}

/// Lets a post be carried whose embargo is over, and tells so; looks again later where it is not.
///
/// # Errors
/// Where the database does not answer.
pub async fn work(app: &App, payload: Value) -> Result<(), Problem> {
    let ReleaseJob { post } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let caller = Caller::system(app);
    let txn = app.db().begin().await?;
    let Some(mut post) = change::lock(&txn, PostId(post)).await? else { return Ok(()) };
    let Some(until) = post.embargoed_until else { return Ok(()) };
    let now = caller.now();
    if until > now {
        release_at(&txn, now, post.id, until).await?;
        return Ok(caller.commit(txn).await?);
    }
    post.embargoed_until = None;
    // Until this moment nobody carried it.
    let held = Held { txn, post, now, before: Some(std::collections::BTreeSet::new()) };
    held.keep(&caller, Act::new("postTermsSet", "PostReleased")).await?;
    Ok(())
}
