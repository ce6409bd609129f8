//! Cursors: where a row stands in a list, as text that a client can hand back and nobody can bend.

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::scalar::is_in_range;

const CHECKSUM: usize = 4;
const LONGEST: usize = 2048;

/// What a list is ordered by, as a row has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// A moment, in microseconds since 1970.
    Time(i64),
    /// A day, counted from the first of the common era.
    Day(i32),
    /// A number.
    Number(i32),
    /// Text, compared byte by byte.
    Text(String),
}

impl Key {
    /// The key as a parameter of a statement.
    #[must_use]
    pub fn value(&self) -> Value {
        match self {
            Self::Time(micros) => DateTime::<Utc>::from_timestamp_micros(*micros).unwrap_or_default().into(),
            Self::Day(days) => NaiveDate::from_num_days_from_ce_opt(*days).unwrap_or_default().into(),
            Self::Number(number) => (*number).into(),
            Self::Text(text) => text.clone().into(),
        }
    }
}

/// Where a row stands: its key, and its id where keys are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position {
    /// What the list is ordered by.
    pub key: Key,
    /// Whose row it is.
    pub id: Uuid,
}

impl PartialOrd for Position {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Position {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then_with(|| self.id.cmp(&other.id))
    }
}

impl Position {
    /// The cursor of this position in a list of the order that `order` names.
    #[must_use]
    pub fn encode(&self, order: &str) -> String {
        let mut bytes = Vec::with_capacity(32);
        bytes.extend_from_slice(self.id.as_bytes());
        match &self.key {
            Key::Time(micros) => bytes.extend_from_slice(&micros.to_be_bytes()),
            Key::Day(days) => bytes.extend_from_slice(&days.to_be_bytes()),
            Key::Number(number) => bytes.extend_from_slice(&number.to_be_bytes()),
            Key::Text(text) => bytes.extend_from_slice(text.as_bytes()),
        }
        let checksum = checksum(order, &bytes);
        bytes.extend_from_slice(&checksum);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor that a list of the order `order` gave; `like` shows which kind of key that order has. `None` for any other text, and for a
    /// position that no row of ours can have.
    #[must_use]
    pub fn decode(cursor: &str, order: &str, like: &Key) -> Option<Self> {
        if cursor.len() > LONGEST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (bytes, check) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
        if check != checksum(order, bytes) {
            return None;
        }
        let (id, key) = bytes.split_at_checked(16)?;
        let key = match like {
            Key::Time(_) => {
                let micros = i64::from_be_bytes(key.try_into().ok()?);
                DateTime::<Utc>::from_timestamp_micros(micros).filter(is_in_range)?;
                Key::Time(micros)
            }
            Key::Day(_) => {
                let days = i32::from_be_bytes(key.try_into().ok()?);
                NaiveDate::from_num_days_from_ce_opt(days).filter(is_in_range)?;
                Key::Day(days)
            }
            Key::Number(_) => Key::Number(i32::from_be_bytes(key.try_into().ok()?)),
            Key::Text(_) => Key::Text(String::from_utf8(key.to_vec()).ok().filter(|text| !text.contains('\0'))?),
        };
        Some(Self { key, id: Uuid::from_slice(id).ok()? })
    }
}

/// It covers the order's name, so that a cursor of another order is none of this one.
fn checksum(order: &str, bytes: &[u8]) -> [u8; CHECKSUM] {
    let digest = Sha256::new().chain_update(order).chain_update([0]).chain_update(bytes).finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}
