//! RichText, as clients see it.

use std::borrow::Cow;

use async_graphql::Object;

use crate::text::headings::{self, Heading};
use crate::text::markdown;

/// Markdown, with its HTML where that has been made already.
#[derive(Debug, Clone)]
pub struct RichText {
    markdown: String,
    html: Option<String>,
}

impl RichText {
    /// Text whose HTML is made when it is asked for.
    #[must_use]
    pub fn new(markdown: impl Into<String>) -> Self {
        Self { markdown: markdown.into(), html: None }
    }

    /// Text with HTML that was made by the rules of the number `rendering`; by older rules it is made anew.
    #[must_use]
    pub fn rendered(markdown: String, html: String, rendering: i32) -> Self {
        Self { markdown, html: (rendering == markdown::RENDERING).then_some(html) }
    }

    /// Its HTML, sanitised.
    #[must_use]
    pub fn sanitised(&self) -> Cow<'_, str> {
        self.html.as_deref().map_or_else(|| markdown::html(&self.markdown).into(), Cow::Borrowed)
    }
}

/// Formatted text, in three forms of the same content, and what it contains.
#[Object]
impl RichText {
    /// As it was written: GitHub-flavoured Markdown.
    async fn markdown(&self) -> &str {
        &self.markdown
    }

    /// As HTML, always sanitised: it holds no script, style, form, frame or event handler, and may be put into a page as it is. Links lead
    /// to http, https, mailto and tel alone; each id begins with `content-`. Its classes are those of GitHub: `markdown-alert` and its kinds,
    /// `markdown-alert-title`, `footnotes`, `footnote-ref`, `footnote-backref`, and `language-…` of code.
    async fn html(&self) -> String {
        self.sanitised().into_owned()
    }

    /// The table of contents: the headings of `html` from its beginning to its end, of all levels in one list. Headings without words are left
    /// out.
    async fn contents(&self) -> Vec<Heading> {
        headings::contents(&self.sanitised())
    }

    /// As plain text, without any markup; blocks are separated by line breaks.
    async fn plain_text(&self) -> String {
        markdown::plain_text(&self.markdown)
    }
}
