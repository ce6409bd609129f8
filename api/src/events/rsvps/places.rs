//! The places of an event: who gets one, who waits, and who is next. Whoever changes any of it holds the event's row.

use alliance_entity::event;
use alliance_entity::event_rsvp::{self, RsvpState};
use alliance_entity::id::RsvpId;
use alliance_entity::rsvp_counter;
use chrono::{DateTime, Utc};

use crate::database::transaction::Transaction;
use crate::editing;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::events::rsvps::mailing::{self, What};
use crate::events::rsvps::{is_ahead, people, store};

/// How many of those who wait are looked at at once.
const AT_ONCE: u64 = 500;

/// An event whose places are changed, with its sums.
#[derive(Debug)]
pub struct Places<'a> {
    txn: &'a Transaction,
    event: &'a event::Model,
    sums: rsvp_counter::Model,
    now: DateTime<Utc>,
}

impl<'a> Places<'a> {
    /// The places of an event that is held.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn of(txn: &'a Transaction, event: &'a event::Model, now: DateTime<Utc>) -> Result<Self> {
        Ok(Self { txn, event, sums: store::sums(txn, event.id).await?, now })
    }

    /// How many more people there is room for; nothing where there is no end to it.
    fn free(&self) -> Option<i32> {
        self.event.capacity.map(|capacity| capacity.saturating_sub(self.sums.coming))
    }

    fn fits(&self, people: i32) -> bool {
        self.free().is_none_or(|free| people <= free)
    }

    /// Lets a party come, or wait: one that is new, or comes back.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn admit(&mut self, party: event_rsvp::Model) -> Result<event_rsvp::Model> {
        let many = people(party.guests);
        let state = if self.fits(many) { RsvpState::Coming } else { RsvpState::Waiting };
        self.count(state, many, 1);
        self.sums.turns += 1;
        let turn = Some(self.sums.turns);
        let party = event_rsvp::Model { state, turn, expires_at: None, updated_at: self.now, ..party };
        store::put(self.txn, &party).await?;
        store::set_sums(self.txn, &self.sums).await?;
        Ok(party)
    }

    /// Changes how many somebody brings who comes or waits already. Who comes and wants more places than there are keeps those they have.
    ///
    /// # Errors
    /// [`Error::Refused`] where there are not so many places.
    pub async fn resize(&mut self, party: event_rsvp::Model, guests: i32) -> Result<event_rsvp::Model> {
        let more = guests - party.guests;
        if party.state == RsvpState::Coming && more > 0 && !self.fits(more) {
            // How many are left would tell how many come.
            let problem = "there are not so many places left: you keep those that you have";
            return Err(Error::refused("guests", UserErrorCode::WrongState, problem));
        }
        self.count(party.state, more, 0);
        let party = event_rsvp::Model { guests, updated_at: self.now, ..party };
        store::put(self.txn, &party).await?;
        store::set_sums(self.txn, &self.sums).await?;
        if more != 0 {
            self.promote().await?;
        }
        Ok(store::find(self.txn, party.id).await?.unwrap_or(party))
    }

    /// Takes a party's places or turn back, and gives them to who waits.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn release(&mut self, party: event_rsvp::Model) -> Result<event_rsvp::Model> {
        self.count(party.state, -people(party.guests), -1);
        let party = event_rsvp::Model { state: RsvpState::Cancelled, updated_at: self.now, ..party };
        store::put(self.txn, &party).await?;
        store::set_sums(self.txn, &self.sums).await?;
        self.promote().await?;
        Ok(party)
    }

    /// Forgets parties altogether, and gives their places to who waits.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn forget(&mut self, parties: &[event_rsvp::Model]) -> Result<()> {
        for party in parties {
            self.count(party.state, -people(party.guests), -1);
        }
        store::delete(self.txn, parties).await?;
        store::set_sums(self.txn, &self.sums).await?;
        self.promote().await
    }

    /// Lets those come who wait, in their order, as long as there is room for the whole of a party; those who do not fit yet keep their
    /// turn. Each is told by mail. Once an event has begun, or where it is called off, all stays as it is.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn promote(&mut self) -> Result<()> {
        if self.sums.waiting == 0 || !is_ahead(self.event, self.now) {
            return Ok(());
        }
        loop {
            let next = self.next().await?;
            if next.is_empty() {
                return Ok(());
            }
            store::set_coming(self.txn, &next, self.now).await?;
            store::set_sums(self.txn, &self.sums).await?;
            mailing::tell(self.txn, self.now, &next, What::Promoted).await?;
        }
    }

    /// Some who can come now, of those who wait, and counts them so; nobody where there is no room for any of them. As many are looked at as there
    /// are places: the list may be long.
    async fn next(&mut self) -> Result<Vec<RsvpId>> {
        let free = self.free().unwrap_or(i32::MAX);
        let mut next = Vec::new();
        if free < 1 {
            return Ok(next);
        }
        let most = u64::try_from(free).unwrap_or(AT_ONCE).min(AT_ONCE);
        for (id, guests) in store::waiting(self.txn, self.event.id, (free, most)).await? {
            let many = people(guests);
            if self.fits(many) {
                self.count(RsvpState::Waiting, -many, -1);
                self.count(RsvpState::Coming, many, 1);
                next.push(id);
            }
        }
        Ok(next)
    }

    fn count(&mut self, state: RsvpState, people: i32, parties: i32) {
        match state {
            RsvpState::Coming => {
                self.sums.coming += people;
                self.sums.parties += parties;
            }
            RsvpState::Waiting => self.sums.waiting += people,
            RsvpState::Pending | RsvpState::Cancelled => {}
        }
    }
}

/// A party that the place could never hold.
pub(super) fn check_size(event: &event::Model, guests: i32) -> Result<()> {
    match event.capacity {
        Some(capacity) if people(guests) > capacity => {
            let problem = format!("the place holds {capacity} people");
            Err(Error::refused("guests", UserErrorCode::Invalid, problem))
        }
        _ => Ok(()),
    }
}

/// Nothing where people can still say that they come, or come no more.
pub(super) fn check_ahead(event: &event::Model, now: DateTime<Utc>) -> Result<()> {
    let problem = if event.starts_at <= now { "this event has begun" } else { "this event does not take place" };
    editing::stands(is_ahead(event, now), problem)
}
