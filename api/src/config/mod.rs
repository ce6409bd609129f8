//! Every setting, read once: from a flag, else from a variable, else from one TOML file, else a default. Nothing else reads the
//! environment.

mod address;
pub mod database;
pub mod door;
mod file;
pub mod flags;
pub mod keys;
pub mod limits;
pub mod mail;
pub mod outgoing;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::EnvFilter;
use url::Url;

use crate::config::database::DatabaseUrl;
use crate::config::door::{Documents, Networks, Origins, StatusCodes};
use crate::config::flags::{File, Flags, Text};
use crate::config::keys::KeySettings;
use crate::config::limits::Limits;
use crate::config::mail::Mail;
use crate::config::outgoing::Allowed;
use crate::error::{Error, Result};

/// The checked settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the content is kept.
    pub database: DatabaseUrl,
    /// The keys, where they are set.
    pub keys: KeySettings,
    /// The address that the server listens on.
    pub listen: SocketAddr,
    /// The folder for what the embedded default keeps.
    pub data_dir: PathBuf,
    /// Where the public reads.
    pub public_url: Url,
    /// Whether an empty database gets the demo content.
    pub demo: bool,
    /// Whether the explorer is served.
    pub explorer: bool,
    /// Where somebody who found a weakness can turn to.
    pub security_contact: Url,
    /// Whose pages may ask.
    pub allowed_origins: Origins,
    /// Whose word about a client's address counts.
    pub trusted_proxies: Networks,
    /// Which documents run.
    pub documents: Documents,
    /// A file of trusted documents.
    pub documents_manifest: Option<PathBuf>,
    /// Which status codes answers carry.
    pub status_codes: StatusCodes,
    /// How long caches may use a public answer unasked.
    pub cache_seconds: u64,
    /// How mail is sent.
    pub mail: Mail,
    /// What messages to other sites may go to beside the public internet.
    pub outgoing_allowed: Allowed,
    /// The address of what is measured; nothing is told where there is none.
    pub metrics_listen: Option<SocketAddr>,
    /// Where links in mails about accounts lead, with `{purpose}` and `{token}` in their places.
    pub account_links: String,
    /// The same of mails to the public: about events, comments and updates.
    pub public_links: String,
    /// Filters of the log.
    pub log: String,
    /// What a document, a request and a connection may cost.
    pub limits: Limits,
}

const LOG: &str = "info,sqlx=warn,sea_orm_migration=warn";

impl Config {
    /// Where something of ours is found from outside.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }

    /// Where a link in a mail to the public leads: a page of ours such as `rsvp/confirm`, or one that somebody has put in its place.
    #[must_use]
    pub fn link(&self, purpose: &str, token: &str) -> String {
        self.public_links.replace("{purpose}", purpose).replace("{token}", token)
    }

    /// Reads and checks every setting.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the name of the first wrong setting, its value and what is allowed.
    pub fn read(flags: &Flags) -> Result<Self> {
        let file = file::read(named(flags.config.as_ref()))?;
        let listen = text(flags.listen.as_ref(), file.listen.as_ref()).unwrap_or("127.0.0.1:8080");
        let listen = address::listen("ALLIANCE_LISTEN", listen)?;
        let data_dir = named(flags.data_dir.as_ref()).or(named(file.data_dir.as_ref())).unwrap_or(Path::new("data")).to_owned();
        let database = read_database(flags, &file, &data_dir)?;
        let demo = flag("ALLIANCE_DEMO", flags.demo_content.as_ref(), file.demo, database.embedded)?;
        let public_url = address::public(given(flags.public_url.as_ref()).or(file.public_url.as_deref()), listen)?;
        let documents = parsed("ALLIANCE_DOCUMENTS", flags.documents.as_ref(), file.documents.as_ref(), Documents::Automatic)?;
        let documents_manifest =
            named(flags.documents_manifest.as_ref()).or(named(file.documents_manifest.as_ref())).map(Path::to_owned);
        if documents == Documents::Trusted && documents_manifest.is_none() {
            let problem = "`trusted` runs only documents of a manifest; name one in ALLIANCE_DOCUMENTS_MANIFEST";
            return Err(Error::invalid("ALLIANCE_DOCUMENTS", problem));
        }
        let origins = if listen.ip().is_loopback() { Origins::Local } else { Origins::Listed(Vec::new()) };
        let origins = parsed("ALLIANCE_ALLOWED_ORIGINS", flags.allowed_origins.as_ref(), file.allowed_origins.as_ref(), origins)?;
        let (proxies, nobody) = (flags.trusted_proxies.as_ref(), Networks::default());
        let contact = text(flags.security_contact.as_ref(), file.security_contact.as_ref());
        let (codes, compatible) = (flags.status_codes.as_ref(), StatusCodes::Compatible);
        let metrics = text(flags.metrics_listen.as_ref(), file.metrics_listen.as_ref());
        let seconds = file.cache_seconds.map(|seconds| seconds.to_string());
        Ok(Self {
            explorer: flag("ALLIANCE_EXPLORER", flags.explorer.as_ref(), file.explorer, true)?,
            security_contact: address::contact(contact, &public_url)?,
            allowed_origins: origins,
            trusted_proxies: parsed("ALLIANCE_TRUSTED_PROXIES", proxies, file.trusted_proxies.as_ref(), nobody)?,
            status_codes: parsed("ALLIANCE_STATUS_CODES", codes, file.status_codes.as_ref(), compatible)?,
            cache_seconds: parsed("ALLIANCE_CACHE_SECONDS", flags.cache_seconds.as_ref(), seconds.as_ref(), Seconds(0))?.0,
            mail: mail::read(flags, &file, &data_dir, &public_url)?,
            account_links: address::account_links(text(flags.account_links.as_ref(), file.account_links.as_ref()), &public_url)?,
            public_links: address::public_links(text(flags.public_links.as_ref(), file.public_links.as_ref()), &public_url)?,
            outgoing_allowed: outgoing(flags, &file)?,
            metrics_listen: metrics.map(|text| address::listen("ALLIANCE_METRICS_LISTEN", text)).transpose()?,
            log: checked_log(given(flags.log.as_ref()).or(file.log.as_deref()).unwrap_or(LOG))?,
            limits: Limits::read(&flags.limits, &file.limits)?,
            keys: read_keys(flags, &file)?,
            database,
            listen,
            data_dir,
            public_url,
            demo,
            documents,
            documents_manifest,
        })
    }

    /// The settings by name, secrets masked.
    #[must_use]
    pub fn shown(&self) -> Vec<(&'static str, String)> {
        let manifest = self.documents_manifest.as_ref().map(|path| path.display().to_string());
        let mut shown = vec![
            ("DATABASE_URL", self.database.to_string()),
            ("ALLIANCE_SIGNING_KEY", keys::masked(self.keys.signing.as_ref())),
            ("ALLIANCE_SECRET_KEY", keys::masked(self.keys.secret.as_ref())),
            ("ALLIANCE_LISTEN", self.listen.to_string()),
            ("ALLIANCE_DATA_DIR", self.data_dir.display().to_string()),
            ("ALLIANCE_PUBLIC_URL", self.public_url.to_string()),
            ("ALLIANCE_DEMO", self.demo.to_string()),
            ("ALLIANCE_EXPLORER", self.explorer.to_string()),
            ("ALLIANCE_SECURITY_CONTACT", self.security_contact.to_string()),
            ("ALLIANCE_ALLOWED_ORIGINS", self.allowed_origins.to_string()),
            ("ALLIANCE_TRUSTED_PROXIES", self.trusted_proxies.to_string()),
            ("ALLIANCE_DOCUMENTS", self.documents.to_string()),
            ("ALLIANCE_DOCUMENTS_MANIFEST", manifest.unwrap_or_default()),
            ("ALLIANCE_STATUS_CODES", self.status_codes.to_string()),
            ("ALLIANCE_CACHE_SECONDS", self.cache_seconds.to_string()),
            ("ALLIANCE_LOG", self.log.clone()),
            ("ALLIANCE_ACCOUNT_LINKS", self.account_links.clone()),
            ("ALLIANCE_PUBLIC_LINKS", self.public_links.clone()),
            ("ALLIANCE_OUTGOING_ALLOWED", self.outgoing_allowed.to_string()),
            ("ALLIANCE_METRICS_LISTEN", self.metrics_listen.map(|address| address.to_string()).unwrap_or_default()),
        ];
        shown.extend(self.mail.shown());
        shown.extend(self.limits.shown());
        shown
    }
}

struct Seconds(u64);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds = text.parse().ok().filter(|seconds| *seconds <= 31_536_000);
        seconds.map(Self).ok_or_else(|| format!("`{text}` is not allowed; allowed: a whole number from 0 to 31536000"))
    }
}

/// An empty variable is one that is not set: what compose files and units write for "none".
fn given(setting: Option<&String>) -> Option<&str> {
    setting.map(String::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// A setting as it is given: the file's where nothing else is.
fn text<'a>(flag: Option<&'a String>, file: Option<&'a String>) -> Option<&'a str> {
    given(flag).or(file.map(String::as_str))
}

/// An empty path is one that is not set, too.
fn named(setting: Option<&PathBuf>) -> Option<&Path> {
    setting.map(PathBuf::as_path).filter(|path| !path.as_os_str().is_empty())
}

fn parsed<T: FromStr<Err = String>>(name: &str, flag: Option<&String>, file: Option<&String>, default: T) -> Result<T> {
    match self::text(flag, file) {
        Some(text) => text.parse().map_err(|problem: String| Error::invalid(name, problem)),
        None => Ok(default),
    }
}

fn outgoing(flags: &Flags, file: &File) -> Result<Allowed> {
    let (flag, file) = (flags.outgoing_allowed.as_ref(), file.outgoing_allowed.as_ref());
    parsed("ALLIANCE_OUTGOING_ALLOWED", flag, file, Allowed::default())
}

fn flag(name: &str, flag: Option<&String>, file: Option<bool>, default: bool) -> Result<bool> {
    match given(flag) {
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(other) => Err(Error::invalid(name, format!("`{other}` is neither; allowed: true, false"))),
        None => Ok(file.unwrap_or(default)),
    }
}

fn read_database(flags: &Flags, file: &File, data_dir: &Path) -> Result<DatabaseUrl> {
    let flags = (flags.database_url.as_ref(), flags.database_url_file.as_ref());
    let file = (file.database_url.as_ref(), file.database_url_file.as_ref());
    match either("DATABASE_URL", flags, file)? {
        Some(url) => DatabaseUrl::parse(url.expose_secret()),
        None => Ok(DatabaseUrl::in_folder(data_dir)),
    }
}

fn read_keys(flags: &Flags, file: &File) -> Result<KeySettings> {
    let signing = (flags.signing_key.as_ref(), flags.signing_key_file.as_ref());
    let secret = (flags.secret_key.as_ref(), flags.secret_key_file.as_ref());
    Ok(KeySettings {
        signing: either("ALLIANCE_SIGNING_KEY", signing, (file.signing_key.as_ref(), file.signing_key_file.as_ref()))?,
        secret: either("ALLIANCE_SECRET_KEY", secret, (file.secret_key.as_ref(), file.secret_key_file.as_ref()))?,
    })
}

/// A setting, or the file that holds it.
type Either<'a, T> = (Option<&'a T>, Option<&'a PathBuf>);

/// A secret that is set by itself or by a file that holds it, but not in both ways.
fn either<T: Text>(name: &str, flags: Either<T>, file: Either<T>) -> Result<Option<SecretString>> {
    let given = |(value, file): Either<T>| {
        let value = value.map(|value| SecretString::from(value.text().trim()));
        (value.filter(|value| !value.expose_secret().is_empty()), named(file).map(Path::to_owned))
    };
    // A flag or a variable takes the place of both lines of the file.
    let set = match given(flags) {
        (None, None) => given(file),
        set => set,
    };
    match set {
        (Some(_), Some(_)) => Err(Error::invalid(name, format!("{name}_FILE is set too; set one of the two"))),
        (Some(value), None) => Ok(Some(value)),
        (None, Some(path)) => Ok(Some(SecretString::from(read_named(&format!("{name}_FILE"), &path)?.trim()))),
        (None, None) => Ok(None),
    }
}

fn checked_log(filter: &str) -> Result<String> {
    match EnvFilter::try_new(filter) {
        Ok(_) => Ok(filter.to_owned()),
        Err(e) => Err(Error::invalid("ALLIANCE_LOG", format!("`{filter}` is no filter: {e}"))),
    }
}

/// The manifest of trusted documents.
///
/// # Errors
/// [`Error::Invalid`] where the file cannot be read.
pub fn read_manifest(path: &Path) -> Result<String> {
    read_named("ALLIANCE_DOCUMENTS_MANIFEST", path)
}

fn read_named(name: &str, path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::invalid(name, format!("`{}` cannot be read: {e}", path.display())))
}
