//! The cookie that keeps a browser's refresh token where no script can read it and no other site can send it.

use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use crate::client::Client;

/// The header that lets a browser keep a refresh token for so long; not at all for no seconds.
#[must_use]
pub fn kept(client: &Client, token: &str, seconds: i64) -> String {
    Cookie::build((client.cookie(), token))
        .path("/")
        .http_only(true)
        .secure(client.is_secure)
        .same_site(SameSite::Strict)
        .max_age(Duration::seconds(seconds))
        .build()
        .to_string()
}
