//! New keys, for whoever sets them by hand, and their rotation: the new one comes first, and the old ones stay for what they signed
//! and sealed.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::keys::files::{self, Held, SECRET_FILE, SIGNING_FILE};
use crate::keys::load::{SECRET, SIGNING, Source};
use crate::keys::{secret, signing};

/// New keys as lines for an environment file: nothing in them wants quotes.
///
/// # Errors
/// [`Error::Internal`] where the library refuses, which it has no reason to.
pub fn lines() -> Result<SecretString> {
    let (signing, secret) = (signing::create()?, secret::create());
    Ok(SecretString::from(format!("{SIGNING}={}\n{SECRET}={}\n", signing.expose_secret(), secret.expose_secret())))
}

/// New keys as files of a folder, which is made where there is none; the lines that set them.
///
/// # Errors
/// [`Error::Invalid`] where the folder holds keys already, or cannot be written to.
pub fn create_in(folder: &Path) -> Result<String> {
    let held = Held::new_folder(folder)?;
    for name in [SECRET_FILE, SIGNING_FILE] {
        let path = folder.join(name);
        if path.symlink_metadata().is_ok() {
            let problem =
                format!("`{}` is there already, and stays; `alliance keys rotate` puts new keys before it", path.display());
            return Err(Error::invalid("--dir", problem));
        }
    }
    held.secret(false)?;
    held.signing()?;
    let folder = folder.canonicalize().map_err(|e| files::unusable("--dir", folder, &e))?;
    let (signing, secret) = (folder.join(SIGNING_FILE), folder.join(SECRET_FILE));
    Ok(format!("{SIGNING}_FILE={}\n{SECRET}_FILE={}\n", signing.display(), secret.display()))
}

/// The folder whose keys are used.
///
/// # Errors
/// [`Error::Invalid`] where they are no files of ours, with what to do instead.
pub fn folder(config: &Config) -> Result<PathBuf> {
    let set = config.keys.signing.is_some() || config.keys.secret.is_some();
    if set || config.database.sqlite_file().is_none() {
        let advice = "name the folder of their files with --dir, or let `alliance keys create` make new ones and put each before the \
                      old one, with a comma between them";
        return Err(Error::invalid(format!("{SIGNING}, {SECRET}"), format!("these keys are set by hand: {advice}")));
    }
    Ok(files::folder(config))
}

/// Puts new keys before those of a folder.
///
/// # Errors
/// [`Error::Invalid`] where the folder holds no keys, or damaged ones: nothing is changed then.
pub fn rotate(folder: &Path) -> Result<()> {
    let held = Held::in_folder(folder.to_owned())?;
    let missing = || Error::invalid("--dir", format!("`{}` holds no keys yet; the first start makes them", folder.display()));
    let old_signing = files::read_signing(folder)?.ok_or_else(missing)?;
    let old_secret = files::read_secret(folder, true)?.ok_or_else(missing)?;
    signing::parse(&old_signing)?;
    secret::parse(&old_secret)?;
    held.write(SECRET, SECRET_FILE, &before(&secret::create(), &old_secret))?;
    held.write(SIGNING, SIGNING_FILE, &before(&signing::pem(&signing::create()?), &old_signing))
}

fn before(new: &SecretString, old: &Source) -> SecretString {
    SecretString::from(format!("{}\n{}\n", new.expose_secret().trim(), old.text.expose_secret().trim()))
}
