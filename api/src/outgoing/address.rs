//! Which addresses of the web may be asked: those of the public internet, by https. What means this machine or a network behind it is
//! refused, however it is spelt, unless the settings name it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use url::{Host, Url};

use crate::config::Config;
use crate::config::outgoing::Allowed;

/// Networks that are not the public internet, and what each is.
const INSIDE: [(Ipv4Addr, u8, &str); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8, "unspecified"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "reserved"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];
/// The same of IPv6. What is outside of `2000::/3` is reserved where nothing else is said of it.
const INSIDE_V6: [(Ipv6Addr, u8, &str); 13] = [
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified"),
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::UNSPECIFIED, 96, "IPv4-compatible"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "NAT64 of a local network"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, "Teredo"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "reserved"),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, "6to4"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "private"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "site-local"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
];

/// Why an address is not asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is no address of the web, or not one by https.
    Scheme,
    /// It holds a user's name or a password.
    Credentials,
    /// It means something inside: what.
    Inside(&'static str),
    /// It is where this installation itself listens.
    Own,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme => f.write_str("an address begins with https://"),
            Self::Credentials => f.write_str("the address holds a user's name or a password: leave them out"),
            Self::Inside(what) => write!(f, "the address is not on the public internet ({what})"),
            Self::Own => f.write_str("the address is this installation's own"),
        }
    }
}

impl std::error::Error for Refusal {}

/// What may be asked.
#[derive(Debug, Clone)]
pub struct Rules {
    allowed: Allowed,
    own: IpAddr,
}

impl Rules {
    /// The rules of an installation.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self { allowed: config.outgoing_allowed.clone(), own: config.listen.ip() }
    }

    /// Checks an address as far as that can be done without looking its name up.
    ///
    /// # Errors
    /// Why it is not asked.
    pub fn check(&self, url: &Url) -> Result<(), Refusal> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        let (host, is_named) = match url.host() {
            Some(Host::Ipv4(address)) => (self.address(address.into()), self.allowed.network(address.into())),
            Some(Host::Ipv6(address)) => (self.address(address.into()), self.allowed.network(address.into())),
            Some(Host::Domain(name)) if self.name(name) => (Ok(()), true),
            Some(Host::Domain(name)) if is_local(name) => (Err(Refusal::Inside("loopback")), false),
            Some(Host::Domain(_)) => (Ok(()), false),
            None => (Err(Refusal::Scheme), false),
        };
        match url.scheme() {
            "https" => host,
            "http" if is_named => host,
            _ => Err(Refusal::Scheme),
        }
    }

    /// Whether the settings name a host, wherever that leads.
    #[must_use]
    pub fn name(&self, name: &str) -> bool {
        self.allowed.name(name)
    }

    /// Checks what is connected to.
    ///
    /// # Errors
    /// Why it is not.
    pub fn address(&self, address: IpAddr) -> Result<(), Refusal> {
        match inside(address) {
            _ if self.allowed.network(address) => Ok(()),
            Some(what) => Err(Refusal::Inside(what)),
            None if address.to_canonical() == self.own.to_canonical() => Err(Refusal::Own),
            None => Ok(()),
        }
    }
}

fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// What an address is that is not on the public internet; nothing for one that is.
#[must_use]
pub fn inside(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => inside_v4(address),
        IpAddr::V6(address) => inside_v6(address),
    }
}

fn inside_v4(address: Ipv4Addr) -> Option<&'static str> {
    if address.is_broadcast() {
        return Some("broadcast");
    }
    let within = |(network, length, _): &&(Ipv4Addr, u8, &str)| Ipv4Net::new_assert(*network, *length).contains(&address);
    INSIDE.iter().find(within).map(|(_, _, what)| *what)
}

fn inside_v6(address: Ipv6Addr) -> Option<&'static str> {
    let [_, _, _, _, _, _, high, low] = address.segments();
    let embedded = Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    let translated = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);
    if address.to_ipv4_mapped().is_some() || translated.contains(&address) {
        return inside_v4(embedded);
    }
    let within = |(network, length, _): &&(Ipv6Addr, u8, &str)| Ipv6Net::new_assert(*network, *length).contains(&address);
    let listed = INSIDE_V6.iter().find(within).map(|(_, _, what)| *what);
    let is_global = address.segments()[0] & 0xe000 == 0x2000;
    listed.or_else(|| (!is_global).then_some("reserved"))
}
