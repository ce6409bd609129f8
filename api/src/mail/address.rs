//! An e-mail address that was checked.

use std::fmt;
use std::str::FromStr;

use url::Host;

/// What RFC 5321 leaves room for.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;

/// An e-mail address that a mail can be sent to. Its domain is in lower case and ASCII; the part before the `@` is as it was given.
///
/// That part is ASCII without quotes: others hardly exist, not every server takes them, and letters that look alike would let one
/// person pass for another.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

impl Email {
    /// A checked address; blanks around it are no part of it.
    ///
    /// # Errors
    /// A sentence for the person who gave it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = |why: &str| Err(format!("this is no e-mail address: {why}; such as name@example.org"));
        let Some((local, domain)) = text.split_once('@') else { return wrong("it has no `@`") };
        if domain.contains('@') {
            return wrong("it has more than one `@`");
        }
        if local.is_empty() || local.len() > LONGEST_LOCAL || text.len() > LONGEST {
            return wrong("what stands before the `@` has 1 to 64 letters, and the whole at most 254");
        }
        if !local.split('.').all(|part| !part.is_empty() && part.bytes().all(is_plain)) {
            return wrong("before the `@` stand letters from a to z, digits and marks such as `.`, `-`, `_` and `+`");
        }
        let Some(domain) = ascii(domain) else { return wrong("after the `@` stands a domain") };
        let address = format!("{local}@{domain}");
        if address.len() > LONGEST { wrong("it is too long") } else { Ok(Self(address)) }
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What tells one mailbox from another: the same for all ways to write it.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl FromStr for Email {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose address it is, is nobody's business who reads a log.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(***)")
    }
}

/// What RFC 5322 lets stand without quotes.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// A domain with at least two labels, as the name servers know it.
fn ascii(domain: &str) -> Option<String> {
    // `Host` would decode a `%` and take an address of digits.
    if domain.contains('%') {
        return None;
    }
    let Ok(Host::Domain(domain)) = Host::parse(domain) else { return None };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_domain = domain.len() <= 253 && domain.contains('.') && domain.split('.').all(is_label);
    is_domain.then_some(domain)
}
