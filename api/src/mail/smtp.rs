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
/// Refusals that are about the address, where the enhanced code of RFC 3463 says nothing else: it is none, or takes no mail. Others
/// are about what the mail says.
const ABOUT_ADDRESS: [u16; 3] = [550, 551, 553];
const ABOUT_ADDRESS_CLASSES: [&str; 2] = ["5.1.", "5.2."];
/// What the library says where it could not connect.
const UNCONNECTED: &str = "Connection error";

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
        match timeout(whole, exchange).await {
            Ok(Ok(Ok(_))) => Ok(()),
            Ok(Ok(Err(error))) => Err(told(&error)),
            Ok(Err(error)) => Err(Failure::Unknown(error.to_string())),
            Err(_) => Err(Failure::Unknown("the mail server took too long".to_owned())),
        }
    }

    /// Greets the server.
    pub(super) async fn greet(&self) -> Result<(), Failure> {
        let away = |why: &str| Failure::Temporary(why.to_owned());
        match timeout(LOOK, self.server()?.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) | Err(_) => Err(away("the mail server does not answer")),
            Ok(Err(error)) => Err(told(&error)),
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
    let said = error.to_string();
    let words: Vec<&str> = said.split_whitespace().map(|word| if word.contains('@') { "(an address)" } else { word }).collect();
    let words = words.join(" ");
    let Some(code) = error.status().map(u16::from) else {
        // What failed before there was a connection was not sent.
        let is_before = error.is_tls() || error.is_client() || error.is_transport_shutdown() || said.starts_with(UNCONNECTED);
        return if is_before { Failure::Temporary(words) } else { Failure::Unknown(words) };
    };
    if !error.is_permanent() || ABOUT_US.contains(&code) {
        return Failure::Temporary(words);
    }
    // `permanent error (550): 5.1.1 no such user`
    let class = said.split_once("): ").and_then(|(_, said)| said.split_whitespace().next()).filter(|word| word.starts_with("5."));
    let is_about_address = class.is_none_or(|class| ABOUT_ADDRESS_CLASSES.iter().any(|about| class.starts_with(about)));
    if ABOUT_ADDRESS.contains(&code) && is_about_address { Failure::Bounced(words) } else { Failure::Permanent(words) }
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
