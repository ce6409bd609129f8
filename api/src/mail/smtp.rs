//! Mails to a mail server.

use std::sync::OnceLock;
use std::time::Duration;

use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::config::mail::{Mail, SmtpUrl};
use crate::error::{Error, Result};
use crate::mail::Failure;

type Server = AsyncSmtpTransport<Tokio1Executor>;

/// How many mails are handed over at once.
const CONNECTIONS: u32 = 4;
/// How long a connection is kept that no mail needs.
const IDLE: Duration = Duration::from_secs(30);
/// How many steps of its own patience a whole exchange may take.
const STEPS: u32 = 3;
/// How long a look at the server may take.
const LOOK: Duration = Duration::from_secs(5);
/// Refusals that are about us, not about the mail: of the password, of the way of signing in, of a connection without TLS, of this
/// server at all. They may be mended.
const ABOUT_US: [u16; 7] = [502, 503, 521, 530, 534, 535, 538];

/// A mail server.
#[derive(Debug)]
pub(super) struct Smtp {
    url: SmtpUrl,
    patience: Duration,
    server: OnceLock<Server>,
    turns: Semaphore,
}

impl Smtp {
    /// The server at this address.
    pub(super) fn new(url: SmtpUrl, patience: Duration) -> Self {
        Self { url, patience, server: OnceLock::new(), turns: Semaphore::new(CONNECTIONS as usize) }
    }

    /// Hands a mail over.
    pub(super) async fn send(&self, mail: Message) -> Result<(), Failure> {
        let whole = self.patience * STEPS;
        let late = |_| Failure::Temporary("the mail server took too long".to_owned());
        let _turn = timeout(whole, self.turns.acquire()).await.map_err(late)?;
        let server = self.server()?;
        // In a task of its own: a connection that is let go in the middle of a mail would take the next one for its rest.
        let exchange = tokio::spawn(async move { server.send(mail).await });
        match timeout(whole, exchange).await.map_err(late)? {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(told(&error)),
            Err(error) => Err(Failure::Temporary(error.to_string())),
        }
    }

    fn server(&self) -> Result<Server, Failure> {
        if let Some(server) = self.server.get() {
            return Ok(server.clone());
        }
        let server = open(&self.url, self.patience).map_err(|error| told(&error))?;
        Ok(self.server.get_or_init(|| server).clone())
    }
}

fn open(url: &SmtpUrl, patience: Duration) -> Result<Server, lettre::transport::smtp::Error> {
    let pool = PoolConfig::new().max_size(CONNECTIONS).idle_timeout(IDLE);
    Ok(Server::from_url(url.expose())?.timeout(Some(patience)).pool_config(pool).build())
}

/// What is said of an error, which a server may have put the address into.
fn told(error: &lettre::transport::smtp::Error) -> Failure {
    let words = error.to_string();
    let words: Vec<&str> = words.split_whitespace().map(|word| if word.contains('@') { "(an address)" } else { word }).collect();
    let words = words.join(" ");
    let is_about_us = error.status().is_some_and(|code| ABOUT_US.contains(&u16::from(code)));
    if error.is_permanent() && !is_about_us { Failure::Permanent(words) } else { Failure::Temporary(words) }
}

/// Whether the server can be reached and lets us in. No mail is sent.
pub(super) async fn examine(url: &SmtpUrl, settings: &Mail) -> Result<()> {
    if settings.from.email.domain() == "localhost" {
        let problem = format!("`{}` is nobody whom others can answer; set it, or ALLIANCE_PUBLIC_URL", settings.from.email);
        return Err(Error::invalid("ALLIANCE_MAIL_FROM", problem));
    }
    let problem = |why: &str| {
        let advice = "does it run, and are its name, port, user, password and `tls` right?";
        Error::invalid("ALLIANCE_SMTP_URL", format!("`{url}` cannot be used: {why}; {advice}"))
    };
    let server = open(url, LOOK).map_err(|error| problem(&error.to_string()))?;
    match timeout(LOOK, server.test_connection()).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(problem("it does not answer")),
        Ok(Err(error)) => Err(problem(&error.to_string())),
        Err(_) => Err(problem("it does not answer in time")),
    }
}
