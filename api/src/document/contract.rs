//! The contract that documents are held to: our own SDL, as apollo-compiler reads it, and what the checks want to know of it.

use apollo_compiler::ast::{FieldDefinition, Type};
use apollo_compiler::collections::HashMap;
use apollo_compiler::schema::{ExtendedType, Implementers};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Schema};

use crate::document::Settings;
use crate::error::{Error, Result};
use crate::scalar::ScalarCheck;

/// The schema, and what follows from it.
pub(super) struct Contract {
    /// The schema that documents are validated against.
    pub(super) schema: Valid<Schema>,
    /// Who implements which interface.
    pub(super) implementers: HashMap<Name, Implementers>,
    possible: HashMap<Name, Vec<Name>>,
    scalars: HashMap<String, ScalarCheck>,
    weights: HashMap<String, u64>,
    alone: Vec<String>,
}

/// How much an answer repeats what is selected below a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A value without fields.
    Leaf,
    /// One object.
    Object,
    /// A Relay connection: as many objects as its page has.
    Connection,
    /// A plain list of objects.
    List,
}

impl Contract {
    /// Reads an SDL, and of the settings what belongs to a schema.
    ///
    /// # Errors
    /// [`Error::Internal`] where the SDL is no valid schema.
    pub(super) fn new(sdl: &str, settings: &Settings<'_>) -> Result<Self> {
        let schema = Schema::parse_and_validate(sdl, "schema.graphql").map_err(|e| Error::internal(e.errors.to_string()))?;
        let possible = schema.types.iter().filter(|(_, of)| of.is_interface() || of.is_union());
        let possible = possible.map(|(name, _)| (name.clone(), objects_of(&schema, name))).collect();
        let scalars = settings.scalars.iter().map(|(name, check)| ((*name).to_owned(), *check)).collect();
        let weights = settings.weights.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect();
        let alone = settings.alone.iter().map(|name| (*name).to_owned()).collect();
        Ok(Self { implementers: schema.implementers_map(), possible, scalars, weights, alone, schema })
    }

    /// The object types that a value of this type may be of: itself, or those of an interface or a union.
    #[must_use]
    pub(super) fn possible<'a>(&'a self, name: &'a Name) -> &'a [Name] {
        self.possible.get(name).map_or(std::slice::from_ref(name), Vec::as_slice)
    }

    /// Whether a fragment on `condition` applies to an object of the type `object`.
    #[must_use]
    pub(super) fn applies(&self, condition: &Name, object: &Name) -> bool {
        condition == object || self.schema.is_subtype(condition, object)
    }

    /// Whether a type is an interface or a union.
    #[must_use]
    pub(super) fn is_abstract(&self, name: &str) -> bool {
        self.possible.contains_key(name)
    }

    /// Whether values of a type have fields.
    #[must_use]
    pub(super) fn is_composite(&self, name: &str) -> bool {
        self.schema.types.get(name).is_some_and(|of| of.is_object() || of.is_interface() || of.is_union())
    }

    /// How much a field repeats what is selected below it.
    #[must_use]
    pub(super) fn shape(&self, field: &FieldDefinition) -> Shape {
        let is_composite = self.is_composite(field.ty.inner_named_type());
        match &field.ty {
            _ if !is_composite => Shape::Leaf,
            Type::List(_) | Type::NonNullList(_) => Shape::List,
            _ if field.arguments.iter().any(|argument| argument.name == "first") => Shape::Connection,
            _ => Shape::Object,
        }
    }

    /// Whether a mutation is the only field of its operation.
    pub(super) fn is_alone(&self, mutation: &str) -> bool {
        self.alone.iter().any(|name| name == mutation)
    }

    /// What an object of a type costs beside 1.
    pub(super) fn weight(&self, ty: &str) -> u64 {
        self.weights.get(ty).copied().unwrap_or_default()
    }

    /// What is wrong with a value of a scalar of ours; nothing where it is one, or where the scalar is GraphQL's own.
    #[must_use]
    pub(super) fn problem_with(&self, scalar: &str, text: Option<&str>) -> Option<String> {
        let check = self.scalars.get(scalar)?;
        match text {
            Some(text) => check(text),
            None => Some("it is written as a string".to_owned()),
        }
    }
}

fn objects_of(schema: &Schema, name: &Name) -> Vec<Name> {
    let is_one = |object: &Name| schema.is_subtype(name, object);
    let objects = schema.types.iter().filter(|(_, of)| matches!(of, ExtendedType::Object(_)));
    objects.map(|(object, _)| object.clone()).filter(is_one).collect()
}
