//! How many sockets, and other answers that last, are open on this node: all together, of one address, and of one account. And how much
//! one address follows, over all of them: each event may have to be told of by running all of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alliance_entity::id::AccountId;

use crate::config::limits::Limits;
use crate::server::metrics::Open;

/// Who holds seats.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::server) enum Holder {
    /// Everybody.
    All,
    /// Whoever comes from an address.
    Address(String),
    /// An account.
    Account(AccountId),
    /// What an address follows, in selections.
    Followed(String),
}

/// A limit that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) struct Full {
    /// Of what there is too much.
    pub(in crate::server) what: &'static str,
    /// The name of the setting.
    pub(in crate::server) setting: &'static str,
    /// How many it allows.
    pub(in crate::server) most: u64,
}

/// All seats that are taken.
#[derive(Debug)]
pub(in crate::server) struct Seats {
    limits: Limits,
    taken: Mutex<HashMap<Holder, u64>>,
}

/// A seat, until it is dropped.
pub(in crate::server) struct Seat {
    seats: Arc<Seats>,
    holders: Vec<(Holder, u64)>,
    _open: Open,
}

impl Seats {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { limits: *limits, taken: Mutex::default() }
    }

    fn limit(&self, holder: &Holder) -> Full {
        let sockets = "Too many sockets are open";
        let (what, setting, most) = match holder {
            Holder::All => (sockets, "ALLIANCE_SOCKETS", self.limits.sockets),
            Holder::Address(_) => (sockets, "ALLIANCE_SOCKETS_OF_ADDRESS", self.limits.sockets_of_address),
            Holder::Account(_) => (sockets, "ALLIANCE_SOCKETS_OF_ACCOUNT", self.limits.sockets_of_account),
            Holder::Followed(_) => {
                ("Too many fields are followed from here", "ALLIANCE_FOLLOWED_OF_ADDRESS", self.limits.followed_of_address)
            }
        };
        Full { what, setting, most }
    }

    fn take(&self, holder: &Holder, many: u64) -> Result<(), Full> {
        let full = self.limit(holder);
        let mut taken = self.taken();
        let count = taken.entry(holder.clone()).or_default();
        if *count + many > full.most {
            return Err(full);
        }
        *count += many;
        Ok(())
    }

    /// A seat for whoever comes from an address.
    ///
    /// # Errors
    /// Where all are taken that there are, or that the address may have.
    pub(in crate::server) fn seat(self: &Arc<Self>, address: String) -> Result<Seat, Full> {
        let open = Open::one("alliance_live_sockets_open");
        let mut seat = Seat { seats: Arc::clone(self), holders: Vec::new(), _open: open };
        seat.also(Holder::All)?;
        seat.also(Holder::Address(address))?;
        Ok(seat)
    }

    /// A seat for a subscription of so many selections.
    ///
    /// # Errors
    /// Where its address follows as much as it may.
    pub(super) fn follow(self: &Arc<Self>, address: String, selections: u64) -> Result<Seat, Full> {
        let open = Open::one("alliance_live_subscriptions_open");
        let mut seat = Seat { seats: Arc::clone(self), holders: Vec::new(), _open: open };
        seat.hold(Holder::Followed(address), selections)?;
        Ok(seat)
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<Holder, u64>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Counts it to somebody else besides.
    ///
    /// # Errors
    /// Where they have as many as they may.
    pub(in crate::server) fn also(&mut self, holder: Holder) -> Result<(), Full> {
        self.hold(holder, 1)
    }

    fn hold(&mut self, holder: Holder, many: u64) -> Result<(), Full> {
        self.seats.take(&holder, many)?;
        self.holders.push((holder, many));
        Ok(())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        for (holder, many) in self.holders.drain(..) {
            if let Entry::Occupied(mut count) = taken.entry(holder) {
                *count.get_mut() -= many;
                if *count.get() == 0 {
                    count.remove();
                }
            }
        }
    }
}
