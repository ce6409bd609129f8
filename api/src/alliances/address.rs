//! Where the public reads what an alliance publishes: at its own site, by its template, or else below this server's public address. Whoever
//! writes such an address anywhere, writes it here.

use alliance_entity::alliance;
use alliance_entity::id::{CampaignId, EventId, InstitutionId, PostId};
use uuid::Uuid;

use crate::app::App;
use crate::editing::given::Wrong;
use crate::error::problem::UserErrorCode;
use url::{Host, Url};

const KIND: &str = "{kind}";
const SLUG: &str = "{slug}";
const ID: &str = "{id}";
/// How long a template may be.
const LONGEST: usize = 300;

/// What has a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A post.
    Post,
    /// A campaign.
    Campaign,
    /// An event.
    Event,
    /// An institution.
    Institution,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Post, Self::Campaign, Self::Event, Self::Institution];

    /// As addresses name it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Post => "posts",
            Self::Campaign => "campaigns",
            Self::Event => "events",
            Self::Institution => "institutions",
        }
    }

    fn id(self, id: Uuid) -> String {
        match self {
            Self::Post => PostId(id).to_string(),
            Self::Campaign => CampaignId(id).to_string(),
            Self::Event => EventId(id).to_string(),
            Self::Institution => InstitutionId(id).to_string(),
        }
    }
}

/// Where one thing of an alliance is read.
#[must_use]
pub fn of(app: &App, alliance: &alliance::Model, kind: Kind, slug: &str, id: Uuid) -> String {
    match &alliance.link_template {
        Some(template) => template.replace(KIND, kind.word()).replace(SLUG, slug).replace(ID, &kind.id(id)),
        None => app.config().address(&format!("/{}/{}/{slug}", alliance.slug, kind.word())),
    }
}

/// Where an alliance itself is read: at its own site, where it has one.
#[must_use]
pub fn of_alliance(app: &App, alliance: &alliance::Model) -> String {
    alliance.website_url.clone().unwrap_or_else(|| app.config().address(&format!("/{}", alliance.slug)))
}

/// The post that an address leads to, by how the address names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By its id.
    Id(PostId),
    /// By its slug.
    Slug(String),
}

/// Reads the address of a post as a template writes it. What readers' programs add to addresses is passed over.
#[must_use]
pub fn read(template: &str, address: &str) -> Option<Named> {
    let template = template.replace(KIND, Kind::Post.word());
    let with_slash = format!("{}/", plain(address));
    [address, plain(address), &with_slash].into_iter().find_map(|address| named(&template, address))
}

/// The slug of an alliance and that of a post, as addresses below this server's name them.
#[must_use]
pub fn read_own<'a>(app: &App, address: &'a str) -> Option<(&'a str, &'a str)> {
    let (alliance, rest) = plain(address).strip_prefix(&app.config().address("/"))?.split_once('/')?;
    Some((alliance, rest.strip_prefix("posts/")?)).filter(|(alliance, slug)| is_name(alliance) && is_name(slug))
}

/// An address without its query, its fragment and the slash at its end.
fn plain(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/')
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_'))
}

fn named(template: &str, address: &str) -> Option<Named> {
    // Every id is as long as any other, so that what is left is the slug.
    let id_length = PostId(Uuid::nil()).to_string().len();
    let fixed = template.replace(SLUG, "").replace(ID, &"0".repeat(id_length)).len();
    let slug_length = if template.contains(SLUG) { address.len().checked_sub(fixed)? } else { 0 };
    let part = |placeholder: &str, length: usize| {
        let before = template.find(placeholder).map(|at| &template[..at])?;
        let start = before.replace(SLUG, &"0".repeat(slug_length)).replace(ID, &"0".repeat(id_length)).len();
        address.get(start..start + length).filter(|part| is_name(part))
    };
    let (slug, id) = (part(SLUG, slug_length), part(ID, id_length));
    let same = template.replace(SLUG, slug.unwrap_or_default()).replace(ID, id.unwrap_or_default());
    if same != address {
        return None;
    }
    match (id, slug) {
        (Some(id), _) => id.parse().ok().map(Named::Id),
        (None, slug) => slug.map(|slug| Named::Slug(slug.to_owned())),
    }
}

/// A template as it was chosen.
///
/// # Errors
/// Where it is none.
pub fn template(text: &str) -> Result<String, Wrong> {
    let wrong = |problem: &str| Err((UserErrorCode::Invalid, problem.to_owned()));
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err((UserErrorCode::TooLong, format!("it has at most {LONGEST} characters")));
    }
    if !text.contains(KIND) {
        return wrong(
            "without `{kind}` a post, a campaign, an event and an institution of the same name would have the same address: \
                      write it as `https://www.example.org/{kind}/{slug}`; it becomes `posts`, `campaigns`, `events` or `institutions`",
        );
    }
    if !text.contains(SLUG) && !text.contains(ID) {
        return wrong("it needs `{slug}` or `{id}`, by which one post is told from another");
    }
    if [KIND, SLUG, ID].iter().any(|placeholder| text.matches(placeholder).count() > 1) {
        return wrong("each placeholder stands in it once at most");
    }
    let filled = |with: &str| [KIND, SLUG, ID].iter().fold(text.to_owned(), |text, placeholder| text.replace(placeholder, with));
    let (Some(one), Some(other)) = (site(&filled("a1")), site(&filled("b2"))) else {
        return wrong("it is written as `https://www.example.org/{kind}/{slug}`; `http` is for this machine alone");
    };
    if one.origin() != other.origin() {
        return wrong("placeholders stand behind the name of the site");
    }
    // As a browser reads it: nothing in it is left to be read otherwise.
    if one.as_str() != filled("a1") || filled("").contains(['{', '}']) {
        return wrong("write it as a browser shows it: without blanks, braces or letters that an address cannot have");
    }
    Ok(text.to_owned())
}

/// The address of a site whose pages may be linked to.
fn site(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok().filter(|url| url.username().is_empty() && url.password().is_none())?;
    let is_here = match url.host()? {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    (url.scheme() == "https" || (url.scheme() == "http" && is_here)).then_some(url)
}
