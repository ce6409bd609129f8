//! What a request tells of who sent it: where it comes from, what it calls itself, what its browser keeps for us. Whom it speaks for is
//! a matter of `viewer`.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use secrecy::SecretString;

/// What sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// No page that says so: a program, or a browser that asks for what changes nothing.
    Program,
    /// A page of our own origin.
    OwnPage,
    /// A page of another origin that the settings allow by name, or as one on this machine.
    NamedPage,
    /// A page of any other origin, where the settings allow them all.
    AnyPage,
}

/// Who sent a request, as far as it tells.
#[derive(Debug, Clone)]
pub struct Client {
    /// The address that it comes from.
    pub address: IpAddr,
    /// Whether it came over TLS, or belongs where everything does.
    pub is_secure: bool,
    /// What sent it.
    pub source: Source,
    /// What the program calls itself, cut short.
    pub user_agent: Option<String>,
    /// The refresh token that a browser keeps in its cookie: only where a page that may use it asks for what can change something.
    pub refresh_token: Option<SecretString>,
}

impl Client {
    /// Nobody from outside: what we do ourselves.
    #[must_use]
    pub fn local() -> Self {
        Self {
            address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            is_secure: false,
            source: Source::Program,
            user_agent: None,
            refresh_token: None,
        }
    }

    /// The address, shortened for what is kept.
    #[must_use]
    pub fn network(&self) -> String {
        network(self.address).to_string()
    }

    /// By what those are told apart who are counted by their address. Of IPv6 it is the network that every customer has whole: each
    /// could come from another address of theirs every time.
    #[must_use]
    pub fn counted(&self) -> String {
        match self.address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Net::new_assert(address, 64).trunc().to_string(),
        }
    }

    /// The name of the cookie of the refresh token.
    #[must_use]
    pub fn cookie(&self) -> &'static str {
        cookie(self.is_secure)
    }
}

/// The network of an address: /24, or /48 of IPv6.
#[must_use]
pub fn network(address: IpAddr) -> IpNet {
    match address {
        IpAddr::V4(address) => Ipv4Net::new_assert(address, 24).trunc().into(),
        IpAddr::V6(address) => Ipv6Net::new_assert(address, 48).trunc().into(),
    }
}

/// The name of the cookie of the refresh token. Over TLS it has a prefix that no other host of the domain can set a cookie with: such a
/// one is `Secure`, for `Path=/`, and without a `Domain`.
#[must_use]
pub fn cookie(is_secure: bool) -> &'static str {
    if is_secure { "__Host-alliance-refresh" } else { "alliance-refresh" }
}
