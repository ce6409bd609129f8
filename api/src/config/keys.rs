//! The keys as they are set; whether they are keys is a matter for `keys`.

use std::convert::Infallible;

use secrecy::SecretString;

/// The keys that are set. Nothing shows them.
#[derive(Debug, Clone, Default)]
pub struct KeySettings {
    /// The keys that sign tokens, the first for new ones.
    pub signing: Option<SecretString>,
    /// The keys that seal secrets, the first for new ones.
    pub secret: Option<SecretString>,
}

/// What the settings show of a secret.
pub(super) fn masked(secret: Option<&SecretString>) -> String {
    secret.map(|_| "***".to_owned()).unwrap_or_default()
}

/// Reads a flag or a variable that nothing shows.
#[expect(clippy::unnecessary_wraps, reason = "clap wants it so")]
pub(super) fn secret(text: &str) -> Result<SecretString, Infallible> {
    Ok(SecretString::from(text))
}
