//! RichText, as clients see it.

use async_graphql::Object;

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
}

/// Formatted text, in three forms of the same content.
#[Object]
impl RichText {
    /// As it was written: GitHub-flavoured Markdown.
    async fn markdown(&self) -> &str {
        &self.markdown
    }

    /// As HTML, always sanitised: it holds no script, style, form, frame or event handler, and may be put into a page as it is.
    async fn html(&self) -> String {
        self.html.clone().unwrap_or_else(|| markdown::html(&self.markdown))
    }

    /// As plain text, without any markup; blocks are separated by line breaks.
    async fn plain_text(&self) -> String {
        markdown::plain_text(&self.markdown)
    }
}
