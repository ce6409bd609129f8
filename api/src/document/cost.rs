//! What an operation costs, before it touches the database: an object costs 1; a list costs its items with all that is below them, as
//! often as it asks for; sums saturate.

use apollo_compiler::executable::Field;
use apollo_compiler::response::JsonMap;
use apollo_compiler::{Name, Node};
use async_graphql::Value;

use crate::document::contract::{Contract, Shape};
use crate::document::variables::argument;
use crate::page;

/// What a question about the schema costs: a handful of them fill an operation.
pub(super) const INTROSPECTION: u64 = 1_000;
/// What counting a whole list costs.
const COUNT: u64 = 10;
/// What a change costs beside what is read after it.
const CHANGE: u64 = 10;
/// How many items a list without page arguments is taken to have.
const PLAIN_LIST: u64 = 10;
/// How many items a page has where the client does not say.
const PAGE: u64 = page::DEFAULT;

/// How often the fields of an object are answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// For each item of the pages above.
    pub(super) each: u64,
    /// For the page that they belong to as a whole.
    once: u64,
}

impl Times {
    /// The fields at the root.
    pub(super) const ROOT: Self = Self { each: 1, once: 1 };

    fn all(each: u64) -> Self {
        Self { each, once: each }
    }
}

/// What a field costs without what is below it, and how often that is answered.
pub(super) fn of(parent: &Name, field: &Node<Field>, times: Times, variables: &JsonMap, contract: &Contract) -> (u64, Times) {
    let in_page = parent.ends_with("Connection");
    if in_page && field.name == "totalCount" {
        return (times.once.saturating_mul(COUNT), times);
    }
    let given = |name: &str| field.specified_argument_by_name(name).and_then(|value| argument(value, variables));
    let number = |name: &str| match given(name) {
        Some(Value::Number(number)) => number.as_u64(),
        _ => None,
    };
    let Times { each, once: _ } = times;
    let (own, below) = match contract.shape(&field.definition) {
        Shape::Leaf => (0, times),
        Shape::Object => (each, Times::all(each)),
        Shape::Connection => {
            let items = number("first").or_else(|| number("last")).unwrap_or(PAGE).max(1).saturating_mul(each);
            (items, Times { each: items, once: each })
        }
        // A page's size was counted at its connection.
        Shape::List if in_page => (each, Times::all(each)),
        Shape::List => {
            let ids = if let Some(Value::List(ids)) = given("ids") { Some(ids.len() as u64) } else { None };
            let items = ids.unwrap_or(PLAIN_LIST).max(1).saturating_mul(each);
            (items, Times::all(items))
        }
    };
    let change = if parent == "Mutation" { CHANGE } else { 0 };
    let beside = contract.weight(field.definition.ty.inner_named_type()).saturating_add(change);
    (own.saturating_add(beside.saturating_mul(each)), below)
}
