//! Reactions to posts, campaigns and events: their sums, and the comments of those who left one. Who else reacted is never said.

pub mod object;
pub mod query;
pub mod store;
pub mod subject;
pub mod summary;

/// The invitation or the sum, as a page shows it.
#[must_use]
pub fn label(total: i64) -> String {
    match total {
        0 => "Add your reaction".to_owned(),
        1 => "1 reaction".to_owned(),
        many => format!("{many} reactions"),
    }
}
