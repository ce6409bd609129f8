//! The database's address, which is a secret where it holds a password.

use std::fmt;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use url::Url;

use crate::error::{Error, Result};

/// A database's address; its password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    url: String,
    file: Option<PathBuf>,
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
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            let (path, options) = path.split_once('?').unwrap_or((path, ""));
            return match percent_decode_str(path).decode_utf8() {
                _ if path.ends_with(":memory:") || options.contains("mode=memory") => {
                    Err(problem("lives in memory, where each connection would have a database of its own"))
                }
                Ok(path) if path.is_empty() => Err(problem("names no file")),
                Ok(path) => Ok(Self { url: url.to_owned(), file: Some(PathBuf::from(&*path)), embedded: false }),
                Err(_) => Err(problem("names a file that is not UTF-8")),
            };
        }
        match Url::parse(url) {
            Ok(parsed) if matches!(parsed.scheme(), "postgres" | "postgresql") => {
                Ok(Self { url: url.to_owned(), file: None, embedded: false })
            }
            _ => Err(problem("is no address of a database that is supported")),
        }
    }

    pub(super) fn in_folder(folder: &Path) -> Self {
        let file = folder.join("alliance.db");
        // In an address `?` begins what follows the name, and `%` a byte.
        let path = file.display().to_string().replace('%', "%25").replace('?', "%3F").replace('#', "%23");
        Self { url: format!("sqlite://{path}"), file: Some(file), embedded: true }
    }

    /// The address with its password, for the driver alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.url
    }

    /// The file of a SQLite database.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        self.file.clone()
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

/// An address without its password, as it may be shown. What cannot be read as an address may be a password all through.
pub(super) fn mask(url: &str) -> String {
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
