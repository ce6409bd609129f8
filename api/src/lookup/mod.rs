//! Which one object is meant: by its id, or by its slug within an alliance.

pub mod store;

use std::str::FromStr;

use alliance_entity::id::IdProblem;
use async_graphql::ID;

use crate::error::{Error, Result};
use crate::scalar::{Text, problem_with_id};

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

/// What was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<R> {
    /// Its row.
    pub row: R,
    /// The slug that it was asked for by, where it has another one now.
    pub redirected_from: Option<String>,
}

impl<I: FromStr<Err = IdProblem>> Lookup<I> {
    /// Takes exactly one of an id, and a slug with its alliance.
    ///
    /// # Errors
    /// [`Error::Invalid`] for both, for neither, and for what is no id.
    pub fn new(id: Option<ID>, slug: Option<Text>, alliance: Option<Text>) -> Result<Self> {
        match (id, slug, alliance) {
            (Some(id), None, None) => Ok(Self::Id(id.parse().map_err(|problem| Error::invalid("id", problem_with_id(problem)))?)),
            (None, Some(Text(slug)), Some(Text(alliance))) => Ok(Self::Slug { slug, alliance }),
            (None, Some(_), None) => {
                Err(Error::invalid("alliance", "a slug is unique within its alliance: give `alliance` with it"))
            }
            (Some(_), _, _) => Err(Error::invalid("id", "give either `id`, or `slug` with `alliance`, not both")),
            (None, None, _) => Err(Error::invalid("id", "give either `id`, or `slug` with `alliance`")),
        }
    }
}
