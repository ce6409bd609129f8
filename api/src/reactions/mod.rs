//! Reactions to posts, campaigns and events: their sums. Who reacted is never said.

pub mod object;
pub mod store;

/// The invitation or the sum, as a page shows it.
#[must_use]
pub fn label(total: i64) -> String {
    match total {
        0 => "Add your reaction".to_owned(),
        1 => "1 reaction".to_owned(),
        many => format!("{many} reactions"),
    }
}
