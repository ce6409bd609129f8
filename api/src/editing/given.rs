//! What people give for the fields of content: each value is checked, and all that is wrong is told at once. What is left out stays, and
//! `null` clears what can be empty.

use async_graphql::MaybeUndefined;
use chrono_tz::Tz;
use url::Url;

use crate::editing::NewSlug;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::mail::address::Email;
use crate::slugs;
use crate::text::{line, name as names};

/// How many characters a title may have.
const TITLE: usize = 200;
/// How many characters a few sentences of plain text may have.
const SUMMARY: usize = 1_000;
/// How many characters a text in Markdown may have.
const BODY: usize = 200_000;
/// How many characters an address may have.
const ADDRESS: usize = 500;
/// How many things another may be linked to.
const LINKS: usize = 100;

/// What is wrong with a value, for the person who gave it.
pub type Wrong = (UserErrorCode, String);

/// Reads a text.
pub type Reader = fn(&str) -> Result<String, Wrong>;

/// All that is wrong with what was given.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Adds one.
    pub fn add(&mut self, field: &str, code: UserErrorCode, problem: impl std::fmt::Display) {
        self.0.push(Problem::of(field, code, problem));
    }

    /// Adds one where something is not so.
    pub fn unless(&mut self, is: bool, field: &str, problem: &str) {
        if !is {
            self.add(field, UserErrorCode::Invalid, problem);
        }
    }

    /// A text that must be there.
    pub fn text(&mut self, field: &str, given: &str, read: Reader) -> String {
        read(given).unwrap_or_else(|(code, problem)| {
            self.add(field, code, problem);
            String::new()
        })
    }

    /// A value that cannot be empty: what was given, or what it was.
    pub fn kept<T>(&mut self, field: &str, given: MaybeUndefined<T>, was: T) -> T {
        match given {
            MaybeUndefined::Undefined => was,
            MaybeUndefined::Value(value) => value,
            MaybeUndefined::Null => {
                self.add(field, UserErrorCode::Required, "this cannot be empty: give a value, or leave it out to let it be");
                was
            }
        }
    }

    /// A text that cannot be empty: what was given, or what it was.
    pub fn kept_text(&mut self, field: &str, given: MaybeUndefined<String>, was: String, read: Reader) -> String {
        match given {
            MaybeUndefined::Value(text) => self.text(field, &text, read),
            other => self.kept(field, other, was),
        }
    }

    /// A text that may be empty: `null` clears it.
    pub fn open_text(&mut self, field: &str, given: MaybeUndefined<String>, was: String, read: Reader) -> String {
        self.maybe_text(field, given, Some(was), read).unwrap_or_default()
    }

    /// A text that may be none.
    pub fn maybe_text(
        &mut self,
        field: &str,
        given: MaybeUndefined<String>,
        was: Option<String>,
        read: Reader,
    ) -> Option<String> {
        match given {
            MaybeUndefined::Value(text) => Some(self.text(field, &text, read)).filter(|text| !text.is_empty()),
            other => or_none(other, was),
        }
    }

    /// A text of something new that may be none.
    pub fn new_text(&mut self, field: &str, given: Option<String>, read: Reader) -> Option<String> {
        given.map(|text| self.text(field, &text, read)).filter(|text| !text.is_empty())
    }

    /// The slug of something new: the one that was chosen, or one made of its title.
    pub fn new_slug(&mut self, given: Option<&str>, title: &str, otherwise: &str) -> NewSlug {
        match given {
            Some(slug) => NewSlug::Chosen(self.text("slug", slug, slug_of)),
            None => NewSlug::Made(slugs::of(title, otherwise)),
        }
    }

    /// The ids of what something is linked to from now on, each once and in order; nothing where they stay.
    pub fn links<I: Ord>(&mut self, field: &str, given: MaybeUndefined<Vec<I>>) -> Option<Vec<I>> {
        match given {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(Vec::new()),
            MaybeUndefined::Value(ids) => Some(self.new_links(field, ids)),
        }
    }

    /// The ids of what something new is linked to, each once and in order.
    pub fn new_links<I: Ord>(&mut self, field: &str, mut ids: Vec<I>) -> Vec<I> {
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > LINKS {
            self.add(field, UserErrorCode::TooLong, format!("at most {LINKS} of them"));
        }
        ids
    }

    /// An e-mail address.
    pub fn email(&mut self, field: &str, given: &str) -> Option<Email> {
        Email::parse(given).map_err(|problem| self.add(field, UserErrorCode::Invalid, problem)).ok()
    }

    /// Nothing where nothing is wrong.
    ///
    /// # Errors
    /// [`Error::Refused`] with all that is.
    pub fn end(self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::Refused(self.0)) }
    }
}

/// A value that may be none: what was given, or what it was.
pub fn or_none<T>(given: MaybeUndefined<T>, was: Option<T>) -> Option<T> {
    match given {
        MaybeUndefined::Undefined => was,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(value) => Some(value),
    }
}

/// Nothing that is known under these ids.
#[must_use]
pub fn unknown(field: &str, what: &str) -> Error {
    Error::refused(field, UserErrorCode::NotFound, format!("one of these {what} does not exist in this alliance"))
}

/// A name.
///
/// # Errors
/// Where it is none.
pub fn name(text: &str) -> Result<String, Wrong> {
    names::parse(text).map_err(|problem| {
        let code = if text.trim().is_empty() { UserErrorCode::Required } else { invalid_or_long(text, names::LONGEST) };
        (code, problem)
    })
}

/// A title: one line.
///
/// # Errors
/// Where it is none.
pub fn title(text: &str) -> Result<String, Wrong> {
    let title = one_line(text)?;
    if title.is_empty() { Err((UserErrorCode::Required, "a title is wanted".to_owned())) } else { Ok(title) }
}

/// One line, which may be empty.
///
/// # Errors
/// Where it is none.
pub fn one_line(text: &str) -> Result<String, Wrong> {
    line::parse(text, TITLE).map_err(|problem| (invalid_or_long(text, TITLE), problem))
}

/// A few sentences of plain text.
///
/// # Errors
/// Where it is none.
pub fn sentences(text: &str) -> Result<String, Wrong> {
    line::paragraphs(text, SUMMARY).map_err(|problem| (invalid_or_long(text, SUMMARY), problem))
}

/// A few sentences that must be there.
///
/// # Errors
/// Where there are none.
pub fn reason(text: &str) -> Result<String, Wrong> {
    let reason = sentences(text)?;
    let problem = "say why: those who meant to come will read it";
    if reason.is_empty() { Err((UserErrorCode::Required, problem.to_owned())) } else { Ok(reason) }
}

/// A text in Markdown.
///
/// # Errors
/// Where it is none.
pub fn body(text: &str) -> Result<String, Wrong> {
    line::markdown(text, BODY).map_err(|problem| (invalid_or_long(text, BODY), problem))
}

/// The address of a site.
///
/// # Errors
/// Where it is none.
pub fn website(text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    if text.chars().count() > ADDRESS {
        return Err((UserErrorCode::TooLong, format!("it has at most {ADDRESS} characters")));
    }
    let url = Url::parse(text).ok().filter(|url| {
        let is_plain = url.username().is_empty() && url.password().is_none();
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty()) && is_plain
    });
    // As a browser reads it: nothing in it is left to be read otherwise.
    let wanted = "a site's address is written as `https://www.example.org/about`";
    url.map(String::from).ok_or_else(|| (UserErrorCode::Invalid, wanted.to_owned()))
}

/// Whom to write to: an e-mail address, or the address of a page.
///
/// # Errors
/// Where it is neither.
pub fn contact(text: &str) -> Result<String, Wrong> {
    match Email::parse(text) {
        Ok(email) => Ok(email.to_string()),
        Err(problem) if text.contains('@') => Err((UserErrorCode::Invalid, problem)),
        Err(_) => website(text),
    }
}

/// A time zone.
///
/// # Errors
/// Where there is none of this name.
pub fn time_zone(text: &str) -> Result<String, Wrong> {
    let zone: Option<Tz> = text.parse().ok();
    let wanted = "a time zone is called by its IANA name, such as `Europe/London`";
    zone.map(|zone| zone.name().to_owned()).ok_or_else(|| (UserErrorCode::Invalid, wanted.to_owned()))
}

/// A slug that was chosen.
///
/// # Errors
/// Where it is none.
pub fn slug_of(text: &str) -> Result<String, Wrong> {
    slugs::parse(text).map_err(|problem| (invalid_or_long(text, slugs::LONGEST), problem))
}

/// What is wrong with a text that was refused: its length, or what is in it.
#[must_use]
pub fn invalid_or_long(text: &str, longest: usize) -> UserErrorCode {
    if text.trim().chars().count() > longest { UserErrorCode::TooLong } else { UserErrorCode::Invalid }
}
