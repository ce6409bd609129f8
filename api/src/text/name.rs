//! Names: one line of text that looks like what it is.

use crate::text::line;

/// How many characters a name may have.
pub const LONGEST: usize = 100;

/// A name without the blanks around it.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn parse(text: &str) -> Result<String, String> {
    let name = line::parse(text, LONGEST)?;
    if name.is_empty() {
        return Err("a name is wanted".to_owned());
    }
    if name.contains("://") {
        return Err("a name is no web address".to_owned());
    }
    Ok(name)
}
