//! Asking an alliance to sit down.

use alliance_entity::enquiry::{self, EnquiryState};
use alliance_entity::enquiry_step::EnquiryStepKind;
use alliance_entity::id::{AllianceId, EnquiryId, InstitutionId};
use alliance_entity::institution::{self, InstitutionKind};

use crate::alliances;
use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::given::{self, Problems, Wrong, invalid_or_long};
use crate::editing::{self, Act};
use crate::enquiries::actions::{note, step, wanted};
use crate::enquiries::{mailing, store};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::id;
use crate::loader::Load;
use crate::mail::address::Email;
use crate::policy::Action;
use crate::rates::{self, Rate};
use crate::text::line;

const DONE: Act = Act { action: "enquirySubmit", event: "EnquirySubmitted" };
/// How many characters a telephone number may have.
const PHONE: usize = 40;

/// What is asked.
#[derive(Debug)]
pub struct Submit {
    /// Of which alliance.
    pub alliance: AllianceId,
    /// What the institution calls itself.
    pub institution_name: String,
    /// What kind of organisation it is.
    pub institution_kind: InstitutionKind,
    /// The institution, where it is written down already.
    pub institution: Option<InstitutionId>,
    /// Who writes for it.
    pub contact_name: String,
    /// Where an answer goes.
    pub email: String,
    /// The number to call.
    pub phone: Option<String>,
    /// What they have to say.
    pub message: String,
}

/// Writes an enquiry down, and lets its writer and the organisers be told. The answer is the same for every address.
///
/// # Errors
/// [`Error::Refused`] with what is wrong; [`Error::RateLimited`].
pub async fn submit(caller: &Caller, input: Submit) -> Result<EnquiryId> {
    caller.viewer.must(Action::SubmitEnquiry)?;
    let (row, email) = read(caller, input)?;
    let app = &caller.app;
    look(caller, &row).await?;
    rates::take(app, &Rate::enquiries(&app.config().limits), &caller.address()).await?;
    rates::take_mail(app, &email).await?;
    let txn = app.db().begin().await?;
    is_known(caller, &txn, &row).await?;
    store::insert(&txn, &row).await?;
    store::insert_step(&txn, &step(caller, &row, EnquiryStepKind::Submitted, None)).await?;
    mailing::acknowledge(&txn, caller.now(), row.id).await?;
    mailing::tell_organisers(&txn, caller.now(), &row).await?;
    editing::record_new::<enquiry::Entity>(caller, &txn, DONE, &row).await?;
    caller.commit(txn).await?;
    Ok(row.id)
}

/// The row, as far as it follows from what was given.
fn read(caller: &Caller, input: Submit) -> Result<(enquiry::Model, Email)> {
    let Submit { alliance, institution_name, institution_kind, institution, contact_name, email, phone, message } = input;
    let (mut problems, now) = (Problems::default(), caller.now());
    let institution_name = problems.text("institutionName", &institution_name, given::name);
    let contact_name = problems.text("contactName", &contact_name, given::name);
    let phone = problems.new_text("phone", phone, number);
    let message =
        problems.text("message", &message, |text| wanted(note(text)?, "say in a sentence or two what you would talk about"));
    let email = problems.email("email", &email);
    problems.end()?;
    let email = email.ok_or_else(|| Error::internal("what is no address was taken"))?;
    let row = enquiry::Model {
        id: id::new(now),
        alliance_id: alliance,
        state: EnquiryState::New,
        institution_name,
        institution_kind,
        institution_id: institution,
        contact_name,
        email: email.as_str().to_owned(),
        email_key: email.key(),
        phone,
        message,
        account_id: caller.account(),
        organiser_id: None,
        closed_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    Ok((row, email))
}

/// The alliance must be there, and so must the institution, as far as whoever writes can see it. Nothing is counted where they are not.
async fn look(caller: &Caller, row: &enquiry::Model) -> Result<()> {
    let app = &caller.app;
    if alliances::store::find_by_id(app.db().read(), row.alliance_id).await?.is_none() {
        return Err(no_alliance());
    }
    let Some(id) = row.institution_id else { return Ok(()) };
    let seen = InstitutionId::load(app, &caller.viewer, vec![id]).await?;
    let is_there = seen.get(&id).is_some_and(|institution| institution.alliance_id == row.alliance_id);
    if is_there { Ok(()) } else { Err(no_institution()) }
}

/// The same once more, and they stay until the transaction ends.
async fn is_known(caller: &Caller, txn: &Transaction, row: &enquiry::Model) -> Result<()> {
    match alliances::store::hold(txn, row.alliance_id).await {
        Err(Error::NotFound(_)) => return Err(no_alliance()),
        held => drop(held?),
    }
    let Some(id) = row.institution_id else { return Ok(()) };
    match editing::store::are_known::<institution::Entity>(txn, &caller.viewer, row.alliance_id, &[id.0]).await? {
        true => Ok(()),
        false => Err(no_institution()),
    }
}

fn no_alliance() -> Error {
    Error::refused("alliance", UserErrorCode::NotFound, "there is no such alliance")
}

fn no_institution() -> Error {
    Error::refused("institution", UserErrorCode::NotFound, "there is no such institution in this alliance")
}

/// A telephone number, as people write them.
fn number(text: &str) -> Result<String, Wrong> {
    let line = line::parse(text, PHONE).map_err(|problem| (invalid_or_long(text, PHONE), problem))?;
    let is_number = line.chars().all(|letter| letter.is_ascii_digit() || " +()-./x#".contains(letter));
    let wanted = "a telephone number is written as `+44 115 496 0000`";
    if is_number { Ok(line) } else { Err((UserErrorCode::Invalid, wanted.to_owned())) }
}
