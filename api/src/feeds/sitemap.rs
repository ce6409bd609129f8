//! Sitemaps, as sitemaps.org has them: an index for each alliance, and below it the addresses of its public pages.

use alliance_entity::alliance;

use crate::alliances::address::{Kind, of};
use crate::app::App;
use crate::error::Result;
use crate::feeds::atom::moment;
use crate::feeds::store;
use crate::feeds::xml::Xml;

/// How many addresses a sitemap holds.
pub const ADDRESSES: u64 = 5_000;
const XMLNS: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// Writes the index of an alliance's sitemaps.
///
/// # Errors
/// Where the database does not answer.
pub async fn index(app: &App, alliance: &alliance::Model) -> Result<String> {
    let mut xml = Xml::new("sitemapindex", &[XMLNS])?;
    for kind in Kind::ALL {
        let (count, latest) = store::extent(app, alliance.id, kind).await?;
        let pages = count.div_ceil(ADDRESSES);
        for page in 1..=pages {
            xml.begin("sitemap", &[])?;
            xml.text("loc", &[], &address(app, alliance, kind, page))?;
            if let Some(latest) = latest {
                xml.text("lastmod", &[], &moment(latest))?;
            }
            xml.end()?;
        }
    }
    xml.finish()
}

/// Where one of an alliance's sitemaps is found, by its number from 1 on.
#[must_use]
pub fn address(app: &App, alliance: &alliance::Model, kind: Kind, number: u64) -> String {
    app.config().address(&format!("/sitemap/{}/{}/{number}.xml", alliance.slug, kind.word()))
}

/// Writes one of an alliance's sitemaps, by its number from 1 on; nothing where there is none.
///
/// # Errors
/// Where the database does not answer.
pub async fn page(app: &App, alliance: &alliance::Model, kind: Kind, number: u64) -> Result<Option<String>> {
    let after = number.saturating_sub(1).saturating_mul(ADDRESSES);
    let pages = store::pages(app, alliance.id, kind, (after, ADDRESSES)).await?;
    if pages.is_empty() {
        return Ok(None);
    }
    let mut xml = Xml::new("urlset", &[XMLNS])?;
    for page in pages {
        xml.begin("url", &[])?;
        xml.text("loc", &[], &of(app, alliance, kind, &page.slug, page.id))?;
        xml.text("lastmod", &[], &moment(page.updated_at))?;
        xml.end()?;
    }
    xml.finish().map(Some)
}
