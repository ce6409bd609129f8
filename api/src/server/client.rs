//! Who asks, as far as the network tells: the client's address and scheme, by the peer or by the proxies that are trusted.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::http::header::{COOKIE, GetAll, HeaderName, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use ipnet::IpNet;
use secrecy::SecretString;

use crate::client::{self, Source, network};
use crate::config::Config;
use crate::config::door::Networks;
use crate::server::origins;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The address at the other end of the connection, which the listener puts into each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// How the client speaks to us, or to the proxy before us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// The scheme in an address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// How much is kept of what a program calls itself.
const LONGEST_AGENT: usize = 200;
/// How long a refresh token can be.
const LONGEST_TOKEN: usize = 512;

/// Who asks; each request carries it among its extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// The client's address.
    pub address: IpAddr,
    /// Its scheme.
    pub scheme: Scheme,
}

impl Client {
    /// The client of a request: the peer, or whom a trusted proxy names. What cannot be read counts for nothing, and neither does
    /// what stands before the first address that nobody trusted has vouched for. A request without a peer, as only tests make, is
    /// local.
    #[must_use]
    pub fn of(peer: Option<Peer>, headers: &HeaderMap, trusted: &Networks) -> Self {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.to_canonical());
        if !trusted.contain(peer) {
            return Self { address: peer, scheme: Scheme::Http };
        }
        let address = forwarded(&headers.get_all(FORWARDED_FOR), trusted).unwrap_or(peer);
        Self { address, scheme: scheme(&headers.get_all(FORWARDED_PROTO)) }
    }

    /// The network of the address, for the log: /24, or /48 of IPv6.
    #[must_use]
    pub fn network(&self) -> IpNet {
        network(self.address)
    }

    /// What a request tells those who answer it.
    #[must_use]
    pub(super) fn told(&self, source: Source, request: &Parts, config: &Config) -> client::Client {
        let is_secure = self.scheme == Scheme::Https || config.public_url.scheme() == "https";
        let may_use_cookies = source != Source::AnyPage && request.method == Method::POST;
        client::Client {
            address: self.address,
            is_secure,
            source,
            user_agent: request.headers.get(USER_AGENT).and_then(user_agent),
            refresh_token: may_use_cookies.then(|| cookie(&request.headers, client::cookie(is_secure))).flatten(),
        }
    }
}

/// What sent a request, by what the guards found out.
pub(super) fn sender(head: &Parts, config: &Config) -> client::Client {
    let client = head.extensions.get::<Client>();
    let source = head.extensions.get::<origins::Source>().and_then(origins::Source::told);
    match (client, source) {
        (Some(client), Some(source)) => client.told(source, head, config),
        _ => client::Client::local(),
    }
}

/// What a program calls itself, without what is no text.
fn user_agent(value: &HeaderValue) -> Option<String> {
    let text = String::from_utf8_lossy(value.as_bytes());
    let text: String = text.chars().filter(|character| !character.is_control()).take(LONGEST_AGENT).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The value of a cookie that stands once: of two, one is somebody else's.
fn cookie(headers: &HeaderMap, name: &str) -> Option<SecretString> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut values = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(given, _)| *given == name);
    let (_, value) = values.next().filter(|_| values.next().is_none())?;
    (!value.is_empty() && value.len() <= LONGEST_TOKEN).then(|| SecretString::from(value))
}

/// The rightmost address that is no trusted proxy's.
fn forwarded(values: &GetAll<'_, HeaderValue>, trusted: &Networks) -> Option<IpAddr> {
    for value in values.iter().rev() {
        for named in value.to_str().ok()?.rsplit(',') {
            let address = parse(named.trim())?;
            if !trusted.contain(address) {
                return Some(address);
            }
        }
    }
    None
}

/// An address, as proxies write it: some with its port.
fn parse(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|with_port| with_port.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// What the nearest proxy says.
fn scheme(values: &GetAll<'_, HeaderValue>) -> Scheme {
    let nearest = values.iter().next_back().and_then(|value| value.to_str().ok()?.rsplit(',').next());
    match nearest {
        Some(scheme) if scheme.trim().eq_ignore_ascii_case("https") => Scheme::Https,
        _ => Scheme::Http,
    }
}
