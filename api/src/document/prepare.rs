//! The way in: from what was asked to an operation that may be executed.

use std::sync::Arc;
use std::time::Duration;

use apollo_compiler::introspection;
use apollo_compiler::response::JsonMap;
use serde_json::Value;

use crate::config::door::Documents;
use crate::document::aside::Aside;
use crate::document::audience::Audience;
use crate::document::check::{Wanted, Wrong, check_for, only_queries};
use crate::document::known::{Hash, Known};
use crate::document::lower::{Stopped, lower};
use crate::document::plan::Plan;
use crate::document::trusted::Found;
use crate::document::variables::{coerce_for, whole};
use crate::document::{Asked, Front, Prepared, Refused, Stage, invalid, scan};
use crate::error::Error;
use crate::error::report::Report;

/// How deep lists may nest in a question about the schema, as apollo-compiler counts them.
const INTROSPECTED_LISTS: u64 = 2;
/// What is said of a subscription that can be answered once alone.
const FOLLOWS: &str = "A subscription is answered again and again: ask over WebSocket (`graphql-transport-ws`), or accept \
     `text/event-stream` or `multipart/mixed;subscriptionSpec=1.0`.";
/// How many selections a subscription has at most: they are kept for as long as it is followed.
const FOLLOWED: usize = 500;
/// How many selections are lowered on the spot; an operation with more of them goes aside.
const ON_THE_SPOT: usize = 1_000;

impl<E> Front<E> {
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
            Found::Known(known) => {
                scan::length(&known.text, asked.audience.document_bytes(&self.limits)).map_err(invalid)?;
                known
            }
            Found::New(hash, text) => {
                let wanted = Wanted { operation: asked.operation_name.clone(), only_a_query: asked.only_a_query };
                self.validate((asked.audience, hash), text, wanted).await?
            }
        };
        let Asked { operation_name, variables, extensions, only_a_query, may_follow, audience, .. } = asked;
        let operation = known.operation(operation_name.as_deref()).map_err(invalid)?;
        if only_a_query && operation.is_mutation() {
            return Err(Refused::new(Stage::Writes, only_queries()));
        }
        if operation.is_subscription() && !may_follow {
            return Err(Refused::new(Stage::Follows, Report::wrong(FOLLOWS)));
        }
        let key = known.key(operation);
        let given: JsonMap = variables.into_iter().map(|(name, value)| (name.into(), whole(value).into())).collect();
        let contracts = (&*self.contract, &**self.told(audience));
        let variables = Arc::new(coerce_for(&known, operation, &given, contracts).map_err(invalid)?);
        let mut prepared = Prepared {
            plan: Arc::default(),
            key,
            operation_name,
            variables,
            audience,
            tells_cost: extensions.get("cost") == Some(&Value::Bool(true)),
            known: Arc::clone(&known),
        };
        prepared.plan = self.plan(&prepared).await?;
        metrics::histogram!("alliance_operation_cost").record(f64::from(u32::try_from(prepared.plan.cost).unwrap_or(u32::MAX)));
        if prepared.plan.introspects {
            introspection::check_max_depth(&known.document, operation).map_err(|_| {
                invalid(Report::limit("lists within lists of the schema", INTROSPECTED_LISTS + 1, INTROSPECTED_LISTS))
            })?;
        }
        Ok(prepared)
    }

    /// Validates a text that is not known yet, on a thread that answers no requests.
    async fn validate(&self, key: (Audience, Hash), text: String, wanted: Wanted) -> Result<Arc<Known>, Refused> {
        let (audience, _) = key;
        // What is seen at a glance needs no turn.
        scan::scan(&text, audience.document_bytes(&self.limits), &self.limits).map_err(invalid)?;
        let (contract, told, limits) = (Arc::clone(&self.contract), Arc::clone(self.told(audience)), self.limits);
        let work = move || check_for(&text, &wanted, (&contract, &told), &limits).map(|document| Known::new(document, text));
        let known = Arc::new(self.aside(&self.checks, work).await?.map_err(|wrong| {
            let stage = match wrong {
                Wrong::Syntax(_) => Stage::Syntax,
                Wrong::Invalid(_) => Stage::Validation,
                Wrong::Writes => Stage::Writes,
            };
            Refused { stage, reports: wrong.reports() }
        })?);
        if self.documents != Documents::Trusted {
            self.kept.documents.insert(key, Arc::clone(&known));
        }
        Ok(known)
    }

    /// What an operation is lowered to, where the asker may spend what it costs. Without variables it is the same each time, and kept.
    async fn plan(&self, prepared: &Prepared) -> Result<Arc<Plan>, Refused> {
        let kept = prepared.key.and_then(|key| self.kept.plans.get(&key));
        let is_kept = kept.is_some();
        let plan = match kept {
            Some(plan) => plan,
            None => Arc::new(self.lowered(prepared).await?),
        };
        let most = prepared.audience.cost(&self.limits);
        if plan.cost > most {
            let mut report = Report::limit("cost of the operation", plan.cost, most);
            report.message.push_str("; ask for fewer items with `first`, or for fewer fields");
            return Err(invalid(report));
        }
        if plan.follows && plan.steps > FOLLOWED {
            let what = "fields of the subscription, for each type that they may be of";
            return Err(invalid(Report::limit(what, plan.steps as u64, FOLLOWED as u64)));
        }
        if let Some(key) = prepared.key.filter(|_| !is_kept) {
            self.kept.plans.insert(key, Arc::clone(&plan));
        }
        Ok(plan)
    }

    /// Lowers an operation: on the spot, or aside where it is large. It is not complete where it costs more than the asker may spend.
    async fn lowered(&self, prepared: &Prepared) -> Result<Plan, Refused> {
        let most = usize::try_from(self.limits.document_fields).unwrap_or(usize::MAX);
        let lowered = |known: &Known, prepared: &Lowering, contract: &_, steps| {
            let operation = known.operation(prepared.operation_name.as_deref()).map_err(Stopped::Wrong)?;
            lower(&known.document, operation, &prepared.variables, contract, (steps, prepared.cost))
        };
        let lowering = Lowering {
            operation_name: prepared.operation_name.clone(),
            variables: Arc::clone(&prepared.variables),
            cost: prepared.audience.cost(&self.limits),
        };
        let done = match lowered(&prepared.known, &lowering, &*self.contract, most.min(ON_THE_SPOT)) {
            Err(Stopped::Steps) if most > ON_THE_SPOT => {
                let (known, contract) = (Arc::clone(&prepared.known), Arc::clone(&self.contract));
                self.aside(&self.checks, move || lowered(&known, &lowering, &*contract, most)).await?
            }
            done => done,
        };
        done.map_err(|stopped| match stopped {
            Stopped::Wrong(report) => invalid(report),
            Stopped::Steps => {
                let most = self.limits.document_fields;
                invalid(Report::limit("fields of the operation, for each type that they may be of", most + 1, most))
            }
        })
    }

    /// Does some work on threads of its own; nobody waits longer for a turn than for an operation.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        on: &Aside,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refused> {
        let patience = Duration::from_secs(self.limits.operation_seconds);
        match tokio::time::timeout(patience, on.run(work)).await {
            Ok(done) => done.map_err(|problem| Refused::new(Stage::Fault, Report::from(&problem.logged()))),
            Err(_) => Err(Refused::new(Stage::Busy, Report::from(&Error::Unavailable))),
        }
    }
}

/// What lowering needs on another thread.
struct Lowering {
    operation_name: Option<String>,
    variables: Arc<apollo_compiler::validation::Valid<JsonMap>>,
    cost: u64,
}
