//! The variables of a request, coerced to the types that its operation declares, and the values of arguments with the variables put
//! in their places.
//!
//! <https://spec.graphql.org/draft/#sec-Coercing-Variable-Values>

use apollo_compiler::Node;
use apollo_compiler::ast::{Type, Value};
use apollo_compiler::executable::Operation;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use async_graphql::{Name, Value as Argument};

use crate::document::contract::Contract;
use crate::document::known::Known;
use crate::error::report::Report;

/// Up to here, a floating-point number has a place for each integer.
const SAFE: f64 = 9_007_199_254_740_992.0;

/// Coerces what came to what the operation declares.
fn coerce(known: &Known, operation: &Operation, given: &JsonMap, contract: &Contract) -> Result<Valid<JsonMap>, Report> {
    let coerced = coerce_variable_values(&contract.schema, operation, given).map_err(|e| {
        let place = e.location().map(|span| known.locate(span.offset()));
        Report::wrong(e.message().to_string()).at(place)
    })?;
    for variable in &operation.variables {
        if let Some(value) = coerced.get(variable.name.as_str())
            && let Some(problem) = problem(value, &variable.ty, contract)
        {
            return Err(Report::wrong(format!("Variable `${}` got a wrong value: {problem}.", variable.name)));
        }
    }
    Ok(coerced)
}

/// Coerces by the whole schema, and tells what is wrong as if there were no more than what is `told` of it.
pub(super) fn coerce_for(
    known: &Known,
    operation: &Operation,
    given: &JsonMap,
    (contract, told): (&Contract, &Contract),
) -> Result<Valid<JsonMap>, Report> {
    let coerced = coerce(known, operation, given, contract);
    if coerced.is_ok() || std::ptr::eq(contract, told) {
        return coerced;
    }
    match coerce(known, operation, given, told) {
        Ok(_) => Err(Report::wrong("A variable has a wrong value.")),
        wrong => wrong,
    }
}

/// A number without a fraction is an integer, however it was written: many a language writes 100.0.
pub(super) fn whole(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Number(number) => {
            let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < SAFE);
            #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and is small enough")]
            float.map_or(number.into(), |float| (float as i64).into())
        }
        serde_json::Value::Array(items) => items.into_iter().map(whole).collect(),
        serde_json::Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, whole(value))).collect(),
        other => other,
    }
}

/// What is wrong with the scalars of ours in a value that is of its type otherwise.
fn problem(value: &JsonValue, ty: &Type, contract: &Contract) -> Option<String> {
    match value {
        JsonValue::Null => None,
        JsonValue::Array(items) if ty.is_list() => items.iter().find_map(|item| problem(item, ty.item_type(), contract)),
        JsonValue::Object(fields) => match contract.schema.types.get(ty.inner_named_type()) {
            Some(ExtendedType::InputObject(definition)) => fields.iter().find_map(|(name, value)| {
                let field = definition.fields.get(name.as_str())?;
                problem(value, &field.ty, contract)
            }),
            _ => contract.problem_with(ty.inner_named_type(), None),
        },
        scalar => contract.problem_with(ty.inner_named_type(), scalar.as_str()),
    }
}

/// The value of an argument for the executor; nothing where it is a variable that was not given.
pub(super) fn argument(value: &Node<Value>, variables: &JsonMap) -> Option<Argument> {
    Some(match &**value {
        Value::Variable(name) => return variables.get(name.as_str()).map(constant),
        Value::Null => Argument::Null,
        Value::Boolean(value) => Argument::Boolean(*value),
        Value::String(text) => Argument::String(text.clone()),
        Value::Enum(name) => Argument::Enum(Name::new(name.as_str())),
        // `-0` is an integer, too.
        Value::Int(number) => {
            number.as_str().parse::<i64>().map_or_else(|_| number_of(number.as_str()), |n| Argument::Number(n.into()))
        }
        Value::Float(number) => number_of(number.as_str()),
        // A variable that was not given is null as an item, and is not there as a field.
        Value::List(items) => {
            Argument::List(items.iter().map(|item| argument(item, variables).unwrap_or(Argument::Null)).collect())
        }
        Value::Object(fields) => {
            let given = fields.iter().filter_map(|(name, value)| Some((Name::new(name.as_str()), argument(value, variables)?)));
            Argument::Object(given.collect())
        }
    })
}

fn number_of(text: &str) -> Argument {
    text.parse().map_or(Argument::Null, Argument::Number)
}

fn constant(value: &JsonValue) -> Argument {
    match value {
        JsonValue::Null => Argument::Null,
        JsonValue::Bool(value) => Argument::Boolean(*value),
        JsonValue::Number(number) => Argument::Number(number.clone()),
        JsonValue::String(text) => Argument::String(text.as_str().to_owned()),
        JsonValue::Array(items) => Argument::List(items.iter().map(constant).collect()),
        JsonValue::Object(fields) => {
            Argument::Object(fields.iter().map(|(name, value)| (Name::new(name.as_str()), constant(value))).collect())
        }
    }
}
