//! What a mutation answers: its subject, or what a person can mend.

use async_graphql::SimpleObject;

use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};

/// Something that a person can mend about a change. Nothing was written.
#[derive(Debug, Clone, SimpleObject)]
pub struct UserError {
    /// The way to the field of the input, such as `["input", "email"]`; null where it is about the change as a whole.
    pub field: Option<Vec<String>>,
    /// What kind of problem it is.
    pub code: UserErrorCode,
    /// What is wrong, and what to do, in a sentence.
    pub message: String,
}

impl From<Problem> for UserError {
    fn from(Problem { field, code, message }: Problem) -> Self {
        Self { field: (!field.is_empty()).then_some(field), code, message }
    }
}

/// What can be mended about a change that failed; what cannot remains an error.
///
/// # Errors
/// Everything but [`Error::Refused`].
pub fn mendable(error: Error) -> Result<Vec<UserError>> {
    match error {
        Error::Refused(problems) => Ok(problems.into_iter().map(UserError::from).collect()),
        other => Err(other),
    }
}

/// Makes the payload of a mutation: its subjects, each null where nothing was written, and the user errors. `of` fills it from the
/// outcome of an action.
#[allow(unused_macros, reason = "mutations come")]
macro_rules! payload {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $of:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Default, async_graphql::SimpleObject)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: Option<$of>,)*
            /// What a person can mend; empty where it was done.
            pub user_errors: Vec<$crate::change::UserError>,
        }

        impl $name {
            #[allow(dead_code, reason = "what was changed is read anew, and told with what can be mended")]
            fn of<T>(outcome: $crate::error::Result<T>, fill: impl FnOnce(&mut Self, T)) -> $crate::error::Result<Self> {
                let mut payload = Self::default();
                match outcome {
                    Ok(done) => fill(&mut payload, done),
                    Err(error) => payload.user_errors = $crate::change::mendable(error)?,
                }
                Ok(payload)
            }
        }
    };
}
#[allow(unused_imports, reason = "mutations come")]
pub(crate) use payload;
