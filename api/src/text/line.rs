//! What a text may be made of: one line, paragraphs of plain text, or Markdown.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

/// Characters that take no ink, or a letter's place, and are neither controls nor blanks: one text passes for another by them.
const UNSEEN: [char; 10] =
    ['\u{34f}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{2800}', '\u{3164}', '\u{ffa0}', '\u{fffc}', '\u{1d159}'];
/// The flags of England, Scotland and Wales: the only emoji that are spelt by characters that are not seen.
const FLAGS: [&str; 3] = ["gbeng", "gbsct", "gbwls"];
const BLACK_FLAG: char = '\u{1f3f4}';
/// Asks for the colourful form of what stands before it.
const COLOURFUL: char = '\u{fe0f}';
const VIRAMA: u8 = 9;

/// One line, such as a title, without the blanks around it. It may be empty.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn parse(text: &str, longest: usize) -> Result<String, String> {
    let line: String = text.trim().nfc().collect();
    if line.contains(['\n', '\r', '\t', '\u{85}', '\u{2028}', '\u{2029}']) {
        return Err("it is one line: it has no line breaks and no tabs".to_owned());
    }
    seen(line, longest)
}

/// Plain text of several lines, such as an excerpt or a note, without the blanks around it. It may be empty.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn paragraphs(text: &str, longest: usize) -> Result<String, String> {
    seen(with_line_breaks(text).trim().nfc().collect(), longest)
}

/// Markdown as it was written, but for its line breaks, which are those of Unix. It may be empty.
///
/// # Errors
/// A sentence for the person who gave it.
pub fn markdown(text: &str, longest: usize) -> Result<String, String> {
    let text = with_line_breaks(text.strip_prefix('\u{feff}').unwrap_or(text));
    short(&text, longest)?;
    match text.chars().enumerate().find(|(_, c)| !is_text(*c)) {
        Some((at, c)) => Err(refusal(at, c)),
        None => Ok(text),
    }
}

/// Whether a formatted text may hold a character: no control character but line breaks and tabs, and none that turns what follows
/// it around, so that source and program read alike.
pub(super) fn is_text(c: char) -> bool {
    match c {
        '\n' | '\t' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        _ => !c.is_control() && !is_noncharacter(c),
    }
}

fn with_line_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n")
}

fn short(text: &str, longest: usize) -> Result<(), String> {
    if text.chars().count() > longest { Err(format!("it has at most {longest} characters")) } else { Ok(()) }
}

fn refusal(at: usize, c: char) -> String {
    format!("character {} (U+{:04X}) is not seen, or changes the direction of others: it is not allowed there", at + 1, c as u32)
}

fn seen(text: String, longest: usize) -> Result<String, String> {
    short(&text, longest)?;
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        if c == BLACK_FLAG {
            at += 1 + flag(&characters[at + 1..]);
            continue;
        }
        let before = characters[..at].iter().rev().copied().find(|c| *c != COLOURFUL);
        let directly_before = at.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(at + 1).copied();
        let is_seen = match c {
            '\u{200b}' => both(before, after, is_unspaced),
            '\u{200c}' | '\u{200d}' => joins(c, before, after),
            '\u{fe0e}' | COLOURFUL => directly_before.is_some_and(|before| is_emoji(before) || is_keycap(before, after)),
            '\u{fe00}'..='\u{fe0d}' => directly_before.is_some_and(|before| before >= '\u{1000}' && is_visible(before)),
            '\u{180b}'..='\u{180d}' | '\u{180f}' => directly_before.is_some_and(|c| matches!(c, '\u{1820}'..='\u{18aa}')),
            '\u{e0100}'..='\u{e01ef}' => directly_before.is_some_and(is_ideograph),
            '\n' | '\t' => true,
            other => is_visible(other),
        };
        if !is_seen {
            return Err(refusal(at, c));
        }
        at += 1;
    }
    Ok(text)
}

/// How many characters after a black flag make it a country's.
fn flag(after: &[char]) -> usize {
    let spells = |name: &str| {
        let tags = name.chars().map(|c| char::from_u32(0xe0000 + c as u32)).chain([Some('\u{e007f}')]);
        tags.eq(after.iter().take(name.len() + 1).map(|c| Some(*c)))
    };
    FLAGS.iter().find(|name| spells(name)).map_or(0, |name| name.len() + 1)
}

/// Whether a joiner shapes letters of a script that joins them, or makes one emoji of two.
fn joins(joiner: char, before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return before.is_some_and(is_virama);
    };
    let is_letter = |c: char| c.is_alphanumeric() || is_combining_mark(c);
    is_virama(before)
        || (is_letter(before) && is_letter(after) && (is_joined(before) || is_joined(after)))
        || (joiner == '\u{200d}' && is_emoji(before) && is_emoji(after))
}

fn both(before: Option<char>, after: Option<char>, fits: fn(char) -> bool) -> bool {
    before.is_some_and(fits) && after.is_some_and(fits)
}

fn is_virama(c: char) -> bool {
    canonical_combining_class(c) == VIRAMA
}

/// Arabic and its relatives, the scripts of India and of South East Asia, and Mongolian.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10a00}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}')
}

/// Thai, Lao, Burmese and Khmer: they are written without blanks, and broken where a character says so that is not seen.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e01}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}') && is_visible(c)
}

fn is_emoji(c: char) -> bool {
    !c.is_ascii() && c.is_emoji_char()
}

fn is_keycap(c: char, after: Option<char>) -> bool {
    matches!(c, '0'..='9' | '#' | '*') && after == Some('\u{20e3}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}')
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || c as u32 & 0xfffe == 0xfffe
}

fn is_visible(c: char) -> bool {
    let is_sign = matches!(
        c,
        '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{110bd}' | '\u{110cd}'
    );
    let is_other = matches!(
        c.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
    );
    let is_selector =
        matches!(c, '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}');
    is_sign || !(is_other || is_selector || is_noncharacter(c) || UNSEEN.contains(&c))
}
