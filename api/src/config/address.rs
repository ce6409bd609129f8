//! Addresses of the web: the one that is listened on, and those that everybody may read.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use url::Url;

use crate::config::database::mask;
use crate::error::{Error, Result};

pub(super) fn listen(name: &str, text: &str) -> Result<SocketAddr> {
    text.parse().map_err(|_| {
        Error::invalid(name, format!("`{text}` is no address; allowed: an IP address and a port, such as 127.0.0.1:8080"))
    })
}

pub(super) fn public(text: Option<&str>, listen: SocketAddr) -> Result<Url> {
    let host = match listen.ip() {
        ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        ip => ip,
    };
    let default = format!("http://{}", SocketAddr::new(host, listen.port()));
    let text = text.unwrap_or(&default);
    let text = without_user("ALLIANCE_PUBLIC_URL", text)?;
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none() => Ok(url),
        _ => Err(Error::invalid(
            "ALLIANCE_PUBLIC_URL",
            format!(
                "`{text}` is no web address; allowed: http:// or https:// with a host and a path, such as https://example.org"
            ),
        )),
    }
}

pub(super) fn contact(text: Option<&str>, public_url: &Url) -> Result<Url> {
    let Some(text) = text else { return Ok(public_url.clone()) };
    let text = without_user("ALLIANCE_SECURITY_CONTACT", text)?;
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "mailto" | "https" | "tel") => Ok(url),
        _ => Err(Error::invalid(
            "ALLIANCE_SECURITY_CONTACT",
            format!("`{text}` is no contact; allowed: mailto:, https: or tel:, such as mailto:security@example.org"),
        )),
    }
}

/// What everybody reads holds no password; what may hold one is not shown.
fn without_user<'a>(name: &str, text: &'a str) -> Result<&'a str> {
    let problem = match Url::parse(text) {
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            format!("`{}` holds a user's name or password, and everybody may read it; leave them out", mask(text))
        }
        Ok(url) if matches!(url.scheme(), "http" | "https" | "mailto" | "tel") => return Ok(text),
        _ if text.contains('@') => "this is no address; allowed: such as https://example.org".to_owned(),
        _ => return Ok(text),
    };
    Err(Error::invalid(name, problem))
}

/// Where links in mails lead.
pub(super) fn links(text: Option<&str>, public_url: &Url) -> Result<String> {
    let own = || format!("{}/account/{{purpose}}?token={{token}}", public_url.as_str().trim_end_matches('/'));
    let Some(text) = text else { return Ok(own()) };
    let filled = text.replace("{purpose}", "confirm").replace("{token}", "token");
    match Url::parse(&filled) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && text.contains("{token}") => Ok(text.to_owned()),
        _ => Err(Error::invalid(
            "ALLIANCE_ACCOUNT_LINKS",
            format!(
                "`{text}` is no address with a place for the token; allowed: such as https://example.org/account/{{purpose}}?token={{token}}"
            ),
        )),
    }
}
