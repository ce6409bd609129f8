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
const INTROSPECTION: u64 = 1_000;
/// What counting a whole list costs.
const COUNT: u64 = 10;
/// What a search costs beside its results: ranking looks at a thousand candidates.
const SEARCH: u64 = 100;
/// What a change costs beside what is read after it.
const CHANGE: u64 = 10;
/// How many items a list without page arguments is taken to have.
const PLAIN_LIST: u64 = 10;
/// How many items a page has where the client does not say.
const PAGE: u64 = page::DEFAULT;

/// What some fields of one object cost.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    /// For each item of a page.
    each: u64,
    /// For the page as a whole.
    once: u64,
}

impl Cost {
    /// The cost of a question about the schema.
    pub(super) fn of_introspection() -> Self {
        Self { each: INTROSPECTION, once: 0 }
    }

    /// All of it together.
    pub(super) fn all(self) -> u64 {
        self.each.saturating_add(self.once)
    }

    /// Adds what stands beside.
    pub(super) fn add(&mut self, other: Self) {
        self.each = self.each.saturating_add(other.each);
        self.once = self.once.saturating_add(other.once);
    }

    /// The dearer of the two: an object is of one type or of the other.
    pub(super) fn or(self, other: Self) -> Self {
        Self { each: self.each.max(other.each), once: self.once.max(other.once) }
    }
}

/// What a field costs with all that is below it.
pub(super) fn of(parent: &Name, field: &Node<Field>, below: Cost, variables: &JsonMap, contract: &Contract) -> Cost {
    let in_page = parent.ends_with("Connection");
    if in_page && field.name == "totalCount" {
        return Cost { each: 0, once: COUNT };
    }
    let given = |name: &str| field.specified_argument_by_name(name).and_then(|value| argument(value, variables));
    let number = |name: &str| match given(name) {
        Some(Value::Number(number)) => number.as_u64(),
        _ => None,
    };
    let one = below.all().saturating_add(1);
    let own = match contract.shape(&field.definition) {
        Shape::Leaf => 0,
        Shape::Object => one,
        Shape::Connection => {
            let items = number("first").or_else(|| number("last")).unwrap_or(PAGE).max(1);
            items.saturating_mul(below.each.saturating_add(1)).saturating_add(below.once)
        }
        // A page's size was counted at its connection.
        Shape::List if in_page => one,
        Shape::List => {
            let ids = if let Some(Value::List(ids)) = given("ids") { Some(ids.len() as u64) } else { None };
            ids.unwrap_or(PLAIN_LIST).max(1).saturating_mul(one)
        }
    };
    let beside = match (parent.as_str(), field.definition.ty.inner_named_type().as_str()) {
        ("Query", "SearchConnection") => SEARCH,
        ("Mutation", _) => CHANGE,
        _ => 0,
    };
    Cost { each: own.saturating_add(beside), once: 0 }
}
