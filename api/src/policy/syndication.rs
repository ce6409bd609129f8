//! Partners, and which posts may be carried by whom, as SQL: by anyone, in feeds; by a partner, what it has a right to.

use alliance_entity::api_key::ApiKeyScope;
use alliance_entity::id::PartnerId;
use alliance_entity::post::{self, PostStatus};
use alliance_entity::{partner, post_campaign};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};

use crate::policy::{Action, Readable};
use crate::viewer::{Carries, Viewer};

/// An alliance's admins say who its partners are; a partner sees itself.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    let administers = |alliance| viewer.administers().covers(alliance);
    match action {
        Action::ReadPartner(alliance, id) => administers(alliance) || own(viewer) == Some(id),
        Action::CreatePartner(alliance) | Action::EditPartner(alliance) | Action::DeletePartner(alliance) => {
            administers(alliance)
        }
        Action::ReadSyndicationChanges => {
            matches!(viewer, Viewer::Partner(partner) if partner.partner.is_some() && partner.scopes.contains(&ApiKeyScope::SyndicationRead))
        }
        _ => false,
    }
}

fn own(viewer: &Viewer) -> Option<PartnerId> {
    match viewer {
        Viewer::Partner(partner) => partner.partner,
        Viewer::Anonymous | Viewer::Visitor(_) | Viewer::Account(_) => None,
    }
}

/// The partners of alliances that one administers, and oneself.
#[must_use]
pub fn readable_partners(viewer: &Viewer) -> Readable<partner::Entity> {
    let own = own(viewer).map(|id| Expr::col((partner::Entity, partner::Column::Id)).eq(id));
    let own = Condition::any().add(Expr::val(1).eq(0)).add_option(own);
    Readable::only(viewer.administers().or((partner::Entity, partner::Column::AllianceId), own))
}

/// Whether anyone may carry a post: what is public and under no embargo.
#[must_use]
pub fn anyone_may_carry(status: PostStatus, embargoed_until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    status == PostStatus::Published && embargoed_until.is_none_or(|until| until <= now)
}

/// The posts that anyone may carry: what is public and under no embargo.
#[must_use]
pub fn carried_by_anyone(now: DateTime<Utc>) -> Readable<post::Entity> {
    Readable::only(released(now))
}

/// The posts that somebody may carry: of what is released, what their rights are for.
#[must_use]
pub fn carried(carries: &Carries, now: DateTime<Utc>) -> Readable<post::Entity> {
    let column = |column| Expr::col((post::Entity, column));
    let of = match carries {
        Carries::Nothing => Condition::all().add(Expr::val(1).eq(0)),
        Carries::All(alliance) => Condition::all().add(column(post::Column::AllianceId).eq(*alliance)),
        Carries::Campaigns(alliance, campaigns) => {
            let mut posts = Query::select();
            posts.column(post_campaign::Column::PostId).from(post_campaign::Entity);
            posts.and_where(post_campaign::Column::CampaignId.is_in(campaigns.iter().copied()));
            let own = column(post::Column::AllianceId).eq(*alliance);
            Condition::all().add(own).add(column(post::Column::Id).in_subquery(posts))
        }
    };
    Readable::only(released(now).add(of))
}

/// What is public, and under no embargo.
pub(super) fn released(now: DateTime<Utc>) -> Condition {
    let until = || Expr::col((post::Entity, post::Column::EmbargoedUntil));
    let free = Condition::any().add(until().is_null()).add(until().lte(now));
    Condition::all().add(Expr::col((post::Entity, post::Column::Status)).eq(PostStatus::Published)).add(free)
}
