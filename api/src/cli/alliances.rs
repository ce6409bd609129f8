//! `alliance alliances`: begins an alliance, and leaves the demo behind.

use std::fmt::Write;

use clap::{Args, Subcommand};

use crate::accounts::actions::setup::{self, Made, NewAdmin};
use crate::app::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::founding::actions::{self, Create as New, Founded};
use crate::mail::address::Email;

/// The commands of `alliance alliances`.
#[derive(Debug, Clone, Subcommand)]
pub(super) enum AlliancesCommand {
    /// Begin an alliance on this installation; with `--without-demo`, leave the demo behind
    Create(Create),
}

#[derive(Debug, Clone, Args)]
pub(super) struct Create {
    /// Its name
    #[arg(long)]
    name: String,
    /// Its name in addresses [default: made of the name]
    #[arg(long)]
    slug: Option<String>,
    /// The time zone of its city, an IANA name such as `Europe/London`
    #[arg(long, value_name = "ZONE")]
    time_zone: String,
    /// What it is, in one line
    #[arg(long)]
    tagline: Option<String>,
    /// Its own site
    #[arg(long, value_name = "URL")]
    website_url: Option<String>,
    /// Make somebody its admin, and print the link that sets their password
    #[arg(long, value_name = "EMAIL")]
    admin_email: Option<String>,
    /// Delete the demo's content and accounts, unless others have made or changed something in it
    #[arg(long)]
    without_demo: bool,
    /// Delete the demo whoever has written in it: give its slug
    #[arg(long, value_name = "SLUG")]
    delete_demo: Option<String>,
}

/// Does what `alliance alliances` says, and returns what to tell.
pub(super) async fn run(app: &App, command: AlliancesCommand) -> Result<String> {
    let AlliancesCommand::Create(Create { name, slug, time_zone, tagline, website_url, admin_email, without_demo, delete_demo }) =
        command;
    // Before anything is done: nothing is half done for want of an address.
    let admin_email = match admin_email {
        Some(text) => Some(Email::parse(&text).map_err(|problem| Error::invalid("--admin-email", problem))?),
        None => None,
    };
    let new = New { name, slug, time_zone, tagline, description: None, website_url, without_demo, delete_demo };
    let Founded { alliance, deleted } = actions::found(&Caller::command_line(app), new).await?;
    let mut told = format!("{} (`{}`) begins: {}\n", alliance.name, alliance.slug, alliance.id);
    if let Some(deleted) = deleted {
        let lost = deleted.told().unwrap_or_else(|| "nothing that it held".to_owned());
        writeln!(told, "the demo is gone, and with it {lost}").map_err(Error::internal)?;
    }
    let Some(email) = admin_email else { return Ok(told) };
    match setup::create_admin(
        app,
        NewAdmin { email: email.as_str().to_owned(), name: None, alliance: Some(alliance.id), password: None },
    )
    .await?
    {
        Made::Account(id) => writeln!(told, "{} is its admin: {id}", email.as_str()),
        Made::Link(link) => {
            writeln!(told, "{} becomes its admin by this link, once and within 24 hours:\n  {link}", email.as_str())
        }
    }
    .map_err(Error::internal)?;
    Ok(told)
}
