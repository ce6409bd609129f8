//! Whose feed it is: an alliance's, a campaign's or an institution's; and where its feeds are found.

use alliance_entity::{alliance, campaign, institution};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::alliances::address::{self, Kind};
use crate::app::App;
use crate::feeds::month::Page;

/// Where something is published that feeds tell of.
#[derive(Debug, Clone)]
pub struct Place {
    /// The alliance.
    pub alliance: alliance::Model,
    /// What of it.
    pub of: Of,
}

/// What of an alliance.
#[derive(Debug, Clone)]
pub enum Of {
    /// All of it.
    Alliance,
    /// One campaign.
    Campaign(campaign::Model),
    /// One institution.
    Institution(institution::Model),
}

/// How a feed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Atom, RFC 4287.
    Atom,
    /// JSON Feed 1.1.
    Json,
}

impl Form {
    /// What the address of such a feed ends with.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Atom => ".atom",
            Self::Json => ".json",
        }
    }
}

impl Place {
    /// The id of the place.
    #[must_use]
    pub fn id(&self) -> Uuid {
        match &self.of {
            Of::Alliance => self.alliance.id.0,
            Of::Campaign(campaign) => campaign.id.0,
            Of::Institution(institution) => institution.id.0,
        }
    }

    /// What its feeds are called.
    #[must_use]
    pub fn title(&self) -> String {
        let name = &self.alliance.name;
        match &self.of {
            Of::Alliance => name.clone(),
            Of::Campaign(campaign) => format!("{} – {name}", campaign.title),
            Of::Institution(institution) => format!("{} – {name}", institution.name),
        }
    }

    /// What it is, in a line.
    #[must_use]
    pub fn subtitle(&self) -> Option<&str> {
        let said = match &self.of {
            Of::Alliance => self.alliance.tagline.as_deref(),
            Of::Campaign(campaign) => Some(campaign.summary.as_str()),
            Of::Institution(_) => None,
        };
        said.filter(|text| !text.is_empty())
    }

    /// Where it is read itself.
    #[must_use]
    pub fn page(&self, app: &App) -> String {
        let of = |kind, slug, id| address::of(app, &self.alliance, kind, slug, id);
        match &self.of {
            Of::Alliance => address::of_alliance(app, &self.alliance),
            Of::Campaign(campaign) => of(Kind::Campaign, &campaign.slug, campaign.id.0),
            Of::Institution(institution) => of(Kind::Institution, &institution.slug, institution.id.0),
        }
    }

    /// When it came to be, and when it was changed last.
    #[must_use]
    pub fn times(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        match &self.of {
            Of::Alliance => (self.alliance.created_at, self.alliance.updated_at),
            Of::Campaign(campaign) => (campaign.created_at, self.alliance.updated_at.max(campaign.updated_at)),
            Of::Institution(institution) => (institution.created_at, self.alliance.updated_at.max(institution.updated_at)),
        }
    }

    /// Where its feed is found, or a page of its archive.
    #[must_use]
    pub fn feed(&self, app: &App, page: Option<Page>, form: Form) -> String {
        let (alliance, ending) = (&self.alliance.slug, form.ending());
        let path = match &self.of {
            Of::Alliance => alliance.clone(),
            Of::Campaign(campaign) => path(alliance, Kind::Campaign, &campaign.slug),
            Of::Institution(institution) => path(alliance, Kind::Institution, &institution.slug),
        };
        match page {
            Some(page) => app.config().address(&format!("/feeds/{path}/archive/{page}{ending}")),
            None => app.config().address(&format!("/feeds/{path}{ending}")),
        }
    }
}

/// How addresses of feeds name a campaign or an institution.
pub(super) fn path(alliance: &str, kind: Kind, slug: &str) -> String {
    format!("{alliance}/{}/{slug}", kind.word())
}
