//! Texts that people write: of one line, of several, and in Markdown.

/// A text of one line, without the blanks around it.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn parse(text: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() > longest {
        return Err(format!("it has at most {longest} characters"));
    }
    if text.chars().any(char::is_control) {
        return Err("it is one line, without control characters".to_owned());
    }
    Ok(text.to_owned())
}

/// A plain text of several lines.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn paragraphs(text: &str, longest: usize) -> Result<String, String> {
    markdown(text.trim(), longest)
}

/// A text in Markdown.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn markdown(text: &str, longest: usize) -> Result<String, String> {
    let text = text.replace("\r\n", "\n");
    if text.chars().count() > longest {
        return Err(format!("it has at most {longest} characters"));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err("it has no control characters beside line breaks and tabs".to_owned());
    }
    Ok(text)
}
