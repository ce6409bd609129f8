//! The served schema as tests walk it.

use std::collections::HashMap;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition};

/// The types of the schema, by their names.
pub(crate) struct Schema(pub(crate) HashMap<String, TypeDefinition>);

impl Schema {
    pub(crate) fn read() -> Self {
        let sdl = alliance::schema::sdl(&alliance::schema::build());
        let document = parse_schema(sdl).expect("the schema is written in its language");
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(of) => Some((of.node.name.node.to_string(), of.node)),
            _ => None,
        });
        Self(types.collect())
    }

    pub(crate) fn fields(&self, name: &str) -> Vec<FieldDefinition> {
        match &self.0[name].kind {
            TypeKind::Object(of) => of.fields.iter().map(|field| field.node.clone()).collect(),
            TypeKind::Interface(of) => of.fields.iter().map(|field| field.node.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// The object types that a value of this type may be of; nothing where it is no interface and no union.
    pub(crate) fn members(&self, name: &str) -> Option<Vec<String>> {
        match &self.0.get(name)?.kind {
            TypeKind::Union(of) => Some(of.members.iter().map(|member| member.node.to_string()).collect()),
            TypeKind::Interface(_) => Some(self.implementing(name)),
            _ => None,
        }
    }

    /// Whether values of this type have fields.
    pub(crate) fn is_composite(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|of| matches!(of.kind, TypeKind::Object(_) | TypeKind::Interface(_) | TypeKind::Union(_)))
    }

    fn implementing(&self, interface: &str) -> Vec<String> {
        let mut names: Vec<String> = self
            .0
            .iter()
            .filter_map(|(name, of)| match &of.kind {
                TypeKind::Object(of) if of.implements.iter().any(|i| i.node == interface) => Some(name.clone()),
                _ => None,
            })
            .collect();
        names.sort();
        names
    }
}

/// The name of a type without its lists.
pub(crate) fn named(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}
