//! Where the keys come from: the settings, else the files beside a SQLite database. What all nodes of a PostgreSQL share must be set.

use secrecy::SecretString;

use crate::config::Config;
use crate::error::{Error, Result};
use crate::keys::files;

/// The text of a setting or a file, and its name.
pub(super) struct Source {
    pub(super) setting: &'static str,
    /// The file, where it is one of ours.
    pub(super) file: Option<String>,
    pub(super) text: SecretString,
}

impl Source {
    /// What is wrong with it and what to do, without what it holds.
    pub(super) fn wrong(&self, problem: &str) -> Error {
        let place = self.file.as_ref().map(|file| format!("`{file}`: ")).unwrap_or_default();
        let advice =
            "restore it from a backup: new keys, as `alliance keys create` makes them, do not read what the old ones sealed";
        Error::invalid(self.setting, format!("{place}{problem}; {advice}"))
    }
}

/// Both kinds of keys.
pub(super) struct Sources {
    pub(super) signing: Source,
    pub(super) secret: Source,
}

pub(super) const SIGNING: &str = "ALLIANCE_SIGNING_KEY";
pub(super) const SECRET: &str = "ALLIANCE_SECRET_KEY";

/// The keys as texts; missing files are made.
pub(super) fn sources(config: &Config) -> Result<Sources> {
    let (signing, secret) = set(config);
    match (signing, secret) {
        (Some(signing), Some(secret)) => Ok(Sources { signing, secret }),
        (None, None) if config.database.sqlite_file().is_none() => Err(missing("they are not set")),
        (None, Some(_)) if config.database.sqlite_file().is_none() => Err(missing("ALLIANCE_SIGNING_KEY is not set")),
        (Some(_), None) if config.database.sqlite_file().is_none() => Err(missing("ALLIANCE_SECRET_KEY is not set")),
        (signing, secret) => {
            let held = files::Held::lock(config)?;
            // The secret key is made first: a signing key without one tells that it was lost, not that a first run was cut short.
            let secret = secret.map_or_else(|| held.secret(signing.is_none()), Ok)?;
            Ok(Sources { signing: signing.map_or_else(|| held.signing(), Ok)?, secret })
        }
    }
}

/// The keys as texts; none where they will be made.
pub(super) fn look(config: &Config) -> Result<Option<Sources>> {
    let (signing, secret) = set(config);
    if config.database.sqlite_file().is_none() || (signing.is_some() && secret.is_some()) {
        return sources(config).map(Some);
    }
    let folder = files::folder(config);
    let found_signing = files::read_signing(&folder)?;
    let secret = match secret {
        Some(secret) => Some(secret),
        None => files::read_secret(&folder, signing.is_none() && found_signing.is_some())?,
    };
    Ok(signing.or(found_signing).zip(secret).map(|(signing, secret)| Sources { signing, secret }))
}

fn set(config: &Config) -> (Option<Source>, Option<Source>) {
    let source = |setting, text: &Option<SecretString>| text.clone().map(|text| Source { setting, file: None, text });
    (source(SIGNING, &config.keys.signing), source(SECRET, &config.keys.secret))
}

fn missing(problem: &str) -> Error {
    let advice = "with PostgreSQL all nodes share them; `alliance keys create` makes both for the environment, and \
                  `alliance keys create --dir FOLDER` as files";
    Error::invalid(format!("{SIGNING}, {SECRET}"), format!("{problem}: {advice}"))
}
