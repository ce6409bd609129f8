//! A message as it travels: headers, and the same content as text and as HTML.

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};

use crate::mail::address::Email;
use crate::mail::{Failure, Message};

/// How many bytes a mail may have. Ours have a few thousand.
const LARGEST: usize = 256 * 1024;
/// How many letters a subject has at most.
const LONGEST_SUBJECT: usize = 200;

/// What may be on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// Every letter as it is, so that a person can read the source.
    Readable,
    /// ASCII alone, which every server takes.
    Ascii,
}

/// Whose mails they are, and when they are written.
pub(super) struct Composer<'a> {
    /// The sender.
    pub(super) from: &'a Mailbox,
    /// The time in `Date`.
    pub(super) now: DateTime<Utc>,
}

impl Composer<'_> {
    /// The message with all its headers. No value of a header can begin another.
    pub(super) fn compose(&self, message: &Message, wire: Wire) -> Result<lettre::Message, Failure> {
        if message.text.len() + message.html.len() > LARGEST {
            return Err(Failure::Permanent(format!("it has more than {LARGEST} bytes")));
        }
        let to = Email::parse(&message.to).map_err(Failure::Permanent)?;
        let to = to.as_str().parse().map_err(|_| Failure::Permanent("its address cannot be used".to_owned()))?;
        let mut builder = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(line(&message.subject).chars().take(LONGEST_SUBJECT).collect::<String>())
            .date(self.now.into())
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            .raw_header(header("Auto-Submitted", "auto-generated")?);
        for (name, value) in &message.headers {
            builder = builder.raw_header(header(name, value)?);
        }
        let parts = MultiPart::alternative()
            // Nobody who writes what is in it knows the id.
            .boundary(format!("=_{}", message.id.simple()))
            .singlepart(part(ContentType::TEXT_PLAIN, &message.text, wire))
            .singlepart(part(ContentType::TEXT_HTML, &message.html, wire));
        builder.multipart(parts).map_err(|error| Failure::Permanent(error.to_string()))
    }
}

fn header(name: &str, value: &str) -> Result<HeaderValue, Failure> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|error| Failure::Permanent(error.to_string()))?;
    Ok(HeaderValue::new(name, line(value)))
}

/// A link must not be broken: text stays as it is wherever that can travel.
fn part(kind: ContentType, text: &str, wire: Wire) -> SinglePart {
    let plain = match wire {
        Wire::Readable => ContentTransferEncoding::EightBit,
        Wire::Ascii => ContentTransferEncoding::SevenBit,
    };
    let plain = if text.is_ascii() { ContentTransferEncoding::SevenBit } else { plain };
    let body = Body::new_with_encoding(text.to_owned(), plain).unwrap_or_else(|_| Body::new(text.to_owned()));
    SinglePart::builder().header(kind).body(body)
}

/// A text in one line: what would end it, or turn its direction, becomes a blank.
pub(super) fn line(text: &str) -> String {
    let breaks = |letter: char| {
        letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let one: String = text.chars().map(|letter| if breaks(letter) { ' ' } else { letter }).collect();
    one.trim().to_owned()
}
