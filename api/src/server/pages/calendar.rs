//! Calendar files: an alliance's public events, to subscribe to, and one of them, to take up. Calendars ask again and again, and are told in a
//! word that nothing has changed.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::alliances;
use crate::app::App;
use crate::error::{Error, Result};
use crate::events::calendar::{self, KEPT};
use crate::events::store;
use crate::lookup::Lookup;
use crate::server::pages::assets::says;
use crate::server::pages::{Pages, is_text};
use crate::server::refusal::Refusal;
use crate::viewer::Viewer;

/// What a calendar's name ends with.
const END: &str = ".ics";

/// A file, or where it is found now.
enum Found {
    File { name: String, text: String },
    Elsewhere(String),
}

/// The calendar of an alliance.
pub async fn alliance(State(pages): State<Pages>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    answer(of_alliance(&pages.app, &file).await, &headers)
}

/// The calendar file of one event.
pub async fn event(State(pages): State<Pages>, Path((alliance, file)): Path<(String, String)>, headers: HeaderMap) -> Response {
    answer(of_event(&pages.app, &alliance, &file).await, &headers)
}

async fn of_alliance(app: &App, file: &str) -> Result<Found> {
    let slug = file.strip_suffix(END).filter(|slug| is_text(slug)).ok_or(Error::NotFound("calendar"))?;
    let alliance = alliances::store::find(app, &Viewer::Anonymous, slug).await?.ok_or(Error::NotFound("calendar"))?;
    if alliance.slug != slug {
        return Ok(Found::Elsewhere(calendar::address(app, &alliance.slug)));
    }
    let events = store::calendar::all(app, alliance.id, app.clock().now() - KEPT).await?;
    let text = calendar::write(app, &alliance, &alliance.name, &events);
    Ok(Found::File { name: alliance.slug, text })
}

async fn of_event(app: &App, called: &str, file: &str) -> Result<Found> {
    let missing = || Error::NotFound("calendar");
    let slug = file.strip_suffix(END).filter(|slug| is_text(slug) && is_text(called)).ok_or_else(missing)?;
    let alliance = alliances::store::find(app, &Viewer::Anonymous, called).await?.ok_or_else(missing)?;
    let lookup = Lookup::Slug { slug: slug.to_owned(), alliance: alliance.slug.clone() };
    let found = store::find(app, &Viewer::Anonymous, &lookup).await?.ok_or_else(missing)?;
    if found.redirected_from.is_some() || alliance.slug != called {
        return Ok(Found::Elsewhere(calendar::address_of(app, &alliance.slug, &found.row.slug)));
    }
    let text = calendar::write(app, &alliance, &found.row.title, std::slice::from_ref(&found.row));
    Ok(Found::File { name: found.row.slug, text })
}

fn answer(found: Result<Found>, headers: &HeaderMap) -> Response {
    match found {
        Ok(Found::Elsewhere(address)) => {
            // It may take back what it had: nobody keeps this for ever.
            let head = [(header::LOCATION, address.as_str()), (header::CACHE_CONTROL, "public, max-age=60")];
            (StatusCode::PERMANENT_REDIRECT, head).into_response()
        }
        Ok(Found::File { name, text }) => file(&name, text, headers),
        Err(Error::NotFound(_)) => (StatusCode::NOT_FOUND, "There is no such calendar.\n").into_response(),
        Err(error) => {
            let refusal = Refusal::of(&error.logged());
            let said = format!("{}\n", refusal.message);
            refusal.over(said.into_response())
        }
    }
}

fn file(name: &str, text: String, headers: &HeaderMap) -> Response {
    // Weak: it stands for the packed and the plain form alike.
    let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(text.as_bytes())[..16]));
    let plain = tag.trim_start_matches("W/");
    let head = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, "public, no-cache")];
    if says(headers, header::IF_NONE_MATCH, |known| known == "*" || known.trim_start_matches("W/") == plain) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    let mut response = (head, kind, text).into_response();
    if let Ok(value) = HeaderValue::from_str(&format!("inline; filename=\"{name}{END}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
