//! Who wants to be told, and what stands around events.

use std::collections::{BTreeSet, HashSet};

use alliance_entity::account_role::{self, Role};
use alliance_entity::id::{AccountId, AllianceId, CampaignId, EventId, WebhookId};
use alliance_entity::{account, alliance, campaign, event_campaign, former_alliance_slug, institution, webhook};
use sea_orm::sea_query::{Alias, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::outbox::tail::Sequenced;
use crate::policy::Readable;
use crate::policy::content::{readable_campaigns, readable_events, readable_institutions, readable_people};
use crate::viewer::Viewer;
use crate::webhooks::happening::{Around, places};

/// The webhooks of some alliances that are not turned off.
///
/// # Errors
/// Where the database does not answer.
pub async fn enabled(txn: &Transaction, alliances: BTreeSet<AllianceId>) -> Result<Vec<webhook::Model>> {
    if alliances.is_empty() {
        return Ok(Vec::new());
    }
    let found = webhook::Entity::find()
        .filter(webhook::Column::AllianceId.is_in(alliances))
        .filter(webhook::Column::DisabledAt.is_null())
        .order_by_asc(webhook::Column::Id);
    Ok(found.all(txn).await?)
}

/// A webhook, whoever may see it.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(txn: &Transaction, id: WebhookId) -> Result<Option<webhook::Model>> {
    Ok(webhook::Entity::find_by_id(id).one(txn).await?)
}

/// What stands around some events.
///
/// # Errors
/// Where the database does not answer.
pub async fn around(txn: &Transaction, events: &[Sequenced]) -> Result<Around> {
    let subjects = |kind: &str| -> HashSet<Uuid> {
        events.iter().filter(|event| event.subject_type == kind).map(|event| event.subject_id).collect()
    };
    let places: HashSet<Uuid> = events.iter().flat_map(places).collect();
    let alliances: HashSet<AllianceId> = events.iter().filter_map(|event| event.alliance).collect();
    let (public, mut around) = (&Viewer::Anonymous, Around::default());
    let former = former_alliance_slug::Entity::find().filter(former_alliance_slug::Column::AllianceId.is_in(alliances.clone()));
    let former = former.order_by_asc(former_alliance_slug::Column::Slug).all(txn).await?;
    let found = alliance::Entity::find().filter(alliance::Column::Id.is_in(alliances)).all(txn).await?;
    around.public.extend(found.iter().map(|row| row.id.0));
    let former = former.into_iter().map(|row| (row.alliance_id, row.slug));
    for (id, slug) in found.into_iter().map(|row| (row.id, row.slug)).chain(former) {
        around.slugs.entry(id).or_default().push(slug);
    }
    around.campaigns = among::<campaign::Entity>(txn, &places, readable_campaigns(public)).await?;
    around.institutions = among::<institution::Entity>(txn, &places, readable_institutions(public)).await?;
    around.public.extend(among(txn, &subjects("CAMPAIGN"), readable_campaigns(public)).await?);
    around.public.extend(among(txn, &subjects("EVENT"), readable_events(public)).await?);
    around.public.extend(among(txn, &subjects("INSTITUTION"), readable_institutions(public)).await?);
    around.public.extend(among(txn, &subjects("PERSON"), readable_people(public)).await?);
    let of_events = subjects("EVENT");
    if !of_events.is_empty() {
        let ids = of_events.into_iter().map(EventId);
        let links = event_campaign::Entity::find().filter(event_campaign::Column::EventId.is_in(ids)).all(txn).await?;
        for link in links {
            around.linked.entry(link.event_id.0).or_insert_with(Vec::<CampaignId>::new).push(link.campaign_id);
        }
    }
    Ok(around)
}

/// Those of some ids whose rows may be read.
async fn among<E: EntityTrait>(txn: &Transaction, ids: &HashSet<Uuid>, readable: Readable<E>) -> Result<HashSet<Uuid>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let id = || Expr::col((E::default(), Alias::new("id")));
    let found = E::find().select_only().expr(id()).filter(id().is_in(ids.iter().copied())).filter(readable.condition());
    Ok(found.into_tuple::<Uuid>().all(txn).await?.into_iter().collect())
}

/// The admins of an alliance who can sign in.
///
/// # Errors
/// Where the database does not answer.
pub async fn admins(txn: &Transaction, alliance: AllianceId) -> Result<Vec<account::Model>> {
    let roles = account_role::Entity::find()
        .select_only()
        .column(account_role::Column::AccountId)
        .filter(account_role::Column::AllianceId.eq(alliance))
        .filter(account_role::Column::Role.eq(Role::Admin));
    let ids: Vec<AccountId> = roles.into_tuple().all(txn).await?;
    let found = account::Entity::find()
        .filter(account::Column::Id.is_in(ids))
        .filter(account::Column::DisabledAt.is_null())
        .order_by_asc(account::Column::Id);
    Ok(found.all(txn).await?)
}
