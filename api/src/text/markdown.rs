//! Markdown as GitHub's, rendered and then sanitised, and the plain text of it.

use std::borrow::Cow;
use std::sync::LazyLock;

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options};

/// The number of the rules below. It rises when what they allow changes: HTML kept from older rules is then made anew.
pub const RENDERING: i32 = 2;

/// A task list shows what is done by a character: the box of a form does not pass the sanitiser.
const TASK_DONE: &str = "<input type=\"checkbox\" checked=\"\" disabled=\"\" />";
const TASK_OPEN: &str = "<input type=\"checkbox\" disabled=\"\" />";
/// Stands before every id in the HTML, so that none is taken for one of the page's own.
const PREFIX: &str = "content-";
const DONE: &str = "\u{2611}";
const OPEN: &str = "\u{2610}";

const WORDS_PER_MINUTE: usize = 220;

/// The sanitised HTML of `markdown`.
#[must_use]
pub fn html(markdown: &str) -> String {
    static SANITISER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(sanitiser);
    let html = comrak::markdown_to_html(markdown, &options()).replace(TASK_DONE, DONE).replace(TASK_OPEN, OPEN);
    SANITISER.clean(&html).to_string()
}

/// What `markdown` says, without its marks: blocks end in a line break.
#[must_use]
pub fn plain_text(markdown: &str) -> String {
    let arena = Arena::new();
    let mut text = String::with_capacity(markdown.len());
    write_text(comrak::parse_document(&arena, markdown, &options()), &mut text);
    text.trim_end().to_owned()
}

/// How many minutes `plain_text` takes to read, at least one.
#[must_use]
pub fn reading_minutes(plain_text: &str) -> i32 {
    let words = plain_text.split_whitespace().count();
    i32::try_from(words.div_ceil(WORDS_PER_MINUTE)).unwrap_or(i32::MAX).max(1)
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    // Raw HTML goes through to the sanitiser, which keeps of it what it keeps of ours.
    options.render.r#unsafe = true;
    options
}

/// Ammonia's defaults (no script, style, form, frame, svg or math), and what Markdown makes beyond them.
fn sanitiser() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::default();
    builder
        .add_tags(["section"])
        .add_tag_attributes("td", ["align"])
        .add_tag_attributes("th", ["align"])
        .add_tag_attributes("code", ["class"])
        .add_tag_attributes("ol", ["start"])
        .add_tag_attributes("a", ["id"])
        .add_tag_attributes("li", ["id"])
        .attribute_filter(|tag, attribute, value| match (tag, attribute) {
            ("code", "class") => {
                value.split_whitespace().next().filter(|class| class.starts_with("language-")).map(Cow::Borrowed)
            }
            // A footnote leads to an id, which is prefixed below.
            ("a", "href") if value.starts_with('#') => Some(Cow::Owned(format!("#{PREFIX}{}", &value[1..]))),
            _ => Some(value.into()),
        })
        .id_prefix(Some(PREFIX))
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
}

fn write_text<'a>(node: &'a AstNode<'a>, text: &mut String) {
    match &node.data.borrow().value {
        NodeValue::Text(words) => text.push_str(words),
        NodeValue::Code(code) => text.push_str(&code.literal),
        NodeValue::CodeBlock(block) => text.push_str(&block.literal),
        NodeValue::SoftBreak => text.push(' '),
        NodeValue::LineBreak => text.push('\n'),
        NodeValue::HtmlInline(html) => text.push_str(&text_of(html)),
        NodeValue::HtmlBlock(block) => text.push_str(&text_of(&block.literal)),
        NodeValue::TaskItem(item) => {
            text.push_str(if item.symbol.is_some() { DONE } else { OPEN });
            text.push(' ');
        }
        _ => {}
    }
    for child in node.children() {
        write_text(child, text);
    }
    let value = &node.data.borrow().value;
    if matches!(value, NodeValue::TableCell) {
        text.push(' ');
    } else if value.block() && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// What a piece of HTML says: its text, without tags, and without what the sanitiser drops whole.
fn text_of(html: &str) -> String {
    let escaped = ammonia::Builder::empty().clean(html).to_string();
    escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}
