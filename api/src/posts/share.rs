//! Share: a post's address, and links that hand it on.

use async_graphql::SimpleObject;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

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
    /// The links for a post.
    #[must_use]
    pub fn new(url: String, title: String, text: String) -> Self {
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
        Self { url, title, text, links }
    }
}
