//! Subscriptions of two alliances, of every state: each address of an account, and one that is nobody's.

use alliance::policy::{Action, Owned};
use alliance_entity::email_subscription::{self, EmailSubscriptionState};
use alliance_entity::id::{AccountId, EmailSubscriptionId};
use alliance_tests::app::TestApp;
use sea_orm::Iterable;
use uuid::Uuid;

use crate::policy::planted::ALLIANCES;
use crate::policy::table::{Row, Words, owned, row};
use crate::policy::twins::Ruled;
use crate::rows::{self, insert_all, now};
use crate::viewers::HERE;

/// A row, and whose address it is.
pub(super) type Subscribed = (email_subscription::Model, Option<AccountId>);

pub(super) async fn plant(app: &TestApp, addresses: &[(AccountId, String)]) -> Vec<Subscribed> {
    let mut planted = Vec::new();
    let nobodys = (None, "nobody@example.net".to_owned());
    let everybody = addresses.iter().map(|(id, address)| (Some(*id), address.clone())).chain([nobodys]);
    for (number, (owner, address)) in everybody.enumerate() {
        let states: Vec<EmailSubscriptionState> = EmailSubscriptionState::iter().collect();
        for (at, alliance) in ALLIANCES.into_iter().enumerate() {
            let state = states[(number + at) % states.len()];
            let ended_at = (state != EmailSubscriptionState::Confirmed).then(now);
            let row = rows::subscription(EmailSubscriptionId(Uuid::now_v7()), alliance, &address);
            planted.push((email_subscription::Model { state, ended_at, ..row }, owner));
        }
    }
    insert_all(app, planted.iter().map(|(row, _)| row.clone())).await;
    planted
}

fn rule((row, owner): &Subscribed) -> Owned<EmailSubscriptionState> {
    Owned { owner: *owner, alliance: row.alliance_id, state: row.state }
}

pub(super) fn ruled(planted: &[Subscribed]) -> Vec<Ruled<'_>> {
    planted.iter().map(|of| (of.0.id.0, vec![Action::ReadEmailSubscription(rule(of))])).collect()
}

pub(super) fn counted(planted: &[Subscribed]) -> Vec<Ruled<'_>> {
    planted.iter().map(|of| (of.0.id.0, vec![Action::CountEmailSubscriptions(of.0.alliance_id)])).collect()
}

/// What may be done with subscriptions.
pub(super) fn rows() -> Vec<Row> {
    let acts = [Action::ReadEmailSubscription, Action::EditEmailSubscription];
    let mut rows: Vec<Row> = EmailSubscriptionState::iter()
        .flat_map(|state| acts.map(|act| row(state, "subscription", move |holder| act(owned(holder, state)))))
        .collect();
    rows.push(row(Words("any"), "subscription", |_| Action::CountEmailSubscriptions(HERE)));
    rows.push(row(Words("any"), "subscription", |_| Action::TestMailing(HERE)));
    rows
}
