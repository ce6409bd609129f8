//! How many connections the process may have open: its file descriptors are counted by the system.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Kept for the database, the log and whatever else is open.
const RESERVE: u64 = 128;

/// As many of `asked` connections as the process can carry, after its limit of file descriptors was raised where that is allowed.
pub(super) fn connections(asked: u64) -> usize {
    let wanted = asked.saturating_add(RESERVE);
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let allowed = match current {
        Some(current) if current < wanted => raise(current, wanted.min(maximum.unwrap_or(wanted)), maximum),
        _ => wanted,
    };
    let carried = asked.min(allowed - RESERVE.min(allowed / 2)).max(1);
    if carried < asked {
        tracing::warn!(
            asked,
            carried,
            descriptors = allowed,
            "the limit of file descriptors cannot carry ALLIANCE_CONNECTIONS: fewer are taken; raise it with `ulimit -n` or LimitNOFILE"
        );
    }
    usize::try_from(carried).unwrap_or(usize::MAX)
}

/// Raises the soft limit, and returns what holds then.
fn raise(current: u64, wanted: u64, maximum: Option<u64>) -> u64 {
    if wanted <= current {
        return current;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum }) {
        Ok(()) => {
            tracing::info!(from = current, to = wanted, "the limit of file descriptors was raised for ALLIANCE_CONNECTIONS");
            wanted
        }
        Err(error) => {
            tracing::warn!(error = %error, "the limit of file descriptors cannot be raised");
            current
        }
    }
}
