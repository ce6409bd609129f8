//! From a partner's key to whom it speaks for.

use std::sync::Arc;

use crate::api_keys::{read, store};
use crate::app::App;
use crate::error::{Error, Result};
use crate::viewer::{Carries, Partner, Viewer};

/// Whom a key speaks for, by what is kept of it.
///
/// # Errors
/// [`Error::Unauthenticated`] where it is no key, or not any more.
pub async fn viewer(app: &App, hash: String) -> Result<Arc<Viewer>> {
    let found = app.access().of_key(hash.clone(), partner(app, &hash)).await?;
    found.ok_or(Error::Unauthenticated("this key is not valid, or not any more"))
}

async fn partner(app: &App, hash: &str) -> Result<Option<Viewer>> {
    let now = app.clock().now();
    let Some(key) = store::find_live(app.db().read(), hash, now).await? else { return Ok(None) };
    store::set_used(app, &key, now).await?;
    let carries = match key.partner_id {
        Some(partner) => store::carries(app.db().read(), partner).await?,
        None => Carries::Nothing,
    };
    let (partner, scopes) = (key.partner_id, read(&key.scopes));
    Ok(Some(Viewer::Partner(Arc::new(Partner {
        key: key.id,
        alliance: key.alliance_id,
        scopes,
        partner,
        carries,
        sent_at: None,
    }))))
}
