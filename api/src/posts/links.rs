//! The ids of what a revision is linked to, as its row keeps them: in hexadecimal, with commas between, in order.

use std::collections::BTreeSet;

use uuid::Uuid;

/// Some ids as a row keeps them, each once.
#[must_use]
pub fn written(ids: impl IntoIterator<Item = Uuid>) -> String {
    let ids: BTreeSet<Uuid> = ids.into_iter().collect();
    ids.iter().map(|id| id.simple().to_string()).collect::<Vec<_>>().join(",")
}

/// The ids that a row keeps.
pub fn read<I: From<Uuid>>(text: &str) -> Vec<I> {
    text.split(',').filter_map(|id| Uuid::try_parse(id).ok()).map(I::from).collect()
}
