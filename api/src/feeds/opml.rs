//! The index of an alliance's feeds, as OPML 2.0: feed readers take up all of them at once.

use alliance_entity::alliance;

use crate::alliances::address::{self, Kind};
use crate::app::App;
use crate::error::Result;
use crate::feeds::object;
use crate::feeds::store;
use crate::feeds::xml::Xml;

/// Writes the index: the alliance's feed, and those of its public campaigns and institutions.
///
/// # Errors
/// Where the database does not answer.
pub async fn write(app: &App, alliance: &alliance::Model) -> Result<String> {
    let [campaigns, institutions] = store::places(app, alliance.id).await?;
    let mut xml = Xml::new("opml", &[("version", "2.0")])?;
    xml.begin("head", &[])?;
    xml.text("title", &[], &alliance.name)?;
    xml.text("ownerName", &[], &alliance.name)?;
    xml.end()?;
    xml.begin("body", &[])?;
    let own = object::of_alliance(app, &alliance.slug);
    outline(&mut xml, &alliance.name, &own.atom, &address::of_alliance(app, alliance))?;
    for (title, kind, places) in [("Campaigns", Kind::Campaign, campaigns), ("Institutions", Kind::Institution, institutions)] {
        if places.is_empty() {
            continue;
        }
        xml.begin("outline", &[("text", title), ("title", title)])?;
        for (id, slug, name) in places {
            let feeds = object::of_place(app, &alliance.slug, kind, &slug);
            outline(&mut xml, &name, &feeds.atom, &address::of(app, alliance, kind, &slug, id))?;
        }
        xml.end()?;
    }
    xml.finish()
}

fn outline(xml: &mut Xml, title: &str, feed: &str, page: &str) -> Result<()> {
    // OPML knows feeds by the name of the oldest of their formats.
    xml.empty("outline", &[("type", "rss"), ("text", title), ("title", title), ("xmlUrl", feed), ("htmlUrl", page)])
}
