//! How things fail, and what is said about it. The only place that makes GraphQL errors.

use std::fmt::Display;
use std::sync::Arc;

use async_graphql::{ErrorExtensions, InputType, InputValueError, ServerError, Value};
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

    /// The word in `extensions.code`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { .. } => BAD_REQUEST,
            Self::Limit { .. } => "LIMIT_EXCEEDED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal(_) => "INTERNAL",
        }
    }
}

const BAD_REQUEST: &str = "BAD_REQUEST";

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
        if let Error::Internal(cause) = &error {
            tracing::error!(error = %cause, "a resolver failed");
        }
        let limit = if let Error::Limit { allowed, .. } = &error { Some(*allowed) } else { None };
        async_graphql::Error::new(error.to_string()).extend_with(|_, extensions| {
            extensions.set("code", error.code());
            if let Some(limit) = limit {
                extensions.set("limit", limit);
            }
        })
    }
}

/// An argument that is not what its type says.
pub fn malformed<T: InputType>(problem: impl Display) -> InputValueError<T> {
    InputValueError::custom(problem)
}

/// An error about a request that never reached a resolver: no JSON, too large, too deep.
#[must_use]
pub fn refusal(message: impl Into<String>) -> ServerError {
    ServerError::new(message, None)
}

/// An error for a request whose execution ended in a panic.
pub fn fault(cause: &impl Display) -> ServerError {
    let error = Error::internal(cause.to_string());
    async_graphql::Error::from(error).into_server_error(async_graphql::Pos::default())
}

/// Gives every error its code and the id under which the log knows the request. What the engine itself refused (a document that
/// does not parse or validate) comes without a code: it is the request that is wrong.
pub fn finish(errors: &mut [ServerError], request_id: &str) {
    for error in errors {
        let extensions = error.extensions.get_or_insert_with(Default::default);
        if extensions.get("code").is_none() {
            extensions.set("code", BAD_REQUEST);
        }
        extensions.set("requestId", Value::from(request_id));
    }
}
