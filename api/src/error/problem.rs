//! What a person can mend about a change that was refused.

use std::fmt::Display;

use async_graphql::Enum;

/// What kind of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum UserErrorCode {
    /// A value is missing.
    Required,
    /// A value is not what it should be; the message says what is allowed.
    Invalid,
    /// A value is longer or more than is allowed.
    TooLong,
    /// A password is too easily guessed.
    Weak,
    /// A password or a code is not right.
    Incorrect,
    /// Another object has it already.
    Taken,
    /// What was read has been changed since.
    Conflict,
    /// What the value names does not exist, or may not be seen.
    NotFound,
    /// A link or a code is not valid, or not any more.
    Expired,
    /// A one-time password is wanted besides.
    TwoFactorRequired,
    /// The object is not where this can be done to it, such as a post that is to be published and is public already.
    WrongState,
    /// Others refer to the object; the message says what would be lost, and how to delete it all the same.
    InUse,
    /// An alliance must keep an admin, and an installation its operator.
    LastAdmin,
}

/// One problem with a change. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The way to the field of the input; empty where it is about the change as a whole.
    pub field: Vec<String>,
    /// What kind of problem it is.
    pub code: UserErrorCode,
    /// What is wrong, and what to do, in a sentence.
    pub message: String,
}

impl Problem {
    /// A problem with one field of the input, by its name in the API.
    pub fn of(field: &str, code: UserErrorCode, message: impl Display) -> Self {
        Self { field: vec!["input".to_owned(), field.to_owned()], code, message: message.to_string() }
    }

    /// A problem with the change as a whole.
    pub fn whole(code: UserErrorCode, message: impl Display) -> Self {
        Self { field: Vec::new(), code, message: message.to_string() }
    }
}
