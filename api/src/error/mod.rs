//! How things fail, and what is said about it. The only place that makes GraphQL errors.

pub mod database;
pub mod problem;
pub mod report;

use std::fmt::Display;
use std::sync::Arc;

use async_graphql::{ErrorExtensions, InputType, InputValueError};
use sea_orm::{ConnAcquireErr, DbErr};

use crate::error::problem::{Problem, UserErrorCode};

/// What every fallible function of ours returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong, by what the client can do about it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The request is wrong; `field` says where.
    #[error("{field}: {problem}")]
    Invalid {
        /// The argument or setting that is wrong.
        field: String,
        /// What is wrong with it, and what is allowed.
        problem: String,
    },
    /// More was asked for than a limit allows.
    #[error("{what}: {asked} asked for, at most {allowed} allowed")]
    Limit {
        /// What is limited.
        what: String,
        /// The limit.
        allowed: u64,
        /// What was asked for.
        asked: u64,
    },
    /// Nobody is signed in, and somebody must be.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// The viewer may see it and may not do this.
    #[error("you may not {0}")]
    Forbidden(&'static str),
    /// It does not exist, or may not be seen, which is the same.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It was done too often.
    #[error("{what}: too often; try again in {seconds} s")]
    RateLimited {
        /// What was done too often.
        what: &'static str,
        /// After how many seconds it can be tried again.
        seconds: u64,
    },
    /// A subscription cannot go on where it stands, so that events would be missed.
    #[error("{0}")]
    Resync(&'static str),
    /// A change that a person can mend; nothing was written. A mutation tells it in its payload.
    #[error("{}", .0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("; "))]
    Refused(Vec<Problem>),
    /// The database does not answer now; the same request may succeed later.
    #[error("the service cannot answer at this moment; please try again in a few seconds")]
    Unavailable,
    /// Our fault. The cause is for the log alone.
    #[error("something went wrong on our side; the request id finds it in the log")]
    Internal(Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// A wrong argument or setting.
    pub fn invalid(field: impl Into<String>, problem: impl Display) -> Self {
        Self::Invalid { field: field.into(), problem: problem.to_string() }
    }

    /// A change that is refused because of one field of its input.
    pub fn refused(field: &str, code: UserErrorCode, message: impl Display) -> Self {
        Self::Refused(vec![Problem::of(field, code, message)])
    }

    /// A fault of ours, told in a sentence for the log.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(Arc::from(cause.into()))
    }

    /// Logs a fault of ours; others are told to the client alone.
    #[must_use]
    pub fn logged(self) -> Self {
        if let Self::Internal(cause) = &self {
            tracing::error!(error = %cause, "an operation failed");
        }
        self
    }

    /// The word in `extensions.code`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } | Self::Refused(_) => BAD_REQUEST,
            Self::Limit { .. } => LIMIT_EXCEEDED,
            Self::Unauthenticated(_) => UNAUTHENTICATED,
            Self::Forbidden(_) => "FORBIDDEN",
            Self::NotFound(_) => "NOT_FOUND",
            Self::RateLimited { .. } => RATE_LIMITED,
            Self::Resync(_) => "RESYNC",
            Self::Unavailable => UNAVAILABLE,
            Self::Internal(_) => INTERNAL,
        }
    }
}

/// The code of a request that is wrong.
pub const BAD_REQUEST: &str = "BAD_REQUEST";
/// What somebody is told who is not signed in.
pub const SIGN_IN: &str = "sign in first: this is for those who have an account here";
/// The code of a request that nobody signed in for.
pub const UNAUTHENTICATED: &str = "UNAUTHENTICATED";
/// The code of a request that came too often.
pub const RATE_LIMITED: &str = "RATE_LIMITED";
/// The code of a request that may succeed later.
pub const UNAVAILABLE: &str = "UNAVAILABLE";
/// The code of a fault of ours.
pub const INTERNAL: &str = "INTERNAL";
/// The code of a request that asks for more than a limit allows.
pub const LIMIT_EXCEEDED: &str = "LIMIT_EXCEEDED";

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error {
            // That it does not answer was said once; each of those who are turned away meanwhile is no news.
            DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed) => Self::Unavailable,
            error if database::is_unavailable(&error) => {
                tracing::warn!(error = %error, "the database does not answer");
                Self::Unavailable
            }
            other => Self::internal(other),
        }
    }
}

impl From<Error> for async_graphql::Error {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may make them")]
    fn from(error: Error) -> Self {
        let error = error.logged();
        let wait = if let Error::RateLimited { seconds, .. } = &error { Some(*seconds) } else { None };
        let limit = if let Error::Limit { allowed, asked, .. } = &error { Some((*allowed, *asked)) } else { None };
        async_graphql::Error::new(error.to_string()).extend_with(|_, extensions| {
            extensions.set("code", error.code());
            if let Some(seconds) = wait {
                extensions.set("retryAfter", seconds);
            }
            if let Some((allowed, asked)) = limit {
                extensions.set("limit", allowed);
                extensions.set("asked", asked);
            }
        })
    }
}

/// An argument that is not what its type says.
pub fn malformed<T: InputType>(problem: impl Display) -> InputValueError<T> {
    InputValueError::custom(problem)
}
