//! What every change of an alliance's content has in common: it is found, held, and still as it was read; it is written, recorded and
//! kept. What a change says is its domain's own.

pub mod given;
pub mod rendered;
pub mod store;
pub mod uses;

use alliance_entity::id::AllianceId;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::editing::rendered::Ahead;
use crate::editing::store::{Content, html};
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::policy::Action;
use crate::slugs::store::Owner;
use crate::{searchable, slugs};

/// An act: its name, which is its mutation's, and what happened by it.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    /// Such as `campaignEdit`.
    pub action: &'static str,
    /// Such as `CampaignEdited`.
    pub event: &'static str,
}

/// A change of something that is there. Dropped before its end, it has changed nothing.
#[derive(Debug)]
pub struct Change<'a, C: Content> {
    caller: &'a Caller,
    /// What it is written in.
    pub txn: Transaction,
    /// What is changed, as it was read.
    pub row: C::Model,
}

impl<'a, C: Content> Change<'a, C> {
    /// Finds what is to be changed and holds it against others.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what the viewer may not see; [`Error::Forbidden`]; [`Error::Refused`] where it was changed since it was read.
    pub async fn begin(
        caller: &'a Caller,
        id: impl Into<Uuid>,
        version: i32,
        act: impl FnOnce(AllianceId) -> Action<'static>,
    ) -> Result<Self> {
        let txn = caller.app.db().begin().await?;
        let Some(row) = store::lock::<C>(&txn, &caller.viewer, id.into()).await? else {
            return Err(caller.unseen(C::WORD));
        };
        caller.viewer.must(act(C::of(&row).alliance))?;
        let change = Self { caller, txn, row };
        if C::of(&change.row).version == version { Ok(change) } else { Err(change.stale()) }
    }

    /// The same where it may be deleted: those who name it have committed, so that it is known who does, and nobody begins to.
    ///
    /// # Errors
    /// As [`Change::begin`].
    pub async fn begin_deleting(
        caller: &'a Caller,
        id: impl Into<Uuid>,
        version: i32,
        act: impl FnOnce(AllianceId) -> Action<'static>,
    ) -> Result<Self> {
        let change = Self::begin(caller, id, version, act).await?;
        change.hold_alone().await?;
        Ok(change)
    }

    /// Waits until those who name it have committed, and lets nobody begin to.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn hold_alone(&self) -> Result<()> {
        store::lock_alone::<C>(&self.txn, C::of(&self.row).id).await
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.caller.now()
    }

    /// Writes the row as it is from now on, and lets its old slug lead to it.
    ///
    /// # Errors
    /// [`Error::Refused`] where it was changed since it was read, or another has its slug.
    pub async fn write(&self, row: C::Model) -> Result<C::Model> {
        let (row, read) = (C::next(row, self.now()), C::of(&self.row));
        if !store::set::<C>(&self.txn, row.clone(), read.version).await? {
            return Err(self.stale());
        }
        let new = C::of(&row);
        if let (Some(kind), Some(old), Some(slug)) = (C::KIND, read.slug, new.slug)
            && old != slug
        {
            let owner = Owner { kind, alliance: new.alliance, subject: new.id };
            if slugs::store::leads_elsewhere(&self.txn, owner, slug).await? {
                return Err(taken(C::WORD));
            }
            slugs::store::retire(&self.txn, owner, (old, slug), self.now()).await?;
        }
        Ok(row)
    }

    /// Keeps what was made of its text.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_html(&self, ahead: Ahead) -> Result<()> {
        let of = C::of(&self.row);
        ahead.keep(&self.txn, of.alliance, of.id).await
    }

    /// Deletes the row, with what only it is about: its old slugs, its place in the search, its HTML, and what people said of it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn delete(&self) -> Result<()> {
        let id = C::of(&self.row).id;
        store::delete_reactions(&self.txn, id).await?;
        store::delete::<C>(&self.txn, id).await?;
        slugs::store::delete(&self.txn, id).await?;
        html::delete(&self.txn, id).await?;
        searchable::store::delete(&self.txn, id).await
    }

    /// Records what was done, and keeps it.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep(self, act: Act, details: Value) -> Result<()> {
        self.keep_telling(act, details, json!({})).await
    }

    /// The same with what those need besides who follow.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep_telling(self, act: Act, details: Value, data: Value) -> Result<()> {
        let deed = deed::<C>(act, &self.row, details);
        self.caller.record_telling(&self.txn, deed, data).await?;
        self.caller.commit(self.txn).await
    }

    fn stale(&self) -> Error {
        let problem = format!("the {} was changed since: it is at version {}", C::WORD, C::of(&self.row).version);
        Error::refused("version", UserErrorCode::Conflict, problem)
    }
}

/// Records that something came to be.
///
/// # Errors
/// Where the database does not answer.
pub async fn record_new<C: Content>(caller: &Caller, txn: &Transaction, act: Act, row: &C::Model) -> Result<()> {
    caller.record(txn, deed::<C>(act, row, json!({}))).await
}

fn deed<C: Content>(act: Act, row: &C::Model, details: Value) -> Deed {
    let (Act { action, event }, of) = (act, C::of(row));
    Deed { action, event, subject_type: C::SUBJECT, subject_id: of.id, alliance: Some(of.alliance), details }
}

/// The slug of something new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewSlug {
    /// It was chosen, and is this or none.
    Chosen(String),
    /// It is made of a title, and numbered where another has it.
    Made(String),
}

/// Adds something with a slug that is free.
///
/// # Errors
/// [`Error::Refused`] where the slug that was chosen is not.
pub async fn add<C: Content>(
    txn: &Transaction,
    slug: NewSlug,
    alliance: AllianceId,
    row: impl Fn(String) -> C::Model,
) -> Result<C::Model> {
    let (chosen, base) = match slug {
        NewSlug::Chosen(slug) => (true, slug),
        NewSlug::Made(slug) => (false, slug),
    };
    let taken_slugs = if chosen { Vec::new() } else { store::slugs_like::<C>(txn, alliance, &base).await? };
    let numbers = if chosen { 1..=1 } else { 1..=MOST_NUMBERS };
    for slug in numbers.map(|number| slugs::numbered(&base, number)).filter(|slug| !taken_slugs.contains(slug)) {
        let row = row(slug.clone());
        // Another may have taken it meanwhile.
        if !store::insert::<C>(txn, &row).await? {
            continue;
        }
        let Some(kind) = C::KIND else { return Ok(row) };
        let owner = Owner { kind, alliance, subject: C::of(&row).id };
        return if slugs::store::leads_elsewhere(txn, owner, &slug).await? { Err(taken(C::WORD)) } else { Ok(row) };
    }
    Err(taken(C::WORD))
}

/// How many things of one title are numbered.
const MOST_NUMBERS: u32 = 10_000;

fn taken(word: &str) -> Error {
    Error::refused("slug", UserErrorCode::Taken, format!("another {word} of this alliance has, or had, this slug"))
}

/// Nothing where `is` says that a thing stands where this can be done to it.
///
/// # Errors
/// [`Error::Refused`] with the problem.
pub fn stands(is: bool, problem: &str) -> Result<()> {
    if is { Ok(()) } else { Err(Error::Refused(vec![Problem::whole(UserErrorCode::WrongState, problem)])) }
}
