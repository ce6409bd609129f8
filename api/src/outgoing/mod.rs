//! The one client of what goes out to other sites. It checks where it connects to, follows nobody elsewhere, waits for nothing long, and
//! reads no more of an answer than it was promised. Nothing else here may build a client.

pub mod address;
pub mod names;

use std::error::Error as _;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::config::Config;
use crate::outgoing::address::{Refusal, Rules};
use crate::outgoing::names::{Checked, Names, System};

const CONNECT: Duration = Duration::from_secs(5);
/// How many bytes are read of an answer, and for how long once its status is there.
const MOST: usize = 64 * 1_024;
const READING: Duration = Duration::from_secs(1);
const HEADER_BYTES: u32 = 16 * 1_024;
/// How long a connection is kept for the next message to the same site.
const IDLE: Duration = Duration::from_secs(30);
const IDLE_OF_ONE: usize = 2;
/// How much is told of why somebody could not be reached.
const TOLD: usize = 200;

/// What another site answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// When it wants to be asked again, as it says it.
    pub retry_after: Option<String>,
    /// How the answer begins.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The address is not asked.
    Refused(Refusal),
    /// Nothing came in time.
    Timeout,
    /// It could not be connected to, or the connection ended too early.
    Unreachable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "{refusal}"),
            Self::Timeout => f.write_str("nothing was answered in time"),
            Self::Unreachable(why) => write!(f, "it could not be reached: {why}"),
        }
    }
}

/// The client, cheap to clone.
#[derive(Clone)]
pub struct Outgoing {
    held: Arc<Held>,
}

struct Held {
    rules: Rules,
    names: Arc<dyn Names>,
    patience: Duration,
    /// Made when it is needed first: most commands need none.
    client: OnceLock<Result<Client, String>>,
}

impl Outgoing {
    /// The client of an installation.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self::by(config, Arc::new(System))
    }

    /// The same that asks somebody else for the addresses of names.
    #[must_use]
    pub fn by(config: &Config, names: Arc<dyn Names>) -> Self {
        let patience = Duration::from_secs(config.limits.outgoing_seconds);
        Self { held: Arc::new(Held { rules: Rules::new(config), names, patience, client: OnceLock::new() }) }
    }

    /// What may be asked.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.held.rules
    }

    /// How long a message and its answer may take.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.held.patience
    }

    /// Posts something, and returns what was answered, whatever its status.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn post(&self, url: &Url, headers: &[(&str, String)], body: Vec<u8>) -> Result<Answered, Failure> {
        // A name is checked when it is looked up, digits are not looked up.
        self.held.rules.check(url).map_err(Failure::Refused)?;
        let client = self.held.client.get_or_init(|| self.build());
        let client = client.as_ref().map_err(|why| Failure::Unreachable(why.clone()))?;
        let deadline = Instant::now() + self.held.patience;
        let request = headers.iter().fold(client.post(url.clone()), |request, (name, value)| request.header(*name, value));
        match timeout_at(deadline, request.body(body).send()).await {
            Ok(Ok(response)) => Ok(read(response, deadline).await),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(Failure::Timeout),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one client")]
    fn build(&self) -> Result<Client, String> {
        let Held { rules, names, .. } = &*self.held;
        let checked = Checked { names: Arc::clone(names), rules: rules.clone() };
        Client::builder()
            .user_agent(concat!("Alliance/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(checked))
            .connect_timeout(CONNECT)
            .http2_max_header_list_size(HEADER_BYTES)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_OF_ONE)
            .build()
            .map_err(|error| innermost(&error))
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({:?})", self.held.rules)
    }
}

/// The status is what counts: how much comes behind it, and how slowly, changes nothing.
async fn read(mut response: Response, deadline: Instant) -> Answered {
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (status, mut body) = (response.status().as_u16(), Vec::new());
    let deadline = deadline.min(Instant::now() + READING);
    while body.len() < MOST
        && let Ok(Ok(Some(piece))) = timeout_at(deadline, response.chunk()).await
    {
        body.extend_from_slice(&piece[..piece.len().min(MOST - body.len())]);
    }
    Answered { status, retry_after, body }
}

fn failure(error: &reqwest::Error) -> Failure {
    let mut cause = error.source();
    while let Some(of) = cause {
        if let Some(refusal) = of.downcast_ref::<Refusal>() {
            return Failure::Refused(refusal.clone());
        }
        cause = of.source();
    }
    if error.is_timeout() { Failure::Timeout } else { Failure::Unreachable(innermost(error)) }
}

/// What lies at the bottom of an error, without the address: that may hold a secret.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(of) = cause.source() {
        cause = of;
    }
    let told =
        if cause.source().is_none() && cause.is::<reqwest::Error>() { "it makes no sense".to_owned() } else { cause.to_string() };
    told.chars().take(TOLD).collect()
}
