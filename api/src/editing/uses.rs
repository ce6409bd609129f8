//! What would be lost where something is deleted that others refer to, and whether that was asked for by name.

use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};

/// How many of what refer to something: the number, and the words for one and for many.
pub type Use = (u64, &'static str, &'static str);

/// The same in words, such as `3 posts, 1 event and 12 reactions`; nothing where there are none.
#[must_use]
pub fn told(uses: &[Use]) -> Option<String> {
    let parts: Vec<String> = uses
        .iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, one, many)| format!("{number} {}", if *number == 1 { one } else { many }))
        .collect();
    match parts.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [first @ .., last] => Some(format!("{} and {last}", first.join(", "))),
    }
}

/// Nothing where nothing refers to it, or where it is named.
///
/// # Errors
/// [`Error::Refused`] with what would be lost, and how to delete it all the same.
pub fn confirm(uses: &[Use], (word, name): (&str, &str), given: Option<&str>) -> Result<()> {
    let Some(lost) = told(uses) else { return Ok(()) };
    if given == Some(name) {
        return Ok(());
    }
    let problem = format!(
        "this {word} has {lost}. Posts and events stay, and name it no more; reactions to it are deleted with it. \
         Give `confirm: \"{}\"` to delete it all the same",
        name.replace('\\', "\\\\").replace('"', "\\\"")
    );
    let field = vec!["input".to_owned(), "confirm".to_owned()];
    Err(Error::Refused(vec![Problem { field, code: UserErrorCode::InUse, message: problem }]))
}
