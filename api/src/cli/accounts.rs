//! `alliance admin` and `alliance accounts`: makes admins, lets them in again, and lists who can sign in.

use std::fmt::Write;
use std::io::Read;

use clap::{Args, Subcommand};
use secrecy::SecretString;

use crate::accounts::actions::setup::{self, Made, NewAdmin};
use crate::accounts::mailing::role_in_words;
use crate::accounts::store;
use crate::alliances;
use crate::app::App;
use crate::error::{Error, Result};
use crate::viewer::Viewer;

/// How long a password on the standard input may be, with a line's end.
const LONGEST: u64 = 4_096;

/// The commands of `alliance admin`.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum AdminCommand {
    /// Make an admin: the installation's operator, or the admin of one alliance. Without a password a link is printed that sets it
    Create(Create),
    /// Print a link that sets a new password
    Reset(Reset),
}

#[derive(Debug, Clone, Args)]
pub(super) struct Create {
    /// The e-mail address to sign in with
    #[arg(long)]
    email: String,
    /// The name [default: what stands before the @]
    #[arg(long)]
    name: Option<String>,
    /// The slug of the alliance to administer [default: all of them, as the operator]
    #[arg(long, value_name = "SLUG")]
    alliance: Option<String>,
    /// Read the password from the standard input
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Reset {
    /// The e-mail address of the account
    #[arg(long)]
    email: String,
    /// Take the second factor away, too
    #[arg(long)]
    second_factor: bool,
}

/// The commands of `alliance accounts`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(super) enum AccountsCommand {
    /// List who can sign in, with their roles
    List,
}

/// Does what `alliance admin` says, and returns what to tell.
pub(super) async fn administer(app: &App, command: AdminCommand) -> Result<String> {
    match command {
        AdminCommand::Create(Create { email, name, alliance, password_stdin }) => {
            let alliance = match alliance {
                Some(slug) => Some(alliance_called(app, &slug).await?),
                None => None,
            };
            let password = if password_stdin { Some(read_password()?) } else { None };
            let of = if alliance.is_some() { "admin of the alliance" } else { "operator" };
            match setup::create_admin(app, NewAdmin { email: email.clone(), name, alliance, password }).await? {
                Made::Account(id) => Ok(format!("{email} is {of}: {id}\n")),
                Made::Link(link) => Ok(format!("{email} becomes {of} by this link, once and within 24 hours:\n  {link}\n")),
            }
        }
        AdminCommand::Reset(Reset { email, second_factor }) => {
            let link = setup::reset(app, &email, second_factor).await?;
            Ok(format!("{email} sets a new password by this link, once and within 30 minutes:\n  {link}\n"))
        }
    }
}

async fn alliance_called(app: &App, slug: &str) -> Result<alliance_entity::id::AllianceId> {
    let found = alliances::store::find(app, &Viewer::Anonymous, slug).await?;
    found.map(|alliance| alliance.id).ok_or_else(|| Error::invalid("--alliance", format!("there is no alliance `{slug}`")))
}

/// The first line of the standard input.
fn read_password() -> Result<SecretString> {
    let mut text = String::new();
    std::io::stdin().take(LONGEST).read_to_string(&mut text).map_err(Error::internal)?;
    match text.lines().next() {
        Some(password) if !password.is_empty() => Ok(SecretString::from(password)),
        _ => Err(Error::invalid("--password-stdin", "there is no password on the standard input")),
    }
}

/// Lists accounts as a table.
pub(super) async fn list(app: &App) -> Result<String> {
    let db = app.db().read();
    let mut table = format!("{:<36}{:<32} {:<10}{:<12}{}\n", "ID", "E-MAIL", "STATE", "2-FACTOR", "ROLES");
    for account in store::all(db).await? {
        let mut roles: Vec<String> = Vec::new();
        if account.is_operator {
            roles.push("operator".to_owned());
        }
        for role in store::roles::of(db, account.id).await? {
            let alliance = alliances::store::slug_of(app, role.alliance_id).await?.unwrap_or_default();
            roles.push(format!("{} of {alliance}", role_in_words(role.role).to_lowercase()));
        }
        let state = if account.disabled_at.is_some() { "disabled" } else { "active" };
        let factor = if account.two_factor_since.is_some() { "on" } else { "-" };
        let (id, email, roles) = (account.id.to_string(), account.email, roles.join(", "));
        writeln!(table, "{id:<36}{email:<32} {state:<10}{factor:<12}{roles}").map_err(Error::internal)?;
    }
    Ok(table)
}
