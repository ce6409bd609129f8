//! A document on its way to being known as valid: scanned, parsed, measured, validated. What fails is told as graphql-js would tell it.

use apollo_compiler::ExecutableDocument;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::{DiagnosticList, Valid};

use crate::config::limits::Limits;
use crate::document::contract::Contract;
use crate::document::measure::measure;
use crate::document::rules;
use crate::document::scan::scan;
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
}

impl Wrong {
    /// What is wrong.
    pub(super) fn reports(self) -> Vec<Report> {
        match self {
            Self::Syntax(reports) | Self::Invalid(reports) => reports,
        }
    }
}

/// Validates a document.
pub(super) fn check(text: &str, contract: &Contract, limits: &Limits) -> Result<Valid<ExecutableDocument>, Wrong> {
    scan(text, limits).map_err(|limit| Wrong::Invalid(vec![limit]))?;
    let most = usize::try_from(limits.errors).unwrap_or(usize::MAX);
    let tokens = usize::try_from(limits.document_tokens).unwrap_or(usize::MAX);
    // Apollo counts what is between tokens, too.
    let mut parser = Parser::new().recursion_limit(RECURSION).token_limit(tokens.saturating_mul(4));
    let ast = parser.parse_ast(text, "document").map_err(|e| Wrong::Syntax(reports(&e.errors, most)))?;
    measure(&ast, limits).map_err(|limit| Wrong::Invalid(vec![limit]))?;
    let document = ast.to_executable(&contract.schema).map_err(|e| Wrong::Invalid(reports(&e.errors, most)))?;
    let document = document.validate(&contract.schema).map_err(|e| Wrong::Invalid(reports(&e.errors, most)))?;
    let broken = rules::broken(&document, contract, most);
    if broken.is_empty() { Ok(document) } else { Err(Wrong::Invalid(broken)) }
}

fn reports(diagnostics: &DiagnosticList, most: usize) -> Vec<Report> {
    let report = |found: apollo_compiler::diagnostic::Diagnostic<'_, _>| {
        let error = found.to_json();
        let locations = error.locations.iter().map(|place| Location { line: place.line, column: place.column }).collect();
        Report { locations, ..Report::wrong(error.message) }
    };
    diagnostics.iter().take(most).map(report).collect()
}
