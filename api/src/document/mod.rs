//! A GraphQL document on its way in and its answer on its way out. Every transport goes through here.
//!
//! In: the document is found ([`trusted`]), scanned ([`scan`]), parsed and validated ([`check`]), kept ([`known`]); its operation is
//! chosen, its variables are coerced ([`variables`]), and it is lowered ([`lower`]) to what async-graphql executes, with its cost
//! ([`cost`]). Out: the answer is written as the specification orders it ([`write`]). Nothing here knows HTTP, or what the schema is
//! about.

mod aside;
mod check;
mod contract;
mod cost;
mod describe;
mod known;
mod lower;
mod manifest;
mod measure;
mod plan;
mod rules;
mod scan;
mod trusted;
mod variables;
mod write;

pub mod answer;

use std::sync::Arc;

use apollo_compiler::introspection;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use serde_json::{Map, Value};

use crate::config::door::Documents;
use crate::config::limits::Limits;
use crate::document::aside::Aside;
use crate::document::check::{Wanted, Wrong, check, only_queries};
use crate::document::contract::Contract;
use crate::document::known::{Hash, Kept, Known};
use crate::document::plan::Plan;
use crate::document::trusted::{Found, Trusted};
use crate::error::Result;
use crate::error::report::Report;
use crate::scalar::ScalarCheck;

/// How deep lists may nest in a question about the schema, as apollo-compiler counts them.
const INTROSPECTED_LISTS: u64 = 2;

/// What a request asks, in the words of GraphQL over HTTP.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The document.
    pub query: Option<String>,
    /// Its id, instead.
    pub document_id: Option<String>,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// The values of its variables.
    pub variables: Map<String, Value>,
    /// What else there is to say: `persistedQuery`, `cost`.
    pub extensions: Map<String, Value>,
    /// Whether only a query may run: the request promised to change nothing.
    pub only_a_query: bool,
}

/// How far a request came that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It makes no sense by itself.
    Request,
    /// It names a document that is not known.
    Unknown,
    /// Its document is not trusted.
    Untrusted,
    /// Its document is no GraphQL.
    Syntax,
    /// Its document, its operation, its variables or its cost is not valid.
    Validation,
    /// Its operation is no query, and only a query may run.
    Writes,
    /// It came too far for a fault of the request: the fault is ours.
    Fault,
}

/// A request that is not executed, and why.
#[derive(Debug, Clone)]
pub struct Refused {
    /// How far it came.
    pub stage: Stage,
    /// What is wrong.
    pub reports: Vec<Report>,
}

impl Refused {
    fn new(stage: Stage, report: Report) -> Self {
        Self { stage, reports: vec![report] }
    }
}

/// An operation that may be executed.
pub struct Prepared {
    known: Arc<Known>,
    plan: Arc<Plan>,
    operation_name: Option<String>,
    variables: Valid<JsonMap>,
    tells_cost: bool,
}

/// What the front is told when it is built.
pub struct Settings<'a> {
    /// The schema that the executor serves.
    pub sdl: &'a str,
    /// The checks of its own scalars.
    pub scalars: &'a [(&'a str, ScalarCheck)],
    /// What documents may cost.
    pub limits: Limits,
    /// Which documents run.
    pub documents: Documents,
    /// The manifest of trusted documents.
    pub manifest: Option<&'a str>,
}

/// The front of an executor.
pub struct Front<E> {
    executor: E,
    contract: Arc<Contract>,
    limits: Limits,
    documents: Documents,
    trusted: Trusted,
    kept: Kept,
    /// Where work is done that takes a core for a while.
    aside: Aside,
}

impl<E> Front<E> {
    /// Puts a front before `executor`.
    ///
    /// # Errors
    /// Where the SDL is no schema, or the manifest is none or holds a document that is not valid.
    pub fn new(executor: E, settings: &Settings<'_>) -> Result<Self> {
        let Settings { sdl, scalars, limits, documents, manifest } = settings;
        let contract = Arc::new(Contract::new(sdl, scalars)?);
        let validate = |text: &str| check(text, &Wanted::default(), &contract, limits).map(|document| Known::new(document, text));
        let manifest = manifest.map(manifest::read).transpose()?.unwrap_or_default();
        let trusted = Trusted::new(manifest, |text| validate(text).map_err(Wrong::reports))?;
        Ok(Self {
            executor,
            contract,
            limits: *limits,
            documents: *documents,
            trusted,
            kept: Kept::new(limits.documents_kept_bytes),
            aside: Aside::new()?,
        })
    }

    /// Makes an operation ready to be executed, or says why it is not.
    ///
    /// # Errors
    /// [`Refused`], with every fault that was found.
    pub async fn prepare(&self, mut asked: Asked) -> Result<Prepared, Refused> {
        let nesting = self.limits.document_nesting;
        if asked.variables.values().any(|value| scan::depth(value, nesting + 1) > nesting) {
            return Err(invalid(Report::limit("nesting of the variables", nesting + 1, nesting)));
        }
        let known = match self.trusted.find(&mut asked, self.documents, &self.kept)? {
            Found::Known(known) => known,
            Found::New(hash, text) => {
                let wanted = Wanted { operation: asked.operation_name.clone(), only_a_query: asked.only_a_query };
                self.validate(hash, text, wanted).await?
            }
        };
        let Asked { operation_name, variables, extensions, only_a_query, .. } = asked;
        let operation = known.operation(operation_name.as_deref()).map_err(invalid)?;
        if only_a_query && !operation.is_query() {
            return Err(Refused::new(Stage::Writes, only_queries()));
        }
        let given: JsonMap = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let variables = variables::coerce(&known.document, operation, &given, &self.contract).map_err(invalid)?;
        let lowered = || lower::lower(&known.document, operation, &variables, &self.contract, &self.limits);
        let plan = known.plan(operation, lowered).map_err(invalid)?;
        if plan.cost > self.limits.cost {
            let mut report = Report::limit("cost of the operation", plan.cost, self.limits.cost);
            report.message.push_str("; ask for fewer items with `first`, or for fewer fields");
            return Err(invalid(report));
        }
        if plan.introspects {
            introspection::check_max_depth(&known.document, operation).map_err(|_| {
                invalid(Report::limit("lists within lists of the schema", INTROSPECTED_LISTS + 1, INTROSPECTED_LISTS))
            })?;
        }
        let tells_cost = extensions.get("cost") == Some(&Value::Bool(true));
        Ok(Prepared { known, plan, operation_name, variables, tells_cost })
    }

    /// Validates a text that is not known yet, on a thread that answers no requests.
    async fn validate(&self, hash: Hash, text: String, wanted: Wanted) -> Result<Arc<Known>, Refused> {
        // What is seen at a glance needs no gate.
        scan::scan(&text, &self.limits).map_err(invalid)?;
        let (contract, limits) = (Arc::clone(&self.contract), self.limits);
        let checked =
            self.aside(move || check(&text, &wanted, &contract, &limits).map(|document| Known::new(document, &text))).await?;
        let known = Arc::new(checked.map_err(|wrong| {
            let stage = match wrong {
                Wrong::Syntax(_) => Stage::Syntax,
                Wrong::Invalid(_) => Stage::Validation,
                Wrong::Writes => Stage::Writes,
            };
            Refused { stage, reports: wrong.reports() }
        })?);
        if self.documents != Documents::Trusted {
            self.kept.keep(hash, Arc::clone(&known));
        }
        Ok(known)
    }

    async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
        self.aside.run(work).await.map_err(|problem| Refused::new(Stage::Fault, Report::from(&problem.logged())))
    }
}

fn invalid(report: Report) -> Refused {
    Refused::new(Stage::Validation, report)
}
