//! Share: a post's address, links that hand it on, and what is told to those who show a card of it.

use alliance_entity::alliance;
use async_graphql::SimpleObject;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::alliances::address::{self, Kind};
use crate::app::App;
use crate::posts::store::LivePost;
use crate::scalar::DateTime;

/// What a page needs to let its reader hand a post on.
#[derive(Debug, Clone, SimpleObject)]
pub struct Share {
    /// The post's public address.
    pub url: String,
    /// The post's title.
    pub title: String,
    /// A text to send along: the excerpt.
    pub text: String,
    /// One link for each way to share: e-mail, Facebook, X, WhatsApp, Bluesky, Mastodon.
    pub links: Vec<ShareLink>,
    /// What a card of it says below the title, as `og:description` and `description`: the excerpt in one line.
    pub description: String,
    /// The address of a picture of it, as `og:image`; null where it has none.
    pub image: Option<String>,
    /// The address that search engines are to know it by, as `rel="canonical"` and `og:url`.
    pub canonical_url: String,
    /// The name of the site, as `og:site_name`: the alliance's.
    pub site_name: String,
    /// Its language, as `og:locale` has it, such as `en_GB`.
    pub locale: String,
    /// When it was published first, as `article:published_time`; null where it never was.
    pub published_time: Option<DateTime>,
    /// When what the public reads of it changed last, as `article:modified_time`.
    pub modified_time: DateTime,
    /// Where other sites ask how to show it among their own words, as a page links to it: `rel="alternate" type="application/json+oembed"`.
    pub oembed_url: String,
}

/// A link that opens a service with the post filled in. Following it tells the service nothing before it is clicked.
#[derive(Debug, Clone, SimpleObject)]
pub struct ShareLink {
    /// The service's name, as a button shows it.
    pub name: String,
    /// Where the button leads.
    pub url: String,
}

impl Share {
    /// What is told of a post.
    #[must_use]
    pub fn new(app: &App, alliance: &alliance::Model, post: &LivePost) -> Self {
        let url = address::of(app, alliance, Kind::Post, &post.slug, post.id.0);
        let (title, text) = (post.title.clone(), post.excerpt.clone());
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let (address, heading, both) = (encode(&url), encode(&title), encode(&format!("{title} {url}")));
        let links = [
            ("E-mail", format!("mailto:?subject={heading}&body={both}")),
            ("Facebook", format!("https://www.facebook.com/sharer/sharer.php?u={address}")),
            ("X", format!("https://x.com/intent/post?text={heading}&url={address}")),
            ("WhatsApp", format!("https://wa.me/?text={both}")),
            ("Bluesky", format!("https://bsky.app/intent/compose?text={both}")),
            ("Mastodon", format!("https://mastodonshare.com/?text={heading}&url={address}")),
        ];
        let links = links.into_iter().map(|(name, url)| ShareLink { name: name.to_owned(), url }).collect();
        Self {
            description: text.split_whitespace().collect::<Vec<_>>().join(" "),
            image: None,
            canonical_url: url.clone(),
            site_name: alliance.name.clone(),
            locale: alliance.language.replace('-', "_"),
            published_time: post.first_published_at.map(DateTime),
            modified_time: DateTime(post.updated_at),
            oembed_url: app.config().address(&format!("/oembed?format=json&url={address}")),
            url,
            title,
            text,
            links,
        }
    }
}
