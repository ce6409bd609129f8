//! Which form of an answer a client would rather have: RFC 9110, section 12.5.1.

use axum::http::{HeaderMap, header};

/// Whether the client would rather have `this` than `that`, both media types such as `text/html`. Where it likes both equally, the
/// one that it names wins over the one that it merely allows by `*/*`; where that says nothing either, the answer is no.
#[must_use]
pub fn prefers(headers: &HeaderMap, this: &str, that: &str) -> bool {
    liking(headers, this) > liking(headers, that)
}

/// How closely a type is named that is named as it is.
pub(super) const EXACTLY: u8 = 3;

/// How much a client likes a type, in thousandths, and how closely it named it. The closest name counts. Both are 0 for what it refuses,
/// and for what it does not name.
pub(super) fn liking(headers: &HeaderMap, of: &str) -> (u16, u8) {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges = values.flat_map(|value| value.split(','));
    let fitting = ranges.filter_map(|range| {
        let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
        Some((closeness(name.trim(), of)?, quality(parameters)))
    });
    // What is refused (a weight of 0) is liked as little as what goes unnamed.
    fitting.max().filter(|(_, quality)| *quality > 0).map_or((0, 0), |(closeness, quality)| (quality, closeness))
}

fn closeness(range: &str, of: &str) -> Option<u8> {
    let kind = of.split('/').next().unwrap_or(of);
    match range.split_once('/') {
        _ if range.eq_ignore_ascii_case(of) => Some(EXACTLY),
        Some((same, "*")) if same.eq_ignore_ascii_case(kind) => Some(2),
        Some(("*", "*")) => Some(1),
        _ => None,
    }
}

/// The weight among a range's parameters, in thousandths; one that cannot be read counts for nothing.
fn quality(parameters: &str) -> u16 {
    let weight = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let Some(weight) = weight else { return 1_000 };
    let (whole, rest) = weight.split_once('.').unwrap_or((weight, ""));
    if rest.len() > 3 || !rest.bytes().all(|digit| digit.is_ascii_digit()) {
        return 0;
    }
    let thousandths = format!("{rest:0<3}").parse().unwrap_or(0);
    match whole {
        "0" => thousandths,
        "1" => 1_000,
        _ => 0,
    }
}
