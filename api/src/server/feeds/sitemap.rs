//! /sitemap: the addresses of an alliance's public pages, for the robots.txt of its site to name.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::alliances::address::Kind;
use crate::app::App;
use crate::error::{Error, Result};
use crate::feeds::{self, sitemap};
use crate::server::feeds::answer::{Found, respond};
use crate::server::feeds::find_alliance;

const XML: &str = "application/xml; charset=utf-8";
const WHAT: &str = "sitemap";

/// The index of an alliance's sitemaps.
pub(super) async fn index(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    respond(index_of(&app, &file).await, WHAT, &headers)
}

/// One of them.
pub(super) async fn page(
    State(app): State<App>,
    Path((alliance, kind, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    respond(page_of(&app, (&alliance, &kind), &file).await, WHAT, &headers)
}

async fn index_of(app: &App, file: &str) -> Result<Found> {
    let slug = named(file)?;
    let alliance = find_alliance(app, slug).await?;
    if alliance.slug != slug {
        return Ok(Found::Elsewhere(feeds::object::sitemap(app, &alliance.slug)));
    }
    Ok(Found::File { kind: XML, body: sitemap::index(app, &alliance).await? })
}

async fn page_of(app: &App, (alliance, kind): (&str, &str), file: &str) -> Result<Found> {
    let missing = || Error::NotFound(WHAT);
    let kind = Kind::ALL.into_iter().find(|one| one.word() == kind).ok_or_else(missing)?;
    let number = named(file)?.parse().ok().filter(|number: &u32| *number > 0).ok_or_else(missing)?;
    let called = alliance;
    let alliance = find_alliance(app, called).await?;
    if alliance.slug != called {
        return Ok(Found::Elsewhere(sitemap::address(app, &alliance, kind, number.into())));
    }
    let body = sitemap::page(app, &alliance, kind, number.into()).await?.ok_or_else(missing)?;
    Ok(Found::File { kind: XML, body })
}

fn named(file: &str) -> Result<&str> {
    file.strip_suffix(".xml").ok_or(Error::NotFound(WHAT))
}
