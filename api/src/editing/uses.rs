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

/// Something that is to be deleted, in words.
#[derive(Debug, Clone, Copy)]
pub struct Going<'a> {
    /// The word for it.
    pub word: &'static str,
    /// What it is called, and named by.
    pub name: &'a str,
    /// What becomes of what refers to it, in a sentence.
    pub then: &'static str,
}

/// Nothing where nothing refers to it, or where it is named.
///
/// # Errors
/// [`Error::Refused`] with what would be lost, and how to delete it all the same.
pub fn confirm(uses: &[Use], going: Going<'_>, given: Option<&str>) -> Result<()> {
    let Going { word, name, then } = going;
    let Some(lost) = told(uses) else { return Ok(()) };
    if given == Some(name) {
        return Ok(());
    }
    let name = name.replace('\\', "\\\\").replace('"', "\\\"");
    let problem = format!("this {word} has {lost}. {then} Give `confirm: \"{name}\"` to delete it all the same");
    let field = vec!["input".to_owned(), "confirm".to_owned()];
    Err(Error::Refused(vec![Problem { field, code: UserErrorCode::InUse, message: problem }]))
}
