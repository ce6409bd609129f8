//! The TOML file of settings, and what is said where it is wrong: the key, the line and what is allowed, but never what stands there,
//! which may be a password.

use std::path::Path;

use crate::config::flags::File;
use crate::config::read_named;
use crate::error::{Error, Result};

const NAME: &str = "alliance.toml";

pub(super) fn read(path: Option<&Path>) -> Result<File> {
    let path = match path {
        Some(path) => path,
        None if Path::new(NAME).exists() => Path::new(NAME),
        None => return Ok(File::default()),
    };
    let text = read_named("ALLIANCE_CONFIG", path)?;
    toml::from_str(&text).map_err(|error| {
        let line = text[..error.span().map_or(0, |span| span.start)].matches('\n').count() + 1;
        Error::invalid("ALLIANCE_CONFIG", format!("`{}`, line {line}: {}", path.display(), problem(&text, error)))
    })
}

fn problem(text: &str, mut error: toml::de::Error) -> String {
    let message = error.message().to_owned();
    let key = key(&mut error);
    if let Some(expected) = message.strip_prefix("invalid ").and_then(|rest| rest.rsplit_once(", expected ")).map(|(_, end)| end)
    {
        // The message itself shows the value.
        return match key {
            Some(key) => format!("`{key}` has the wrong type; allowed: {}", plain(expected)),
            None => format!("this is no TOML; allowed here: {expected}"),
        };
    }
    if let Some((unknown, known)) = message.strip_prefix("unknown field ").and_then(|rest| rest.split_once(", expected ")) {
        return format!("no setting has the name {unknown}; allowed: {}", known.trim_start_matches("one of "));
    }
    if message.starts_with("duplicate key") {
        let twice = error.span().and_then(|span| text.get(span)).unwrap_or_default();
        return format!("`{twice}` is set twice; set it once");
    }
    format!("this is no TOML: {message}")
}

/// The path to the value that is wrong, such as `limits.cost`; none where the text is no TOML. It is told where the text is not.
fn key(error: &mut toml::de::Error) -> Option<String> {
    error.set_input(None);
    let told = error.to_string();
    let (_, key) = told.trim_end().rsplit_once("\nin `")?;
    Some(key.trim_end_matches('`').to_owned())
}

/// A type of Rust in words.
fn plain(expected: &str) -> &str {
    match expected {
        "u64" => "a whole number, not negative",
        "a string" | "path string" => "text in quotes",
        "a boolean" => "true or false, without quotes",
        other if other.starts_with("struct ") => "a table",
        other => other,
    }
}
