//! What a lowered operation is: what the executor runs, and the tree of places that its answer is written by.

use std::collections::HashMap;

use apollo_compiler::ast::Type;
use async_graphql::parser::types::{ExecutableDocument, Selection};

use crate::document::known::Weighed;

/// What a selection takes in memory once it is lowered, as measured: twice, as it runs and as it is written.
const BYTES_A_STEP: usize = 1_024;

/// An operation as it runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// What the executor runs; nothing where the operation only asks what the schema is.
    pub(super) document: Option<ExecutableDocument>,
    /// The places of the answer.
    pub(super) places: Places,
    /// What it costs.
    pub(super) cost: u64,
    /// Whether it asks what the schema is.
    pub(super) introspects: bool,
    /// Whether it is a mutation.
    pub(super) writes: bool,
    /// Whether it is a subscription.
    pub(super) follows: bool,
    /// How many selections were looked at to make it.
    pub(super) steps: usize,
}

impl Plan {
    /// The names of the fields that the executor runs at the root.
    pub(super) fn fields(&self) -> Vec<&str> {
        let operations = self.document.iter().flat_map(|document| document.operations.iter());
        let items = operations.flat_map(|(_, operation)| &operation.node.selection_set.node.items);
        let names = items.filter_map(|item| match &item.node {
            Selection::Field(field) => Some(field.node.name.node.as_str()),
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
        });
        names.collect()
    }
}

impl Weighed for Plan {
    fn bytes(&self) -> usize {
        (self.steps + 1) * BYTES_A_STEP
    }
}

/// The fields of an object in an answer, in the order in which they were selected.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(pub(super) Vec<Place>);

/// One field of an object in an answer.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Its response name.
    pub(super) key: String,
    /// Its declared type, which says where null may stand.
    pub(super) ty: Type,
    /// What is below it.
    pub(super) below: Below,
}

/// What is below a field.
#[derive(Debug, Clone)]
pub(super) enum Below {
    /// Nothing.
    Leaf,
    /// An object of one type.
    Object(Places),
    /// An object of one of several types, by their names.
    OneOf(HashMap<String, Places>),
    /// What the schema says of itself: introspection answers it.
    Schema,
}
