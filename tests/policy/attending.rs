//! What people ask of an alliance, and whether they come to its events: the rights, and rows with their rules for the twins in SQL.

use alliance::policy::attendance::{readable_rsvps, readable_turnouts};
use alliance::policy::enquiries::{readable_enquiries, wholly_readable_enquiries};
use alliance::policy::{Action, Owned};
use alliance_entity::enquiry::{self, EnquiryState};
use alliance_entity::event::EventStatus;
use alliance_entity::event_rsvp::{self, RsvpState};
use alliance_entity::event_turnout;
use alliance_entity::id::{AccountId, AllianceId, EnquiryId, EventId, InstitutionId, RsvpId};
use alliance_entity::institution::{InstitutionKind, InstitutionStatus};
use alliance_tests::app::TestApp;
use sea_orm::Iterable;
use uuid::Uuid;

use crate::policy::planted::{ALLIANCES, kinds};
use crate::policy::table::{Row, Words, owned, row};
use crate::policy::twins::{Ruled, agree};
use crate::rows::{self, insert_all, now, put};
use crate::viewers::HERE;

/// The rows of the table of rights.
pub(super) fn rows() -> Vec<Row> {
    let any = Words("any");
    let mut rows = vec![
        row(any, "enquiry", |_| Action::SubmitEnquiry),
        row(any, "enquiry", |_| Action::ReadWholeEnquiry(HERE)),
        row(any, "enquiry", |_| Action::AssignEnquiry(HERE)),
        row(any, "enquiry", |_| Action::AdvanceEnquiry(HERE)),
        row(any, "enquiry", |_| Action::AnnotateEnquiry(HERE)),
        row(any, "enquiry", |_| Action::DeleteEnquiry(HERE)),
        row(any, "rsvp", |_| Action::RsvpToEvent),
        row(any, "rsvp", |_| Action::ReadRsvps(HERE)),
        row(any, "rsvp", |holder| Action::CancelRsvp(holder.account)),
        row(any, "turnout", |_| Action::ReadTurnouts(HERE)),
        row(any, "turnout", |_| Action::SetTurnout(HERE)),
    ];
    rows.extend(EnquiryState::iter().map(|of| row(of, "enquiry", move |holder| Action::ReadEnquiry(owned(holder, of)))));
    rows.extend(RsvpState::iter().map(|of| row(of, "rsvp", move |holder| Action::ReadRsvp(owned(holder, of)))));
    rows
}

fn enquiry(id: u128, alliance_id: AllianceId, state: EnquiryState, account_id: Option<AccountId>) -> enquiry::Model {
    enquiry::Model {
        id: EnquiryId(Uuid::from_u128(id)),
        alliance_id,
        state,
        institution_name: "Somewhere".to_owned(),
        institution_kind: InstitutionKind::Other,
        institution_id: None,
        contact_name: "Somebody".to_owned(),
        email: "somebody@example.org".to_owned(),
        email_key: "somebody@example.org".to_owned(),
        phone: None,
        message: "Something".to_owned(),
        account_id,
        organiser_id: None,
        closed_at: (state == EnquiryState::Closed).then(now),
        version: 1,
        created_at: now(),
        updated_at: now(),
    }
}

fn rsvp(id: u128, event: u128, state: RsvpState, account_id: Option<AccountId>) -> event_rsvp::Model {
    event_rsvp::Model {
        id: RsvpId(Uuid::from_u128(id)),
        event_id: EventId(Uuid::from_u128(event)),
        state,
        guests: 0,
        name: Some("Somebody".to_owned()),
        email: None,
        email_key: None,
        account_id,
        turn: (state != RsvpState::Pending).then_some(1),
        expires_at: (state == RsvpState::Pending).then(now),
        created_at: now(),
        updated_at: now(),
    }
}

/// Every account of a kind of viewer, and none.
fn owners() -> Vec<Option<AccountId>> {
    let accounts = kinds().into_iter().filter_map(|kind| kind.account());
    [None].into_iter().chain(accounts.map(Some)).collect()
}

async fn alliances_with_accounts(app: &TestApp) {
    put!(app, rows::alliance(ALLIANCES[0], "here"), rows::alliance(ALLIANCES[1], "there"));
    insert_all(app, owners().into_iter().flatten().map(rows::account)).await;
}

#[tokio::test]
async fn an_enquiry_shows_to_whoever_wrote_it_and_to_its_organisers() {
    for app in TestApp::both_empty().await {
        alliances_with_accounts(&app).await;
        let mut all = Vec::new();
        for (alliance, state) in ALLIANCES.into_iter().flat_map(|of| EnquiryState::iter().map(move |state| (of, state))) {
            all.extend(owners().into_iter().map(|owner| (alliance, state, owner)));
        }
        let all: Vec<enquiry::Model> =
            (0x2000..).zip(all).map(|(id, (alliance, state, owner))| enquiry(id, alliance, state, owner)).collect();
        insert_all(&app, all.clone()).await;
        let read = |of: &enquiry::Model| Owned { owner: of.account_id, alliance: of.alliance_id, state: of.state };
        let ruled: Vec<Ruled<'_>> = all.iter().map(|of| (of.id.0, vec![Action::ReadEnquiry(read(of))])).collect();
        agree(&app, enquiry::Column::Id, readable_enquiries, &ruled).await;
        let whole: Vec<Ruled<'_>> = all.iter().map(|of| (of.id.0, vec![Action::ReadWholeEnquiry(of.alliance_id)])).collect();
        agree(&app, enquiry::Column::Id, wholly_readable_enquiries, &whole).await;
    }
}

#[tokio::test]
async fn who_comes_shows_to_themselves_and_to_organisers_and_whom_institutions_bring_to_those_who_count() {
    for app in TestApp::both_empty().await {
        alliances_with_accounts(&app).await;
        let (mut answers, mut turnouts, mut next) = (Vec::new(), Vec::new(), 0x3000_u128);
        for (at, alliance) in (0x100..).step_by(0x10).zip(ALLIANCES) {
            for (nth, state) in (0..).zip(RsvpState::iter()) {
                let event = at + nth;
                let id = event.to_string();
                put!(&app, rows::event(EventId(Uuid::from_u128(event)), alliance, &id, EventStatus::Scheduled));
                for owner in owners() {
                    next += 1;
                    answers.push((alliance, rsvp(next, event, state, owner)));
                }
                let institution = InstitutionId(Uuid::from_u128(0x9000 + event));
                put!(&app, rows::institution(institution, alliance, &id, InstitutionStatus::Published));
                let (event_id, updated_at) = (EventId(Uuid::from_u128(event)), now());
                let turnout =
                    event_turnout::Model { event_id, institution_id: institution, pledged: Some(1), actual: None, updated_at };
                turnouts.push((alliance, turnout));
            }
        }
        insert_all(&app, answers.iter().map(|(_, row)| row.clone())).await;
        insert_all(&app, turnouts.iter().map(|(_, row)| row.clone())).await;
        let read = |(alliance, row): &(AllianceId, event_rsvp::Model)| {
            let owned = Owned { owner: row.account_id, alliance: *alliance, state: row.state };
            (row.id.0, vec![Action::ReadRsvp(owned)])
        };
        let ruled: Vec<Ruled<'_>> = answers.iter().map(read).collect();
        agree(&app, event_rsvp::Column::Id, readable_rsvps, &ruled).await;
        let counted: Vec<Ruled<'_>> =
            turnouts.iter().map(|(alliance, row)| (row.institution_id.0, vec![Action::ReadTurnouts(*alliance)])).collect();
        agree(&app, event_turnout::Column::InstitutionId, readable_turnouts, &counted).await;
    }
}
