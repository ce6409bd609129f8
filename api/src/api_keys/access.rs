//! From a partner's key to whom it speaks for.

use std::sync::Arc;

use crate::api_keys::{read, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::keys;
use crate::viewer::{Partner, Viewer};

/// Whom a key speaks for.
///
/// # Errors
/// [`Error::Unauthenticated`] where it is no key, or not any more.
pub async fn viewer(app: &App, key: &str) -> Result<Arc<Viewer>> {
    let hash = keys::hash(key);
    let found = app.access().of_key(hash.clone(), partner(app, &hash)).await?;
    found.ok_or(Error::Unauthenticated("this key is not valid, or not any more"))
}

async fn partner(app: &App, hash: &str) -> Result<Option<Viewer>> {
    let now = app.clock().now();
    let Some(key) = store::find_live(app.db().read(), hash, now).await? else { return Ok(None) };
    store::set_used(app, &key, now).await?;
    Ok(Some(Viewer::Partner(Arc::new(Partner { key: key.id, alliance: key.alliance_id, scopes: read(&key.scopes) }))))
}
