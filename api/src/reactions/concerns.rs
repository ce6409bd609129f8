//! What a comment is looked at for before it is shown: links, and words that an alliance has blocked.

use alliance_entity::reaction::CommentConcern;
use linkify::LinkFinder;

use crate::text::sort_key;

/// What a moderator is warned of. `blocked` are words and phrases, one a line; they are found whatever their case and accents, and only as
/// whole words.
#[must_use]
pub fn of(text: &str, name: Option<&str>, blocked: &str) -> Vec<CommentConcern> {
    let said = [name.unwrap_or_default(), text].join("\n");
    let words = folded(&said);
    let mut concerns = Vec::new();
    if blocked.lines().map(folded).any(|phrase| phrase != " " && words.contains(&phrase)) {
        concerns.push(CommentConcern::BlockedWord);
    }
    if has_link(&said) {
        concerns.push(CommentConcern::Link);
    }
    concerns
}

/// Words with one blank before and after each, so that a phrase is found where it begins and ends with a word.
fn folded(text: &str) -> String {
    let words: Vec<String> =
        sort_key(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    format!(" {} ", words.join(" ")).replace("  ", " ")
}

fn has_link(text: &str) -> bool {
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false);
    finder.links(text).next().is_some()
}
