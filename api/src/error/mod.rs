//! How things fail, and what is said about it. The only place that makes GraphQL errors.

pub mod report;

use std::fmt::Display;
use std::sync::Arc;

use async_graphql::{ErrorExtensions, InputType, InputValueError};
use sea_orm::DbErr;

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
            Self::Invalid { .. } => BAD_REQUEST,
            Self::Limit { .. } => LIMIT_EXCEEDED,
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
        }
    }
}

/// The code of a request that is wrong.
pub const BAD_REQUEST: &str = "BAD_REQUEST";
/// The code of a request that asks for more than a limit allows.
pub const LIMIT_EXCEEDED: &str = "LIMIT_EXCEEDED";

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => {
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
        let limit = if let Error::Limit { allowed, asked, .. } = &error { Some((*allowed, *asked)) } else { None };
        async_graphql::Error::new(error.to_string()).extend_with(|_, extensions| {
            extensions.set("code", error.code());
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
