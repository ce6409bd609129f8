//! Signed tokens: whom they speak for, until when, and everything that is wrong with those of others.

use alliance_entity::id::{AccountId, SessionId, VisitorId};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, Validation};
use serde::{Deserialize, Serialize};

use crate::keys::signing::SigningKey;
use crate::keys::{base64, random};

/// For whom tokens are meant: us.
const AUDIENCE: &str = "alliance";
/// How far clocks may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);
/// A longer text is none of ours, and is not looked at.
const LONGEST: usize = 2_048;

/// A kind of token, told by its header, so that one never passes for another.
pub(super) struct Kind {
    pub(super) typ: &'static str,
    valid: TimeDelta,
}

/// What an account shows with each request: RFC 9068.
pub(super) const ACCESS: Kind = Kind { typ: "at+jwt", valid: TimeDelta::minutes(10) };
/// What a visitor without an account shows.
pub(super) const VISITOR: Kind = Kind { typ: "visitor+jwt", valid: TimeDelta::days(400) };

/// A change of a post, signed for whoever carries it: no token, and shown to nobody as one.
pub(super) const CHANGE: Kind = Kind { typ: "syndication-change+jwt", valid: TimeDelta::zero() };

/// Why a token does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenProblem {
    /// It is no token, or one of another kind.
    #[error("this is no token of the kind that is wanted here")]
    Malformed,
    /// It is not signed by one of our keys.
    #[error("this token was not signed here")]
    Forged,
    /// It is for somebody else, or from somebody else.
    #[error("this token is not meant for this service")]
    Foreign,
    /// Its time has not come.
    #[error("this token is not valid yet")]
    Early,
    /// Its time is over.
    #[error("this token has expired; get a new one")]
    Expired,
}

/// Whom an access token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// Who signed in.
    pub account: AccountId,
    /// With which session.
    pub session: SessionId,
    /// When it was made, in whole seconds.
    pub issued_at: DateTime<Utc>,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
    /// Which token it is.
    pub id: String,
}

impl AccessClaims {
    /// Claims that hold for ten minutes from now on.
    #[must_use]
    pub fn new(account: AccountId, session: SessionId, now: DateTime<Utc>) -> Self {
        let (issued_at, expires_at) = span(now, &ACCESS);
        Self { account, session, issued_at, expires_at, id: id() }
    }

    pub(super) fn written(&self, issuer: &str) -> Claims {
        let claims = Claims::new(issuer, self.account.to_string(), (self.issued_at, self.expires_at), &self.id);
        Claims { sid: Some(self.session.to_string()), ..claims }
    }

    pub(super) fn read(claims: Claims, issuer: &str, now: DateTime<Utc>) -> Result<Self, TokenProblem> {
        let (issued_at, expires_at) = claims.check(issuer, now)?;
        let session = claims.sid.as_deref().ok_or(TokenProblem::Malformed)?;
        Ok(Self {
            account: claims.sub.parse().map_err(|_| TokenProblem::Malformed)?,
            session: session.parse().map_err(|_| TokenProblem::Malformed)?,
            issued_at,
            expires_at,
            id: claims.jti,
        })
    }
}

/// Which visitor a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitorClaims {
    /// Which visitor.
    pub visitor: VisitorId,
    /// When it was made, in whole seconds.
    pub issued_at: DateTime<Utc>,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
    /// Which token it is.
    pub id: String,
}

impl VisitorClaims {
    /// Claims that hold for 400 days from now on.
    #[must_use]
    pub fn new(visitor: VisitorId, now: DateTime<Utc>) -> Self {
        let (issued_at, expires_at) = span(now, &VISITOR);
        Self { visitor, issued_at, expires_at, id: id() }
    }

    pub(super) fn written(&self, issuer: &str) -> Claims {
        Claims::new(issuer, self.visitor.to_string(), (self.issued_at, self.expires_at), &self.id)
    }

    pub(super) fn read(claims: Claims, issuer: &str, now: DateTime<Utc>) -> Result<Self, TokenProblem> {
        let (issued_at, expires_at) = claims.check(issuer, now)?;
        let visitor = claims.sub.parse().map_err(|_| TokenProblem::Malformed)?;
        Ok(Self { visitor, issued_at, expires_at, id: claims.jti })
    }
}

/// From the second that has begun until the token's end.
fn span(now: DateTime<Utc>, kind: &Kind) -> (DateTime<Utc>, DateTime<Utc>) {
    let issued_at = DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now);
    (issued_at, issued_at + kind.valid)
}

fn id() -> String {
    base64::url(&random()[..16])
}

/// The claims as they are written. Each is demanded, in its type; a claim that stands there twice is none.
#[derive(Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    aud: String,
    sub: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

impl Claims {
    fn new(issuer: &str, sub: String, (issued_at, expires_at): (DateTime<Utc>, DateTime<Utc>), id: &str) -> Self {
        let iat = issued_at.timestamp();
        let (iss, aud, jti) = (issuer.to_owned(), AUDIENCE.to_owned(), id.to_owned());
        Self { iss, aud, sub, sid: None, iat, nbf: iat, exp: expires_at.timestamp(), jti }
    }

    /// When it was made and until when it holds, if it is ours and holds now.
    fn check(&self, issuer: &str, now: DateTime<Utc>) -> Result<(DateTime<Utc>, DateTime<Utc>), TokenProblem> {
        if self.iss != issuer || self.aud != AUDIENCE {
            return Err(TokenProblem::Foreign);
        }
        let time = |seconds| DateTime::from_timestamp(seconds, 0).ok_or(TokenProblem::Malformed);
        let (issued_at, begins, ends) = (time(self.iat)?, time(self.nbf)?, time(self.exp)?);
        // The leeway moves our time, which has room: what a token says may lie at the end of all times.
        if issued_at > now + LEEWAY || begins > now + LEEWAY {
            return Err(TokenProblem::Early);
        }
        if ends <= now - LEEWAY {
            return Err(TokenProblem::Expired);
        }
        Ok((issued_at, ends))
    }
}

/// The whole header: a key, an address of one, or anything else besides is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    alg: String,
    typ: String,
    kid: String,
}

/// The claims of a token that one of our keys signed as this kind. Their times and their meaning are still to be checked.
pub(super) fn verify(keys: &[SigningKey], kind: &Kind, token: &str) -> Result<Claims, TokenProblem> {
    if token.len() > LONGEST {
        return Err(TokenProblem::Malformed);
    }
    let head = token.split('.').next().and_then(base64::from_url).ok_or(TokenProblem::Malformed)?;
    let head: Head = serde_json::from_slice(&head).map_err(|_| TokenProblem::Malformed)?;
    if head.alg != "EdDSA" || head.typ != kind.typ {
        return Err(TokenProblem::Malformed);
    }
    let key = keys.iter().find(|key| key.kid == head.kid).ok_or(TokenProblem::Forged)?;
    let decoded = jsonwebtoken::decode::<Claims>(token, &key.verifying, &signature_alone());
    match decoded {
        Ok(token) => Ok(token.claims),
        Err(error) if matches!(error.kind(), jsonwebtoken::errors::ErrorKind::InvalidSignature) => Err(TokenProblem::Forged),
        Err(_) => Err(TokenProblem::Malformed),
    }
}

/// The library checks the signature. Times are checked by our clock, and the other claims with them.
fn signature_alone() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}
