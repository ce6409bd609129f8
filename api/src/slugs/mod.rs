//! Slugs: what stands in the address of a thing. They are made from its title, unique among its kind in an alliance, and what a thing gave
//! up still leads to it.

pub mod store;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many characters a slug may have.
pub const LONGEST: usize = 80;

/// A slug that somebody chose.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn parse(text: &str) -> Result<String, String> {
    let wanted = "a slug has 1 to 80 small letters without accents (a to z), digits, and single hyphens between them, such as `no-place-for-hate`";
    let is_slug = !text.is_empty()
        && text.len() <= LONGEST
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && text.split('-').all(|part| !part.is_empty());
    if is_slug { Ok(text.to_owned()) } else { Err(wanted.to_owned()) }
}

/// A slug made from a title: its words in small letters without accents; `otherwise` where it has none that can be written so.
#[must_use]
pub fn of(title: &str, otherwise: &str) -> String {
    let plain: String = title.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let plain = plain.replace(['\'', '\u{2019}'], "").replace('ß', "ss").replace('æ', "ae").replace('ø', "o").replace('ł', "l");
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.is_empty() {
            slug.push_str(&word[..word.len().min(LONGEST)]);
            continue;
        }
        if slug.len() + word.len() + 1 > LONGEST {
            break;
        }
        slug.push('-');
        slug.push_str(word);
    }
    if slug.is_empty() { otherwise.to_owned() } else { slug }
}

/// The same slug with a number, where the one without is taken.
#[must_use]
pub fn numbered(slug: &str, number: u32) -> String {
    if number < 2 {
        return slug.to_owned();
    }
    let end = format!("-{number}");
    let room = LONGEST - end.len();
    format!("{}{end}", slug[..slug.len().min(room)].trim_end_matches('-'))
}
