//! Mails to a mail server.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use lettre::Message;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::config::mail::{Mail, SmtpUrl};
use crate::error::{Error, Result};
use crate::mail::Failure;
use crate::mail::exchange::{Refused, Server, Step};

/// How many mails are handed over at once.
const CONNECTIONS: usize = 4;
/// How many steps of its own patience a whole exchange may take.
const STEPS: u32 = 3;
/// How long a look at the server may take.
const LOOK: Duration = Duration::from_secs(5);
/// Refusals that are about us, not about the mail: of the password, of the way of signing in, of a connection without TLS, of this
/// server at all. They may be mended.
const ABOUT_US: [u16; 7] = [502, 503, 521, 530, 534, 535, 538];
/// Of the enhanced codes of RFC 3463 that are about addresses, those that are about the sender's.
const ABOUT_SENDER: [&str; 2] = ["5.1.7", "5.1.8"];
/// A mailbox that takes no mail.
const DISABLED: &str = "5.2.1";

/// A mail server.
#[derive(Debug)]
pub(super) struct Smtp {
    url: SmtpUrl,
    patience: Duration,
    server: OnceLock<Arc<Server>>,
    turns: Semaphore,
}

impl Smtp {
    /// The server at this address.
    pub(super) fn new(url: SmtpUrl, patience: Duration) -> Self {
        Self { url, patience, server: OnceLock::new(), turns: Semaphore::new(CONNECTIONS) }
    }

    /// Hands a mail over.
    pub(super) async fn send(&self, mail: Message) -> Result<(), Failure> {
        let whole = self.patience * STEPS;
        let late = |_| Failure::Temporary("the mail server took too long".to_owned());
        let _turn = timeout(whole, self.turns.acquire()).await.map_err(late)?;
        let server = self.server()?;
        // In a task of its own: what has begun ends, even where whoever asked for it goes away.
        let mut exchange = tokio::spawn(async move { server.hand_over(&mail).await });
        match timeout(whole, &mut exchange).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(refused))) => Err(told(&refused)),
            Ok(Err(error)) => Err(Failure::Unknown(error.to_string())),
            Err(_) => {
                exchange.abort();
                Err(Failure::Unknown("the mail server took too long".to_owned()))
            }
        }
    }

    /// Greets the server.
    pub(super) async fn greet(&self) -> Result<(), Failure> {
        let away = |why: &str| Failure::Temporary(why.to_owned());
        match timeout(LOOK, self.server()?.greet()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) | Err(_) => Err(away("the mail server does not answer")),
            Ok(Err(error)) => Err(told(&Refused { step: Step::Connection, error })),
        }
    }

    fn server(&self) -> Result<Arc<Server>, Failure> {
        if let Some(server) = self.server.get() {
            return Ok(Arc::clone(server));
        }
        let server = Server::new(&self.url, self.patience);
        let server = server.map_err(|error| told(&Refused { step: Step::Connection, error }))?;
        Ok(Arc::clone(self.server.get_or_init(|| server)))
    }
}

/// What is said of an error, which a server may have put the address into.
fn told(Refused { step, error }: &Refused) -> Failure {
    let said = error.to_string();
    let words: Vec<&str> = said.split_whitespace().map(|word| if word.contains('@') { "(an address)" } else { word }).collect();
    let words = words.join(" ");
    let Some(code) = error.status().map(u16::from) else {
        // What failed before the mail itself began was not sent.
        return if *step == Step::Content { Failure::Unknown(words) } else { Failure::Temporary(words) };
    };
    if !error.is_permanent() || ABOUT_US.contains(&code) {
        return Failure::Temporary(words);
    }
    if has_no_mailbox(*step, code, &said) { Failure::Bounced(words) } else { Failure::Permanent(words) }
}

/// Whether a refusal says that there is no such mailbox, or that it takes no mail at all. Others are about us, or about what the mail says.
fn has_no_mailbox(step: Step, code: u16, said: &str) -> bool {
    // `permanent error (550): 5.1.1 no such user`
    let first = said.split_once("): ").and_then(|(_, said)| said.split_whitespace().next()).unwrap_or_default();
    let class = first.trim_matches(|c: char| !c.is_ascii_digit());
    let is_one = class.split('.').count() == 3 && class.split('.').all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_one {
        // Without such a code, what was asked just before tells what it is about.
        return code == 550 && step == Step::Recipient;
    }
    class == DISABLED || (class.starts_with("5.1.") && !ABOUT_SENDER.contains(&class))
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
    let server = Server::new(url, LOOK).map_err(|error| problem(&error.to_string()))?;
    match timeout(LOOK, server.greet()).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(problem("it does not answer")),
        Ok(Err(error)) => Err(problem(&error.to_string())),
        Err(_) => Err(problem("it does not answer in time")),
    }
}
