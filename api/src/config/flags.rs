//! The settings as they are given: as flags, as variables and as a TOML file.

use std::path::PathBuf;

use clap::ArgMatches;
use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::parser::ValueSource;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::config::keys::secret;
use crate::config::limits::{LimitFile, LimitFlags};

/// The settings as flags and variables; each is text until [`Config::read`] has checked it.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Flags {
    /// A TOML file of settings, by their names in lower case without `ALLIANCE_`; `./alliance.toml` is read where it exists
    #[arg(long, global = true, env = "ALLIANCE_CONFIG", value_name = "FILE", value_parser = path())]
    pub config: Option<PathBuf>,
    /// The database: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`; by default SQLite in the data folder
    #[arg(long, global = true, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// A file that holds the database's URL, instead of `DATABASE_URL`
    #[arg(long, global = true, env = "DATABASE_URL_FILE", value_name = "FILE", value_parser = path())]
    pub database_url_file: Option<PathBuf>,
    /// The keys that sign tokens, the first for new ones: Ed25519 in PKCS#8, as `alliance keys create` prints it
    #[arg(long, global = true, env = "ALLIANCE_SIGNING_KEY", value_name = "KEYS", hide_env_values = true, value_parser = secret)]
    pub signing_key: Option<SecretString>,
    /// A file that holds them, instead of `ALLIANCE_SIGNING_KEY`
    #[arg(long, global = true, env = "ALLIANCE_SIGNING_KEY_FILE", value_name = "FILE", value_parser = path())]
    pub signing_key_file: Option<PathBuf>,
    /// The keys that seal secrets, the first for new ones: 32 bytes in base64 each, as `alliance keys create` prints it
    #[arg(long, global = true, env = "ALLIANCE_SECRET_KEY", value_name = "KEYS", hide_env_values = true, value_parser = secret)]
    pub secret_key: Option<SecretString>,
    /// A file that holds them, instead of `ALLIANCE_SECRET_KEY`
    #[arg(long, global = true, env = "ALLIANCE_SECRET_KEY_FILE", value_name = "FILE", value_parser = path())]
    pub secret_key_file: Option<PathBuf>,
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, global = true, env = "ALLIANCE_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// The folder for what the embedded default keeps [default: ./data]
    #[arg(long, global = true, env = "ALLIANCE_DATA_DIR", value_name = "FOLDER", value_parser = path())]
    pub data_dir: Option<PathBuf>,
    /// Where the public reads: the start of every post's address [default: http://ADDRESS:PORT]
    #[arg(long, global = true, env = "ALLIANCE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Whether an empty database gets the demo content [default: true for the embedded default, else false]
    #[arg(long, global = true, env = "ALLIANCE_DEMO", value_name = "true|false")]
    pub demo_content: Option<String>,
    /// Whether /explorer is served, a page to try queries on [default: true]
    #[arg(long, global = true, env = "ALLIANCE_EXPLORER", value_name = "true|false")]
    pub explorer: Option<String>,
    /// Where somebody who found a weakness can turn to, for /.well-known/security.txt [default: the public address]
    #[arg(long, global = true, env = "ALLIANCE_SECURITY_CONTACT", value_name = "mailto:ADDRESS|URL")]
    pub security_contact: Option<String>,
    /// The origins of web pages that may ask: `*`, `none`, `local` (pages on this machine) or a list [default: local on a
    /// loopback address, else none]
    #[arg(long, global = true, env = "ALLIANCE_ALLOWED_ORIGINS", value_name = "ORIGINS")]
    pub allowed_origins: Option<String>,
    /// Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed [default: none]
    #[arg(long, global = true, env = "ALLIANCE_TRUSTED_PROXIES", value_name = "NETWORKS")]
    pub trusted_proxies: Option<String>,
    /// Which documents run, and whether they have ids [default: automatic]
    #[arg(long, global = true, env = "ALLIANCE_DOCUMENTS", value_name = "off|automatic|trusted")]
    pub documents: Option<String>,
    /// A file of trusted documents, as Relay, Apollo or graphql-codegen write it
    #[arg(long, global = true, env = "ALLIANCE_DOCUMENTS_MANIFEST", value_name = "FILE", value_parser = path())]
    pub documents_manifest: Option<PathBuf>,
    /// Which status codes answers carry [default: compatible]
    #[arg(long, global = true, env = "ALLIANCE_STATUS_CODES", value_name = "compatible|september-2026")]
    pub status_codes: Option<String>,
    /// Seconds that caches may use a public answer without asking whether it has changed [default: 0]
    #[arg(long, global = true, env = "ALLIANCE_CACHE_SECONDS", value_name = "N")]
    pub cache_seconds: Option<String>,
    /// The mail server: `smtp://USER:PASSWORD@HOST?tls=required` or `smtps://USER:PASSWORD@HOST`; by default mails are written into
    /// the folder `mail` of the data folder
    #[arg(long, global = true, env = "ALLIANCE_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// A file that holds the mail server's URL, instead of `ALLIANCE_SMTP_URL`
    #[arg(long, global = true, env = "ALLIANCE_SMTP_URL_FILE", value_name = "FILE", value_parser = path())]
    pub smtp_url_file: Option<PathBuf>,
    /// Who mails are from [default: Alliance, with an address at the public address's host]
    #[arg(long, global = true, env = "ALLIANCE_MAIL_FROM", value_name = "NAME <ADDRESS>")]
    pub mail_from: Option<String>,
    /// Hosts and networks that webhooks may be sent to though they are not on the public internet, by http too [default: none]
    #[arg(long, global = true, env = "ALLIANCE_OUTGOING_ALLOWED", value_name = "HOSTS")]
    pub outgoing_allowed: Option<String>,
    /// The address where Prometheus reads what is measured; not for the public [default: none]
    #[arg(long, global = true, env = "ALLIANCE_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<String>,
    /// Where links in mails about accounts lead: an address with {purpose} (confirm, invitation, setup, password, email) and {token} [default: pages of
    /// the server's own, at /account/{purpose}]
    #[arg(long, global = true, env = "ALLIANCE_ACCOUNT_LINKS", value_name = "URL")]
    pub account_links: Option<String>,
    /// Where links in mails to the public lead: an address with {purpose} (rsvp/confirm, rsvp/cancel, reaction/confirm, subscription/confirm,
    /// subscription/preferences, subscription/unsubscribe) and {token} [default: pages of the server's own, at /{purpose}]
    #[arg(long, global = true, env = "ALLIANCE_PUBLIC_LINKS", value_name = "URL")]
    pub public_links: Option<String>,
    /// What to log, as `tracing` filters [default: info, of the database warnings alone]
    #[arg(long, global = true, env = "ALLIANCE_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    #[command(flatten)]
    pub limits: LimitFlags,
}

/// A path that may be empty: as a variable it is then one that is not set.
fn path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

impl Flags {
    /// Forgets the variable that names the database, the mail server or a key in one way where a flag names it in the other. What is left of the two
    /// was given in the same way.
    pub fn forget_overruled(&mut self, matches: &ArgMatches) {
        let is_flag = |name: &str| matches.value_source(name) == Some(ValueSource::CommandLine);
        forget("database_url", &mut self.database_url, &mut self.database_url_file, is_flag);
        forget("smtp_url", &mut self.smtp_url, &mut self.smtp_url_file, is_flag);
        forget("signing_key", &mut self.signing_key, &mut self.signing_key_file, is_flag);
        forget("secret_key", &mut self.secret_key, &mut self.secret_key_file, is_flag);
    }
}

/// Of a value and the file that holds it, forgets the one that is no flag where the other is.
fn forget<T: Text>(name: &str, value: &mut Option<T>, file: &mut Option<PathBuf>, is_flag: impl Fn(&str) -> bool) {
    let value_is_flag = is_flag(name) && value.as_ref().is_some_and(|value| !value.text().trim().is_empty());
    let file_is_flag = is_flag(&format!("{name}_file")) && file.as_ref().is_some_and(|path| !path.as_os_str().is_empty());
    if value_is_flag && !file_is_flag {
        *file = None;
    }
    if file_is_flag && !value_is_flag {
        *value = None;
    }
}

/// A setting that is text, secret or not.
pub(super) trait Text {
    fn text(&self) -> &str;
}

impl Text for String {
    fn text(&self) -> &str {
        self
    }
}

impl Text for SecretString {
    fn text(&self) -> &str {
        self.expose_secret()
    }
}

/// The same settings as a TOML file names them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "they are the names in the file")]
pub(super) struct File {
    pub(super) database_url: Option<String>,
    pub(super) database_url_file: Option<PathBuf>,
    pub(super) signing_key: Option<SecretString>,
    pub(super) signing_key_file: Option<PathBuf>,
    pub(super) secret_key: Option<SecretString>,
    pub(super) secret_key_file: Option<PathBuf>,
    pub(super) listen: Option<String>,
    pub(super) data_dir: Option<PathBuf>,
    pub(super) public_url: Option<String>,
    pub(super) demo: Option<bool>,
    pub(super) explorer: Option<bool>,
    pub(super) security_contact: Option<String>,
    pub(super) allowed_origins: Option<String>,
    pub(super) trusted_proxies: Option<String>,
    pub(super) documents: Option<String>,
    pub(super) documents_manifest: Option<PathBuf>,
    pub(super) status_codes: Option<String>,
    pub(super) cache_seconds: Option<u64>,
    pub(super) smtp_url: Option<String>,
    pub(super) smtp_url_file: Option<PathBuf>,
    pub(super) mail_from: Option<String>,
    pub(super) outgoing_allowed: Option<String>,
    pub(super) metrics_listen: Option<String>,
    pub(super) account_links: Option<String>,
    pub(super) public_links: Option<String>,
    pub(super) log: Option<String>,
    #[serde(default)]
    pub(super) limits: LimitFile,
}
