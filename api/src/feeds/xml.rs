//! XML that any parser takes: escaped by `quick-xml`, and without the characters that XML 1.0 forbids even where they are escaped.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::error::{Error, Result};

/// The attributes of an element.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A document that is being written.
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
    open: Vec<&'static str>,
}

impl Xml {
    /// A document with this root.
    pub(super) fn new(root: &'static str, attributes: Attributes<'_>) -> Result<Self> {
        let mut xml = Self { writer: Writer::new(Vec::new()), open: Vec::new() };
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
        xml.begin(root, attributes)?;
        Ok(xml)
    }

    /// Opens an element.
    pub(super) fn begin(&mut self, name: &'static str, attributes: Attributes<'_>) -> Result<()> {
        // A line each, so that people can read it.
        self.write(Event::Text(BytesText::new("\n")))?;
        self.write(Event::Start(start(name, attributes)))?;
        self.open.push(name);
        Ok(())
    }

    /// Closes what was opened last.
    pub(super) fn end(&mut self) -> Result<()> {
        let name = self.open.pop().ok_or_else(|| Error::internal("an element ends that did not begin"))?;
        self.write(Event::Text(BytesText::new("\n")))?;
        self.write(Event::End(BytesEnd::new(name)))
    }

    /// An element with nothing but a text.
    pub(super) fn text(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) -> Result<()> {
        self.write(Event::Text(BytesText::new("\n")))?;
        self.write(Event::Start(start(name, attributes)))?;
        self.write(Event::Text(BytesText::new(&allowed(text))))?;
        self.write(Event::End(BytesEnd::new(name)))
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &'static str, attributes: Attributes<'_>) -> Result<()> {
        self.write(Event::Text(BytesText::new("\n")))?;
        self.write(Event::Empty(start(name, attributes)))
    }

    /// The whole of it.
    pub(super) fn finish(mut self) -> Result<String> {
        while !self.open.is_empty() {
            self.end()?;
        }
        String::from_utf8(self.writer.into_inner()).map_err(Error::internal)
    }

    fn write(&mut self, event: Event<'_>) -> Result<()> {
        self.writer.write_event(event).map_err(Error::internal)
    }
}

fn start<'a>(name: &'a str, attributes: Attributes<'_>) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, allowed(value).as_ref()));
    }
    start
}

/// A text without what XML 1.0 has no way to write.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_allowed =
        |letter: char| matches!(letter, '\t' | '\n' | '\r') || (letter >= ' ' && !matches!(letter, '\u{fffe}' | '\u{ffff}'));
    if text.chars().all(is_allowed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|letter| is_allowed(*letter)).collect())
}
