//! `alliance doctor`: what is wrong with this installation, and what to do about it.

use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::config::Config;
use crate::database::files;
use crate::database::look::Look;
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::{consistency, mail, server};

/// One thing that was looked at.
pub(super) struct Finding {
    what: &'static str,
    /// What is wrong and what to do; nothing where it is well.
    problem: Option<String>,
}

impl Finding {
    fn new(what: &'static str, looked_at: Result<()>) -> Self {
        let problem = looked_at.err().map(|error| match error {
            Error::Internal(cause) => cause.to_string(),
            told => told.to_string(),
        });
        Self { what, problem }
    }

    /// The line that the operator reads.
    pub(super) fn line(&self) -> String {
        match &self.problem {
            None => format!("ok       {}\n", self.what),
            Some(problem) => format!("PROBLEM  {}: {problem}\n", self.what),
        }
    }

    pub(super) fn is_well(&self) -> bool {
        self.problem.is_none()
    }
}

/// Looks at everything that the server needs. It changes nothing.
pub(super) async fn examine(config: &Config, deep: bool) -> Vec<Finding> {
    let mut findings = vec![
        Finding::new("the address to listen on is free", listen("ALLIANCE_LISTEN", config.listen).await),
        Finding::new("the public address leads to others", public_url(config)),
        Finding::new("its trusted documents are valid", server::front(config).map(drop)),
        Finding::new("mails can be sent", mail::examine(&config.mail).await),
        keys(config),
    ];
    if let Some(address) = config.metrics_listen {
        findings.push(Finding::new("the address of what is measured is free", listen("ALLIANCE_METRICS_LISTEN", address).await));
    }
    let file = config.database.sqlite_file();
    if let Some(file) = &file {
        let files = Finding::new("this user may use the database's file and folder", files::check(&config.database));
        let usable = files.is_well();
        findings.push(files);
        if usable && !file.exists() {
            findings.push(Finding::new("the database will be made at the first start", Ok(())));
        }
        if !usable || !file.exists() {
            return findings;
        }
    }
    match Look::open(&config.database).await {
        Err(error) => findings.push(Finding::new("the database answers", Err(error))),
        Ok(look) => {
            findings.push(Finding::new("the database answers", Ok(())));
            let schema = Finding::new("its schema is up to date", schema(&look).await);
            let is_known = schema.is_well();
            findings.push(schema);
            if file.is_some() {
                findings.push(Finding::new("its file is whole", look.whole().await));
            }
            if deep && is_known {
                findings.extend(differences(&look).await);
            }
            findings.push(Finding::new("its connections close", look.close().await));
        }
    }
    findings
}

/// Whether what stands in several places says the same in each.
async fn differences(look: &Look<'_>) -> Vec<Finding> {
    match consistency::store::examine(look.connection()).await {
        Ok(found) => found.into_iter().map(|(what, problem)| Finding { what, problem }).collect(),
        Err(error) => vec![Finding::new("what stands in several places can be compared", Err(error))],
    }
}

async fn listen(name: &str, address: SocketAddr) -> Result<()> {
    let problem = |e| format!("`{address}`: {e}; is Alliance running already? Stop it, or name another port");
    TcpListener::bind(address).await.map(drop).map_err(|e| Error::invalid(name, problem(e)))
}

fn public_url(config: &Config) -> Result<()> {
    let (url, listens_to_all) = (&config.public_url, config.listen.ip().is_unspecified());
    let only_here = url.host_str().is_some_and(|host| host == "localhost" || host.starts_with("127."));
    if listens_to_all && only_here {
        let problem = format!("`{url}` leads nobody but this machine here; set it to the address that readers use");
        return Err(Error::invalid("ALLIANCE_PUBLIC_URL", problem));
    }
    Ok(())
}

fn keys(config: &Config) -> Finding {
    match Keys::look(config) {
        Ok(None) => Finding::new("its keys will be made at the first start", Ok(())),
        found => Finding::new("its keys can be used", found.map(drop)),
    }
}

async fn schema(look: &Look<'_>) -> Result<()> {
    let pending = look.pending().await?;
    match pending.is_empty() {
        true => Ok(()),
        false => Err(Error::invalid("migrations", format!("{} have yet to run; run `alliance migrate`", pending.join(", ")))),
    }
}
