//! Which alliances, people, institutions, campaigns, events and posts a viewer may read, as SQL.

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::institution::InstitutionStatus;
use alliance_entity::post::PostStatus;
use alliance_entity::{alliance, campaign, event, institution, person, person_role, post};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};

use crate::policy::Readable;
use crate::viewer::Viewer;

/// Every alliance is public.
#[must_use]
pub fn readable_alliances(viewer: &Viewer) -> Readable<alliance::Entity> {
    match viewer {
        Viewer::Anonymous => Readable::only(Condition::all()),
    }
}

/// A person is public by the roles they hold.
#[must_use]
pub fn readable_people(viewer: &Viewer) -> Readable<person::Entity> {
    let mut roles = Query::select();
    roles
        .expr(Expr::val(1))
        .from(person_role::Entity)
        .and_where(Expr::col((person_role::Entity, person_role::Column::PersonId)).equals((person::Entity, person::Column::Id)));
    match viewer {
        Viewer::Anonymous => Readable::only(Condition::all().add(Expr::exists(roles))),
    }
}

/// The public reads published institutions.
#[must_use]
pub fn readable_institutions(viewer: &Viewer) -> Readable<institution::Entity> {
    match viewer {
        Viewer::Anonymous => Readable::only(Condition::all().add(institution::Column::Status.eq(InstitutionStatus::Published))),
    }
}

/// The public reads campaigns from their start on, ended ones too.
#[must_use]
pub fn readable_campaigns(viewer: &Viewer) -> Readable<campaign::Entity> {
    let public = [CampaignStatus::Active, CampaignStatus::Closed];
    match viewer {
        Viewer::Anonymous => Readable::only(Condition::all().add(campaign::Column::Status.is_in(public))),
    }
}

/// The public reads events that are to take place, have taken place or were called off.
#[must_use]
pub fn readable_events(viewer: &Viewer) -> Readable<event::Entity> {
    let public = [EventStatus::Scheduled, EventStatus::Cancelled];
    match viewer {
        Viewer::Anonymous => Readable::only(Condition::all().add(event::Column::Status.is_in(public))),
    }
}

/// The public reads published posts.
#[must_use]
pub fn readable_posts(viewer: &Viewer) -> Readable<post::Entity> {
    match viewer {
        Viewer::Anonymous => Readable::only(Condition::all().add(post::Column::Status.eq(PostStatus::Published))),
    }
}
