//! Executing a subscription: once to open it, and once for each event.
//!
//! <https://spec.graphql.org/draft/#sec-Subscription>

use async_graphql::{Executor, Request};
use futures_util::StreamExt;

use crate::document::answer::Answer;
use crate::document::known::Introspected;
use crate::document::{Front, Prepared};

impl<E: Executor> Front<E> {
    /// What a subscription tells now; nothing where there is nothing to tell. `attach` gives the executor what its resolvers reach for.
    pub async fn follow(&self, prepared: &Prepared, request_id: &str, attach: impl FnOnce(Request) -> Request) -> Option<Answer> {
        let document = prepared.plan.document.clone()?;
        let mut request = attach(Request::new(""));
        request.set_parsed_query(document);
        let mut answers = self.executor.execute_stream(request, None);
        let executed = self.in_time(async move { answers.next().await }).await.transpose()?;
        Some(self.answer(prepared, executed, &Introspected(Vec::new()), request_id))
    }
}
