//! Every setting, read once: from a flag, else from a variable, else from one TOML file, else a default. Nothing else reads the
//! environment.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

use crate::error::{Error, Result};

/// The settings as flags and variables; each is text until [`Config::read`] has checked it.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Flags {
    /// A TOML file of settings, by their names in lower case without `ALLIANCE_`; `./alliance.toml` is read where it exists
    #[arg(long, global = true, env = "ALLIANCE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The database: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`; by default SQLite in the data folder
    #[arg(long, global = true, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// A file that holds the database's URL, instead of `DATABASE_URL`
    #[arg(long, global = true, env = "DATABASE_URL_FILE", value_name = "FILE")]
    pub database_url_file: Option<PathBuf>,
    /// The address to listen on [default: 127.0.0.1:8080]
    #[arg(long, global = true, env = "ALLIANCE_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// The folder for what the embedded default keeps [default: ./data]
    #[arg(long, global = true, env = "ALLIANCE_DATA_DIR", value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// Where the public reads: the start of every post's address [default: http://ADDRESS:PORT]
    #[arg(long, global = true, env = "ALLIANCE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Whether an empty database gets the demo content [default: true for the embedded default, else false]
    #[arg(long, global = true, env = "ALLIANCE_DEMO", value_name = "true|false")]
    pub demo_content: Option<String>,
    /// What to log, as `tracing` filters [default: info, of the database warnings alone]
    #[arg(long, global = true, env = "ALLIANCE_LOG", value_name = "FILTER")]
    pub log: Option<String>,
}

/// The same settings as a TOML file names them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "they are the names in the file")]
struct File {
    database_url: Option<String>,
    database_url_file: Option<PathBuf>,
    listen: Option<String>,
    data_dir: Option<PathBuf>,
    public_url: Option<String>,
    demo: Option<bool>,
    log: Option<String>,
}

/// The checked settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the content is kept.
    pub database: DatabaseUrl,
    /// The address that the server listens on.
    pub listen: SocketAddr,
    /// The folder for what the embedded default keeps.
    pub data_dir: PathBuf,
    /// Where the public reads.
    pub public_url: Url,
    /// Whether an empty database gets the demo content.
    pub demo: bool,
    /// Filters of the log.
    pub log: String,
}

/// A database's address; its password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    url: String,
    /// Whether nobody named it: it is ours, in the data folder.
    pub embedded: bool,
}

impl DatabaseUrl {
    /// A checked address.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what names neither a SQLite file nor a PostgreSQL database.
    pub fn parse(url: &str) -> Result<Self> {
        let problem = |why: &str| {
            let allowed = "allowed: sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/NAME";
            Error::invalid("DATABASE_URL", format!("`{}` {why}; {allowed}", mask(url)))
        };
        if url.starts_with("sqlite:") {
            return match url.contains(":memory:") || url.contains("mode=memory") {
                true => Err(problem("lives in memory, where each connection would have a database of its own")),
                false if url.trim_start_matches("sqlite:").trim_start_matches("//").is_empty() => Err(problem("names no file")),
                false => Ok(Self { url: url.to_owned(), embedded: false }),
            };
        }
        match Url::parse(url) {
            Ok(parsed) if matches!(parsed.scheme(), "postgres" | "postgresql") => {
                Ok(Self { url: url.to_owned(), embedded: false })
            }
            _ => Err(problem("is no address of a database that is supported")),
        }
    }

    fn in_folder(folder: &Path) -> Self {
        Self { url: format!("sqlite://{}", folder.join("alliance.db").display()), embedded: true }
    }

    /// The address with its password, for the driver alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.url
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        let path = self.url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        Some(PathBuf::from(path.split('?').next().unwrap_or(path)))
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(&self.url))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask(&self.url))
    }
}

/// An address without its password. What cannot be read as an address may be a password all through.
fn mask(url: &str) -> String {
    if url.starts_with("sqlite:") {
        return url.to_owned();
    }
    let Ok(mut parsed) = Url::parse(url) else { return "***".to_owned() };
    if parsed.password().is_some() && parsed.set_password(Some("***")).is_err() {
        return "***".to_owned();
    }
    if parsed.query_pairs().any(|(name, _)| name == "password") {
        parsed.set_query(Some("***"));
    }
    parsed.to_string()
}

impl Config {
    /// Reads and checks every setting.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the name of the first wrong setting, its value and what is allowed.
    pub fn read(flags: &Flags) -> Result<Self> {
        let file = read_file(flags.config.as_deref())?;
        let listen = parse_listen(given(flags.listen.as_ref()).or(file.listen.as_deref()).unwrap_or("127.0.0.1:8080"))?;
        let data_dir = flags.data_dir.clone().or(file.data_dir).unwrap_or_else(|| PathBuf::from("data"));
        let url = given(flags.database_url.as_ref()).map(str::to_owned).or(file.database_url);
        let url_file = flags.database_url_file.clone().or(file.database_url_file);
        let database = match (url, url_file) {
            (Some(_), Some(_)) => return Err(Error::invalid("DATABASE_URL", "DATABASE_URL_FILE is set too; set one of the two")),
            (Some(url), None) => DatabaseUrl::parse(&url)?,
            (None, Some(path)) => DatabaseUrl::parse(read_secret("DATABASE_URL_FILE", &path)?.trim())?,
            (None, None) => DatabaseUrl::in_folder(&data_dir),
        };
        let demo = match given(flags.demo_content.as_ref()) {
            Some("true") => true,
            Some("false") => false,
            Some(other) => return Err(Error::invalid("ALLIANCE_DEMO", format!("`{other}` is neither; allowed: true, false"))),
            None => file.demo.unwrap_or(database.embedded),
        };
        let public_url = parse_public_url(given(flags.public_url.as_ref()).or(file.public_url.as_deref()), listen)?;
        let log = given(flags.log.as_ref()).or(file.log.as_deref()).unwrap_or("info,sqlx=warn,sea_orm_migration=warn").to_owned();
        Ok(Self { database, listen, data_dir, public_url, demo, log })
    }

    /// The settings by name, secrets masked.
    #[must_use]
    pub fn shown(&self) -> [(&'static str, String); 6] {
        [
            ("DATABASE_URL", self.database.to_string()),
            ("ALLIANCE_LISTEN", self.listen.to_string()),
            ("ALLIANCE_DATA_DIR", self.data_dir.display().to_string()),
            ("ALLIANCE_PUBLIC_URL", self.public_url.to_string()),
            ("ALLIANCE_DEMO", self.demo.to_string()),
            ("ALLIANCE_LOG", self.log.clone()),
        ]
    }
}

/// An empty variable is one that is not set: what compose files and units write for "none".
fn given(setting: Option<&String>) -> Option<&str> {
    setting.map(String::as_str).map(str::trim).filter(|text| !text.is_empty())
}

fn parse_listen(text: &str) -> Result<SocketAddr> {
    text.parse().map_err(|_| {
        Error::invalid(
            "ALLIANCE_LISTEN",
            format!("`{text}` is no address; allowed: an IP address and a port, such as 127.0.0.1:8080"),
        )
    })
}

fn parse_public_url(text: Option<&str>, listen: SocketAddr) -> Result<Url> {
    let host = match listen.ip() {
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    let default = format!("http://{}", SocketAddr::new(host, listen.port()));
    let text = text.unwrap_or(&default);
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none() => Ok(url),
        _ => Err(Error::invalid(
            "ALLIANCE_PUBLIC_URL",
            format!(
                "`{text}` is no web address; allowed: http:// or https:// with a host and a path, such as https://example.org"
            ),
        )),
    }
}

fn read_secret(name: &str, path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|e| Error::invalid(name, format!("`{}` cannot be read: {e}", path.display())))
}

fn read_file(path: Option<&Path>) -> Result<File> {
    let path = match path {
        Some(path) => path,
        None if Path::new("alliance.toml").exists() => Path::new("alliance.toml"),
        None => return Ok(File::default()),
    };
    let text = read_secret("ALLIANCE_CONFIG", path)?;
    toml::from_str(&text).map_err(|e| Error::invalid("ALLIANCE_CONFIG", format!("`{}`: {}", path.display(), e.message())))
}
