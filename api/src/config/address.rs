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

/// Where links in mails about accounts lead.
pub(super) fn account_links(text: Option<&str>, public_url: &Url) -> Result<String> {
    links(("ALLIANCE_ACCOUNT_LINKS", "/account/{purpose}?token={token}", &["{token}"]), text, public_url)
}

/// Where links in mails to the public lead. Without a place for what each is for, nobody could tell one from another.
pub(super) fn public_links(text: Option<&str>, public_url: &Url) -> Result<String> {
    links(("ALLIANCE_PUBLIC_LINKS", "/{purpose}?token={token}", &["{purpose}", "{token}"]), text, public_url)
}

/// An address with places to fill in: those of `wanted` must be there. Else a page of ours at `own`.
fn links((name, own, wanted): (&str, &str, &[&str]), text: Option<&str>, public_url: &Url) -> Result<String> {
    let Some(text) = text else { return Ok(format!("{}{own}", public_url.as_str().trim_end_matches('/'))) };
    let filled = text.replace("{purpose}", "confirm").replace("{token}", "token");
    match Url::parse(&filled) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && wanted.iter().all(|place| text.contains(place)) => {
            Ok(text.to_owned())
        }
        _ => Err(Error::invalid(
            name,
            format!("`{text}` is no address with places for {}; allowed: such as https://example.org{own}", wanted.join(" and ")),
        )),
    }
}
