//! An exchange with a mail server, step by step: which step is refused tells what the refusal is about.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, MailParameter};
use percent_encoding::percent_decode_str;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::config::mail::SmtpUrl;

/// How long a connection is kept that no mail needs.
const IDLE: Duration = Duration::from_secs(30);

/// A part of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Connecting: the greeting, encryption, signing in.
    Connection,
    /// Saying who sends.
    Sender,
    /// Saying who is written to.
    Recipient,
    /// The mail itself.
    Content,
}

/// What went wrong, and where.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) step: Step,
    pub(super) error: Error,
}

/// A mail server, with the connections to it that no mail needs at this moment.
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
    patience: Duration,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").finish_non_exhaustive()
    }
}

impl Server {
    /// The server at a checked address. Nothing is connected to yet.
    pub(super) fn new(url: &SmtpUrl, patience: Duration) -> Result<Arc<Self>, Error> {
        let url: Url = url.expose().parse().expect("it was checked");
        let host = url.host_str().unwrap_or_default().to_owned();
        let wanted = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let parameters = || TlsParameters::new(host.clone());
        let (tls, usual) = match (url.scheme(), wanted.as_deref()) {
            ("smtps", _) => (Tls::Wrapper(parameters()?), 465),
            (_, Some("required")) => (Tls::Required(parameters()?), 587),
            (_, Some(_)) => (Tls::Opportunistic(parameters()?), 587),
            (_, None) => (Tls::None, 25),
        };
        let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let credentials = url.password().map(|password| Credentials::new(plain(url.username()), plain(password)));
        let name = url.path().trim_matches('/');
        let hello = if name.is_empty() { ClientId::default() } else { ClientId::Domain(name.to_owned()) };
        let port = url.port().unwrap_or(usual);
        Ok(Arc::new(Self { host, port, tls, credentials, hello, patience, idle: Mutex::default() }))
    }

    /// Hands a mail over. A connection on which anything was refused is not used again.
    pub(super) async fn hand_over(self: &Arc<Self>, mail: &lettre::Message) -> Result<(), Refused> {
        let mut connection = self.connection().await.map_err(at(Step::Connection))?;
        match steps(&mut connection, mail).await {
            Ok(()) => {
                self.keep(connection);
                Ok(())
            }
            Err(refused) => {
                connection.abort().await;
                Err(refused)
            }
        }
    }

    /// Greets the server; says whether it answers.
    pub(super) async fn greet(self: &Arc<Self>) -> Result<bool, Error> {
        let mut connection = self.connection().await?;
        let answers = connection.test_connected().await;
        if answers {
            self.keep(connection);
        }
        Ok(answers)
    }

    /// One that is kept and still lives, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Error> {
        while let Some(Idle { mut connection, .. }) = self.take(Duration::ZERO) {
            if connection.test_connected().await {
                return Ok(connection);
            }
        }
        let wrapper = if let Tls::Wrapper(parameters) = &self.tls { Some(parameters.clone()) } else { None };
        let server = (self.host.as_str(), self.port);
        let mut connection = AsyncSmtpConnection::connect_tokio1(server, Some(self.patience), &self.hello, wrapper, None).await?;
        match &self.tls {
            Tls::Required(parameters) => connection.starttls(parameters.clone(), &self.hello).await?,
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), &self.hello).await?;
            }
            Tls::None | Tls::Wrapper(_) | Tls::Opportunistic(_) => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    /// Keeps a connection for the next mail, and lets it go where none comes.
    fn keep(self: &Arc<Self>, connection: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(Idle { connection, since: Instant::now() });
        let server = Arc::downgrade(self);
        tokio::spawn(async move {
            sleep(IDLE).await;
            let Some(server) = server.upgrade() else { return };
            while let Some(Idle { mut connection, .. }) = server.take(IDLE) {
                connection.abort().await;
            }
        });
    }

    /// A connection that has been kept for so long.
    fn take(&self, long: Duration) -> Option<Idle> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let at = idle.iter().rposition(|kept| kept.since.elapsed() >= long)?;
        Some(idle.remove(at))
    }
}

async fn steps(connection: &mut AsyncSmtpConnection, mail: &lettre::Message) -> Result<(), Refused> {
    let envelope = mail.envelope();
    let is_ascii = envelope.from().into_iter().chain(envelope.to()).all(|address| address.to_string().is_ascii());
    let parameters = if is_ascii { Vec::new() } else { vec![MailParameter::SmtpUtfEight] };
    connection.command(Mail::new(envelope.from().cloned(), parameters)).await.map_err(at(Step::Sender))?;
    for to in envelope.to() {
        connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(at(Step::Recipient))?;
    }
    connection.command(Data).await.map_err(at(Step::Content))?;
    connection.message(&mail.formatted()).await.map_err(at(Step::Content))?;
    Ok(())
}

fn at(step: Step) -> impl Fn(Error) -> Refused {
    move |error| Refused { step, error }
}
