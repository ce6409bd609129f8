//! How an alliance's posts go out to other sites: where they lead to, what its feeds hold, in which language they are, and on what terms others
//! carry them.

use alliance_entity::alliance::{self, FeedContent};
use async_graphql::MaybeUndefined;
use unic_langid::LanguageIdentifier;

use crate::alliances::address;
use crate::editing::given::{self, Problems, Wrong};
use crate::error::problem::UserErrorCode;

/// What is to be another. What is undefined stays.
#[derive(Debug)]
pub struct Outward {
    /// Where its own site shows what it publishes.
    pub link_template: MaybeUndefined<String>,
    /// The language of what it publishes.
    pub language: MaybeUndefined<String>,
    /// How much of its posts its feeds hold.
    pub feed_content: MaybeUndefined<FeedContent>,
    /// The licence of its posts.
    pub licence: MaybeUndefined<String>,
    /// On what terms others carry its posts, in words.
    pub usage_terms: MaybeUndefined<String>,
}

impl Outward {
    /// The row with what was given, where that is right.
    pub(super) fn put(self, row: alliance::Model, was: &alliance::Model, problems: &mut Problems) -> alliance::Model {
        let Self { link_template, language, feed_content, licence, usage_terms } = self;
        alliance::Model {
            link_template: problems.maybe_text("linkTemplate", link_template, was.link_template.clone(), address::template),
            language: problems.kept_text("language", language, was.language.clone(), read_language),
            feed_content: problems.kept("feedContent", feed_content, was.feed_content),
            licence: problems.maybe_text("licence", licence, was.licence.clone(), given::one_line),
            usage_terms: problems.maybe_text("usageTerms", usage_terms, was.usage_terms.clone(), given::sentences),
            ..row
        }
    }
}

/// What those who carry an alliance's posts are told of it with each of them.
#[must_use]
pub fn said_with_posts(row: &alliance::Model) -> [Option<&String>; 5] {
    [Some(&row.name), Some(&row.slug), row.link_template.as_ref(), row.licence.as_ref(), row.usage_terms.as_ref()]
}

fn read_language(text: &str) -> Result<String, Wrong> {
    let tag: Result<LanguageIdentifier, _> = text.trim().parse();
    let wanted = "a language is called by its tag, such as `en`, `en-GB` or `pl`";
    let known = tag.ok().filter(|tag| !tag.language.is_empty()).map(|tag| tag.to_string());
    known.ok_or_else(|| (UserErrorCode::Invalid, wanted.to_owned()))
}
