//! Which one object is meant: by its id, or by its slug within an alliance.

use std::str::FromStr;

use alliance_entity::id::IdProblem;
use async_graphql::ID;

use crate::error::{Error, Result};

/// One object of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lookup<I> {
    /// By its id.
    Id(I),
    /// By its slug.
    Slug {
        /// Its own slug.
        slug: String,
        /// The slug of its alliance.
        alliance: String,
    },
}

impl<I: FromStr<Err = IdProblem>> Lookup<I> {
    /// Takes exactly one of an id, and a slug with its alliance.
    ///
    /// # Errors
    /// [`Error::Invalid`] for both, for neither, and for what is no id.
    pub fn new(id: Option<ID>, slug: Option<String>, alliance: Option<String>) -> Result<Self> {
        match (id, slug, alliance) {
            (Some(id), None, None) => Ok(Self::Id(parse_id("id", &id)?)),
            (None, Some(slug), Some(alliance)) => {
                Ok(Self::Slug { slug: plain("slug", slug)?, alliance: plain("alliance", alliance)? })
            }
            (None, Some(_), None) => {
                Err(Error::invalid("alliance", "a slug is unique within its alliance: give `alliance` with it"))
            }
            (Some(_), _, _) => Err(Error::invalid("id", "give either `id`, or `slug` with `alliance`, not both")),
            (None, None, _) => Err(Error::invalid("id", "give either `id`, or `slug` with `alliance`")),
        }
    }
}

/// Reads the id of an object of a known type.
///
/// # Errors
/// [`Error::Invalid`] for what is no id, or the id of something else.
pub fn parse_id<I: FromStr<Err = IdProblem>>(field: &str, id: &str) -> Result<I> {
    id.parse().map_err(|problem| match problem {
        IdProblem::Malformed => Error::invalid(field, "this is no id; ids look like post_01h455vb4pex5vsknk084sn02q"),
        IdProblem::OtherType => Error::invalid(field, "this is the id of an object of another type"),
    })
}

/// Text that a database can be asked for.
///
/// # Errors
/// [`Error::Invalid`] for text with a NUL, which PostgreSQL cannot hold.
pub fn plain(field: &str, text: String) -> Result<String> {
    if text.contains('\0') {
        return Err(Error::invalid(field, "it holds a NUL character (U+0000), which no text here can hold"));
    }
    Ok(text)
}
