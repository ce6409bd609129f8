//! `alliance keys`: makes and rotates the keys of an installation.

use std::path::PathBuf;

use clap::Subcommand;
use secrecy::ExposeSecret;

use crate::cli::say;
use crate::config::Config;
use crate::config::flags::Flags;
use crate::error::Result;
use crate::keys::make;

#[derive(Debug, Clone, Subcommand)]
pub(super) enum KeysCommand {
    /// Print new keys as lines for an environment file, or write them as files
    Create {
        /// A folder to write them to, as files that only this user may read
        #[arg(long, value_name = "FOLDER")]
        dir: Option<PathBuf>,
    },
    /// Put new keys before those of the data folder; the old ones stay for what they signed and sealed
    Rotate {
        /// The folder of the keys, where they are files elsewhere
        #[arg(long, value_name = "FOLDER")]
        dir: Option<PathBuf>,
    },
}

pub(super) fn run(command: &KeysCommand, flags: &Flags) -> Result<()> {
    match command {
        KeysCommand::Create { dir: None } => say(make::lines()?.expose_secret()),
        KeysCommand::Create { dir: Some(folder) } => say(&make::create_in(folder)?),
        KeysCommand::Rotate { dir } => {
            let folder = match dir {
                Some(folder) => folder.clone(),
                None => make::folder(&Config::read(flags)?)?,
            };
            make::rotate(&folder)?;
            say(&format!("the keys in {} begin with new ones now; restart every server that uses them\n", folder.display()))
        }
    }
}
