//! Names: one line of text that looks like what it is.

/// How many characters a name may have.
pub const LONGEST: usize = 100;

/// A name without the blanks around it.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn parse(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() {
        return Err("a name is wanted".to_owned());
    }
    if name.chars().count() > LONGEST {
        return Err(format!("a name has at most {LONGEST} characters"));
    }
    if name.chars().any(is_deceptive) {
        return Err("a name is one line, without characters that are not seen or that change the direction of others".to_owned());
    }
    if name.contains("://") {
        return Err("a name is no web address".to_owned());
    }
    Ok(name.to_owned())
}

/// Control characters, and those that are not seen: they make one name pass for another, or turn what stands beside it around.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180e}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
        )
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
