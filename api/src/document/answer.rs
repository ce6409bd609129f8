//! Executing what was prepared, and putting the answer together.

use std::sync::Arc;
use std::time::Duration;

use apollo_compiler::introspection;
use apollo_compiler::response::JsonValue;
use apollo_compiler::response::serde_json_bytes::ByteString;
use async_graphql::{Executor, Request, Response};
use serde_json::{Map, Value, json};

use crate::document::known::Introspected;
use crate::document::write;
use crate::document::{Front, Prepared, Refused};
use crate::error::report::{Report, Step};
use crate::error::{Error, INTERNAL, RATE_LIMITED, UNAVAILABLE};

/// The codes of what may succeed later.
const PASSING: [&str; 3] = [UNAVAILABLE, RATE_LIMITED, INTERNAL];

/// An answer as bytes, and what a door has to know of it. It may hold secrets, so that no log can be shown it.
#[expect(clippy::struct_excessive_bools, reason = "a door asks for each of them by itself")]
pub struct Answer {
    /// The response in JSON.
    pub body: Vec<u8>,
    /// Whether it reports errors.
    pub has_errors: bool,
    /// Whether it has any data at all.
    pub has_data: bool,
    /// Whether the database did not answer, and so nothing is told: the same request may succeed later.
    pub is_unavailable: bool,
    /// Whether the database did not answer for some of it.
    pub lacks: bool,
    /// After how many seconds the same request may succeed, where something was done too often.
    pub retry_after: Option<u64>,
    /// Whether the same request would be answered alike later: it was not answered by a failure that may pass.
    pub is_lasting: bool,
    /// What resolvers tell beside it, by names and values: a cookie.
    pub beside: Vec<(String, Vec<u8>)>,
}

impl<E: Executor> Front<E> {
    /// Executes an operation. `attach` gives the executor what its resolvers reach for; `request_id` goes into every report.
    ///
    /// # Errors
    /// [`Refused`] where our own part of the work fails.
    pub async fn execute(
        &self,
        prepared: Prepared,
        request_id: &str,
        attach: impl FnOnce(Request) -> Request,
    ) -> Result<Answer, Refused> {
        let prepared = Arc::new(prepared);
        let introspected = match prepared.plan.introspects {
            true => self.introspect(&prepared).await?,
            false => Arc::new(Introspected(Vec::new())),
        };
        let executed = match prepared.plan.document.clone() {
            None => Ok(Response::default()),
            Some(document) => {
                let mut request = attach(Request::new(""));
                request.set_parsed_query(document);
                let executor = self.executor.clone();
                self.in_time(async move { executor.execute(request).await }).await
            }
        };
        Ok(self.answer(&prepared, executed, &introspected, request_id))
    }

    /// What was executed, as an answer.
    pub(super) fn answer(
        &self,
        prepared: &Prepared,
        executed: Result<Response, Error>,
        introspected: &Introspected,
        request_id: &str,
    ) -> Answer {
        let beside = executed.as_ref().map(beside).unwrap_or_default();
        let has_ended = executed.is_ok();
        let (data, reports) = match executed {
            Ok(response) => self.written(prepared, response, introspected),
            Err(problem) => (b"null".to_vec(), vec![Report::from(&problem.logged())]),
        };
        let limit = prepared.audience.cost(&self.limits);
        let cost = prepared.tells_cost.then(|| json!({ "requested": prepared.plan.cost, "limit": limit }));
        let answer = self.together(&data, reports, cost.as_ref(), request_id);
        Answer { beside, is_lasting: answer.is_lasting && has_ended, ..answer }
    }

    /// Runs in a task of its own: where the client goes away, what has begun still ends, in its time, and its connections go back to their pool.
    pub(super) async fn in_time<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T, Error> {
        let seconds = self.limits.operation_seconds;
        let task = tokio::spawn(tokio::time::timeout(Duration::from_secs(seconds), work));
        let too_long = |_| Error::Limit { what: "seconds of the operation".to_owned(), allowed: seconds, asked: seconds + 1 };
        task.await.map_err(Error::internal)?.map_err(too_long)
    }

    /// What the executor answered, as `data` and reports.
    fn written(&self, prepared: &Prepared, response: Response, introspected: &Introspected) -> (Vec<u8>, Vec<Report>) {
        let locate = |offset| prepared.known.locate(offset);
        let mut reports: Vec<Report> = response.errors.into_iter().map(|error| Report::of_execution(error, locate)).collect();
        let most = usize::try_from(self.limits.answer_bytes).unwrap_or(usize::MAX);
        let (mut data, unexplained) = write::data(&prepared.plan.places, &response.data, &reports, (introspected, most));
        if unexplained {
            reports.push(Report::from(&Error::internal("the executor left a value out without an error").logged()));
        }
        if data.len() > most {
            reports.push(Report::limit("bytes of the answer", data.len() as u64, self.limits.answer_bytes));
            data = b"null".to_vec();
        }
        (data, reports)
    }

    /// What the schema says of itself. Where the question has no variables the answer is the same each time, and kept.
    async fn introspect(&self, prepared: &Arc<Prepared>) -> Result<Arc<Introspected>, Refused> {
        let key = prepared.key.map(|key| (prepared.audience.is_told_all(), key));
        if let Some(kept) = key.and_then(|key| self.kept.introspected.get(&key)) {
            return Ok(kept);
        }
        let (contract, asked) = (Arc::clone(self.told(prepared.audience)), Arc::clone(prepared));
        let answered = self.aside(&self.questions, move || {
            let operation = asked.known.operation(asked.operation_name.as_deref())?;
            let (document, variables) = (&asked.known.document, &asked.variables);
            let told = introspection::partial_execute(&contract.schema, &contract.implementers, document, operation, variables)
                .map_err(|e| Report::wrong(e.message().to_string()))?;
            let json =
                |(name, value): (_, JsonValue)| Some((ByteString::as_str(&name).to_owned(), serde_json::to_vec(&value).ok()?));
            Ok(Introspected(told.data.unwrap_or_default().into_iter().filter_map(json).collect()))
        });
        let answered = Arc::new(answered.await?.map_err(super::invalid)?);
        if let Some(key) = key {
            self.kept.introspected.insert(key, Arc::clone(&answered));
        }
        Ok(answered)
    }

    fn together(&self, data: &[u8], mut reports: Vec<Report>, cost: Option<&Value>, request_id: &str) -> Answer {
        let lacks = reports.iter().any(|report| report.code() == UNAVAILABLE);
        let is_unavailable = is_unavailable(data, &reports);
        // What nobody was able to look up is not said to be absent.
        let data = if is_unavailable { b"null" } else { data };
        let too_often = reports.iter().filter(|report| report.code() == RATE_LIMITED);
        let retry_after = too_often.filter_map(|report| report.extensions.get("retryAfter")?.as_u64()).max();
        let (has_errors, has_data) = (!reports.is_empty(), data != b"null");
        let is_lasting = has_data || !reports.iter().any(|report| PASSING.contains(&report.code()));
        let mut body = Vec::with_capacity(data.len() + 64);
        body.push(b'{');
        if has_errors {
            reports.truncate(usize::try_from(self.limits.errors).unwrap_or(usize::MAX));
            body.extend_from_slice(b"\"errors\":");
            body.extend_from_slice(&listed(reports, request_id));
            body.push(b',');
        }
        body.extend_from_slice(b"\"data\":");
        body.extend_from_slice(data);
        if let Some(cost) = cost {
            body.extend_from_slice(format!(",\"extensions\":{{\"cost\":{cost}}}").as_bytes());
        }
        body.push(b'}');
        Answer { body, has_errors, has_data, is_unavailable, lacks, retry_after, is_lasting, beside: Vec::new() }
    }
}

impl Answer {
    /// An answer that was given before, as it was kept.
    #[must_use]
    pub fn kept(body: Vec<u8>, has_errors: bool) -> Self {
        let (is_unavailable, lacks, retry_after, beside) = (false, false, None, Vec::new());
        Self { body, has_errors, has_data: true, is_unavailable, lacks, retry_after, is_lasting: true, beside }
    }
}

/// What the resolvers of an operation told beside its answer.
fn beside(response: &Response) -> Vec<(String, Vec<u8>)> {
    response.http_headers.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec())).collect()
}

/// Whether an answer has nothing to tell because the database did not answer: each field of its root was lost to that.
fn is_unavailable(data: &[u8], reports: &[Report]) -> bool {
    let mut lost = reports.iter().filter(|report| report.code() == UNAVAILABLE).map(|report| report.path.first()).peekable();
    if lost.peek().is_none() {
        return false;
    }
    let lost: Vec<_> = lost.collect();
    let fields = serde_json::from_slice::<Option<Map<String, Value>>>(data).ok().flatten().unwrap_or_default();
    fields.iter().all(|(name, value)| value.is_null() && lost.contains(&Some(&Step::Field(name.clone()))))
}

impl Refused {
    /// The response in JSON: it has no `data`, since execution did not begin.
    #[must_use]
    pub fn body(self, request_id: &str) -> Vec<u8> {
        [b"{\"errors\":", &*self.listed(request_id), b"}"].concat()
    }

    /// What is wrong, as a list in JSON.
    #[must_use]
    pub fn listed(self, request_id: &str) -> Vec<u8> {
        listed(self.reports, request_id)
    }
}

/// Reports as a list in JSON, under the id by which the log knows the request.
#[must_use]
pub fn listed(reports: Vec<Report>, request_id: &str) -> Vec<u8> {
    let told = reports.into_iter().map(|mut report| {
        metrics::counter!("alliance_errors_total", "code" => report.code().to_owned()).increment(1);
        report.extensions.insert("requestId".to_owned(), request_id.into());
        report
    });
    // A report holds nothing that JSON cannot.
    serde_json::to_vec(&told.collect::<Vec<_>>()).unwrap_or_else(|_| b"[]".to_vec())
}
