//! A scanned document on its way to being known as valid: parsed, measured, validated. What fails is told as graphql-js would tell it.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::{Definition, Document, OperationType};
use apollo_compiler::diagnostic::{Diagnostic, ToCliReport};
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticData, DiagnosticList, Valid};

use crate::config::limits::Limits;
use crate::document::contract::Contract;
use crate::document::describe::undescribed;
use crate::document::measure::measure;
use crate::document::rules;
use crate::error::report::{Location, Report};

/// How deep apollo's parser may recurse: more than [`Limits::document_nesting`] allows to come this far.
const RECURSION: usize = 128;

/// Why a document does not run.
#[derive(Debug, Clone)]
pub(super) enum Wrong {
    /// It is no GraphQL.
    Syntax(Vec<Report>),
    /// It breaks a rule, or a limit.
    Invalid(Vec<Report>),
    /// Its operation is a mutation, and nothing was to be changed.
    Writes,
}

/// Which operation of a document is to run.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    /// Its name, where there are several.
    pub(super) operation: Option<String>,
    /// Whether it must not be a mutation.
    pub(super) only_a_query: bool,
}

impl Wanted {
    /// Whether the operation is none that is wanted. Which one it is shows before anything else of the document is known to be right.
    fn writes(&self, document: &Document) -> bool {
        let operations = document.definitions.iter().filter_map(|definition| match definition {
            Definition::OperationDefinition(operation) => Some(operation),
            _ => None,
        });
        let name = self.operation.as_deref().filter(|name| !name.is_empty());
        let mut named = operations.filter(|operation| name.is_none() || operation.name.as_deref() == name);
        self.only_a_query && named.next().is_some_and(|operation| operation.operation_type == OperationType::Mutation)
    }
}

impl Wrong {
    /// What is wrong.
    pub(super) fn reports(self) -> Vec<Report> {
        match self {
            Self::Syntax(reports) | Self::Invalid(reports) => reports,
            Self::Writes => vec![only_queries()],
        }
    }
}

/// Validates a document that has been scanned.
pub(super) fn check(
    text: &str,
    wanted: &Wanted,
    contract: &Contract,
    limits: &Limits,
) -> Result<Valid<ExecutableDocument>, Wrong> {
    let most = usize::try_from(limits.errors).unwrap_or(usize::MAX);
    let tokens = usize::try_from(limits.document_tokens).unwrap_or(usize::MAX);
    // Apollo counts what is between tokens, too.
    let mut parser = Parser::new().recursion_limit(RECURSION).token_limit(tokens.saturating_mul(4));
    let ast = parser.parse_ast(undescribed(text), "document").map_err(|e| Wrong::Syntax(reports(&e.errors, text, most)))?;
    if wanted.writes(&ast) {
        return Err(Wrong::Writes);
    }
    measure(&ast, limits).map_err(|limit| Wrong::Invalid(vec![limit]))?;
    let document = ast.to_executable(&contract.schema).map_err(|e| Wrong::Invalid(reports(&e.errors, text, most)))?;
    let document = document.validate(&contract.schema).map_err(|e| Wrong::Invalid(reports(&e.errors, text, most)))?;
    let broken = rules::broken(&document, text, contract, most);
    if broken.is_empty() { Ok(document) } else { Err(Wrong::Invalid(broken)) }
}

/// Validates a scanned document by the whole schema, and tells what is wrong as if there were no more than what is `told` of it. The
/// one is part of the other, so that what is wrong by the whole is wrong by the part.
pub(super) fn check_for(
    text: &str,
    wanted: &Wanted,
    (contract, told): (&Contract, &Contract),
    limits: &Limits,
) -> Result<Valid<ExecutableDocument>, Wrong> {
    let checked = check(text, wanted, contract, limits);
    match checked {
        Err(Wrong::Invalid(_)) if !std::ptr::eq(contract, told) => match check(text, wanted, told, limits) {
            Ok(_) => Err(Wrong::Invalid(vec![Report::wrong("The document is not valid.")])),
            wrong => wrong,
        },
        checked => checked,
    }
}

/// What is said of an operation that is no query, where only a query may run.
pub(super) fn only_queries() -> Report {
    Report::wrong("GET asks queries; send a mutation by POST.")
}

fn reports(diagnostics: &DiagnosticList, text: &str, most: usize) -> Vec<Report> {
    let report = |found: Diagnostic<'_, DiagnosticData>| {
        let place = found.error.location().map(|span| Location::of(text, span.offset()));
        Report::wrong(found.to_json().message).at(place)
    };
    diagnostics.iter().take(most).map(report).collect()
}
