//! search.

use alliance_entity::search_document::SearchType;

use crate::error::{Error, Result};
use crate::page::Arguments;
use crate::page::connection::object;
use crate::scalar::Text;
use crate::search::Search;
use crate::search::object::SearchConnection;

/// How many characters a query may have.
const LONGEST: u64 = 1_000;

/// The root field.
#[derive(Debug, Default)]
pub struct SearchQuery;

object! {
    SearchQuery (self, ctx, page) {}
    lists {
        /// Full-text search over published posts and public campaigns, events and institutions. A match has all the words, in any of
        /// their forms; a last word of two letters or more also finds the words that begin with it, or the 32 shortest of them. What has
        /// the whole phrase in its title comes first, then what has all the words there, then the rest; of equals the newest first. Ranking looks at the newest 1,000 matches in titles
        /// and the newest 1,000 anywhere; these are the list.
        fn search(
            #[graphql(desc = "The words to search for, at most 1,000 characters; the first 16 words count. Nothing in it is a command, and nothing is an error but a NUL.")] query: Text,
            #[graphql(desc = "Only in the alliance with this slug.")] alliance: Option<Text>,
            #[graphql(desc = "Only things of these kinds.")] types: Option<Vec<SearchType>>
        ) -> SearchConnection {
            find(&query.0, alliance, types, page)
        }
    }
}

fn find(query: &str, alliance: Option<Text>, types: Option<Vec<SearchType>>, page: Arguments) -> Result<SearchConnection> {
    let asked = query.chars().count() as u64;
    if asked > LONGEST {
        return Err(Error::Limit { what: "query".to_owned(), allowed: LONGEST, asked });
    }
    SearchConnection::new(Search::new(query, alliance, types), page)
}
