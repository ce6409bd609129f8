//! What differs between two revisions of a post, line by line.

use std::time::Duration;

use alliance_entity::post_revision;
use async_graphql::{Enum, SimpleObject};
use similar::{Algorithm, ChangeTag, TextDiff};

/// How long the shortest difference is looked for; after that any is taken.
const PATIENCE: Duration = Duration::from_millis(250);

/// What a post says, in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum PostPart {
    /// The title.
    Title,
    /// The excerpt.
    Excerpt,
    /// The body.
    Body,
    /// The kind of article.
    Kind,
    /// The author.
    Author,
    /// The event.
    Event,
    /// The campaigns.
    Campaigns,
    /// The institutions.
    Institutions,
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum LineChange {
    /// It stands in both.
    Same,
    /// It stands in the newer one alone.
    Added,
    /// It stands in the older one alone.
    Removed,
}

/// A line of one of two texts, or of both.
#[derive(Debug, Clone, SimpleObject)]
pub struct DifferenceLine {
    /// What became of it.
    pub change: LineChange,
    /// The line, without its end.
    pub text: String,
}

/// What differs between two revisions of a post.
#[derive(Debug, Clone, SimpleObject)]
pub struct PostDifference {
    /// The parts that differ.
    pub parts: Vec<PostPart>,
    /// The lines of both titles.
    pub title: Vec<DifferenceLine>,
    /// The lines of both excerpts.
    pub excerpt: Vec<DifferenceLine>,
    /// The lines of both bodies, in Markdown.
    pub body: Vec<DifferenceLine>,
}

/// What differs from `from` to `to`.
#[must_use]
pub fn between(from: &post_revision::Model, to: &post_revision::Model) -> PostDifference {
    let parts = [
        (PostPart::Title, from.title != to.title),
        (PostPart::Excerpt, from.excerpt != to.excerpt),
        (PostPart::Body, from.body != to.body),
        (PostPart::Kind, from.kind != to.kind),
        (PostPart::Author, from.author_id != to.author_id),
        (PostPart::Event, from.event_id != to.event_id),
        (PostPart::Campaigns, from.campaign_ids != to.campaign_ids),
        (PostPart::Institutions, from.institution_ids != to.institution_ids),
    ];
    PostDifference {
        parts: parts.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect(),
        title: lines(&from.title, &to.title),
        excerpt: lines(&from.excerpt, &to.excerpt),
        body: lines(&from.body, &to.body),
    }
}

fn lines(from: &str, to: &str) -> Vec<DifferenceLine> {
    let difference = TextDiff::configure().algorithm(Algorithm::Myers).timeout(PATIENCE).diff_lines(from, to);
    let line = |change: similar::Change<&str>| DifferenceLine {
        change: match change.tag() {
            ChangeTag::Equal => LineChange::Same,
            ChangeTag::Insert => LineChange::Added,
            ChangeTag::Delete => LineChange::Removed,
        },
        text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
    };
    difference.iter_all_changes().map(line).collect()
}
