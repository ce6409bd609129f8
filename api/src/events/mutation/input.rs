//! What clients give to change an event.

use alliance_entity::id::{AllianceId, CampaignId, EventId};
use async_graphql::{InputObject, MaybeUndefined};

use crate::events::actions::Place;
use crate::events::actions::create::Create;
use crate::events::actions::edit::Edit;
use crate::scalar::{DateTime, IdOf, Text};

/// Where an event takes place.
#[derive(Debug, InputObject)]
pub struct VenueInput {
    /// The place's name: one line of up to 200 characters.
    pub name: Text,
    /// Its postal address, in as many lines as it has.
    pub address: Option<Text>,
}

impl From<VenueInput> for Place {
    fn from(VenueInput { name, address }: VenueInput) -> Self {
        Self { name: name.0, address: address.map(|text| text.0) }
    }
}

/// What a new event says.
#[derive(Debug, InputObject)]
pub struct EventCreateInput {
    /// The id of the alliance that holds it.
    pub alliance: IdOf<AllianceId>,
    /// Its title: one line of up to 200 characters.
    pub title: Text,
    /// Its name in addresses: small letters, digits and hyphens. Left out, it is made of the title.
    pub slug: Option<Text>,
    /// What it is, in a sentence or two of plain text: up to 1,000 characters.
    pub summary: Option<Text>,
    /// The whole of what is said about it, in Markdown: up to 200,000 characters, 1,000 footnotes, and 1,000,000 bytes as HTML.
    pub body: Option<Text>,
    /// When it starts.
    pub starts_at: DateTime,
    /// When it ends; left out where that is open.
    pub ends_at: Option<DateTime>,
    /// The time zone of its place, an IANA name such as `Europe/London`. Left out, it is its alliance's.
    pub time_zone: Option<Text>,
    /// Where it takes place; left out where that is not known yet.
    pub venue: Option<VenueInput>,
    /// How many people the place holds.
    pub capacity: Option<i32>,
    /// The ids of the alliance's campaigns that it belongs to.
    #[graphql(default)]
    pub campaigns: Vec<IdOf<CampaignId>>,
}

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct EventEditInput {
    /// The event's id.
    pub id: IdOf<EventId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Its title: one line of up to 200 characters.
    pub title: MaybeUndefined<Text>,
    /// Its name in addresses. The one that it had leads to it from then on, with `redirectedFrom`.
    pub slug: MaybeUndefined<Text>,
    /// What it is, in a sentence or two of plain text; `null` empties it.
    pub summary: MaybeUndefined<Text>,
    /// The whole of what is said about it, in Markdown; `null` empties it.
    pub body: MaybeUndefined<Text>,
    /// When it starts, while it is a draft: `eventReschedule` moves what was announced.
    pub starts_at: MaybeUndefined<DateTime>,
    /// When it ends; `null` where that is open.
    pub ends_at: MaybeUndefined<DateTime>,
    /// The time zone of its place, an IANA name such as `Europe/London`.
    pub time_zone: MaybeUndefined<Text>,
    /// Where it takes place; `null` where that is not said.
    pub venue: MaybeUndefined<VenueInput>,
    /// How many people the place holds; `null` where that is not said.
    pub capacity: MaybeUndefined<i32>,
    /// How many people came; `null` where that is not known.
    pub attendance: MaybeUndefined<i32>,
    /// The ids of all campaigns that it belongs to from then on; `null` where it belongs to none.
    pub campaigns: MaybeUndefined<Vec<IdOf<CampaignId>>>,
}

/// Which event is announced.
#[derive(Debug, InputObject)]
pub struct EventPublishInput {
    /// The event's id.
    pub id: IdOf<EventId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
}

/// Which event is moved, and to when.
#[derive(Debug, InputObject)]
pub struct EventRescheduleInput {
    /// The event's id.
    pub id: IdOf<EventId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// When it starts.
    pub starts_at: DateTime,
    /// When it ends. Left out, it lasts as long as before; `null` where that is open.
    pub ends_at: MaybeUndefined<DateTime>,
    /// Why, in a sentence or two: everybody reads it.
    pub reason: Text,
}

/// Which event is called off, and why.
#[derive(Debug, InputObject)]
pub struct EventCancelInput {
    /// The event's id.
    pub id: IdOf<EventId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Why, in a sentence or two: everybody reads it.
    pub reason: Text,
}

/// Which event is deleted.
#[derive(Debug, InputObject)]
pub struct EventDeleteInput {
    /// The event's id.
    pub id: IdOf<EventId>,
    /// The version that you read: where it has moved on, nothing is deleted.
    pub version: i32,
    /// Its slug, where posts or reactions refer to it: without it you are told what would be lost.
    pub confirm: Option<Text>,
}

impl From<EventCreateInput> for Create {
    fn from(input: EventCreateInput) -> Self {
        let EventCreateInput { alliance, title, slug, summary, body, starts_at, ends_at, time_zone, venue, capacity, campaigns } =
            input;
        Self {
            alliance: alliance.0,
            title: title.0,
            slug: slug.map(|text| text.0),
            summary: summary.map(|text| text.0),
            body: body.map(|text| text.0),
            starts_at: starts_at.0,
            ends_at: ends_at.map(|at| at.0),
            time_zone: time_zone.map(|text| text.0),
            venue: venue.map(Place::from),
            capacity,
            campaigns: campaigns.into_iter().map(|id| id.0).collect(),
        }
    }
}

impl From<EventEditInput> for Edit {
    fn from(input: EventEditInput) -> Self {
        let EventEditInput {
            id,
            version,
            title,
            slug,
            summary,
            body,
            starts_at,
            ends_at,
            time_zone,
            venue,
            capacity,
            attendance,
            campaigns,
        } = input;
        Self {
            id: id.0,
            version,
            title: title.map_value(|text| text.0),
            slug: slug.map_value(|text| text.0),
            summary: summary.map_value(|text| text.0),
            body: body.map_value(|text| text.0),
            starts_at: starts_at.map_value(|at| at.0),
            ends_at: ends_at.map_value(|at| at.0),
            time_zone: time_zone.map_value(|text| text.0),
            venue: venue.map_value(Place::from),
            capacity,
            attendance,
            campaigns: campaigns.map_value(|ids| ids.into_iter().map(|id| id.0).collect()),
        }
    }
}
