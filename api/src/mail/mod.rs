//! Mail: a message goes to a mail server, into a folder, or is kept for a test. One recipient a message; what it says is made from a
//! template. Nothing here knows why a mail is sent.

pub mod address;
mod compose;
mod exchange;
mod folder;
mod smtp;
mod template;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use lettre::message::Mailbox;
use serde::Serialize;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::mail::{Mail, Way};
use crate::error::{Error, Result};
use crate::mail::compose::{Composer, Wire};
use crate::mail::smtp::Smtp;

/// One mail to one person.
#[derive(Clone)]
pub struct Message {
    /// Whose it is: an address, as [`address::Email`] has it.
    pub to: String,
    /// What it is about, in a line.
    pub subject: String,
    /// What it says, in plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// What it is known by: a second try has the same, so that nobody reads it twice.
    pub id: Uuid,
    /// Headers beside the usual ones.
    pub headers: Vec<(&'static str, String)>,
    /// What the sender is called, where not as usual.
    pub sender: Option<String>,
}

/// A mail may hold a link that signs somebody in, and an address is nobody's business: neither is for the log.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why a mail was not sent. No address is in it, whatever the server said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It may be sent later.
    #[error("the mail is not sent yet: {0}")]
    Temporary(String),
    /// Nobody knows whether it was sent: the server stopped answering in the midst of it.
    #[error("the mail may have been sent or not: {0}")]
    Unknown(String),
    /// It will never be sent.
    #[error("the mail cannot be sent: {0}")]
    Permanent(String),
    /// It will never be sent, and neither will any other to this address, which takes no mail.
    #[error("the address takes no mail: {0}")]
    Bounced(String),
}

impl Failure {
    /// Whether another try may succeed. Where nobody knows how the last one ended, it may send the mail twice.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, Self::Temporary(_) | Self::Unknown(_))
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::internal(failure)
    }
}

/// What a template says about somebody's case.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// What it is about, in a line.
    pub subject: String,
    /// What it says, in plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rendered")
    }
}

impl Rendered {
    /// The mail that says it.
    #[must_use]
    pub fn to(self, to: impl Into<String>, id: Uuid) -> Message {
        let Self { subject, text, html } = self;
        Message { to: to.into(), subject, text, html, id, headers: Vec::new(), sender: None }
    }
}

/// Fills a template of `assets/mail` by its name. The values that a template wants are named at its top.
///
/// # Errors
/// Where there is no such template, or a value is missing.
pub fn render(template: &str, values: impl Serialize) -> Result<Rendered> {
    template::fill(template, values)
}

/// Sends mails, as the settings say.
#[derive(Debug, Clone)]
pub struct Mailer {
    clock: Clock,
    from: Mailbox,
    transport: Transport,
}

#[derive(Debug, Clone)]
enum Transport {
    Folder(std::path::PathBuf),
    Smtp(Arc<Smtp>),
    Memory(Arc<Mutex<Vec<Message>>>),
}

impl Mailer {
    /// A mailer with these settings. Nothing is connected to until there is a mail.
    #[must_use]
    pub fn new(settings: &Mail, clock: Clock) -> Self {
        let transport = match &settings.way {
            Way::Folder(folder) => Transport::Folder(folder.clone()),
            Way::Smtp(url) => Transport::Smtp(Arc::new(Smtp::new(url.clone(), settings.patience))),
            Way::Memory => Transport::Memory(Arc::default()),
        };
        Self { clock, from: settings.from.clone(), transport }
    }

    /// Sends a mail, or says whether to try again.
    ///
    /// # Errors
    /// [`Failure::Permanent`] where it is no use to try again.
    pub async fn send(&self, message: Message) -> Result<(), Failure> {
        let outcome = self.deliver(message).await;
        let word = match &outcome {
            Ok(()) => "sent",
            Err(failure) if failure.is_temporary() => "temporary",
            Err(_) => "permanent",
        };
        metrics::counter!("alliance_mails_total", "outcome" => word).increment(1);
        outcome
    }

    async fn deliver(&self, message: Message) -> Result<(), Failure> {
        let now = self.clock.now();
        let composer = Composer { from: &self.from, now };
        match &self.transport {
            Transport::Folder(folder) => {
                let mail = composer.compose(&message, Wire::Readable)?;
                folder::keep(folder.clone(), now, message.id, mail.formatted()).await
            }
            Transport::Smtp(smtp) => smtp.send(composer.compose(&message, Wire::Ascii)?).await,
            Transport::Memory(kept) => {
                composer.compose(&message, Wire::Readable)?;
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(message);
                Ok(())
            }
        }
    }

    /// Whether a mail could be handed over now: a server is greeted and gets none.
    ///
    /// # Errors
    /// Why it could not.
    pub async fn greet(&self) -> Result<(), Failure> {
        match &self.transport {
            Transport::Smtp(smtp) => smtp.greet().await,
            Transport::Folder(_) | Transport::Memory(_) => Ok(()),
        }
    }

    /// Deletes the mails that are kept here and name one of these: addresses, by their keys, to which they are or of which they tell others; or
    /// ids. What a mail server has taken is out of our hands.
    ///
    /// # Errors
    /// Where the folder cannot be read, or a mail not be deleted.
    pub async fn forget(&self, named: Vec<String>) -> Result<()> {
        match &self.transport {
            Transport::Folder(folder) => folder::forget(folder.clone(), named).await,
            Transport::Smtp(_) => Ok(()),
            Transport::Memory(kept) => {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.retain(|mail| {
                    let said = format!("{}\n<{}@>\n{}", mail.to, mail.id, mail.text);
                    !named.iter().any(|name| names(&said, name))
                });
                Ok(())
            }
        }
    }

    /// The mails that were kept for a test since this was asked last.
    #[must_use]
    pub fn take_kept(&self) -> Vec<Message> {
        match &self.transport {
            Transport::Memory(kept) => std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner)),
            Transport::Folder(_) | Transport::Smtp(_) => Vec::new(),
        }
    }
}

/// Whether a text names an address, given by its key, or an id: the whole of it, and not one that ends or begins alike.
fn names(text: &str, address: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let goes_on = |letter: Option<char>, marks: &str| letter.is_some_and(|c| c.is_ascii_alphanumeric() || marks.contains(c));
    text.match_indices(address).any(|(at, _)| {
        let behind = &text[at + address.len()..];
        // A full stop may end the sentence.
        let behind = behind.strip_prefix('.').unwrap_or(behind).chars().next();
        let before = text[..at].chars().next_back();
        !address.is_empty() && !goes_on(before, "!#$%&'*+-/=?^_`{|}~.") && !goes_on(behind, "-")
    })
}

/// Whether mails can be sent. A folder is left as it is, and a server is greeted and gets no mail.
///
/// # Errors
/// [`Error::Invalid`] with what to do.
pub async fn examine(settings: &Mail) -> Result<()> {
    match &settings.way {
        Way::Folder(folder) => folder::examine(folder),
        Way::Smtp(url) => smtp::examine(url, settings).await,
        Way::Memory => Ok(()),
    }
}
