//! HTML as a row of tags and texts: read as browsers read it, and written so that every reader reads the same.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::{Attribute, LocalName};

use crate::text::line::is_text;

/// Between their tags stands nothing that anybody reads.
const HIDDEN: [(&str, RawKind); 2] = [("script", RawKind::ScriptData), ("style", RawKind::Rawtext)];

/// A tag, or what stands between two of them.
#[derive(Debug, Clone)]
pub(super) enum Piece {
    Text(StrTendril),
    Open(LocalName, Vec<Attribute>),
    Close(LocalName),
}

impl Piece {
    /// What an attribute of an opening tag says.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let Self::Open(_, attributes) = self else { return None };
        attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
    }
}

/// The tags and texts of `html`, without comments, scripts and styles.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Pieces::default(), options);
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // It stops early for scripts alone, and the sink below runs none.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.found.take()
}

/// Whether a tag begins (true) or ends (false) what nobody reads.
pub(super) fn hides(tag: &str) -> Option<bool> {
    let (begins, tag) = tag.strip_prefix("</").map_or((true, tag.trim_start_matches('<')), |tag| (false, tag));
    let name: String = tag.chars().take_while(|c| !matches!(c, '>' | '/') && !c.is_ascii_whitespace()).collect();
    HIDDEN.iter().any(|(hidden, _)| name.eq_ignore_ascii_case(hidden)).then_some(begins)
}

/// Adds an opening tag.
pub(super) fn open<'a>(html: &mut String, name: &str, attributes: impl IntoIterator<Item = (&'a str, &'a str)>) {
    html.push('<');
    html.push_str(name);
    for (name, value) in attributes {
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        escape(html, value);
        html.push('"');
    }
    html.push('>');
}

/// Adds a closing tag.
pub(super) fn close(html: &mut String, name: &str) {
    html.push_str("</");
    html.push_str(name);
    html.push('>');
}

/// Adds text, without control characters and those that change the direction of others.
pub(super) fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other if is_text(other) => html.push(other),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Pieces {
    found: RefCell<Vec<Piece>>,
    is_hidden: Cell<bool>,
}

impl TokenSink for Pieces {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let piece = match token {
            Token::TagToken(Tag { kind, name, attrs, .. }) => {
                self.is_hidden.set(false);
                if let Some((_, kind_of_text)) = HIDDEN.iter().find(|(hidden, _)| *hidden == &*name) {
                    if kind == TagKind::EndTag {
                        return TokenSinkResult::Continue;
                    }
                    self.is_hidden.set(true);
                    return TokenSinkResult::RawData(*kind_of_text);
                }
                if kind == TagKind::StartTag { Piece::Open(name, attrs) } else { Piece::Close(name) }
            }
            Token::CharacterTokens(text) if !self.is_hidden.get() => Piece::Text(text),
            _ => return TokenSinkResult::Continue,
        };
        self.found.borrow_mut().push(piece);
        TokenSinkResult::Continue
    }
}
