//! A reaction with words: read, looked at, and shown or kept back.

use alliance_entity::alliance::{self, CommentPolicy};
use alliance_entity::reaction::{self, CommentConcern, ReactionKind, ReactionState, SubjectType};
use alliance_entity::reaction_link;
use chrono::TimeDelta;
use uuid::Uuid;

use crate::alliances;
use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::given::{self, Problems, invalid_or_long};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::id;
use crate::mail::address::Email;
use crate::rates::{self, Rate};
use crate::reactions::actions::add::new;
use crate::reactions::actions::{replace, settled, tell, tell_moderators, word};
use crate::reactions::store::subjects::{self, Subject};
use crate::reactions::store::{change, links, sums};
use crate::reactions::{ADDRESS, concerns, mailing};
use crate::text::line;
use crate::viewer::Writer;

/// How many characters a comment may have.
pub const LONGEST: usize = 2_000;
/// How long a visitor has to confirm one.
const VALID: TimeDelta = TimeDelta::hours(72);

/// What somebody writes.
#[derive(Debug)]
pub struct Comment {
    /// The words.
    pub text: String,
    /// The name to be shown beside them.
    pub name: Option<String>,
    /// Where a visitor is asked to confirm them.
    pub email: Option<String>,
}

/// A comment that was read.
#[derive(Debug)]
pub(super) struct Read {
    text: String,
    name: Option<String>,
    writer: Writer,
    /// The address that is to confirm it, with its hash; whether it has done so before; and whether a mail is to be sent.
    address: Option<Address>,
}

#[derive(Debug)]
struct Address {
    email: Email,
    hash: String,
    is_confirmed: bool,
    is_written_to: bool,
}

/// Reads a comment, sees whether it can be written, and then counts it, before anything is held.
pub(super) async fn read(caller: &Caller, (writer, subject): (Writer, (SubjectType, Uuid)), comment: Comment) -> Result<Read> {
    let Comment { text, name, email } = comment;
    let mut problems = Problems::default();
    let text = problems.text("comment", &text, words);
    let name = problems.new_text("authorName", name, given::name);
    let email = match (writer, email) {
        // An account's address is confirmed.
        (Writer::Account(_), _) => None,
        (Writer::Visitor(_), None) => {
            let problem = "a comment without an account is confirmed by mail: give your e-mail address, or sign in";
            problems.add("email", UserErrorCode::Required, problem);
            None
        }
        (Writer::Visitor(_), Some(email)) => problems.email("email", &email),
    };
    problems.end()?;
    look(caller, subject).await?;
    let limits = &caller.app.config().limits;
    let whom = match writer {
        Writer::Account(id) => id.to_string(),
        // Whoever wants another visitor's token gets one.
        Writer::Visitor(_) => caller.address(),
    };
    rates::take(&caller.app, &Rate::comments(limits), &whom).await?;
    let address = match email {
        Some(email) => Some(addressed(caller, writer, email).await?),
        None => None,
    };
    Ok(Read { text, name, writer, address })
}

fn words(text: &str) -> Result<String, given::Wrong> {
    let words = line::paragraphs(text, LONGEST).map_err(|problem| (invalid_or_long(text, LONGEST), problem))?;
    if words.is_empty() {
        return Err((UserErrorCode::Required, "a comment has words: leave it out to react without".to_owned()));
    }
    Ok(words)
}

/// Nothing is counted where a comment cannot be written.
async fn look(caller: &Caller, subject: (SubjectType, Uuid)) -> Result<()> {
    let db = caller.app.db().read();
    let seen = subjects::find(db, &caller.viewer, subject).await?.ok_or(Error::NotFound(word(subject.0)))?;
    caller.viewer.must(seen.reacting)?;
    let alliance = alliances::store::find_by_id(db, seen.alliance).await?.ok_or(Error::NotFound("alliance"))?;
    takes_comments(&alliance)
}

fn takes_comments(alliance: &alliance::Model) -> Result<()> {
    if alliance.comment_policy == CommentPolicy::Closed {
        return Err(Error::refused("comment", UserErrorCode::WrongState, "comments are closed here: react without one"));
    }
    Ok(())
}

async fn addressed(caller: &Caller, writer: Writer, email: Email) -> Result<Address> {
    let (app, key) = (&caller.app, email.key());
    let hashes = app.keys().digests(ADDRESS, &key);
    let is_confirmed = change::has_confirmed(app.db().read(), writer, hashes.clone()).await?;
    let mut is_written_to = !is_confirmed;
    if is_written_to && let Err(limited) = rates::take_mail(app, &email).await {
        // The link that is under way confirms this comment too.
        if !change::awaits_confirmation(app.db().read(), writer, (&key, hashes), caller.now()).await? {
            return Err(limited);
        }
        is_written_to = false;
    }
    Ok(Address { hash: app.keys().digest(ADDRESS, &key), email, is_confirmed, is_written_to })
}

/// Writes a comment down: it is shown, or waits.
pub(super) async fn write(
    caller: &Caller,
    txn: Transaction,
    (subject, kind): (Subject, ReactionKind),
    comment: Read,
) -> Result<reaction::Model> {
    let alliance = alliances::store::hold(&txn, subject.alliance).await?;
    takes_comments(&alliance)?;
    let standing_before = change::lock_standing(&txn, comment.writer, subject.id, Some(kind)).await?;
    let (said, waiting): (Vec<_>, Vec<_>) = standing_before.into_iter().partition(|row| row.state == ReactionState::Counted);
    if let Some(said) = said.into_iter().find(|said| said.comment.as_deref() == Some(&comment.text)) {
        return Ok(said);
    }
    let waiting = waiting.into_iter().next();
    let row = standing(caller, &txn, (subject, kind), (&alliance, &comment)).await?;
    let row = match &waiting {
        Some(waiting) => reaction::Model { id: waiting.id, ..row },
        None => row,
    };
    // What counted before gives its place up first.
    let more = if row.state == ReactionState::Counted { replace(caller, &txn, &row).await? } else { 0 };
    match waiting {
        Some(_) => change::set(&txn, &row).await?,
        None if !change::insert(&txn, &row).await? => {
            let problem = "you sent another comment at this moment: send this one again";
            return Err(Error::refused("comment", UserErrorCode::Conflict, problem));
        }
        None => {}
    }
    if row.state == ReactionState::Counted {
        sums::add(&txn, row.subject_id, row.kind, more).await?;
        tell(caller, &txn, &row).await?;
    }
    if row.to_moderate {
        tell_moderators(caller, &txn, &row).await?;
    }
    if let Some(address) = comment.address.filter(|address| address.is_written_to) {
        send(caller, &txn, &row, &address.email).await?;
    }
    caller.commit(txn).await?;
    Ok(row)
}

/// The comment's row, with where it stands.
async fn standing(
    caller: &Caller,
    txn: &Transaction,
    (subject, kind): (Subject, ReactionKind),
    (alliance, comment): (&alliance::Model, &Read),
) -> Result<reaction::Model> {
    let mut concerned = concerns::of(&comment.text, comment.name.as_deref(), &alliance.blocked_words);
    if change::was_removed(txn, comment.writer, alliance.id).await? {
        concerned.push(CommentConcern::RemovedBefore);
    }
    // Where nobody's name is shown, none is kept.
    let is_sensitive = sums::is_sensitive(txn, subject.on, subject.id).await?;
    let row = reaction::Model {
        has_comment: true,
        comment: Some(comment.text.clone()),
        author_name: comment.name.clone().filter(|_| !is_sensitive),
        address_hash: comment.address.as_ref().map(|address| address.hash.clone()),
        ..new(caller, subject, (comment.writer, kind))
    };
    let row = row.with_concerns(&concerned);
    Ok(match &comment.address {
        Some(address) if !address.is_confirmed => {
            reaction::Model { state: ReactionState::Pending, confirm_by: Some(caller.now() + VALID), ..row }
        }
        _ => settled(row, alliance.comment_policy),
    })
}

/// Lets a link be sent that confirms a comment.
async fn send(caller: &Caller, txn: &Transaction, row: &reaction::Model, email: &Email) -> Result<()> {
    let now = caller.now();
    let link = reaction_link::Model {
        id: id::new(now),
        reaction_id: row.id,
        email: email.as_str().to_owned(),
        email_key: email.key(),
        created_at: now,
        expires_at: now + VALID,
    };
    let id = link.id;
    links::insert(txn, link).await?;
    mailing::send(txn, now, id).await
}
