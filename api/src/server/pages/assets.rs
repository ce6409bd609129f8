//! The files that pages are made of, inside the binary. A page names them with what they hold (`?v=`), so that a browser may keep
//! them for ever; asked for without it they are kept too, but asked after each time.

use std::io::Write;
use std::sync::OnceLock;

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

struct Asset {
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
    made: OnceLock<Made>,
}

/// What is worked out of a file when it is asked for first.
struct Made {
    version: String,
    packed: Option<Bytes>,
}

const fn asset(name: &'static str, media_type: &'static str, bytes: &'static [u8]) -> Asset {
    Asset { name, media_type, bytes, made: OnceLock::new() }
}

static ASSETS: [Asset; 10] = [
    asset("page.css", CSS, include_bytes!("../../../assets/page.css")),
    asset("favicon.svg", "image/svg+xml", include_bytes!("../../../assets/favicon.svg")),
    asset("favicon.ico", "image/x-icon", include_bytes!("../../../assets/favicon.ico")),
    asset("explorer.css", CSS, include_bytes!("../../../assets/explorer.css")),
    asset("explorer.js", JAVASCRIPT, include_bytes!("../../../assets/explorer.js")),
    asset("explorer/graphiql.min.css", CSS, include_bytes!("../../../assets/explorer/graphiql.min.css")),
    asset("explorer/graphiql.min.js", JAVASCRIPT, include_bytes!("../../../assets/explorer/graphiql.min.js")),
    asset("explorer/react.production.min.js", JAVASCRIPT, include_bytes!("../../../assets/explorer/react.production.min.js")),
    asset(
        "explorer/react-dom.production.min.js",
        JAVASCRIPT,
        include_bytes!("../../../assets/explorer/react-dom.production.min.js"),
    ),
    asset("explorer/NOTICE", "text/plain; charset=utf-8", include_bytes!("../../../assets/explorer/NOTICE")),
];

impl Asset {
    fn find(name: &str) -> Option<&'static Self> {
        ASSETS.iter().find(|asset| asset.name == name)
    }

    fn made(&self) -> &Made {
        self.made.get_or_init(|| {
            let version = URL_SAFE_NO_PAD.encode(&Sha256::digest(self.bytes)[..12]);
            Made { version, packed: packed(self.bytes).filter(|packed| packed.len() < self.bytes.len()) }
        })
    }
}

/// Packed once and kept: what is asked for often must not be packed each time.
fn packed(bytes: &[u8]) -> Option<Bytes> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).ok()?;
    packer.finish().ok().map(Bytes::from)
}

/// How a page at the top of the site names one of its files.
#[must_use]
pub fn link(name: &str) -> String {
    let version = Asset::find(name).map(|asset| asset.made().version.as_str());
    format!("assets/{name}?v={}", version.unwrap_or_default())
}

/// One of the files.
pub async fn file(Path(name): Path<String>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    match Asset::find(&name) {
        Some(asset) => answer(asset, query.as_deref(), &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The picture that browsers look for without being told.
pub async fn favicon(headers: HeaderMap) -> Response {
    file(Path("favicon.ico".to_owned()), RawQuery(None), headers).await
}

fn answer(asset: &'static Asset, query: Option<&str>, headers: &HeaderMap) -> Response {
    let Made { version, packed } = asset.made();
    let named = query.and_then(|query| query.strip_prefix("v=")).is_some_and(|named| named == version);
    let keep = if named { "public, max-age=31536000, immutable" } else { "no-cache" };
    // Weak: it stands for the packed and the plain form alike.
    let tag = format!("W/\"{version}\"");
    let head = [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, keep), (header::VARY, "Accept-Encoding")];
    if says(headers, header::IF_NONE_MATCH, |known| {
        known == "*" || known.trim_start_matches("W/") == tag.trim_start_matches("W/")
    }) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let takes_packed = says(headers, header::ACCEPT_ENCODING, |coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    });
    let kind = [(header::CONTENT_TYPE, asset.media_type)];
    match packed.as_ref().filter(|_| takes_packed) {
        Some(packed) => (head, kind, [(header::CONTENT_ENCODING, "gzip")], Body::from(packed.clone())).into_response(),
        None => (head, kind, Body::from(asset.bytes)).into_response(),
    }
}

/// Whether one of the items of a header is such.
pub(in crate::server) fn says(headers: &HeaderMap, name: header::HeaderName, such: impl Fn(&str) -> bool) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|item| such(item.trim()))
}
