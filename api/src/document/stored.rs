//! Questions that are kept here and asked by this node itself: through the same door as any other.

use std::sync::Arc;

use async_graphql::Executor;
use async_trait::async_trait;
use serde_json::Value;

use crate::app::{Answers, App, Question};
use crate::client::Client;
use crate::document::audience::Audience;
use crate::document::{Asked, Front, Prepared, Refused, Stage};
use crate::error::{Error, Result};
use crate::loader::Loader;
use crate::viewer::Viewer;

/// What is told in the place of a request's id.
const NOBODYS: &str = "stored";

impl<E: Executor> Front<E> {
    async fn prepare_stored(&self, viewer: &Viewer, question: Question) -> Result<Prepared, Refused> {
        let Question { document, variables } = question;
        let audience = match viewer {
            Viewer::Anonymous | Viewer::Visitor(_) => Audience::Stranger,
            Viewer::Partner(partner) if partner.partner.is_none() => Audience::Stranger,
            Viewer::Account(_) | Viewer::Partner(_) => Audience::Member,
        };
        let (query, only_a_query, is_stored) = (Some(document), true, true);
        self.prepare(Asked { query, variables, only_a_query, is_stored, audience, ..Asked::default() }).await
    }
}

#[async_trait]
impl<E: Executor> Answers for Front<E> {
    async fn check(&self, viewer: &Viewer, question: Question) -> Result<(), String> {
        self.prepare_stored(viewer, question).await.map(drop).map_err(|refused| told(&refused))
    }

    async fn answer(&self, app: &App, viewer: Viewer, question: Question) -> Result<Value> {
        let failed = |refused: Refused| match refused.stage {
            Stage::Busy | Stage::Fault => Error::Unavailable,
            _ => Error::invalid("query", told(&refused)),
        };
        let prepared = self.prepare_stored(&viewer, question).await.map_err(failed)?;
        let loader = Arc::new(Loader::new(app.clone(), viewer, Client::local()));
        let answer = self.execute(prepared, NOBODYS, |request| request.data(loader)).await.map_err(failed)?;
        if answer.lacks {
            return Err(Error::Unavailable);
        }
        serde_json::from_slice(&answer.body).map_err(Error::internal)
    }
}

fn told(refused: &Refused) -> String {
    refused.reports.iter().map(|report| report.message.as_str()).collect::<Vec<_>>().join("; ")
}
