//! Saying that one comes: with an account at once, and else by the link of a mail.

use alliance_entity::event_rsvp::{self, RsvpState};
use alliance_entity::id::{EventId, RsvpId};
use chrono::TimeDelta;

use crate::accounts;
use crate::caller::Caller;
use crate::editing::given::{self, Problems};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::events::rsvps::actions::{Party, deed, hold_open, look_open, settle};
use crate::events::rsvps::mailing::{self, What};
use crate::events::rsvps::places::Places;
use crate::events::rsvps::{MOST_GUESTS, store};
use crate::id;
use crate::mail::address::Email;
use crate::policy::Action;
use crate::rates::{self, Rate};

/// How long a request can be confirmed.
const VALID: TimeDelta = TimeDelta::hours(72);

/// Who comes.
#[derive(Debug)]
pub struct Attend {
    /// To which event.
    pub event: EventId,
    /// Their name; else that of their account.
    pub name: Option<String>,
    /// Their address, where they have no account.
    pub email: Option<String>,
    /// How many others come along.
    pub guests: i32,
}

/// Notes that somebody comes. Signed in, they come or wait from now on; else a link is sent, and the answer is the same for every address.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Refused`] with what is wrong, and where nobody can come any more; [`Error::RateLimited`].
pub async fn attend(caller: &Caller, input: Attend) -> Result<Option<RsvpId>> {
    caller.viewer.must(Action::RsvpToEvent)?;
    let Attend { event, name, email, guests } = input;
    let mut problems = Problems::default();
    let is_known = caller.account().is_some();
    let name = problems.new_text("name", name, given::name);
    problems.unless(is_known || name.is_some(), "name", "a name is wanted");
    let few = (0..=MOST_GUESTS).contains(&guests);
    problems.unless(few, "guests", &format!("you may bring 0 to {MOST_GUESTS} others"));
    problems.unless(
        !(is_known && email.is_some()),
        "email",
        "you are signed in, and come with your account: leave the address out",
    );
    let email = email.filter(|_| !is_known).and_then(|text| problems.email("email", &text));
    problems.end()?;
    match (caller.account(), email) {
        (Some(_), _) => with_account(caller, event, name, guests).await.map(Some),
        (None, Some(email)) => ask(caller, event, (name.unwrap_or_default(), email), guests).await.map(|()| None),
        (None, None) => {
            let problem = "an e-mail address is wanted, to which a link is sent; or sign in";
            Err(Error::refused("email", UserErrorCode::Required, problem))
        }
    }
}

/// Lets an account come, or wait.
async fn with_account(caller: &Caller, event: EventId, name: Option<String>, guests: i32) -> Result<RsvpId> {
    let txn = caller.app.db().begin().await?;
    // Before the event, as whoever is erased is held: two who wait for each other would both fail.
    let account = accounts::store::hold(&txn, caller.signed_in()?.account).await?;
    let event = hold_open(caller, &txn, event, guests).await?;
    let before = store::find_of(&txn, event.id, Some(account.id), &account.email_key).await?;
    store::delete_pending(&txn, event.id, &account.email_key).await?;
    let mut places = Places::of(&txn, &event, caller.now()).await?;
    let name = name.unwrap_or_else(|| account.name.clone());
    let party = Party { name, guests, account: Some(&account), email: None };
    let row = settle(caller, &mut places, &event, (before, party)).await?;
    caller.record(&txn, deed("eventRsvp", "RsvpSettled", &event, &row)).await?;
    caller.commit(txn).await?;
    Ok(row.id)
}

/// Sends a link to an address. Nothing holds a place until somebody follows it.
async fn ask(caller: &Caller, event: EventId, (name, email): (String, Email), guests: i32) -> Result<()> {
    let (app, now) = (&caller.app, caller.now());
    look_open(caller, event, guests).await?;
    rates::take(app, &Rate::rsvps(&app.config().limits), &caller.address()).await?;
    rates::take_mail(app, &email).await?;
    let txn = app.db().begin().await?;
    let event = hold_open(caller, &txn, event, guests).await?;
    // Of several requests the last one counts.
    store::delete_pending(&txn, event.id, &email.key()).await?;
    let row = event_rsvp::Model {
        id: id::new(now),
        event_id: event.id,
        state: RsvpState::Pending,
        guests,
        name: Some(name),
        email: Some(email.as_str().to_owned()),
        email_key: Some(email.key()),
        account_id: None,
        turn: None,
        expires_at: Some(now + VALID),
        created_at: now,
        updated_at: now,
    };
    store::put(&txn, &row).await?;
    mailing::tell(&txn, now, &[row.id], What::Confirm).await?;
    caller.record(&txn, deed("eventRsvp", "RsvpRequested", &event, &row)).await?;
    caller.commit(txn).await
}
