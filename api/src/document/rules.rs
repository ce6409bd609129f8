//! What a valid document must hold beyond what apollo-compiler checks: inside the values of arguments, an input field stands once, a
//! variable fits where it is used, and a scalar of ours is one.
//!
//! <https://spec.graphql.org/draft/#sec-Input-Object-Field-Uniqueness>,
//! <https://spec.graphql.org/draft/#sec-All-Variable-Usages-Are-Allowed>,
//! <https://spec.graphql.org/draft/#sec-Values-of-Correct-Type>

use std::collections::HashSet;

use apollo_compiler::ast::{Argument, DirectiveList, InputValueDefinition, Type, Value};
use apollo_compiler::executable::{Operation, Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Node};

use crate::document::contract::Contract;
use crate::error::report::{Location, Report};

struct Rules<'a> {
    document: &'a ExecutableDocument,
    text: &'a str,
    contract: &'a Contract,
    operation: &'a Operation,
    seen: HashSet<&'a str>,
    broken: Vec<Report>,
    most: usize,
}

/// The rules that a document breaks, at most `most` times.
pub(super) fn broken(document: &Valid<ExecutableDocument>, text: &str, contract: &Contract, most: usize) -> Vec<Report> {
    let mut broken = Vec::new();
    for operation in document.operations.iter() {
        let mut rules = Rules { document, text, contract, operation, seen: HashSet::new(), broken, most };
        rules.directives(&operation.directives);
        for variable in &operation.variables {
            if let Some(default) = &variable.default_value {
                rules.value(default, &variable.ty, false);
            }
            rules.directives(&variable.directives);
        }
        rules.set(&operation.selection_set);
        broken = rules.broken;
    }
    broken
}

impl<'a> Rules<'a> {
    fn set(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            if self.broken.len() >= self.most {
                return;
            }
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.arguments, &field.definition.arguments);
                    self.set(&field.selection_set);
                }
                Selection::InlineFragment(fragment) => self.set(&fragment.selection_set),
                Selection::FragmentSpread(spread) => {
                    let fragment = self.document.fragments.get(&spread.fragment_name);
                    if let Some(fragment) = fragment.filter(|fragment| self.seen.insert(&fragment.name)) {
                        self.directives(&fragment.directives);
                        self.set(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a DirectiveList) {
        for directive in directives {
            if let Some(definition) = self.contract.schema.directive_definitions.get(&directive.name) {
                self.arguments(&directive.arguments, &definition.arguments);
            }
        }
    }

    fn arguments(&mut self, given: &'a [Node<Argument>], defined: &'a [Node<InputValueDefinition>]) {
        for argument in given {
            if let Some(definition) = defined.iter().find(|definition| definition.name == argument.name) {
                self.value(&argument.value, &definition.ty, definition.default_value.is_some());
            }
        }
    }

    fn value(&mut self, value: &'a Node<Value>, ty: &'a Type, has_default: bool) {
        match &**value {
            Value::Variable(name) => self.variable(name, value, ty, has_default),
            Value::List(items) => {
                let item_type = ty.item_type();
                for item in items {
                    self.value(item, item_type, false);
                }
            }
            Value::Object(fields) => self.object(fields, ty.inner_named_type()),
            Value::Null => {}
            scalar => {
                let name = ty.inner_named_type();
                if let Some(problem) = self.contract.problem_with(name, scalar.as_str()) {
                    self.report(value, format!("This is no `{name}`: {problem}."));
                }
            }
        }
    }

    fn object(&mut self, fields: &'a [(apollo_compiler::Name, Node<Value>)], ty: &str) {
        let Some(ExtendedType::InputObject(definition)) = self.contract.schema.types.get(ty) else { return };
        let mut names = HashSet::new();
        for (name, value) in fields {
            if !names.insert(name) {
                self.report(value, format!("There can be only one input field named `{name}`."));
            }
            if let Some(field) = definition.fields.get(name) {
                self.value(value, &field.ty, field.default_value.is_some());
            }
        }
    }

    fn variable(&mut self, name: &str, value: &Node<Value>, ty: &Type, has_default: bool) {
        let Some(variable) = self.operation.variables.iter().find(|variable| variable.name == name) else { return };
        let default = variable.default_value.as_ref().is_some_and(|default| !default.is_null());
        let nullable = ty.clone().nullable();
        let wanted = if ty.is_non_null() && !variable.ty.is_non_null() && (default || has_default) { &nullable } else { ty };
        if !fits(&variable.ty, wanted) {
            self.report(value, format!("Variable `${name}` of type `{}` used in position expecting type `{ty}`.", variable.ty));
        }
    }

    fn report(&mut self, value: &Node<Value>, message: String) {
        let place = value.location().map(|span| Location::of(self.text, span.offset()));
        self.broken.push(Report::wrong(message).at(place));
    }
}

/// `AreTypesCompatible()` of the specification.
fn fits(variable: &Type, wanted: &Type) -> bool {
    if wanted.is_non_null() && !variable.is_non_null() {
        return false;
    }
    match (variable, wanted) {
        (Type::List(of) | Type::NonNullList(of), Type::List(wanted) | Type::NonNullList(wanted)) => fits(of, wanted),
        (Type::Named(of) | Type::NonNullNamed(of), Type::Named(wanted) | Type::NonNullNamed(wanted)) => of == wanted,
        _ => false,
    }
}
