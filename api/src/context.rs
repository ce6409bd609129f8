//! What a resolver reaches for: `ctx.app()`, `ctx.viewer()`, `ctx.client()`, `ctx.load(id)`, and for a change `ctx.caller()` and
//! `ctx.changed(id, done)`.

use std::sync::Arc;

use async_graphql::Context;

use crate::app::App;
use crate::caller::Caller;
use crate::change::{UserError, mendable};
use crate::client::Client;
use crate::error::Result;
use crate::error::problem::UserErrorCode;
use crate::loader::{Load, Loader};
use crate::viewer::Viewer;

/// The request's tools, on the context of its resolvers.
pub trait Ask {
    /// The long-lived tools.
    fn app(&self) -> &App;
    /// Who is asking.
    fn viewer(&self) -> &Viewer;
    /// What sent the request: its address, its program, its cookie.
    fn client(&self) -> &Client;
    /// Who asks for a change. What was loaded before it is read anew afterwards.
    fn caller(&self) -> Caller;
    /// Answers the rest of the operation to who has just signed in by it.
    fn become_viewer(&self, viewer: Viewer);
    /// Takes so many bytes of the answer before they are written into it, where one field can have very many.
    ///
    /// # Errors
    /// [`crate::error::Error::Limit`] where the answer would be too long.
    fn spend(&self, bytes: usize) -> Result<()>;
    /// What `key` stands for, loaded together with what its siblings ask for.
    fn load<K: Load>(&self, key: K) -> impl Future<Output = Result<Option<K::Value>>> + Send;
    /// What came of a change to what `key` stands for: it as it is now, where it was changed or where somebody else was first; and
    /// what a person can mend.
    fn changed<K: Load>(
        &self,
        key: K,
        done: Result<()>,
    ) -> impl Future<Output = Result<(Option<K::Value>, Vec<UserError>)>> + Send;
    /// What came of deleting what `key` stands for: it as it was, or as it is where somebody else was first; and what a person can mend.
    fn deleted<K: Load>(
        &self,
        key: K,
        done: Result<K::Value>,
    ) -> impl Future<Output = Result<(Option<K::Value>, Vec<UserError>)>> + Send;
}

impl Ask for Context<'_> {
    fn app(&self) -> &App {
        loader(self).app()
    }

    fn viewer(&self) -> &Viewer {
        loader(self).viewer()
    }

    fn client(&self) -> &Client {
        loader(self).client()
    }

    fn spend(&self, bytes: usize) -> Result<()> {
        loader(self).spend(bytes)
    }

    fn caller(&self) -> Caller {
        loader(self).forget();
        Caller::new(self.app().clone(), self.viewer().clone(), self.client().clone()).claiming(loader(self).claim().cloned())
    }

    fn become_viewer(&self, viewer: Viewer) {
        loader(self).become_viewer(viewer);
    }

    fn load<K: Load>(&self, key: K) -> impl Future<Output = Result<Option<K::Value>>> + Send {
        let loader = Arc::clone(loader(self));
        async move { loader.load(key).await }
    }

    async fn changed<K: Load>(&self, key: K, done: Result<()>) -> Result<(Option<K::Value>, Vec<UserError>)> {
        let errors = match done {
            Ok(()) => Vec::new(),
            Err(error) => mendable(error)?,
        };
        let is_told = errors.is_empty() || errors.iter().any(|error| error.code == UserErrorCode::Conflict);
        let now = if is_told { self.load(key).await? } else { None };
        Ok((now, errors))
    }

    async fn deleted<K: Load>(&self, key: K, done: Result<K::Value>) -> Result<(Option<K::Value>, Vec<UserError>)> {
        match done {
            Ok(was) => Ok((Some(was), Vec::new())),
            Err(error) => self.changed(key, Err(error)).await,
        }
    }
}

fn loader<'a>(ctx: &'a Context<'_>) -> &'a Arc<Loader> {
    ctx.data_unchecked::<Arc<Loader>>()
}
