//! Mails as files, one each: where nobody has named a mail server, somebody can still read them.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rustix::fs::{Access, access};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::mail::{Failure, names};

/// Writes a mail into a file whose name begins with the time. It holds links that sign somebody in: only this user may read it.
pub(super) async fn keep(folder: PathBuf, now: DateTime<Utc>, id: Uuid, mail: Vec<u8>) -> Result<(), Failure> {
    let written = tokio::task::spawn_blocking(move || write(&folder, now, id, &mail)).await;
    let written = written.unwrap_or_else(|error| Err(io::Error::other(error)));
    written.map_err(|error| Failure::Temporary(format!("it cannot be written into the folder of mails: {error}")))
}

fn write(folder: &Path, now: DateTime<Utc>, id: Uuid, mail: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let name = format!("{}-{id}", now.format("%Y-%m-%dT%H-%M-%S%.3fZ"));
    // Whoever looks into the folder meanwhile sees no half of a mail.
    let part = folder.join(format!(".{name}.part"));
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?.write_all(mail)?;
    std::fs::rename(part, folder.join(format!("{name}.eml")))
}

/// Deletes the mails that name one of these.
pub(super) async fn forget(folder: PathBuf, named: Vec<String>) -> Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    let forgotten = tokio::task::spawn_blocking(move || delete(&folder, &named)).await;
    let forgotten = forgotten.unwrap_or_else(|error| Err(io::Error::other(error)));
    forgotten.map_err(|error| Error::internal(format!("a mail cannot be deleted from the folder of mails: {error}")))
}

fn delete(folder: &Path, named: &[String]) -> io::Result<()> {
    let files = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        files => files?,
    };
    for file in files {
        let path = file?.path();
        let is_mail = path.extension().is_some_and(|extension| extension == "eml" || extension == "part");
        let mail = if is_mail { std::fs::read(&path)? } else { Vec::new() };
        // What has very long lines was broken into short ones.
        let mail = String::from_utf8_lossy(&mail).replace("=\r\n", "");
        if named.iter().any(|name| names(&mail, name)) {
            std::fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Whether the folder can be written to, or be made.
pub(super) fn examine(folder: &Path) -> Result<()> {
    let nearest = folder.ancestors().map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path });
    let nearest = nearest.into_iter().find(|path| path.exists()).unwrap_or(folder);
    let usable = nearest.is_dir() && access(nearest, Access::WRITE_OK | Access::EXEC_OK).is_ok();
    let problem = format!(
        "`{}`, where mails are written to, cannot be used; let this user write to `{}`, or name a mail server in ALLIANCE_SMTP_URL",
        folder.display(),
        nearest.display()
    );
    if usable { Ok(()) } else { Err(Error::invalid("ALLIANCE_DATA_DIR", problem)) }
}
