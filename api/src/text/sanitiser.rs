//! What of an author's HTML a page may show. First its tags are put in order: those that are allowed, each closed where it belongs, and none
//! too deep, so that no text takes long. What then remains is parsed as a browser does, and cleaned.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use url::Url;

use crate::text::balance::balanced;

/// Stands before every id in the HTML, so that none is taken for one of the page's own.
pub(super) const PREFIX: &str = "content-";
/// The elements that pass, each with its attributes beside those of [`EVERYWHERE`].
pub const ELEMENTS: [(&str, &[&str]); 70] = [
    ("a", &["class", "href", "hreflang", "id"]),
    ("abbr", &[]),
    ("article", &[]),
    ("aside", &[]),
    ("b", &[]),
    ("bdi", &[]),
    ("blockquote", &[]),
    ("br", &[]),
    ("caption", &[]),
    ("center", &[]),
    ("cite", &[]),
    ("code", &["class"]),
    ("col", &["align", "span"]),
    ("colgroup", &["align", "span"]),
    ("dd", &[]),
    ("del", &["datetime"]),
    ("details", &[]),
    ("dfn", &[]),
    ("div", &["class"]),
    ("dl", &[]),
    ("dt", &[]),
    ("em", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("footer", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("header", &[]),
    ("hr", &[]),
    ("i", &[]),
    ("img", &["align", "alt", "height", "src", "width"]),
    ("ins", &["datetime"]),
    ("kbd", &[]),
    ("li", &["id"]),
    ("mark", &[]),
    ("nav", &[]),
    ("ol", &["start"]),
    ("p", &["class"]),
    ("pre", &[]),
    ("q", &[]),
    ("rp", &[]),
    ("rt", &[]),
    ("ruby", &[]),
    ("s", &[]),
    ("samp", &[]),
    ("section", &["class"]),
    ("small", &[]),
    ("span", &[]),
    ("strike", &[]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &["class"]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["align", "colspan", "rowspan"]),
    ("tfoot", &[]),
    ("th", &["align", "colspan", "rowspan", "scope"]),
    ("thead", &[]),
    ("time", &["datetime"]),
    ("tr", &[]),
    ("tt", &[]),
    ("u", &[]),
    ("ul", &[]),
    ("var", &[]),
    ("wbr", &[]),
];
/// The attributes that every element may have.
pub const EVERYWHERE: [&str; 2] = ["lang", "title"];
/// Where a link may lead, beside places without a scheme.
pub const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];
/// The classes that Markdown itself makes; code has its language beside them.
pub const CLASSES: [(&str, &[&str]); 5] = [
    ("a", &["footnote-backref"]),
    (
        "div",
        &[
            "markdown-alert",
            "markdown-alert-note",
            "markdown-alert-tip",
            "markdown-alert-important",
            "markdown-alert-warning",
            "markdown-alert-caution",
        ],
    ),
    ("p", &["markdown-alert-title"]),
    ("section", &["footnotes"]),
    ("sup", &["footnote-ref"]),
];

/// The attributes of an element that passes.
pub(super) fn attributes_of(element: &str) -> Option<&'static [&'static str]> {
    static ATTRIBUTES: LazyLock<HashMap<&str, &[&str]>> = LazyLock::new(|| HashMap::from(ELEMENTS));
    ATTRIBUTES.get(element).copied()
}

/// `html` without anything that could do harm.
#[must_use]
pub fn clean(html: &str) -> String {
    static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(sanitiser);
    SANITISER.clean(&balanced(html)).to_string()
}

fn sanitiser() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::default();
    builder
        .tags(ELEMENTS.map(|(element, _)| element).into())
        .tag_attributes(
            ELEMENTS.map(|(element, attributes)| (element, attributes.iter().copied().collect::<HashSet<_>>())).into(),
        )
        .generic_attributes(EVERYWHERE.into())
        .url_schemes(SCHEMES.into())
        .attribute_filter(filtered)
        .id_prefix(Some(PREFIX))
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
}

/// What an attribute that passes may say.
fn filtered<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let of = |allowed: &[&str]| allowed.contains(&value).then_some(Cow::Borrowed(value));
    match (element, attribute) {
        (_, "class") => classes(element, value),
        // A link within the text leads to an id, which is prefixed as this is.
        (_, "href") => Some(match value.strip_prefix('#') {
            Some(place) if !place.starts_with(PREFIX) => Cow::Owned(format!("#{PREFIX}{place}")),
            _ => Cow::Borrowed(value),
        }),
        (_, "src") => {
            let leads_elsewhere = Url::parse(value).is_ok_and(|url| !matches!(url.scheme(), "http" | "https"));
            (!leads_elsewhere).then_some(Cow::Borrowed(value))
        }
        (_, "align") => of(&["left", "center", "right"]),
        (_, "scope") => of(&["row", "col", "rowgroup", "colgroup"]),
        (_, "colspan" | "rowspan" | "span" | "height" | "width") => value.parse::<u16>().is_ok().then_some(Cow::Borrowed(value)),
        (_, "start") => value.parse::<i32>().is_ok().then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    }
}

fn classes<'a>(element: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let mut words = value.split_ascii_whitespace();
    if element == "code" {
        return words.next().filter(|class| class.starts_with("language-")).map(Cow::Borrowed);
    }
    let allowed = CLASSES.iter().find(|(of, _)| *of == element).map_or(&[] as &[&str], |(_, classes)| classes);
    let kept: Vec<&str> = words.filter(|class| allowed.contains(class)).collect();
    (!kept.is_empty()).then(|| Cow::Owned(kept.join(" ")))
}
