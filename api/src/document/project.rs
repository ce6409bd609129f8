//! The projection of a schema: what is told of it to those who are not staff. What carries `@staffOnly` is left out, and with it what
//! nothing leads to any more. Documents are validated by the whole schema all the same.

use std::collections::HashSet;

use apollo_compiler::ast::{DirectiveList, InputValueDefinition, Type};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::schema::{Component, ExtendedType, FieldDefinition};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema};

use crate::error::{Error, Result};

/// The directive of what only staff are told of; `policy::staff` puts it there.
const MARK: &str = "staffOnly";

/// The projection in the schema definition language; nothing where it is the whole schema.
///
/// # Errors
/// [`Error::Internal`] where what is left is no valid schema: where an object lacks a field of its interface, where a document that the
/// projection allows would lack an argument.
pub(super) fn project(whole: &Valid<Schema>) -> Result<Option<String>> {
    if !whole.directive_definitions.contains_key(MARK) {
        return Ok(None);
    }
    let mut schema = Schema::clone(whole);
    schema.types.retain(|_, of| !of.directives().has(MARK));
    for of in schema.types.values_mut() {
        unmarked(of)?;
    }
    while lacking(&mut schema)? {}
    let reached = reached(&schema);
    schema.types.retain(|name, of| of.is_built_in() || reached.contains(name));
    schema.directive_definitions.shift_remove(MARK);
    let projected = schema.validate().map_err(|e| Error::internal(format!("without what is staff's: {}", e.errors)))?;
    Ok(Some(projected.to_string()))
}

/// Leaves out what is marked of a type.
fn unmarked(of: &mut ExtendedType) -> Result<()> {
    let free = |directives: &DirectiveList| !directives.has(MARK);
    match of {
        ExtendedType::Object(of) => {
            fields(&mut of.make_mut().fields, |field| free(&field.directives), |input| free(&input.directives))
        }
        ExtendedType::Interface(of) => {
            fields(&mut of.make_mut().fields, |field| free(&field.directives), |input| free(&input.directives))
        }
        ExtendedType::InputObject(of) => inputs(&mut of.make_mut().fields, |input| free(&input.directives)),
        ExtendedType::Enum(of) => {
            of.make_mut().values.retain(|_, value| free(&value.directives));
            Ok(())
        }
        ExtendedType::Scalar(_) | ExtendedType::Union(_) => Ok(()),
    }
}

/// Leaves out what is of a type that is not there, and types without anything in them. Whether there was any.
fn lacking(schema: &mut Schema) -> Result<bool> {
    let before = size(schema);
    let known: HashSet<Name> = schema.types.keys().cloned().collect();
    let is_known = |ty: &Type| known.contains(ty.inner_named_type());
    for of in schema.types.values_mut() {
        match of {
            ExtendedType::Object(of) => {
                let of = of.make_mut();
                of.implements_interfaces.retain(|interface| known.contains(&interface.name));
                fields(&mut of.fields, |field| is_known(&field.ty), |input| is_known(&input.ty))?;
            }
            ExtendedType::Interface(of) => {
                let of = of.make_mut();
                of.implements_interfaces.retain(|interface| known.contains(&interface.name));
                fields(&mut of.fields, |field| is_known(&field.ty), |input| is_known(&input.ty))?;
            }
            ExtendedType::InputObject(of) => inputs(&mut of.make_mut().fields, |input| is_known(&input.ty))?,
            ExtendedType::Union(of) => of.make_mut().members.retain(|member| known.contains(&member.name)),
            ExtendedType::Enum(_) | ExtendedType::Scalar(_) => {}
        }
    }
    schema.types.retain(|_, of| holds(of) > 0);
    let roots = schema.schema_definition.make_mut();
    for root in [&mut roots.query, &mut roots.mutation, &mut roots.subscription] {
        root.take_if(|root| !schema.types.contains_key(&root.name));
    }
    Ok(size(schema) < before)
}

fn fields(
    of: &mut IndexMap<Name, Component<FieldDefinition>>,
    keeps: impl Fn(&FieldDefinition) -> bool,
    keeps_argument: impl Fn(&InputValueDefinition) -> bool,
) -> Result<()> {
    of.retain(|_, field| keeps(field));
    for field in of.values_mut() {
        let left = field.arguments.iter().filter(|argument| !keeps_argument(argument));
        left.clone().try_for_each(|argument| dispensable(argument))?;
        if left.count() > 0 {
            field.make_mut().arguments.retain(|argument| keeps_argument(argument));
        }
    }
    Ok(())
}

fn inputs(of: &mut IndexMap<Name, Component<InputValueDefinition>>, keeps: impl Fn(&InputValueDefinition) -> bool) -> Result<()> {
    of.values().filter(|input| !keeps(input)).try_for_each(|input| dispensable(input))?;
    of.retain(|_, input| keeps(input));
    Ok(())
}

/// What strangers are not told of, they cannot be required to give.
fn dispensable(input: &InputValueDefinition) -> Result<()> {
    match input.is_required() {
        true => Err(Error::internal(format!("`{}` is required, so that it cannot be for staff alone", input.name))),
        false => Ok(()),
    }
}

/// How much there is in a type.
fn holds(of: &ExtendedType) -> usize {
    match of {
        ExtendedType::Scalar(_) => 1,
        ExtendedType::Object(of) => of.fields.len(),
        ExtendedType::Interface(of) => of.fields.len(),
        ExtendedType::Union(of) => of.members.len(),
        ExtendedType::Enum(of) => of.values.len(),
        ExtendedType::InputObject(of) => of.fields.len(),
    }
}

fn size(schema: &Schema) -> usize {
    schema.types.values().map(|of| holds(of) + 1).sum()
}

/// The types that the roots and the directives lead to.
fn reached(schema: &Schema) -> HashSet<Name> {
    let roots = &schema.schema_definition;
    let roots = [&roots.query, &roots.mutation, &roots.subscription].into_iter().flatten().map(|root| root.name.clone());
    let directives = schema.directive_definitions.values().flat_map(|definition| named(&definition.arguments));
    let mut waiting: Vec<Name> = roots.chain(directives).collect();
    let implementers = schema.implementers_map();
    let mut reached = HashSet::new();
    while let Some(name) = waiting.pop() {
        let Some(of) = schema.types.get(&name) else { continue };
        if !reached.insert(name.clone()) {
            continue;
        }
        let of_fields = |fields: &IndexMap<Name, Component<FieldDefinition>>| {
            let lead = |field: &Component<FieldDefinition>| {
                std::iter::once(field.ty.inner_named_type().clone()).chain(named(&field.arguments)).collect::<Vec<_>>()
            };
            fields.values().flat_map(lead).collect::<Vec<_>>()
        };
        match of {
            ExtendedType::Object(of) => {
                waiting.extend(of_fields(&of.fields));
                waiting.extend(of.implements_interfaces.iter().map(|interface| interface.name.clone()));
            }
            ExtendedType::Interface(of) => {
                waiting.extend(of_fields(&of.fields));
                waiting.extend(of.implements_interfaces.iter().map(|interface| interface.name.clone()));
                waiting.extend(implementers.get(&name).into_iter().flat_map(|them| them.iter().cloned()));
            }
            ExtendedType::Union(of) => waiting.extend(of.members.iter().map(|member| member.name.clone())),
            ExtendedType::InputObject(of) => {
                waiting.extend(of.fields.values().map(|input| input.ty.inner_named_type().clone()));
            }
            ExtendedType::Enum(_) | ExtendedType::Scalar(_) => {}
        }
    }
    reached
}

fn named(inputs: &[Node<InputValueDefinition>]) -> impl Iterator<Item = Name> {
    inputs.iter().map(|input| input.ty.inner_named_type().clone())
}
