//! What is made of a text in Markdown, before anything is held: nobody who writes waits for it, and no thread that answers requests does it.

use std::num::NonZero;
use std::sync::LazyLock;

use alliance_entity::id::AllianceId;
use alliance_entity::rendered_text;
use async_graphql::{Context, MaybeUndefined};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::caller::Caller;
use crate::context::Ask;
use crate::database::transaction::Transaction;
use crate::editing::given::{self, Problems};
use crate::editing::store::html::{self, HtmlOf};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::text::markdown;
use crate::text::rich::RichText;

/// How many bytes the HTML of a text may have: it stands in lists, beside that of others.
const HTML: usize = 1_000_000;
/// How many texts are rendered at once: one core is left to those who read.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    Semaphore::new(cores.saturating_sub(1).max(1))
});
/// How many footnotes a text may name: each is looked up among all of them.
const FOOTNOTES: usize = 1_000;

/// A text, its HTML and its plain text.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// As it was written.
    pub markdown: String,
    /// Sanitised, by the rules of today.
    pub html: String,
    /// Without any marks.
    pub plain: String,
}

impl Rendered {
    /// What is made of a text.
    #[must_use]
    pub fn of(markdown: String) -> Self {
        Self { html: markdown::html(&markdown), plain: markdown::plain_text(&markdown), markdown }
    }
}

/// What becomes of the HTML of a text by a change.
#[derive(Debug)]
pub enum Ahead {
    /// It stays: no text was given, or none that is kept.
    Stays,
    /// It goes with its text.
    Goes,
    /// It is this from now on.
    Made(Rendered),
    /// The text makes more than those who read lists can be given.
    TooMuch(String),
}

impl Ahead {
    /// What is made of a text that is right; for strangers nothing is made.
    ///
    /// # Errors
    /// Where the work fails.
    pub async fn of(caller: &Caller, text: Option<&str>) -> Result<Self> {
        let is_known = caller.account().is_some() || caller.client.is_none();
        let Some(Ok(text)) = text.filter(|_| is_known).map(given::body) else { return Ok(Self::Stays) };
        if text.matches("[^").count() > FOOTNOTES {
            return Ok(Self::TooMuch(format!("it names at most {FOOTNOTES} footnotes")));
        }
        let _turn = TURNS.acquire().await;
        let rendered = spawn_blocking(|| Rendered::of(text)).await.map_err(Error::internal)?;
        if rendered.html.len() > HTML {
            return Ok(Self::TooMuch(format!("as HTML it has at most {HTML} bytes")));
        }
        Ok(Self::Made(rendered))
    }

    /// The same of a text that may be left as it is, or emptied.
    ///
    /// # Errors
    /// As [`Ahead::of`].
    pub async fn of_change(caller: &Caller, text: &MaybeUndefined<String>) -> Result<Self> {
        match text {
            MaybeUndefined::Undefined => Ok(Self::Stays),
            MaybeUndefined::Null => Ok(Self::Goes),
            MaybeUndefined::Value(text) => Self::of(caller, Some(text)).await,
        }
    }

    /// What was made, where anything was.
    ///
    /// # Errors
    /// [`Error::Refused`] where that is too much.
    pub fn made(self, field: &str) -> Result<Option<Rendered>> {
        match self {
            Self::Made(rendered) => Ok(Some(rendered)),
            Self::TooMuch(problem) => Err(Error::refused(field, UserErrorCode::TooLong, problem)),
            Self::Stays | Self::Goes => Ok(None),
        }
    }

    /// Tells of a text that makes too much.
    pub fn check(&self, field: &str, problems: &mut Problems) {
        if let Self::TooMuch(problem) = self {
            problems.add(field, UserErrorCode::TooLong, problem);
        }
    }

    /// Keeps it with what the text is of.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep(self, txn: &Transaction, alliance: AllianceId, of: Uuid) -> Result<()> {
        match self {
            Self::Made(Rendered { markdown, html, plain: _ }) => html::put(txn, row(alliance, of, (&markdown, html))).await,
            Self::Goes => html::delete(txn, of).await,
            Self::Stays | Self::TooMuch(_) => Ok(()),
        }
    }
}

/// What is kept of a text that nobody waits for.
#[must_use]
pub fn kept(alliance: AllianceId, of: Uuid, markdown: &str) -> rendered_text::Model {
    row(alliance, of, (markdown, markdown::html(markdown)))
}

fn row(alliance_id: AllianceId, subject_id: Uuid, (markdown, html): (&str, String)) -> rendered_text::Model {
    rendered_text::Model { subject_id, alliance_id, source: digest(markdown), html, rendering: markdown::RENDERING }
}

fn digest(markdown: &str) -> Vec<u8> {
    Sha256::digest(markdown).to_vec()
}

/// A text as clients see it, with the HTML that was made of it when it was written, where that is asked for.
///
/// # Errors
/// Where the database does not answer.
pub async fn text(ctx: &Context<'_>, of: Uuid, markdown: &str) -> Result<RichText> {
    let asked = ctx.look_ahead();
    if !asked.field("html").exists() && !asked.field("contents").exists() {
        return Ok(RichText::new(markdown));
    }
    let kept = ctx.load(HtmlOf(of)).await?.filter(|kept| kept.source == digest(markdown));
    Ok(match kept {
        Some(kept) => RichText::rendered(markdown.to_owned(), kept.html, kept.rendering),
        None => RichText::new(markdown),
    })
}
