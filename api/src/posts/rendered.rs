//! What is made of a body, before the post is held: nobody who writes waits for it, and no thread that answers requests does it.

use alliance_entity::post_revision;
use async_graphql::MaybeUndefined;
use tokio::task::spawn_blocking;

use crate::caller::Caller;
use crate::editing::given;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::text::markdown;

/// How many bytes the HTML of a body may have: it stands in lists, beside that of others.
const HTML: usize = 1_000_000;
/// How many footnotes a body may name: each is looked up among all of them.
const FOOTNOTES: usize = 1_000;

/// A body, its HTML and its plain text.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// In Markdown.
    pub body: String,
    /// Sanitised, by the rules of today.
    pub html: String,
    /// Without any marks.
    pub plain: String,
}

impl Rendered {
    /// What is made of a body.
    #[must_use]
    pub fn of(body: String) -> Self {
        Self { html: markdown::html(&body), plain: markdown::plain_text(&body), body }
    }

    /// What is made of the body that changes bring, where they bring one that is right; for strangers nothing is made.
    ///
    /// # Errors
    /// Where the work fails; [`Error::Refused`] for a body that would be too much for those who read lists.
    pub async fn ahead(caller: &Caller, body: &MaybeUndefined<String>) -> Result<Option<Self>> {
        let MaybeUndefined::Value(body) = body else { return Ok(None) };
        let (Some(_), Ok(body)) = (caller.account(), given::body(body)) else { return Ok(None) };
        if body.matches("[^").count() > FOOTNOTES {
            return Err(too_long(&format!("it names at most {FOOTNOTES} footnotes")));
        }
        let rendered = spawn_blocking(|| Self::of(body)).await.map_err(Error::internal)?;
        if rendered.html.len() > HTML {
            return Err(too_long(&format!("as HTML it has at most {HTML} bytes")));
        }
        Ok(Some(rendered))
    }

    /// What was made of a revision's body, where that was by the rules of today.
    #[must_use]
    pub fn again(revision: &post_revision::Model) -> Option<Self> {
        let post_revision::Model { body, body_html, rendering, .. } = revision;
        let made = || Self { html: body_html.clone(), plain: markdown::plain_text(body), body: body.clone() };
        (*rendering == markdown::RENDERING).then(made)
    }
}

fn too_long(problem: &str) -> Error {
    Error::refused("body", UserErrorCode::TooLong, problem)
}
