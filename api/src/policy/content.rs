//! Alliances, people, institutions, campaigns and events: who may read and change them, as a decision and, for reading, as SQL.

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::institution::InstitutionStatus;
use alliance_entity::{alliance, campaign, event, institution, person, person_role};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};

use crate::policy::reach::Reach;
use crate::policy::{Action, Readable};
use crate::viewer::Viewer;

/// From their start on, ended ones too.
pub(super) const PUBLIC_CAMPAIGNS: [CampaignStatus; 2] = [CampaignStatus::Active, CampaignStatus::Closed];
/// Those that are to take place, have taken place or were called off.
pub(super) const PUBLIC_EVENTS: [EventStatus; 2] = [EventStatus::Scheduled, EventStatus::Cancelled];

/// The public sees what is published; an alliance's editors see all that is its own, and change it in whatever state it is.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    match action {
        Action::ReadAlliance => true,
        Action::ReadInstitution(alliance, status) => status == InstitutionStatus::Published || viewer.edits().covers(alliance),
        Action::ReadCampaign(alliance, status) => PUBLIC_CAMPAIGNS.contains(&status) || viewer.edits().covers(alliance),
        Action::ReadEvent(alliance, status) => PUBLIC_EVENTS.contains(&status) || viewer.edits().covers(alliance),
        Action::ReadPerson(alliance, roles) => roles > 0 || viewer.edits().covers(alliance),
        Action::CreateCampaign(alliance)
        | Action::EditCampaign(alliance)
        | Action::PublishCampaign(alliance)
        | Action::CloseCampaign(alliance)
        | Action::DeleteCampaign(alliance)
        | Action::CreateInstitution(alliance)
        | Action::EditInstitution(alliance)
        | Action::PublishInstitution(alliance)
        | Action::JoinInstitution(alliance)
        | Action::LeaveInstitution(alliance)
        | Action::DeleteInstitution(alliance)
        | Action::CreatePerson(alliance)
        | Action::EditPerson(alliance)
        | Action::DeletePerson(alliance)
        | Action::CreateEvent(alliance)
        | Action::EditEvent(alliance)
        | Action::PublishEvent(alliance)
        | Action::RescheduleEvent(alliance)
        | Action::CancelEvent(alliance)
        | Action::DeleteEvent(alliance) => viewer.edits().covers(alliance),
        Action::EditAlliance(alliance) => viewer.administers().covers(alliance),
        // What reaches beyond one alliance is for the operator.
        Action::CreateAlliance | Action::DeleteAlliance(_) => viewer.administers() == Reach::Everywhere,
        _ => false,
    }
}

/// Every alliance is public.
#[must_use]
pub fn readable_alliances(_: &Viewer) -> Readable<alliance::Entity> {
    Readable::only(Condition::all())
}

/// A person is public by the roles they hold.
#[must_use]
pub fn readable_people(viewer: &Viewer) -> Readable<person::Entity> {
    let mut roles = Query::select();
    roles
        .expr(Expr::val(1))
        .from(person_role::Entity)
        .and_where(Expr::col((person_role::Entity, person_role::Column::PersonId)).equals((person::Entity, person::Column::Id)));
    let public = Condition::all().add(Expr::exists(roles));
    Readable::only(viewer.edits().or((person::Entity, person::Column::AllianceId), public))
}

/// The public reads published institutions.
#[must_use]
pub fn readable_institutions(viewer: &Viewer) -> Readable<institution::Entity> {
    let public = Condition::all().add(institution::Column::Status.eq(InstitutionStatus::Published));
    Readable::only(viewer.edits().or((institution::Entity, institution::Column::AllianceId), public))
}

/// The public reads campaigns from their start on.
#[must_use]
pub fn readable_campaigns(viewer: &Viewer) -> Readable<campaign::Entity> {
    let public = Condition::all().add(campaign::Column::Status.is_in(PUBLIC_CAMPAIGNS));
    Readable::only(viewer.edits().or((campaign::Entity, campaign::Column::AllianceId), public))
}

/// The public reads events from the day that they are announced.
#[must_use]
pub fn readable_events(viewer: &Viewer) -> Readable<event::Entity> {
    let public = Condition::all().add(event::Column::Status.is_in(PUBLIC_EVENTS));
    Readable::only(viewer.edits().or((event::Entity, event::Column::AllianceId), public))
}
