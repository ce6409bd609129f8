//! A valid operation lowered to what the executor runs: conditions evaluated, fields collected by their response names, fragments
//! resolved for each type of object, variables put in their places. The executor meets no fragment, no directive and no variable, and
//! each response name once.
//!
//! <https://spec.graphql.org/draft/#CollectFields()>

use std::collections::{HashMap, HashSet};

use apollo_compiler::collections::IndexMap;
use apollo_compiler::executable::{DirectiveList, Field, Operation, Selection, SelectionSet};
use apollo_compiler::response::JsonMap;
use apollo_compiler::{ExecutableDocument, Name, Node};
use async_graphql::parser::types as lowered;
use async_graphql::{Name as Named, Pos, Positioned};

use crate::config::limits::Limits;
use crate::document::contract::Contract;
use crate::document::cost::{self, Cost};
use crate::document::plan::{Below, Place, Places, Plan};
use crate::document::variables::argument;
use crate::error::report::Report;

/// The response name under which the executor tells which type an object is of. No client can ask for it: it is no name.
pub(super) const TYPE: &str = ":type";
/// How many selections lowering looks at for each field that a document may have: a fragment counts for each type that it applies to.
const STEPS_A_FIELD: u64 = 4;

struct Lowering<'a> {
    document: &'a ExecutableDocument,
    contract: &'a Contract,
    variables: &'a JsonMap,
    steps: u64,
    most: u64,
    introspects: bool,
}

type Items = Vec<Positioned<lowered::Selection>>;
type Groups<'a> = IndexMap<&'a str, Vec<&'a Node<Field>>>;

/// What some selections become for objects of one type.
#[derive(Default)]
struct Lowered {
    items: Items,
    places: Places,
    cost: Cost,
}

/// Lowers one operation.
pub(super) fn lower(
    document: &ExecutableDocument,
    operation: &Operation,
    variables: &JsonMap,
    contract: &Contract,
    limits: &Limits,
) -> Result<Plan, Report> {
    let most = limits.document_fields.saturating_mul(STEPS_A_FIELD);
    let mut lowering = Lowering { document, contract, variables, steps: 0, most, introspects: false };
    let root = lowering.object(operation.object_type(), &[&operation.selection_set])?;
    let ty = if operation.is_mutation() { lowered::OperationType::Mutation } else { lowered::OperationType::Query };
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
        document: (!only_schema).then_some(executed),
        places: root.places,
        cost: root.cost.all(),
        introspects: lowering.introspects,
    })
}

impl<'a> Lowering<'a> {
    fn object(&mut self, object: &Name, sets: &[&'a SelectionSet]) -> Result<Lowered, Report> {
        let mut groups = Groups::default();
        let mut visited = HashSet::new();
        for set in sets {
            self.collect(object, set, &mut groups, &mut visited)?;
        }
        let mut lowered = Lowered::default();
        for (key, fields) in groups {
            self.field(object, key, &fields, &mut lowered)?;
        }
        Ok(lowered)
    }

    fn collect(
        &mut self,
        object: &Name,
        set: &'a SelectionSet,
        groups: &mut Groups<'a>,
        visited: &mut HashSet<&'a str>,
    ) -> Result<(), Report> {
        for selection in &set.selections {
            self.steps += 1;
            if self.steps > self.most {
                return Err(Report::limit("selections of the operation, its fragments in their places", self.steps, self.most));
            }
            if !self.is_included(selection.directives()) {
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

    fn is_included(&self, directives: &DirectiveList) -> bool {
        let says = |name: &str, value: bool| {
            let given = directives.get(name).and_then(|directive| directive.specified_argument_by_name("if"));
            given.and_then(|given| argument(given, self.variables)) == Some(async_graphql::Value::Boolean(value))
        };
        directives.is_empty() || (!says("skip", true) && !says("include", false))
    }

    fn field(&mut self, object: &Name, key: &str, fields: &[&'a Node<Field>], into: &mut Lowered) -> Result<(), Report> {
        let Some(field) = fields.first().copied() else { return Ok(()) };
        if matches!(field.name.as_str(), "__schema" | "__type") {
            self.introspects = true;
            into.cost.add(Cost::of_introspection());
            into.places.0.push(Place { key: key.to_owned(), ty: field.definition.ty.clone(), below: Below::Schema });
            return Ok(());
        }
        let inner = field.definition.ty.inner_named_type();
        let sets: Vec<&SelectionSet> = fields.iter().map(|field| &field.selection_set).collect();
        let (items, below, cost_below) = if !self.contract.is_composite(inner) {
            (Vec::new(), Below::Leaf, Cost::default())
        } else if self.contract.is_abstract(inner) {
            self.one_of(inner, &sets)?
        } else {
            let mut lowered = self.object(inner, &sets)?;
            // The executor gives null for an object that it was asked nothing of.
            if lowered.items.is_empty() {
                lowered.items.push(type_name());
            }
            (lowered.items, Below::Object(lowered.places), lowered.cost)
        };
        into.cost.add(cost::of(object, field, cost_below, self.variables, self.contract));
        into.places.0.push(Place { key: key.to_owned(), ty: field.definition.ty.clone(), below });
        into.items.push(self.executed(key, field, items));
        Ok(())
    }

    /// An object of one of several types: a fragment for each, and which one it is.
    fn one_of(&mut self, ty: &Name, sets: &[&'a SelectionSet]) -> Result<(Items, Below, Cost), Report> {
        let (mut items, mut places, mut most) = (vec![type_name()], HashMap::new(), Cost::default());
        let contract = self.contract;
        for object in contract.possible(ty) {
            let lowered = self.object(object, sets)?;
            most = most.or(lowered.cost);
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
        Ok((items, Below::OneOf(places), most))
    }

    fn executed(&self, key: &str, field: &Node<Field>, items: Items) -> Positioned<lowered::Selection> {
        // The executor only hands positions back: one carries the place in the text.
        let place = Pos { line: 0, column: field.name.location().map_or(0, |span| span.offset()) };
        let given = field.arguments.iter().filter_map(|given| {
            let value = argument(&given.value, self.variables)?;
            Some((here(Named::new(given.name.as_str())), here(value.into_value())))
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
