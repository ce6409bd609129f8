//! /oembed: the card of a post for other sites, as oEmbed 1.0 has it.

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::app::App;
use crate::error::{Error, Result};
use crate::feeds::oembed::{self, Form, Room};
use crate::server::feeds::answer::{Found, is_text, opened, respond};

const JSON: &str = "application/json; charset=utf-8";
const XML: &str = "text/xml; charset=utf-8";
const WHAT: &str = "post";

/// What was asked for.
#[derive(Debug, Default)]
struct Asked {
    url: Option<String>,
    format: Option<String>,
    room: Room,
}

impl Asked {
    /// Parameters that are not known are passed over, as the specification wants it; of one that comes twice the last counts.
    fn read(query: Option<&str>) -> Result<Self, String> {
        let mut asked = Self::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let number = || value.parse::<u64>().map_err(|_| format!("`{name}` is a number of pixels.\n"));
            let pixels = || number().map(|pixels| Some(u32::try_from(pixels).unwrap_or(u32::MAX)));
            match name.as_ref() {
                "url" => asked.url = Some(value.into_owned()),
                "format" => asked.format = Some(value.into_owned()),
                "maxwidth" => asked.room.width = pixels()?,
                "maxheight" => asked.room.height = pixels()?,
                _ => {}
            }
        }
        Ok(asked)
    }
}

/// The card of the post that `url` leads to.
pub(super) async fn card(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Asked { url, format, room } = match Asked::read(query.as_deref()) {
        Ok(asked) => asked,
        Err(problem) => return opened((StatusCode::BAD_REQUEST, problem).into_response()),
    };
    let form = match format.as_deref() {
        None | Some("json") => Form::Json,
        Some("xml") => Form::Xml,
        Some(_) => return opened((StatusCode::NOT_IMPLEMENTED, "There is `json`, and there is `xml`.\n").into_response()),
    };
    let Some(url) = url else {
        return opened((StatusCode::BAD_REQUEST, "Give the address of a post as `url`.\n").into_response());
    };
    respond(of(&app, &url, form, room).await, WHAT, &headers)
}

async fn of(app: &App, url: &str, form: Form, room: Room) -> Result<Found> {
    let url = Some(url).filter(|url| is_text(url)).ok_or(Error::NotFound(WHAT))?;
    let card = oembed::card(app, url, room).await?.ok_or(Error::NotFound(WHAT))?;
    let kind = if form == Form::Json { JSON } else { XML };
    Ok(Found::File { kind, body: card.write(form)? })
}
