//! A message as it travels: headers, and the same content as text and as HTML.

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};

use crate::mail::address::Email;
use crate::mail::{Failure, Message};

/// How many bytes a mail may have. Ours have a few thousand.
const LARGEST: usize = 256 * 1024;
/// How many bytes a line may have, as RFC 5322 says.
const LONGEST_LINE: usize = 998;
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
        let name = message.sender.as_deref().map(line).or_else(|| self.from.name.clone());
        let mut builder = lettre::Message::builder()
            .from(Mailbox::new(name, self.from.email.clone()))
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

/// A link must not be broken, so that text stays as it is wherever that can travel.
fn part(kind: ContentType, text: &str, wire: Wire) -> SinglePart {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_short = text.lines().all(|line| line.len() <= LONGEST_LINE);
    let body = if is_short && !text.contains('\0') && (text.is_ascii() || wire == Wire::Readable) {
        let encoding = if text.is_ascii() { ContentTransferEncoding::SevenBit } else { ContentTransferEncoding::EightBit };
        // The dangers are those that were just looked for; lettre itself would break each line after 76 letters.
        Body::dangerous_pre_encoded(text.replace('\n', "\r\n").into_bytes(), encoding)
    } else {
        Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable).unwrap_or_else(Body::new)
    };
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
