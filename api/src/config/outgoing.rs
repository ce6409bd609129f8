//! What may be asked of other sites beside the public internet.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;
use url::Host;

/// Hosts and networks that messages go to though they are inside, by http too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    names: Vec<String>,
    networks: Vec<IpNet>,
}

impl Allowed {
    /// Whether a host is one of them by its name.
    #[must_use]
    pub fn name(&self, name: &str) -> bool {
        let name = name.trim_end_matches('.');
        self.names.iter().any(|allowed| allowed.eq_ignore_ascii_case(name))
    }

    /// Whether an address belongs to one of them.
    #[must_use]
    pub fn network(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut allowed = Self::default();
        for piece in text.split(',').map(str::trim) {
            if let Ok(network) = piece.parse::<IpNet>().or_else(|_| piece.parse::<IpAddr>().map(IpNet::from)) {
                allowed.networks.push(network);
                continue;
            }
            match Host::parse(piece) {
                Ok(Host::Domain(name)) if !piece.contains([':', '/']) => {
                    allowed.names.push(name.trim_end_matches('.').to_owned());
                }
                _ => {
                    return Err(format!(
                        "`{piece}` is neither a host nor a network; allowed: such as hooks.internal or 10.0.0.0/8, separated by commas"
                    ));
                }
            }
        }
        Ok(allowed)
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks = self.networks.iter().map(ToString::to_string);
        f.write_str(&self.names.iter().cloned().chain(networks).collect::<Vec<_>>().join(","))
    }
}
