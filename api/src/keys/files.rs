//! Keys as files: those beside a SQLite database, and those that an operator has made. Only their owner may read them.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::config::Config;
use crate::database;
use crate::error::{Error, Result};
use crate::keys::load::{SECRET, SIGNING, Source};
use crate::keys::{secret, signing};

pub(super) const SIGNING_FILE: &str = "signing-key.pem";
pub(super) const SECRET_FILE: &str = "secret.key";
const RIGHTS: u32 = 0o600;
const RIGHTS_OF_A_FOLDER: u32 = 0o700;

/// The folder of the files: that of the SQLite database, so that whoever copies one copies the other.
pub(super) fn folder(config: &Config) -> PathBuf {
    let file = config.database.sqlite_file().unwrap_or_default();
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The folder while nobody else makes keys in it.
pub(super) struct Held {
    folder: PathBuf,
    _lock: File,
}

impl Held {
    /// Waits until nobody else makes keys in the database's folder, which is made where there is none.
    pub(super) fn lock(config: &Config) -> Result<Self> {
        database::files::check(&config.database)?;
        database::files::make_folder(&config.database)?;
        Self::in_folder(folder(config))
    }

    /// Makes a folder that only this user may look into, where there is none.
    pub(super) fn new_folder(folder: &Path) -> Result<Self> {
        let made = DirBuilder::new().recursive(true).mode(RIGHTS_OF_A_FOLDER).create(folder);
        made.map_err(|e| unusable("--dir", folder, &e))?;
        Self::in_folder(folder.to_owned())
    }

    pub(super) fn in_folder(folder: PathBuf) -> Result<Self> {
        let lock = File::open(&folder).and_then(|opened| opened.lock().map(|()| opened));
        let lock = lock.map_err(|e| unusable("the folder of the keys", &folder, &e))?;
        Ok(Self { folder, _lock: lock })
    }

    /// The secret keys; new ones where there are none. `both` says that the signing keys are files here, too.
    pub(super) fn secret(&self, both: bool) -> Result<Source> {
        let signed_before = both && self.folder.join(SIGNING_FILE).exists();
        match read_secret(&self.folder, signed_before)? {
            Some(found) => Ok(found),
            None => self.make(SECRET, SECRET_FILE, secret::create()),
        }
    }

    /// The signing keys; new ones where there are none.
    pub(super) fn signing(&self) -> Result<Source> {
        match read_signing(&self.folder)? {
            Some(found) => Ok(found),
            None => self.make(SIGNING, SIGNING_FILE, signing::pem(&signing::create()?)),
        }
    }

    fn make(&self, setting: &'static str, name: &str, text: SecretString) -> Result<Source> {
        let path = self.folder.join(name);
        self.write(setting, name, &text)?;
        tracing::info!(file = %path.display(), "a new key was made");
        Ok(Source { setting, file: Some(path.display().to_string()), text })
    }

    /// Puts a whole file in its place, or nothing.
    pub(super) fn write(&self, setting: &str, name: &str, text: &SecretString) -> Result<()> {
        let (new, path) = (self.folder.join(format!("{name}.new")), self.folder.join(name));
        let written = || {
            // What a run left that was cut short.
            if let Err(e) = std::fs::remove_file(&new)
                && e.kind() != ErrorKind::NotFound
            {
                return Err(e);
            }
            let mut file = OpenOptions::new().create_new(true).write(true).mode(RIGHTS).open(&new)?;
            file.write_all(text.expose_secret().as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&new, &path)?;
            File::open(&self.folder)?.sync_all()
        };
        written().map_err(|e| unusable(setting, &path, &e))
    }
}

pub(super) fn read_signing(folder: &Path) -> Result<Option<Source>> {
    read(SIGNING, folder.join(SIGNING_FILE))
}

/// The secret keys of a folder. Where something was signed before, they are lost if they are not there: new ones would not open
/// what those sealed.
pub(super) fn read_secret(folder: &Path, signed_before: bool) -> Result<Option<Source>> {
    let path = folder.join(SECRET_FILE);
    let found = read(SECRET, path.clone())?;
    if found.is_none() && signed_before {
        let (path, signing) = (path.display(), folder.join(SIGNING_FILE));
        let problem = format!(
            "`{path}` is gone, and with it what opens two-factor secrets; restore it from a backup, or remove `{}` as well to begin \
             with new keys",
            signing.display()
        );
        return Err(Error::invalid(SECRET, problem));
    }
    Ok(found)
}

fn read(setting: &'static str, path: PathBuf) -> Result<Option<Source>> {
    let rights = match path.metadata() {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
        found => found.map_err(|e| unusable(setting, &path, &e))?.permissions().mode() & 0o777,
    };
    let name = path.display().to_string();
    if rights & 0o077 != 0 {
        let problem = format!("`{name}` may be read or written by others (its mode is {rights:o}); run `chmod 600 {name}`");
        return Err(Error::invalid(setting, problem));
    }
    let text = std::fs::read_to_string(&path).map_err(|e| unusable(setting, &path, &e))?;
    Ok(Some(Source { setting, file: Some(name), text: SecretString::from(text) }))
}

pub(super) fn unusable(setting: &str, path: &Path, problem: &std::io::Error) -> Error {
    let advice = "give it to the user that runs Alliance, or restore it from a backup";
    Error::invalid(setting, format!("`{}` cannot be used: {problem}; {advice}", path.display()))
}
