//! What an event is to a webhook: whether it is told of it, as what, and which pages of its site show it.

use std::collections::{BTreeSet, HashMap, HashSet};

use alliance_entity::id::{AllianceId, CampaignId, EventId, InstitutionId, PartnerId, PersonId, PostId};
use uuid::Uuid;

use crate::outbox::tail::Sequenced;
use crate::posts::moved::Moved;
use crate::syndication;
use crate::syndication::object::SyndicationChangeKind;
use crate::viewer::Carries;
use crate::webhooks::WebhookEvent;

/// What stands around some events, as it is now.
#[derive(Debug, Default)]
pub struct Around {
    /// The slugs of their alliances, those that they had among them: a site may know its alliance by either.
    pub slugs: HashMap<AllianceId, Vec<String>>,
    /// Those of their places that are public campaigns.
    pub campaigns: HashSet<Uuid>,
    /// Those of their places that are public institutions.
    pub institutions: HashSet<Uuid>,
    /// Those of their subjects that the public sees.
    pub public: HashSet<Uuid>,
    /// The campaigns of those of their subjects that are events.
    pub linked: HashMap<Uuid, Vec<CampaignId>>,
}

/// What a webhook is told of an event, and the names of the pages that show it.
#[must_use]
pub fn told(
    event: &Sequenced,
    (partner, carries): (Option<PartnerId>, &Carries),
    around: &Around,
) -> Option<(WebhookEvent, Vec<String>)> {
    let alliance = event.alliance?;
    if partner.is_some_and(|partner| changes_rights(event, partner)) {
        return Some((WebhookEvent::Resync, Vec::new()));
    }
    if syndication::changes::alliance(carries) != Some(alliance) {
        return None;
    }
    let begins_anew = partner.is_some() && event.kind == "AllianceEdited" && event.data["ofPosts"] == true;
    let (kind, mut tags) = match event.subject_type.as_str() {
        _ if begins_anew => (WebhookEvent::Resync, Vec::new()),
        "POST" => (post(event, carries)?, of_post(event, carries, around)),
        _ => (content(event, carries, around)?, Vec::new()),
    };
    tags.extend(own(&event.subject_type, event.subject_id));
    tags.extend(around.slugs.get(&alliance).into_iter().flatten().map(|slug| format!("alliance:{slug}")));
    tags.sort_unstable();
    tags.dedup();
    Some((kind, tags))
}

/// Whose places are to be looked up.
#[must_use]
pub fn places(event: &Sequenced) -> BTreeSet<Uuid> {
    Moved::of(&event.data).map(|Moved { before, after }| &before | &after).unwrap_or_default()
}

/// The id of a subject as clients know it.
#[must_use]
pub fn id(subject_type: &str, id: Uuid) -> String {
    match subject_type {
        "POST" => PostId(id).to_string(),
        "CAMPAIGN" => CampaignId(id).to_string(),
        "EVENT" => EventId(id).to_string(),
        "INSTITUTION" => InstitutionId(id).to_string(),
        "PERSON" => PersonId(id).to_string(),
        "ALLIANCE" => AllianceId(id).to_string(),
        _ => alliance_entity::id::WebhookId(id).to_string(),
    }
}

/// The pages of a subject itself, and those that list its kind.
fn own(subject_type: &str, subject: Uuid) -> Vec<String> {
    let one = subject_type.to_lowercase();
    let many = if one == "person" { "people".to_owned() } else { format!("{one}s") };
    vec![format!("{one}:{}", id(subject_type, subject)), many]
}

/// Whether what a partner may carry is another since.
fn changes_rights(event: &Sequenced, partner: PartnerId) -> bool {
    match event.kind.as_str() {
        "PartnerEdited" => event.subject_id == partner.0 && event.data["rights"] == true,
        "CampaignDeleted" => named(event, "partners").any(|id| id == partner.0),
        _ => false,
    }
}

/// The ids that an event names so.
fn named<'a>(event: &'a Sequenced, what: &str) -> impl Iterator<Item = Uuid> + 'a {
    let ids = event.data[what].as_array().into_iter().flatten();
    ids.filter_map(|id| id.as_str()?.parse().ok())
}

fn post(event: &Sequenced, carries: &Carries) -> Option<WebhookEvent> {
    Some(match syndication::change(event, carries)? {
        SyndicationChangeKind::Published => WebhookEvent::PostPublished,
        SyndicationChangeKind::Edited => WebhookEvent::PostEdited,
        SyndicationChangeKind::Corrected => WebhookEvent::PostCorrected,
        SyndicationChangeKind::Withdrawn => WebhookEvent::PostWithdrawn,
        SyndicationChangeKind::Deleted => WebhookEvent::PostDeleted,
    })
}

/// The pages of what a post belongs to, before and after: of a partner's, what it has a right to.
fn of_post(event: &Sequenced, carries: &Carries, around: &Around) -> Vec<String> {
    let places = places(event);
    let campaigns = places.iter().filter(|id| around.campaigns.contains(id)).map(|id| CampaignId(*id));
    let campaigns = campaigns.filter(|id| carries.has(*id)).map(|id| format!("campaign:{id}"));
    let institutions = places.iter().filter(|id| around.institutions.contains(id));
    campaigns.chain(institutions.map(|id| format!("institution:{}", InstitutionId(*id)))).collect()
}

fn content(event: &Sequenced, carries: &Carries, around: &Around) -> Option<WebhookEvent> {
    let subject = event.subject_id;
    let was_public = event.data["wasPublic"].as_bool().unwrap_or(false);
    if !was_public && !around.public.contains(&subject) {
        return None;
    }
    let linked = || {
        let now = around.linked.get(&subject).into_iter().flatten().copied();
        now.chain(named(event, "campaigns").map(CampaignId)).any(|campaign| carries.has(campaign))
    };
    let is_all = matches!(carries, Carries::All(_));
    match event.kind.as_str() {
        "CampaignPublished" | "CampaignEdited" | "CampaignClosed" | "CampaignDeleted" => {
            carries.has(CampaignId(subject)).then_some(WebhookEvent::CampaignChanged)
        }
        "EventPublished" | "EventEdited" | "EventRescheduled" | "EventCancelled" | "EventDeleted" => {
            (is_all || linked()).then_some(WebhookEvent::EventChanged)
        }
        "InstitutionPublished" | "InstitutionEdited" | "InstitutionJoined" | "InstitutionLeft" | "InstitutionDeleted" => {
            Some(WebhookEvent::InstitutionChanged)
        }
        "PersonCreated" | "PersonEdited" | "PersonDeleted" => Some(WebhookEvent::PersonChanged),
        "AllianceEdited" => Some(WebhookEvent::AllianceChanged),
        _ => None,
    }
}
