//! The templates of mails, which are part of the binary.

use std::borrow::Cow;
use std::sync::LazyLock;

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error as TemplateError, Output, State, UndefinedBehavior, Value, context};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::mail::{Rendered, compose};

/// How many letters a line of the text has at most.
const LINE: usize = 72;

/// Each mail as text, which begins with its subject, and as HTML.
macro_rules! mails {
    ($($name:literal),* $(,)?) => {
        const FILES: &[(&str, &str)] = &[
            ("layout.html", include_str!("../../assets/mail/layout.html")),
            $(
                (concat!($name, ".txt"), include_str!(concat!("../../assets/mail/", $name, ".txt"))),
                (concat!($name, ".html"), include_str!(concat!("../../assets/mail/", $name, ".html"))),
            )*
        ];
    };
}

mails! {
    "register", "registered_already", "invite", "reset", "email_change", "email_changed",
    "password_changed", "session_revoked_reuse", "two_factor_changed", "role_changed",
    "post_note", "reaction_confirm", "moderation_waits",
    "subscription_request", "subscription_post", "subscription_digest",
    "enquiry_received", "enquiry_told",
    "rsvp_confirm", "rsvp_told", "webhook_disabled",
}

static TEMPLATES: LazyLock<Result<Environment<'static>, TemplateError>> = LazyLock::new(read);

fn read() -> Result<Environment<'static>, TemplateError> {
    let mut templates = Environment::new();
    // A value that is missing is a fault, not a gap in a mail; only a condition may ask whether there is one.
    templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    // Lines of conditions leave no empty ones.
    templates.set_trim_blocks(true);
    templates.set_lstrip_blocks(true);
    templates.set_keep_trailing_newline(true);
    templates.set_formatter(write);
    templates.add_filter("count", count);
    for (name, text) in FILES {
        templates.add_template(name, text)?;
    }
    Ok(templates)
}

pub(super) fn fill(name: &str, values: impl Serialize) -> Result<Rendered> {
    let templates = TEMPLATES.as_ref().map_err(|error| Error::internal(error.to_string()))?;
    let values = Value::from_serialize(values);
    let render = |file: String, values: &Value| {
        let template = templates.get_template(&file).and_then(|template| template.render(values));
        template.map_err(|error| Error::internal(format!("the mail `{file}` cannot be written: {error:#}")))
    };
    let text = render(format!("{name}.txt"), &values)?;
    let (head, text) = text.trim_start().split_once("\n\n").unwrap_or_default();
    let subject = head.strip_prefix("Subject: ").unwrap_or_default().to_owned();
    if subject.is_empty() {
        return Err(Error::internal(format!("the mail `{name}` has no subject")));
    }
    let html = render(format!("{name}.html"), &context! { subject => subject, ..values })?;
    Ok(Rendered { text: wrapped(text), subject, html })
}

/// Paragraphs in lines of a readable length, however long the values are. A word is never broken: it may be a link.
fn wrapped(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        if !lines.is_empty() {
            lines.push('\n');
        }
        let mut letters = 0;
        for word in paragraph.split_whitespace() {
            let more = word.chars().count();
            if letters > 0 {
                lines.push(if letters + 1 + more > LINE { '\n' } else { ' ' });
                letters = if letters + 1 + more > LINE { 0 } else { letters + 1 };
            }
            lines.push_str(word);
            letters += more;
        }
        lines.push('\n');
    }
    lines
}

/// Writes a value: in one line, so that nobody's name looks like a part of the mail, and in HTML as text.
fn write(out: &mut Output, state: &State, value: &Value) -> Result<(), TemplateError> {
    let Some(text) = value.as_str().filter(|_| value.kind() == ValueKind::String && !value.is_safe()) else {
        return minijinja::escape_formatter(out, state, value);
    };
    let text = compose::line(text);
    let text = if matches!(state.auto_escape(), AutoEscape::Html) { escaped(&text) } else { Cow::Borrowed(text.as_str()) };
    out.write_str(&text).map_err(TemplateError::from)
}

fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    Cow::Owned(text.replace('"', "&quot;").replace('\'', "&#39;"))
}

/// So many of something: `1 hour`, `72 hours`.
/// A time in the unit that a person would say: more than two days are days.
fn count(number: u64, what: &str) -> String {
    if what == "hour" && number > 48 && number.is_multiple_of(24) {
        return count(number / 24, "day");
    }
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
