//! Passwords are hashed here, a few at a time: each hash takes a core for a while and 19 MiB of memory. What makes a good one is a
//! matter for `accounts`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, Result};
use crate::keys;

/// Longer ones are refused unread.
pub const LONGEST: usize = 1_024;

/// What a hash takes, as OWASP recommends it; older hashes with less are told as outdated.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const VERSION: Version = Version::V0x13;
/// Of a hash by these parameters that no password has: what is checked where nobody has the address.
const NOBODY: &str = "c2FsdCBvZiBub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What checking a password has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is the password.
    pub right: bool,
    /// Whether the stored hash is weaker than a new one would be: make a new one while the password is known.
    pub outdated: bool,
}

/// How busy the gate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// How many compute now.
    pub running: usize,
    /// How many wait for their turn.
    pub waiting: usize,
    /// The most that have computed at once since the start.
    pub peak: usize,
    /// How many have computed, or do, since the start.
    pub begun: usize,
}

/// The gate that all work with passwords goes through, cheap to clone.
#[derive(Debug, Clone)]
pub struct Passwords {
    gate: Arc<Gate>,
}

#[derive(Debug)]
struct Gate {
    /// Those who compute and those who wait.
    admitted: Arc<Semaphore>,
    /// Those who compute.
    computing: Arc<Semaphore>,
    places: usize,
    running: AtomicUsize,
    peak: AtomicUsize,
    begun: AtomicUsize,
}

impl Passwords {
    /// A gate for so many at once, and so many more who wait. For none at once, one fewer than there are cores, but one at least.
    #[must_use]
    pub fn new(at_once: usize, waiting: usize) -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        let at_once = if at_once == 0 { cores.saturating_sub(1).max(1) } else { at_once };
        let gate = Gate {
            admitted: Arc::new(Semaphore::new(at_once + waiting)),
            computing: Arc::new(Semaphore::new(at_once)),
            places: at_once + waiting,
            running: AtomicUsize::new(0),
            peak: AtomicUsize::new(0),
            begun: AtomicUsize::new(0),
        };
        Self { gate: Arc::new(gate) }
    }

    /// The hash to store of a new password, as PHC text.
    ///
    /// # Errors
    /// [`Error::RateLimited`] where too many wait already.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        self.compute(move || {
            let (password, salt) = (normal(&password), keys::random());
            let hash: PasswordHash = hasher().hash_password_with_salt(password.expose_secret().as_bytes(), &salt[..16])?;
            Ok::<_, argon2::password_hash::Error>(hash.to_string())
        })
        .await?
        .map_err(Error::internal)
    }

    /// Whether this is the password of the stored hash. Without a stored hash it is not, after the same work.
    ///
    /// # Errors
    /// [`Error::RateLimited`] where too many wait already; [`Error::Internal`] where what is stored is no hash.
    pub async fn verify(&self, password: SecretString, stored: Option<&str>) -> Result<Verdict> {
        let nobody = || format!("$argon2id$v={}$m={MEMORY_KIB},t={PASSES},p={LANES}${NOBODY}", u32::from(VERSION));
        let (known, stored) = (stored.is_some(), stored.map_or_else(nobody, str::to_owned));
        let verdict = self.compute(move || verify(&password, &stored)).await?.map_err(Error::internal)?;
        Ok(Verdict { right: verdict.right && known, outdated: verdict.outdated && known })
    }

    /// Does what takes a core for a while, once it is its turn. It is done to its end, and keeps its place until then, even where
    /// nobody waits for it any more.
    ///
    /// # Errors
    /// [`Error::RateLimited`] where too many wait already; [`Error::Internal`] where the work panics.
    pub async fn compute<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let admitted = Arc::clone(&self.gate.admitted).try_acquire_owned();
        let admitted = admitted.map_err(|_| Error::RateLimited { what: "passwords are being checked", seconds: 1 })?;
        let turn = Arc::clone(&self.gate.computing).acquire_owned().await.map_err(Error::internal)?;
        let gate = Arc::clone(&self.gate);
        let computed = tokio::task::spawn_blocking(move || {
            let held = Running::begin(gate);
            let done = work();
            // In this order: whoever is let in next finds this one gone.
            drop(held);
            drop((turn, admitted));
            done
        });
        computed.await.map_err(Error::internal)
    }

    /// How busy the gate is.
    #[must_use]
    pub fn load(&self) -> Load {
        let running = self.gate.running.load(Ordering::SeqCst);
        let inside = self.gate.places - self.gate.admitted.available_permits();
        let (peak, begun) = (self.gate.peak.load(Ordering::SeqCst), self.gate.begun.load(Ordering::SeqCst));
        Load { running, waiting: inside.saturating_sub(running), peak, begun }
    }
}

/// One who computes, counted until this is dropped.
struct Running(Arc<Gate>);

impl Running {
    fn begin(gate: Arc<Gate>) -> Self {
        let now = gate.running.fetch_add(1, Ordering::SeqCst) + 1;
        gate.peak.fetch_max(now, Ordering::SeqCst);
        gate.begun.fetch_add(1, Ordering::SeqCst);
        Self(gate)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A password as it is hashed: what is typed in different ways on different keyboards is the same.
#[must_use]
pub fn normal(password: &SecretString) -> SecretString {
    SecretString::from(password.expose_secret().nfkc().collect::<String>())
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within what Argon2 allows");
    Argon2::new(Algorithm::Argon2id, VERSION, params)
}

fn verify(password: &SecretString, stored: &str) -> Result<Verdict, argon2::password_hash::Error> {
    let hash = PasswordHash::new(stored).map_err(|_| argon2::password_hash::Error::EncodingInvalid)?;
    // It cannot be right, since no hash was made of one, but takes as long.
    let too_long = password.expose_secret().len() > LONGEST;
    let password = if too_long { SecretString::default() } else { normal(password) };
    let right = match hasher().verify_password(password.expose_secret().as_bytes(), &hash) {
        Ok(()) => true,
        Err(argon2::password_hash::Error::PasswordInvalid) => false,
        Err(e) => return Err(e),
    };
    Ok(Verdict { right: right && !too_long, outdated: is_outdated(&hash)? })
}

fn is_outdated(hash: &PasswordHash) -> Result<bool, argon2::password_hash::Error> {
    let params = Params::try_from(hash)?;
    let weaker = params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES;
    Ok(weaker || hash.algorithm.as_str() != Algorithm::Argon2id.as_str() || hash.version != Some(VERSION.into()))
}
