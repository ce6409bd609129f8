//! Settings of the door: whose pages may ask, whose word about a client's address counts, which documents run, and which status
//! codes answers carry.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use url::{Host, Url};

/// A setting that is one of a few words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(format!("`{text}` is none of them; allowed: {}", [$($word),*].join(", "))),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $word,)* })
            }
        }
    };
}

words! {
    /// Which documents run, and whether a request may name one by its id.
    Documents {
        /// Every document runs; none is known by an id.
        Off = "off",
        /// Every document runs; those of the manifest, and those that ran lately, are known by their SHA-256.
        Automatic = "automatic",
        /// Only documents of the manifest run.
        Trusted = "trusted",
    }
}

words! {
    /// Which HTTP status codes answers carry.
    StatusCodes {
        /// What every client copes with: 200 for whatever is answered as `application/json`, 400 for what is wrong with a request.
        Compatible = "compatible",
        /// GraphQL over HTTP of September 2026: 422 for invalid requests, 294 for partial success, the same under `application/json`.
        September2026 = "september-2026",
    }
}

/// The origins of web pages that may ask from a browser; the server's own may always.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// Every page.
    Any,
    /// Pages on this machine, as a developer's are.
    Local,
    /// Pages of these origins alone.
    Listed(Vec<String>),
}

impl Origins {
    /// Whether a page of `origin` may ask.
    #[must_use]
    pub fn allow(&self, origin: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(origins) => origins.iter().any(|listed| listed == origin),
            Self::Local => Url::parse(origin).is_ok_and(|url| match url.host() {
                Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
                Some(Host::Ipv4(ip)) => ip.is_loopback(),
                Some(Host::Ipv6(ip)) => ip.is_loopback(),
                None => false,
            }),
        }
    }
}

impl FromStr for Origins {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "*" => return Ok(Self::Any),
            "local" => return Ok(Self::Local),
            "none" => return Ok(Self::Listed(Vec::new())),
            _ => {}
        }
        let origins = text.split(',').map(|origin| {
            let origin = origin.trim().trim_end_matches('/');
            match Url::parse(origin) {
                Ok(url) if matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == origin => {
                    Ok(origin.to_owned())
                }
                _ => Err(format!(
                    "`{origin}` is no origin; allowed: `*`, `local`, `none`, or origins such as https://example.org, separated by commas"
                )),
            }
        });
        origins.collect::<Result<_, _>>().map(Self::Listed)
    }
}

impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::Local => f.write_str("local"),
            Self::Listed(origins) if origins.is_empty() => f.write_str("none"),
            Self::Listed(origins) => f.write_str(&origins.join(",")),
        }
    }
}

/// The networks of proxies whose `X-Forwarded-*` headers are believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Whether an address belongs to one of them.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for Networks {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let networks = text.split(',').map(|network| {
            let network = network.trim();
            let single = || network.parse::<IpAddr>().map(IpNet::from);
            network.parse::<IpNet>().or_else(|_| single()).map_err(|_| {
                format!("`{network}` is no network; allowed: addresses and networks such as 127.0.0.1 or 10.0.0.0/8, separated by commas")
            })
        });
        networks.collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
    }
}
