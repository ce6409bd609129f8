//! The database's address, which is a secret where it holds a password.

use std::fmt;
use std::path::{Path, PathBuf};

use url::Url;

use crate::error::{Error, Result};

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

    pub(super) fn in_folder(folder: &Path) -> Self {
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
