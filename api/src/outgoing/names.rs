//! From a name to the addresses that are connected to: what is inside is taken out, each time anew, so that a name that changes its answer
//! gains nothing by it.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::outgoing::address::Rules;

/// Knows the addresses of names.
#[async_trait]
pub trait Names: Send + Sync {
    /// Those that a name has now.
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// What the system knows.
#[derive(Debug, Clone, Copy)]
pub struct System;

#[async_trait]
impl Names for System {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect())
    }
}

/// Names whose addresses are checked before they are connected to.
pub(super) struct Checked {
    pub(super) names: Arc<dyn Names>,
    pub(super) rules: Rules,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, rules) = (Arc::clone(&self.names), self.rules.clone());
        Box::pin(async move {
            let (mut found, mut refused) = (Vec::new(), None);
            for address in names.addresses(name.as_str()).await? {
                match rules.address(address) {
                    Err(refusal) if !rules.name(name.as_str()) => refused = Some(refusal),
                    _ => found.push(SocketAddr::new(address, 0)),
                }
            }
            match refused {
                Some(refusal) if found.is_empty() => Err(refusal.into()),
                _ => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}
