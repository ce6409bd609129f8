//! The demo content as rows. Ids are made of names, so that two demo installations agree on them.

use alliance_entity::alliance;
use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::event::{self, EventStatus};
use alliance_entity::id::{AllianceId, CampaignId, EventId, InstitutionId, PersonId, PostId, PostRevisionId};
use alliance_entity::institution::{self, InstitutionKind, InstitutionStatus};
use alliance_entity::person_role::{self, PersonRole};
use alliance_entity::post::{self, PostStatus};
use alliance_entity::search_document::{self, SearchType};
use alliance_entity::{campaign_institution, event_campaign, person, post_campaign, post_institution, post_revision};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use crate::demo::{SLUG, alliance_id, content, named, reaction};
use crate::editing::store::html;
use crate::error::{Error, Result};
use crate::posts::links;
use crate::searchable;
use crate::text::{markdown, sort_key};

const ZONE: &str = "Europe/London";

pub(super) async fn write(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<()> {
    let alliance = alliance(now);
    let id = alliance.id;
    alliance::Entity::insert(alliance.into_active_model()).exec_without_returning(db).await?;
    people(db, id, now).await?;
    institutions(db, id, now).await?;
    campaigns(db, id, now).await?;
    for event in &content::EVENTS {
        write_event(db, id, event, now).await?;
    }
    for post in &content::POSTS {
        write_post(db, id, post, now).await?;
    }
    html::make_all(db, id).await?;
    reaction::write(db, &content::POSTS[0]).await
}

fn alliance(now: DateTime<Utc>) -> alliance::Model {
    let name = "Nottingham Citizens";
    alliance::Model {
        tagline: Some("Acting together for the common good of our city".to_owned()),
        description: content::DESCRIPTION.to_owned(),
        time_zone: ZONE.to_owned(),
        ..alliance::Model::hosted(alliance_id(), SLUG.to_owned(), (name.to_owned(), sort_key(name)), now)
    }
}

async fn people(db: &impl ConnectionTrait, alliance_id: AllianceId, now: DateTime<Utc>) -> Result<()> {
    for content::Person { name, title, role, position } in &content::PEOPLE {
        let id = named!(PersonId, name);
        let row = person::Model {
            id,
            alliance_id,
            name: (*name).to_owned(),
            title: Some((*title).to_owned()),
            bio: Some("Sample data: this person is invented.".to_owned()),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        person::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
        let role = person_role::Model { person_id: id, role: *role, position: *position };
        person_role::Entity::insert(role.into_active_model()).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn institutions(db: &impl ConnectionTrait, alliance_id: AllianceId, now: DateTime<Utc>) -> Result<()> {
    let mut members: Vec<(String, InstitutionKind, &str)> = Vec::new();
    for (name, kind) in content::NAMED {
        members.push((
            name.to_owned(),
            kind,
            "A member institution of Nottingham Citizens. The day on which it joined is a sample.",
        ));
    }
    for (name, kind, many) in content::SAMPLES {
        members.extend((1..=many).map(|n| (format!("{name} {n}"), kind, "Sample data: this institution is invented.")));
    }
    let slug_of = |name: &str| name.to_lowercase().replace(' ', "-");
    for (name, _, description) in &members {
        let subject = (SearchType::Institution, named!(InstitutionId, slug_of(name)).0);
        make_findable(db, subject, (name, description), time("2013-01-01T00:00:00Z")?).await?;
    }
    let rows = members.into_iter().map(|(name, kind, description)| {
        let slug = slug_of(&name);
        institution::Model {
            id: named!(InstitutionId, slug),
            alliance_id,
            status: InstitutionStatus::Published,
            kind,
            sort_name: sort_key(&name),
            name,
            slug,
            description: description.to_owned(),
            website_url: None,
            joined_on: NaiveDate::from_ymd_opt(2013, 1, 1),
            left_on: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
        .into_active_model()
    });
    institution::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

async fn campaigns(db: &impl ConnectionTrait, alliance_id: AllianceId, now: DateTime<Utc>) -> Result<()> {
    for content::Campaign { slug, title, summary } in &content::CAMPAIGNS {
        make_findable(db, (SearchType::Campaign, named!(CampaignId, slug).0), (title, summary), now).await?;
    }
    let rows = content::CAMPAIGNS.iter().map(|content::Campaign { slug, title, summary }| {
        campaign::Model {
            id: named!(CampaignId, slug),
            alliance_id,
            slug: (*slug).to_owned(),
            status: CampaignStatus::Active,
            title: (*title).to_owned(),
            sort_title: sort_key(title),
            summary: (*summary).to_owned(),
            body: format!("{summary}\n\nThe institutions of Nottingham Citizens work on it together."),
            started_on: None,
            ended_on: None,
            is_sensitive: false,
            version: 1,
            created_at: now,
            updated_at: now,
        }
        .into_active_model()
    });
    campaign::Entity::insert_many(rows).exec_without_returning(db).await?;
    // Which institutions take part is a sample, too: only sample institutions do.
    let links = content::CAMPAIGNS.iter().enumerate().flat_map(|(n, campaign)| {
        ["sample-charity", "sample-faith-group", "sample-school"].map(|kind| {
            let institution_id = named!(InstitutionId, format!("{kind}-{}", n + 1));
            campaign_institution::Model { campaign_id: named!(CampaignId, campaign.slug), institution_id }.into_active_model()
        })
    });
    campaign_institution::Entity::insert_many(links).exec_without_returning(db).await?;
    Ok(())
}

async fn write_event(
    db: &impl ConnectionTrait,
    alliance_id: AllianceId,
    event: &content::Event,
    now: DateTime<Utc>,
) -> Result<()> {
    let content::Event { slug, title, summary, starts_at, venue, attendance, campaign } = event;
    let (id, starts_at) = (named!(EventId, slug), time(starts_at)?);
    let row = event::Model {
        id,
        alliance_id,
        slug: (*slug).to_owned(),
        status: EventStatus::Scheduled,
        title: (*title).to_owned(),
        summary: (*summary).to_owned(),
        body: (*summary).to_owned(),
        starts_at,
        ends_at: None,
        time_zone: ZONE.to_owned(),
        rescheduled_from: None,
        reschedule_reason: None,
        cancel_reason: None,
        venue_name: Some((*venue).to_owned()),
        venue_address: None,
        capacity: None,
        attendance: *attendance,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    event::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    make_findable(db, (SearchType::Event, id.0), (title, summary), starts_at).await?;
    if let Some(campaign) = campaign {
        let link = event_campaign::Model { event_id: id, campaign_id: named!(CampaignId, campaign), starts_at };
        event_campaign::Entity::insert(link.into_active_model()).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn write_post(
    db: &impl ConnectionTrait,
    alliance_id: AllianceId,
    content: &content::Post,
    now: DateTime<Utc>,
) -> Result<()> {
    let content::Post { slug, kind, title, excerpt: _, body, published_at, event, campaigns, institution } = content;
    let (id, revision, published_at) = (named!(PostId, slug), named!(PostRevisionId, slug), Some(time(published_at)?));
    let author_id = content::PEOPLE.iter().find(|of| of.role == PersonRole::Author).map(|of| named!(PersonId, of.name));
    let row = post::Model {
        id,
        alliance_id,
        slug: (*slug).to_owned(),
        kind: *kind,
        status: PostStatus::Published,
        earlier_status: None,
        owner_id: None,
        author_id,
        event_id: event.map(|event| named!(EventId, event)),
        live_revision_id: Some(revision),
        draft_revision_id: None,
        published_at,
        first_published_at: published_at,
        scheduled_for: None,
        unpublish_at: None,
        deleted_at: None,
        licence: None,
        usage_terms: None,
        embargoed_until: None,
        desk_note: None,
        carried_since: published_at,
        public_version: 1,
        version: 1,
        created_at: now,
        updated_at: published_at.unwrap_or(now),
    };
    post::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    let said = revision_of(content, author_id, now);
    post_revision::Entity::insert(said.into_active_model()).exec_without_returning(db).await?;
    make_findable(db, (SearchType::Post, id.0), (title, body), published_at.unwrap_or(now)).await?;
    for campaign in *campaigns {
        let link = post_campaign::Model { post_id: id, campaign_id: named!(CampaignId, campaign), published_at };
        post_campaign::Entity::insert(link.into_active_model()).exec_without_returning(db).await?;
    }
    if let Some(institution) = institution {
        let link = post_institution::Model { post_id: id, institution_id: named!(InstitutionId, institution), published_at };
        post_institution::Entity::insert(link.into_active_model()).exec_without_returning(db).await?;
    }
    Ok(())
}

fn revision_of(content: &content::Post, author_id: Option<PersonId>, now: DateTime<Utc>) -> post_revision::Model {
    let content::Post { slug, kind, title, excerpt, body, published_at: _, event, campaigns, institution } = content;
    post_revision::Model {
        id: named!(PostRevisionId, slug),
        post_id: named!(PostId, slug),
        number: 1,
        title: (*title).to_owned(),
        excerpt: (*excerpt).to_owned(),
        has_more: true,
        reading_minutes: markdown::reading_minutes(&markdown::plain_text(body)),
        created_at: now,
        body: (*body).to_owned(),
        body_html: markdown::html(body),
        rendering: markdown::RENDERING,
        kind: *kind,
        author_id,
        event_id: event.map(|event| named!(EventId, event)),
        campaign_ids: links::written(campaigns.iter().map(|campaign| named!(CampaignId, campaign).0)),
        institution_ids: links::written(institution.iter().map(|institution| named!(InstitutionId, institution).0)),
        excerpt_is_own: true,
        created_by: None,
    }
}

async fn make_findable(
    db: &impl ConnectionTrait,
    (subject_type, subject_id): (SearchType, Uuid),
    (title, body): (&str, &str),
    date: DateTime<Utc>,
) -> Result<()> {
    let document = search_document::Model {
        rank_time: date.timestamp(),
        subject_type,
        subject_id,
        alliance_id: alliance_id(),
        title: title.to_owned(),
        body: markdown::plain_text(body),
    };
    searchable::store::insert(db, document).await
}

pub(super) fn time(text: &str) -> Result<DateTime<Utc>> {
    text.parse().map_err(Error::internal)
}
