//! The files of a SQLite database: what keeps this user from using them, and the lock of the one who migrates.

use std::ffi::OsString;
use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use crate::config::database::DatabaseUrl;
use crate::error::{Error, Result};

/// What is appended to the name of the database for the file that whoever migrates holds.
const LOCK: &str = ".migrating";

/// Checks that this user may use the database's file, its folder and what SQLite keeps beside it, or may make them. Changes nothing,
/// and finds nothing wrong with other databases.
///
/// # Errors
/// [`Error::Invalid`] with what stands in the way, and what to do.
pub fn check(url: &DatabaseUrl) -> Result<()> {
    let Some(file) = url.sqlite_file() else { return Ok(()) };
    let folder = folder(&file);
    // A name that leads nowhere is there too: no folder can be made in its place.
    let nearest = folder.ancestors().find(|path| path.symlink_metadata().is_ok()).unwrap_or(Path::new("."));
    if !nearest.is_dir() {
        return Err(unusable(url, nearest, "it is no folder", FOLDER));
    }
    access(nearest, Access::WRITE_OK | Access::EXEC_OK).map_err(|e| unusable(url, nearest, &e.to_string(), FOLDER))?;
    if file.is_dir() {
        return Err(unusable(url, &file, "it is a folder", "name a file"));
    }
    for path in [file.clone(), beside(&file, "-wal"), beside(&file, "-shm"), beside(&file, LOCK)] {
        if path.exists() {
            access(&path, Access::READ_OK | Access::WRITE_OK).map_err(|e| unusable(url, &path, &e.to_string(), FILE))?;
        }
    }
    Ok(())
}

const FOLDER: &str = "name a folder that this user may write to";
const FILE: &str = "give it to the user that runs Alliance, and let that user write to it";

/// Makes the folder of a SQLite database where there is none.
///
/// # Errors
/// [`Error::Invalid`] where this user may not.
pub fn make_folder(url: &DatabaseUrl) -> Result<()> {
    let file = url.sqlite_file().unwrap_or_default();
    let folder = folder(&file);
    // What is in it is nobody else's on this machine.
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|e| unusable(url, folder, &e.to_string(), FOLDER))
}

/// Waits for whoever migrates to end, and keeps others waiting for as long as the file is open.
pub(super) async fn lock(url: &DatabaseUrl) -> Result<File> {
    let path = beside(&url.sqlite_file().unwrap_or_default(), LOCK);
    // Whatever has that name stays as it is: nothing is written to it.
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let lock = opened.map_err(|e| unusable(url, &path, &e.to_string(), FILE))?;
    // Waiting for another process's lock blocks: not on a thread that answers requests.
    let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await.map_err(Error::internal)?;
    lock.map_err(|e| unusable(url, &path, &e.to_string(), "name a folder on a disk that knows locks"))
}

/// The file whose name is this one's with something appended.
pub(super) fn beside(file: &Path, appended: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(appended);
    PathBuf::from(name)
}

fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn unusable(url: &DatabaseUrl, path: &Path, problem: &str, advice: &str) -> Error {
    let setting = if url.embedded { "ALLIANCE_DATA_DIR" } else { "DATABASE_URL" };
    Error::invalid(setting, format!("`{}` cannot be used: {problem}; {advice}", path.display()))
}
