//! What other sites and readers' programs take up: feeds with their archives and their index, sitemaps, and cards of posts. Anyone may read them, from
//! any page; they are asked for again and again, and told in a word that nothing has changed.

mod answer;
mod oembed;
mod sitemap;

use alliance_entity::alliance;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::alliances;
use crate::alliances::address::Kind;
use crate::app::App;
use crate::campaigns;
use crate::error::{Error, Result};
use crate::feeds::month::Page;
use crate::feeds::place::{Form, Of, Place};
use crate::feeds::{self, Feed, atom, gather, json, opml};
use crate::institutions;
use crate::lookup::Lookup;
use crate::server::feeds::answer::{Found, respond};
use crate::viewer::Viewer;

const ATOM: &str = "application/atom+xml; charset=utf-8";
const JSON: &str = "application/feed+json; charset=utf-8";
const OPML: &str = "text/x-opml; charset=utf-8";
/// What there is none of, where there is none.
const WHAT: &str = "feed";

/// Every route of them.
pub(super) fn routes<D: Clone + Send + Sync + 'static>(app: &App) -> Router<D> {
    Router::new()
        .route("/feeds/{file}", get(of_alliance))
        .route("/feeds/{alliance}/archive/{file}", get(archive_of_alliance))
        .route("/feeds/{alliance}/{kind}/{file}", get(of_place))
        .route("/feeds/{alliance}/{kind}/{slug}/archive/{file}", get(archive_of_place))
        .route("/sitemap/{file}", get(sitemap::index))
        .route("/sitemap/{alliance}/{kind}/{file}", get(sitemap::page))
        .route("/oembed", get(oembed::card))
        .method_not_allowed_fallback(answer::otherwise)
        .with_state(app.clone())
}

async fn of_alliance(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let found = match file.strip_suffix(".opml") {
        Some(slug) => index(&app, slug).await,
        None => current(&app, (&file, None)).await,
    };
    respond(found, WHAT, &headers)
}

async fn archive_of_alliance(
    State(app): State<App>,
    Path((alliance, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    respond(archived(&app, (&alliance, None), &file).await, WHAT, &headers)
}

async fn of_place(
    State(app): State<App>,
    Path((alliance, kind, file)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    respond(current(&app, (&file, Some((&alliance, &kind)))).await, WHAT, &headers)
}

async fn archive_of_place(
    State(app): State<App>,
    Path((alliance, kind, slug, file)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response {
    respond(archived(&app, (&alliance, Some((&kind, &slug))), &file).await, WHAT, &headers)
}

async fn index(app: &App, slug: &str) -> Result<Found> {
    let alliance = find_alliance(app, slug).await?;
    if alliance.slug != slug {
        return Ok(Found::Elsewhere(feeds::object::of_alliance(app, &alliance.slug).opml));
    }
    Ok(Found::File { kind: OPML, body: opml::write(app, &alliance).await? })
}

/// The feed that a file is: of an alliance, or of what an alliance has of a kind.
async fn current(app: &App, (file, of): (&str, Option<(&str, &str)>)) -> Result<Found> {
    let (slug, form) = named(file)?;
    let called = of.map_or((slug, None), |(alliance, kind)| (alliance, Some((kind, slug))));
    let (place, has_moved) = find(app, called).await?;
    if has_moved {
        return Ok(Found::Elsewhere(place.feed(app, None, form)));
    }
    write(app, form, &gather::current(app, place).await?)
}

/// A page of an archive.
async fn archived(app: &App, called: Called<'_>, file: &str) -> Result<Found> {
    let (page, form) = named(file)?;
    let page: Page = page.parse().map_err(|()| Error::NotFound(WHAT))?;
    let (place, has_moved) = find(app, called).await?;
    if has_moved {
        return Ok(Found::Elsewhere(place.feed(app, Some(page), form)));
    }
    write(app, form, &gather::archive(app, place, page).await?.ok_or(Error::NotFound(WHAT))?)
}

fn write(app: &App, form: Form, feed: &Feed) -> Result<Found> {
    let (kind, body) = match form {
        Form::Atom => (ATOM, atom::write(app, feed)?),
        Form::Json => (JSON, json::write(app, feed)?),
    };
    Ok(Found::File { kind, body })
}

/// What a file is called, and how it is written.
fn named(file: &str) -> Result<(&str, Form)> {
    let found = [Form::Atom, Form::Json].into_iter().find_map(|form| Some((file.strip_suffix(form.ending())?, form)));
    found.ok_or(Error::NotFound(WHAT))
}

async fn find_alliance(app: &App, slug: &str) -> Result<alliance::Model> {
    let slug = Some(slug).filter(|slug| answer::is_text(slug)).ok_or(Error::NotFound(WHAT))?;
    alliances::store::find(app, &Viewer::Anonymous, slug).await?.ok_or(Error::NotFound(WHAT))
}

/// How an address names a place: an alliance, and what of it by its kind and its slug.
type Called<'a> = (&'a str, Option<(&'a str, &'a str)>);

/// The place, and whether it or its alliance has another slug by now.
async fn find(app: &App, (called, of): Called<'_>) -> Result<(Place, bool)> {
    let (alliance, missing) = (find_alliance(app, called).await?, || Error::NotFound(WHAT));
    let has_moved = alliance.slug != called;
    let Some((kind, slug)) = of else { return Ok((Place { alliance, of: Of::Alliance }, has_moved)) };
    let slug = Some(slug).filter(|slug| answer::is_text(slug)).ok_or_else(missing)?;
    let (anyone, own) = (&Viewer::Anonymous, alliance.slug.clone());
    let (of, from) = if kind == Kind::Campaign.word() {
        let lookup = Lookup::Slug { slug: slug.to_owned(), alliance: own };
        let found = campaigns::store::find(app, anyone, &lookup).await?.ok_or_else(missing)?;
        (Of::Campaign(found.row), found.redirected_from)
    } else if kind == Kind::Institution.word() {
        let lookup = Lookup::Slug { slug: slug.to_owned(), alliance: own };
        let found = institutions::store::find(app, anyone, &lookup).await?.ok_or_else(missing)?;
        (Of::Institution(found.row), found.redirected_from)
    } else {
        return Err(missing());
    };
    Ok((Place { alliance, of }, has_moved || from.is_some()))
}
