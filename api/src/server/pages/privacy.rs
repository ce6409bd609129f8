//! What is kept of people, for how long, and whom to complain to, in the words of the settings that are in force: /privacy, and for an
//! alliance /privacy/{its slug}.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::accounts::actions::open::installation;
use crate::alliances;
use crate::app::App;
use crate::config::Config;
use crate::config::limits::Limits;
use crate::config::mail::Way;
use crate::error::{Error, Result};
use crate::server::pages::linked::{Page, respond};
use crate::server::pages::{Pages, assets, html, is_text};
use crate::viewer::Viewer;

#[derive(Template)]
#[template(path = "privacy.html")]
struct Privacy {
    /// The way up to the top of the site.
    up: &'static str,
    style: String,
    icon: String,
    alliance: String,
    contact: Option<Contact>,
    kept: Vec<Kept>,
}

/// Whom to write to.
struct Contact {
    address: String,
    link: String,
}

/// Something that is kept.
struct Kept {
    what: &'static str,
    why: &'static str,
    how_long: String,
}

/// What holds for the whole installation.
pub async fn page(State(pages): State<Pages>) -> Response {
    let shown = match installation(&pages.app).await {
        Ok(name) => Ok(Privacy::new(&pages.app, "", name, None)),
        Err(error) => Err(error),
    };
    answer(&pages.app, shown).await
}

/// The same for an alliance, with whom to write to there.
pub async fn of_alliance(State(pages): State<Pages>, Path(slug): Path<String>) -> Response {
    let found = if is_text(&slug) { alliances::store::find(&pages.app, &Viewer::Anonymous, &slug).await } else { Ok(None) };
    let shown = match found {
        Ok(Some(alliance)) => Ok(Privacy::new(&pages.app, "../", alliance.name, alliance.privacy_contact)),
        Ok(None) => Err(Error::NotFound("page")),
        Err(error) => Err(error),
    };
    answer(&pages.app, shown).await
}

async fn answer(app: &App, shown: Result<Privacy>) -> Response {
    match shown {
        Ok(page) => (StatusCode::OK, html(&page)).into_response(),
        Err(error) => respond(app, Err::<(StatusCode, Page), _>(error)).await,
    }
}

impl Privacy {
    fn new(app: &App, up: &'static str, alliance: String, contact: Option<String>) -> Self {
        let [style, icon] = ["page.css", "favicon.svg"].map(|name| format!("{up}{}", assets::link(name)));
        let link = |address: &str| if address.contains("://") { address.to_owned() } else { format!("mailto:{address}") };
        let contact = contact.map(|address| Contact { link: link(&address), address });
        Self { up, style, icon, alliance, contact, kept: kept(app.config()) }
    }
}

/// What is kept, the most personal first.
fn kept(config: &Config) -> Vec<Kept> {
    let mut kept = of_accounts(&config.limits);
    kept.extend(of_the_public(&config.limits));
    kept.extend(of_everybody(&config.limits));
    if matches!(config.mail.way, Way::Folder(_)) {
        let until = "until those who run it take them away, or you have your data erased".to_owned();
        kept.push(keep("The mails to you, in a folder of this server", "since no mail server is named", until));
    }
    kept
}

fn keep(what: &'static str, why: &'static str, how_long: String) -> Kept {
    Kept { what, why, how_long }
}

fn of_accounts(limits: &Limits) -> Vec<Kept> {
    vec![
        keep(
            "Your account: name, e-mail address, roles, and a password that nobody can read",
            "so that you can sign in",
            "until you have it erased".to_owned(),
        ),
        keep(
            "Where you are signed in: the name of the program, and a network address without its end",
            "so that you can see and end it",
            format!("until {} after it has ended", days(limits.retain_sessions_days)),
        ),
        keep(
            "The links that we send you, with your address",
            "so that each works once",
            format!("until {} after it is used or over", days(limits.retain_links_days)),
        ),
    ]
}

fn of_the_public(limits: &Limits) -> Vec<Kept> {
    vec![
        keep(
            "An enquiry of your institution: your name, address, telephone number and message, and the organisers' notes",
            "so that an organiser can get in touch with you",
            format!(
                "until it is closed, and {} more; where it is not closed, for {} after something was last done about it",
                days(limits.retain_enquiries_days),
                days(limits.retain_open_enquiries_days)
            ),
        ),
        keep(
            "That you come to an event: your name, your address and how many you bring",
            "so that there is a place for you, and you are told where something changes",
            format!(
                "without your confirmation for 72 hours; else until {} after the event; then only how many came",
                days(limits.retain_rsvps_days)
            ),
        ),
        keep(
            "That you reacted to something: how, what you wrote and the name that you chose, and a number that cannot be led back to the address by which you confirmed it",
            "so that you count once, and your comment is yours",
            format!(
                "until you take it back; a comment without your confirmation, and the address that you gave for it, for 72 hours; \
                 one that nobody lets through, for {}; one that was removed, for {}; what was taken back, without you and your words, for {}",
                days(limits.retain_held_days),
                days(limits.retain_removed_days),
                days(limits.retain_withdrawn_days)
            ),
        ),
    ]
}

fn of_everybody(limits: &Limits) -> Vec<Kept> {
    vec![
        keep(
            "Who changed what: which account or kind of visitor, and a network address without its end; no names and no addresses",
            "so that misuse can be found out",
            format!("for {}", days(limits.retain_audit_days)),
        ),
        keep(
            "How often something was asked for from a network address or for an e-mail address, as a number that cannot be led back to it",
            "so that nobody is flooded with mail",
            "for a day".to_owned(),
        ),
        keep(
            "That an address is not to be written to any more, as a number that cannot be led back to it",
            "so that whoever was erased hears from us only where they ask for it",
            "until you open an account anew".to_owned(),
        ),
        keep(
            "The answer to a change that a program may ask for again",
            "so that it is made once and no more",
            format!("for {}", hours(limits.retain_idempotency_hours)),
        ),
    ]
}

fn hours(number: u64) -> String {
    if number == 1 { "1 hour".to_owned() } else { format!("{number} hours") }
}

fn days(number: u64) -> String {
    if number == 1 { "1 day".to_owned() } else { format!("{number} days") }
}
