//! A valid operation lowered to what the executor runs: conditions evaluated, fields collected by their response names, fragments
//! resolved for each type of object, variables put in their places. The executor meets no fragment, no directive and no variable, and
//! each response name once.
//!
//! <https://spec.graphql.org/draft/#CollectFields()>

use std::collections::{HashMap, HashSet};

use apollo_compiler::ast::OperationType;
use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{DirectiveList, Field, Operation, Selection, SelectionSet};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::response::JsonMap;
use apollo_compiler::{ExecutableDocument, Name, Node};
use async_graphql::parser::types as lowered;
use async_graphql::{Name as Named, Pos, Positioned, Value};

use crate::document::contract::Contract;
use crate::document::cost::{self, Times};
use crate::document::plan::{Below, Place, Places, Plan};
use crate::document::variables::argument;
use crate::error::report::Report;

/// The response name under which the executor tells which type an object is of. No client can ask for it: it is no name.
pub(super) const TYPE: &str = ":type";
struct Lowering<'a> {
    document: &'a ExecutableDocument,
    contract: &'a Contract,
    variables: &'a JsonMap,
    /// How many selections have been looked at, and may be.
    steps: usize,
    most_steps: usize,
    /// What has been asked for so far, and may be.
    cost: u64,
    most_cost: u64,
    introspects: bool,
}

/// Why an operation is not lowered.
pub(super) enum Stopped {
    /// More selections would have to be looked at than was allowed.
    Steps,
    /// It is wrong.
    Wrong(Report),
}

type Items = Vec<Positioned<lowered::Selection>>;
type Groups<'a> = IndexMap<&'a str, Vec<&'a Node<Field>>>;

/// What some selections become for objects of one type.
#[derive(Default)]
struct Lowered {
    items: Items,
    places: Places,
}

/// Lowers one operation, looking at no more than `steps` selections. What it costs is counted to the end; but past the limit nothing
/// is made of it any more.
pub(super) fn lower(
    document: &ExecutableDocument,
    operation: &Operation,
    variables: &JsonMap,
    contract: &Contract,
    (steps, cost): (usize, u64),
) -> Result<Plan, Stopped> {
    let (most_steps, most_cost) = (steps, cost);
    let mut lowering = Lowering { document, contract, variables, steps: 0, most_steps, cost: 0, most_cost, introspects: false };
    let root = lowering.object(operation.object_type(), &[&operation.selection_set], Times::ROOT)?;
    if operation.is_mutation() {
        alone(&root.items, contract)?;
    }
    let ty = match operation.operation_type {
        OperationType::Query => lowered::OperationType::Query,
        OperationType::Mutation => lowered::OperationType::Mutation,
        OperationType::Subscription => lowered::OperationType::Subscription,
    };
    let only_schema = root.items.is_empty() && lowering.introspects;
    let definition = lowered::OperationDefinition {
        ty,
        variable_definitions: Vec::new(),
        directives: Vec::new(),
        selection_set: set(root.items),
    };
    let executed = lowered::ExecutableDocument {
        operations: lowered::DocumentOperations::Single(here(definition)),
        fragments: HashMap::new(),
    };
    Ok(Plan {
        writes: operation.is_mutation(),
        follows: operation.is_subscription(),
        document: (!only_schema).then_some(executed),
        places: root.places,
        cost: lowering.cost,
        introspects: lowering.introspects,
        steps: lowering.steps,
    })
}

impl<'a> Lowering<'a> {
    fn object(&mut self, object: &Name, sets: &[&'a SelectionSet], times: Times) -> Result<Lowered, Stopped> {
        let mut groups = Groups::default();
        let mut visited = HashSet::new();
        for set in sets {
            self.collect(object, set, &mut groups, &mut visited)?;
        }
        let mut lowered = Lowered::default();
        for (key, fields) in groups {
            self.field((object, times), key, &fields, &mut lowered)?;
        }
        Ok(lowered)
    }

    fn collect(
        &mut self,
        object: &Name,
        set: &'a SelectionSet,
        groups: &mut Groups<'a>,
        visited: &mut HashSet<&'a str>,
    ) -> Result<(), Stopped> {
        for selection in &set.selections {
            self.steps += 1;
            if self.steps > self.most_steps {
                return Err(Stopped::Steps);
            }
            if !self.is_included(selection.directives())? {
                continue;
            }
            match selection {
                Selection::Field(field) => groups.entry(field.response_key().as_str()).or_default().push(field),
                Selection::InlineFragment(fragment) => {
                    if fragment.type_condition.as_ref().is_none_or(|condition| self.contract.applies(condition, object)) {
                        self.collect(object, &fragment.selection_set, groups, visited)?;
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.fragment_name) else { continue };
                    if visited.insert(&spread.fragment_name) && self.contract.applies(fragment.type_condition(), object) {
                        self.collect(object, &fragment.selection_set, groups, visited)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn is_included(&self, directives: &DirectiveList) -> Result<bool, Stopped> {
        let condition = |name: &str| {
            let given = directives.get(name).and_then(|directive| directive.specified_argument_by_name("if"));
            match given.and_then(|given| argument(given, self.variables)) {
                Some(Value::Boolean(value)) => Ok(Some(value)),
                Some(Value::Null) => {
                    let message = format!("The argument `if` of `@{name}` is of the type `Boolean!`: it must not be null.");
                    Err(Stopped::Wrong(Report::wrong(message)))
                }
                _ => Ok(None),
            }
        };
        Ok(directives.is_empty() || (condition("skip")? != Some(true) && condition("include")? != Some(false)))
    }

    fn field(
        &mut self,
        (object, times): (&Name, Times),
        key: &str,
        fields: &[&'a Node<Field>],
        into: &mut Lowered,
    ) -> Result<(), Stopped> {
        let Some(field) = fields.first().copied() else { return Ok(()) };
        let ty = &field.definition.ty;
        if matches!(field.name.as_str(), "__schema" | "__type") {
            self.introspects = true;
            self.cost = self.cost.saturating_add(cost::INTROSPECTION);
            into.places.0.push(Place { key: key.to_owned(), ty: ty.clone(), below: Below::Schema });
            return Ok(());
        }
        let (own, times) = cost::of(object, field, times, self.variables, self.contract);
        self.cost = self.cost.saturating_add(own);
        let inner = ty.inner_named_type();
        let sets: Vec<&SelectionSet> = fields.iter().map(|field| &field.selection_set).collect();
        let (items, below) = if !self.contract.is_composite(inner) {
            (Items::new(), Below::Leaf)
        } else if self.contract.is_abstract(inner) {
            self.one_of(inner, &sets, times)?
        } else {
            let mut lowered = self.object(inner, &sets, times)?;
            // The executor gives null for an object that it was asked nothing of.
            if lowered.items.is_empty() {
                lowered.items.push(type_name());
            }
            (lowered.items, Below::Object(lowered.places))
        };
        if self.cost <= self.most_cost {
            into.places.0.push(Place { key: key.to_owned(), ty: ty.clone(), below });
            into.items.push(self.executed(key, field, items));
        }
        Ok(())
    }

    /// An object of one of several types: a fragment for each, and which one it is. It costs what the dearest of them does.
    fn one_of(&mut self, ty: &Name, sets: &[&'a SelectionSet], times: Times) -> Result<(Items, Below), Stopped> {
        let (mut items, mut places) = (vec![type_name()], HashMap::new());
        let (before, mut dearest) = (self.cost, self.cost);
        let contract = self.contract;
        for object in contract.possible(ty) {
            self.cost = before;
            let lowered = self.object(object, sets, times)?;
            dearest = dearest.max(self.cost);
            places.insert(object.to_string(), lowered.places);
            if !lowered.items.is_empty() {
                let on = lowered::TypeCondition { on: here(Named::new(object.as_str())) };
                let fragment = lowered::InlineFragment {
                    type_condition: Some(here(on)),
                    directives: Vec::new(),
                    selection_set: set(lowered.items),
                };
                items.push(here(lowered::Selection::InlineFragment(here(fragment))));
            }
        }
        self.cost = dearest;
        Ok((items, Below::OneOf(places)))
    }

    fn executed(&self, key: &str, field: &Node<Field>, items: Items) -> Positioned<lowered::Selection> {
        let place = at(field.name.location());
        let given = field.arguments.iter().filter_map(|given| {
            let value = argument(&given.value, self.variables)?;
            Some((here(Named::new(given.name.as_str())), Positioned::new(value.into_value(), at(given.value.location()))))
        });
        let field = lowered::Field {
            alias: (key != field.name.as_str()).then(|| here(Named::new(key))),
            name: here(Named::new(field.name.as_str())),
            arguments: given.collect(),
            directives: Vec::new(),
            selection_set: set(items),
        };
        Positioned::new(lowered::Selection::Field(Positioned::new(field, place)), place)
    }
}

/// Some mutations are the only field of their operation: what is counted by requests is not tried many times in one.
fn alone(items: &Items, contract: &Contract) -> Result<(), Stopped> {
    let mut names = items.iter().filter_map(|item| match &item.node {
        lowered::Selection::Field(field) => Some(field.node.name.node.as_str()),
        _ => None,
    });
    match names.find(|name| contract.is_alone(name)) {
        Some(name) if items.len() > 1 => {
            let what = format!("fields of an operation with `{name}`");
            Err(Stopped::Wrong(Report::limit(&what, items.len() as u64, 1)))
        }
        _ => Ok(()),
    }
}

/// The executor only hands positions back: one carries the place in the text, and a line to tell that it does.
fn at(span: Option<SourceSpan>) -> Pos {
    span.map_or(Pos::default(), |span| Pos { line: 1, column: span.offset() })
}

fn type_name() -> Positioned<lowered::Selection> {
    let field = lowered::Field {
        alias: Some(here(Named::new(TYPE))),
        name: here(Named::new("__typename")),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: set(Vec::new()),
    };
    here(lowered::Selection::Field(here(field)))
}

fn set(items: Items) -> Positioned<lowered::SelectionSet> {
    here(lowered::SelectionSet { items })
}

fn here<T>(node: T) -> Positioned<T> {
    Positioned::new(node, Pos::default())
}
