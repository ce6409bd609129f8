//! One-time passwords of an authenticator app: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which is what every app knows.

use std::fmt;

use alliance_entity::id::AccountId;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use totp_rs::{Algorithm, TOTP};

use crate::error::Result;
use crate::keys::{self, Keys};

const DIGITS: usize = 6;
const STEP: u64 = 30;
/// 160 bits, as RFC 4226 recommends.
const BYTES: usize = 20;
/// How many steps a clock may be behind or ahead.
const SKEW: i64 = 1;
const PURPOSE: &str = "two-factor";

/// The secret that an account shares with its authenticator app.
pub struct Authenticator {
    secret: SecretSlice<u8>,
}

impl Authenticator {
    /// A new one.
    #[must_use]
    pub fn create() -> Self {
        Self::of(&keys::random()[..BYTES])
    }

    /// The one with this secret.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        Self { secret: secret.to_vec().into() }
    }

    /// As it is stored for this account, and for no other.
    #[must_use]
    pub fn sealed(&self, keys: &Keys, account: AccountId) -> Vec<u8> {
        keys.seal(PURPOSE, account.0.as_bytes(), self.secret.expose_secret())
    }

    /// The one that was stored for this account.
    ///
    /// # Errors
    /// [`crate::error::Error::Internal`] where it was not, or the key that sealed it is gone.
    pub fn open(keys: &Keys, account: AccountId, sealed: &[u8]) -> Result<Self> {
        Ok(Self { secret: keys.open(PURPOSE, account.0.as_bytes(), sealed)?.into() })
    }

    /// What an app reads as a QR code: `otpauth://totp/...`.
    #[must_use]
    pub fn url(&self, issuer: &str, account: &str) -> SecretString {
        SecretString::from(self.app(issuer, account).get_url())
    }

    /// What a person types into an app that cannot read the code.
    #[must_use]
    pub fn spelled(&self) -> SecretString {
        SecretString::from(self.app("", "").get_secret_base32())
    }

    /// The step that a code stands for, if it is one of now. One that is not later than the `last` that was used counts no more: who
    /// saw it typed cannot use it again. The caller stores the step.
    #[must_use]
    pub fn step(&self, code: &str, now: DateTime<Utc>, last: Option<i64>) -> Option<i64> {
        let code = code.chars().filter(|c| !c.is_whitespace()).take(DIGITS + 1).collect::<String>();
        let (app, current) = (self.app("", ""), now.timestamp().div_euclid(i64::try_from(STEP).ok()?));
        let mut found = None;
        // All of them, so that the time does not tell which.
        for step in current - SKEW..=current + SKEW {
            let Some(time) = u64::try_from(step).ok().and_then(|step| step.checked_mul(STEP)) else { continue };
            if keys::same(app.generate(time).as_bytes(), code.as_bytes()) && last.is_none_or(|last| step > last) {
                found = found.or(Some(step));
            }
        }
        found
    }

    fn app(&self, issuer: &str, account: &str) -> TOTP {
        // A colon would end the issuer in the middle.
        let (issuer, account) = (issuer.replace(':', " "), account.replace(':', " "));
        let secret = self.secret.expose_secret().to_vec();
        TOTP::new_unchecked(Algorithm::SHA1, DIGITS, 1, STEP, secret, Some(issuer), account)
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authenticator")
    }
}
