//! How mail is sent: by which server, or into which folder, and who it is from.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::{Address, AsyncSmtpTransport, Tokio1Executor};
use secrecy::ExposeSecret;
use url::{Host, Url};

use crate::config::database::mask;
use crate::config::flags::{File, Flags};
use crate::config::{either, given};
use crate::error::{Error, Result};

/// How long one step of an exchange with the mail server may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// The settings of mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Where mails go.
    pub way: Way,
    /// Who they are from.
    pub from: Mailbox,
    /// How long one step of an exchange with the mail server may take.
    pub patience: Duration,
}

/// Where mails go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// Each into a file of this folder, for somebody to read.
    Folder(PathBuf),
    /// To a mail server.
    Smtp(SmtpUrl),
    /// Nowhere: they are kept in memory, for a test.
    Memory,
}

/// A mail server's address; its password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// A checked address.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what names no mail server.
    pub fn parse(text: &str) -> Result<Self> {
        let problem = |why: &str| {
            let allowed =
                "allowed: smtp://USER:PASSWORD@HOST:PORT, with ?tls=required or ?tls=opportunistic, or smtps:// and the same";
            Error::invalid("ALLIANCE_SMTP_URL", format!("`{}` {why}; {allowed}", masked(text)))
        };
        let url = Url::parse(text).map_err(|_| problem("is no address"))?;
        if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) {
            return Err(problem("is no address of a mail server"));
        }
        if url.password().is_none() && !url.username().is_empty() {
            return Err(problem("names a user without a password"));
        }
        if url.query_pairs().any(|(name, _)| name != "tls") {
            return Err(problem("has a parameter that is not known"));
        }
        AsyncSmtpTransport::<Tokio1Executor>::from_url(text).map_err(|_| problem("cannot be used"))?;
        Ok(Self(text.to_owned()))
    }

    /// The address with its password, for the mailer alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.0))
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.0))
    }
}

/// Whatever is no web-like address may be a password all through.
fn masked(text: &str) -> String {
    if text.contains("://") { mask(text) } else { "***".to_owned() }
}

impl Mail {
    /// The settings by the names of their variables.
    pub(super) fn shown(&self) -> [(&'static str, String); 2] {
        let server = if let Way::Smtp(url) = &self.way { url.to_string() } else { String::new() };
        [("ALLIANCE_SMTP_URL", server), ("ALLIANCE_MAIL_FROM", self.from.to_string())]
    }
}

pub(super) fn read(flags: &Flags, file: &File, data_dir: &Path, public_url: &Url) -> Result<Mail> {
    let in_flags = (flags.smtp_url.as_ref(), flags.smtp_url_file.as_ref());
    let in_file = (file.smtp_url.as_ref(), file.smtp_url_file.as_ref());
    let way = match either("ALLIANCE_SMTP_URL", in_flags, in_file)? {
        Some(url) => Way::Smtp(SmtpUrl::parse(url.expose_secret())?),
        None => Way::Folder(data_dir.join("mail")),
    };
    let from = match given(flags.mail_from.as_ref()).or(file.mail_from.as_deref()) {
        Some(text) => sender(text)?,
        None => ours(public_url)?,
    };
    Ok(Mail { way, from, patience: PATIENCE })
}

fn sender(text: &str) -> Result<Mailbox> {
    let allowed = "allowed: an address, or a name and an address, such as Alliance <alliance@example.org>";
    let from: Option<Mailbox> = text.parse().ok();
    from.filter(|_| !text.contains(char::is_control))
        .ok_or_else(|| Error::invalid("ALLIANCE_MAIL_FROM", format!("`{text}` is no sender; {allowed}")))
}

/// At an address of digits nobody has a mailbox: it is this machine, where somebody tries things out.
fn ours(public_url: &Url) -> Result<Mailbox> {
    let host = match public_url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.'),
        _ => "localhost",
    };
    let address = Address::new("alliance", host).map_err(Error::internal)?;
    Ok(Mailbox::new(Some("Alliance".to_owned()), address))
}
