//! New ids: later than those made before them, and not to be guessed.

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// A new id, made at this time.
#[must_use]
pub fn new<I: From<Uuid>>(now: DateTime<Utc>) -> I {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid().into()
}
