//! Where feeds are found, as clients see it.

use async_graphql::SimpleObject;

use crate::alliances::address::Kind;
use crate::app::App;
use crate::feeds::place;

/// The feeds of an alliance, a campaign or an institution: the newest of what it publishes, with what was corrected and what was taken away. Public, and under
/// no embargo.
#[derive(Debug, Clone, SimpleObject)]
pub struct Feeds {
    /// The address of its feed as Atom, RFC 4287: link to it as `rel="alternate" type="application/atom+xml"`. It leads on to an archive of all before it.
    pub atom: String,
    /// The address of the same feed as JSON Feed 1.1, of the type `application/feed+json`.
    pub json: String,
    /// The address of an index of all feeds of its alliance, as OPML 2.0, which feed readers take up at once.
    pub opml: String,
}

/// The feeds of an alliance.
#[must_use]
pub fn of_alliance(app: &App, alliance: &str) -> Feeds {
    feeds(app, alliance, alliance)
}

/// The feeds of a campaign or an institution.
#[must_use]
pub fn of_place(app: &App, alliance: &str, kind: Kind, slug: &str) -> Feeds {
    feeds(app, alliance, &place::path(alliance, kind, slug))
}

/// Where the sitemap of an alliance is found.
#[must_use]
pub fn sitemap(app: &App, alliance: &str) -> String {
    app.config().address(&format!("/sitemap/{alliance}.xml"))
}

fn feeds(app: &App, alliance: &str, path: &str) -> Feeds {
    let address = |rest: String| app.config().address(&format!("/feeds/{rest}"));
    Feeds {
        atom: address(format!("{path}.atom")),
        json: address(format!("{path}.json")),
        opml: address(format!("{alliance}.opml")),
    }
}
