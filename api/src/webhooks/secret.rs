//! What signs messages: made here, told once, sealed in the database; and signatures as Standard Webhooks has them.

use alliance_entity::id::WebhookId;
use alliance_entity::webhook;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

use crate::error::{Error, Result};
use crate::keys::{self, Keys};

/// What a secret begins with.
const PREFIX: &str = "whsec_";
const PURPOSE: &str = "secret of a webhook";

/// A new secret: as its receiver is given it, and as a row keeps it.
#[must_use]
pub fn create(keys: &Keys, id: WebhookId) -> (String, String) {
    let bytes = keys::random();
    let sealed = keys.seal(PURPOSE, id.0.as_bytes(), &bytes);
    (format!("{PREFIX}{}", STANDARD.encode(bytes)), STANDARD.encode(sealed))
}

/// The signatures of a message, one by each secret that counts at this time.
///
/// # Errors
/// [`Error::Internal`] where a secret does not open.
pub fn sign(keys: &Keys, webhook: &webhook::Model, signed: (&str, DateTime<Utc>), body: &[u8]) -> Result<String> {
    let (message, at) = signed;
    let former = webhook.former_secret.as_ref().filter(|_| webhook.former_secret_until.is_some_and(|until| until > at));
    let mut signatures = Vec::new();
    for sealed in [Some(&webhook.secret), former].into_iter().flatten() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &open(keys, webhook.id, sealed)?);
        let mut context = hmac::Context::with_key(&key);
        context.update(format!("{message}.{}.", at.timestamp()).as_bytes());
        context.update(body);
        signatures.push(format!("v1,{}", STANDARD.encode(context.sign())));
    }
    Ok(signatures.join(" "))
}

fn open(keys: &Keys, id: WebhookId, sealed: &str) -> Result<Vec<u8>> {
    let sealed = STANDARD.decode(sealed).map_err(Error::internal)?;
    keys.open(PURPOSE, id.0.as_bytes(), &sealed)
}
