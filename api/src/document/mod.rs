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
mod follow;
mod known;
mod lower;
mod manifest;
mod measure;
mod plan;
mod prepare;
mod project;
mod rules;
mod scan;
mod stored;
mod trusted;
mod variables;
mod write;

pub mod answer;
pub mod audience;

use std::sync::Arc;

use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use serde_json::{Map, Value, json};

use crate::config::door::Documents;
use crate::config::limits::Limits;
use crate::document::aside::Aside;
use crate::document::audience::Audience;
use crate::document::check::{Wanted, Wrong, check};
use crate::document::contract::Contract;
use crate::document::known::{Kept, Key, Known};
use crate::document::plan::Plan;
use crate::document::project::project;
use crate::document::trusted::Trusted;
use crate::error::Result;
use crate::error::report::Report;
use crate::scalar::ScalarCheck;

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
    /// Whether no mutation may run: the request promised to change nothing.
    pub only_a_query: bool,
    /// Whether it may be answered again and again.
    pub may_follow: bool,
    /// Whether somebody who may has kept it here, so that it needs no manifest.
    pub is_stored: bool,
    /// For whom.
    pub audience: Audience,
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
    /// Its operation is a mutation, and the request promised to change nothing.
    Writes,
    /// Its operation is a subscription, and it can be answered once alone.
    Follows,
    /// It waited for its turn in vain: the same request may succeed later.
    Busy,
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
    /// Under what is kept that follows from the operation alone.
    key: Option<Key>,
    operation_name: Option<String>,
    variables: Arc<Valid<JsonMap>>,
    audience: Audience,
    tells_cost: bool,
}

impl Prepared {
    /// Whether it is a mutation.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.plan.writes
    }

    /// Whether it is a subscription.
    #[must_use]
    pub fn follows(&self) -> bool {
        self.plan.follows
    }

    /// How many selections it has, for each type that they may be of.
    #[must_use]
    pub fn selections(&self) -> u64 {
        self.plan.steps as u64
    }

    /// How many fields its operation has at its root: of a mutation, how many changes it asks for.
    #[must_use]
    pub fn mutations(&self) -> usize {
        self.plan.places.0.len()
    }

    /// The names of the fields at its root: of a mutation, the changes that it asks for.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        self.plan.fields().into_iter().filter(|name| !name.starts_with("__")).collect()
    }

    /// All that its answer follows from beside who asks: the same text where the same is asked for, in whatever order its variables
    /// came.
    #[must_use]
    pub fn written(&self) -> String {
        let name = self.operation_name.as_deref().unwrap_or_default();
        let mut written = json!([self.known.text, name, &**self.variables, self.tells_cost]);
        written.sort_all_objects();
        written.to_string()
    }
}

/// What the front is told when it is built.
pub struct Settings<'a> {
    /// The schema that the executor serves.
    pub sdl: &'a str,
    /// The checks of its own scalars.
    pub scalars: &'a [(&'a str, ScalarCheck)],
    /// What objects of some types cost beside 1.
    pub weights: &'a [(&'a str, u64)],
    /// The mutations that are the only field of their operation.
    pub alone: &'a [&'a str],
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
    /// The whole schema, by which documents are validated.
    sdl: Arc<str>,
    contract: Arc<Contract>,
    /// What those are told of it who are not staff; the same where nothing is for staff alone.
    projected_sdl: Arc<str>,
    projection: Arc<Contract>,
    limits: Limits,
    documents: Documents,
    trusted: Trusted,
    kept: Kept,
    /// Where documents are checked that are new, or that spread far.
    checks: Aside,
    /// Where questions about the schema are answered, so that a new document does not wait for them.
    questions: Aside,
}

impl<E> Front<E> {
    /// The schema as it is told to somebody, as SDL.
    #[must_use]
    pub fn sdl(&self, audience: Audience) -> &str {
        if audience.is_told_all() { &self.sdl } else { &self.projected_sdl }
    }

    /// The schema as it is told to somebody.
    fn told(&self, audience: Audience) -> &Arc<Contract> {
        if audience.is_told_all() { &self.contract } else { &self.projection }
    }

    /// Puts a front before `executor`.
    ///
    /// # Errors
    /// Where the SDL is no schema, or none without what is for staff alone, or the manifest is none or holds a document that is not valid.
    pub fn new(executor: E, settings: &Settings<'_>) -> Result<Self> {
        let Settings { sdl, limits, documents, manifest, .. } = settings;
        let contract = Arc::new(Contract::new(sdl, settings)?);
        let (projected_sdl, projection) = match project(&contract.schema)? {
            Some(projected) => (projected.as_str().into(), Arc::new(Contract::new(&projected, settings)?)),
            None => ((*sdl).into(), Arc::clone(&contract)),
        };
        let validate = |text: &str| {
            // Whoever asks for it by its id is held to their own limit then.
            let most = Audience::Staff.document_bytes(limits);
            scan::scan(text, most, limits).map_err(|limit| Wrong::Invalid(vec![limit]))?;
            check(text, &Wanted::default(), &contract, limits).map(|document| Known::new(document, text.to_owned()))
        };
        let manifest = manifest.map(manifest::read).transpose()?.unwrap_or_default();
        let trusted = Trusted::new(manifest, |text| validate(text).map_err(Wrong::reports))?;
        Ok(Self {
            executor,
            sdl: (*sdl).into(),
            contract,
            projected_sdl,
            projection,
            limits: *limits,
            documents: *documents,
            trusted,
            kept: Kept::new(limits.documents_kept_bytes),
            checks: Aside::new("checks")?,
            questions: Aside::new("questions")?,
        })
    }
}

fn invalid(report: Report) -> Refused {
    Refused::new(Stage::Validation, report)
}
