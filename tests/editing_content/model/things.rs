//! The things of the model, and what becomes of each by what is done to it.

use chrono::{NaiveDate, TimeDelta};
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

use crate::editing::model::rules::Who;

/// What kind of thing something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Campaign,
    Event,
    Institution,
    Post,
}

/// Something that is done to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Edit,
    Rename,
    Link,
    Publish,
    Unpublish,
    Close,
    Reschedule,
    Cancel,
    Join,
    Leave,
    Delete,
}

/// What a thing is called, and the ids that it names.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) name: String,
    pub(super) names: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct Thing {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) former: Vec<String>,
    pub(super) status: &'static str,
    pub(super) version: i32,
    /// What is shown of it.
    pub(super) said: Said,
    /// What was written of a post since it was published.
    pub(super) pending: Option<Said>,
    pub(super) was_public: bool,
    pub(super) starts_at: String,
    pub(super) moved_from: Option<String>,
    /// The days of a membership.
    pub(super) joined: Option<String>,
    pub(super) left: Option<String>,
    /// Whether a campaign has a last day.
    pub(super) is_ended: bool,
}

/// A day, counted from today.
pub(super) fn day(from_today: i64) -> String {
    let today = NaiveDate::from_ymd_opt(2026, 11, 24).expect("this is a day");
    (today + TimeDelta::days(from_today)).to_string()
}

/// A moment that no other step has.
pub(super) fn moment(step: u32) -> String {
    format!("2027-03-{:02}T{:02}:00:00Z", 1 + step / 24, step % 24)
}

impl Kind {
    pub(super) fn any(random: &mut StdRng) -> Self {
        [Self::Campaign, Self::Event, Self::Institution, Self::Post][random.random_range(0..4)]
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Event => "event",
            Self::Institution => "institution",
            Self::Post => "post",
        }
    }

    /// The field of its name.
    pub(super) fn name(self) -> &'static str {
        if self == Self::Institution { "name" } else { "title" }
    }

    /// The kinds that it names.
    pub(super) fn named(self) -> &'static [Self] {
        match self {
            Self::Campaign => &[Self::Institution],
            Self::Event => &[Self::Campaign],
            Self::Institution => &[],
            Self::Post => &[Self::Campaign, Self::Institution, Self::Event],
        }
    }

    /// The input that names these.
    pub(super) fn linked(self, names: &[String]) -> Value {
        let mut input = json!({});
        for kind in self.named() {
            let of: Vec<&String> = names.iter().filter(|id| id.starts_with(kind.word())).collect();
            match (self, kind) {
                (Self::Post, Self::Event) => input["event"] = json!(of.first()),
                _ => input[format!("{}s", kind.word())] = json!(of),
            }
        }
        // A new post leaves out what it does not name.
        if input["event"].is_null() && self == Self::Post {
            input.as_object_mut().expect("an object").remove("event");
        }
        input
    }
}

impl Act {
    pub(super) fn any(kind: Kind, random: &mut StdRng) -> Self {
        let more: &[Self] = match kind {
            Kind::Campaign => &[Self::Link, Self::Link, Self::Close, Self::Delete],
            Kind::Event => &[Self::Link, Self::Reschedule, Self::Cancel, Self::Delete],
            Kind::Institution => &[Self::Join, Self::Join, Self::Leave, Self::Delete],
            Kind::Post => &[Self::Link, Self::Link, Self::Publish, Self::Unpublish],
        };
        let all: Vec<Self> = [Self::Edit, Self::Rename, Self::Publish].into_iter().chain(more.iter().copied()).collect();
        all[random.random_range(0..all.len())]
    }

    /// The mutation.
    pub(super) fn field(self, kind: Kind) -> String {
        let verb = match self {
            Self::Edit | Self::Rename | Self::Link => "Edit",
            Self::Publish => "Publish",
            Self::Unpublish => "Unpublish",
            Self::Close => "Close",
            Self::Reschedule => "Reschedule",
            Self::Cancel => "Cancel",
            Self::Join => "Join",
            Self::Leave => "Leave",
            Self::Delete => "Delete",
        };
        format!("{}{verb}", kind.word())
    }
}

impl Thing {
    pub(super) fn new(kind: Kind, (id, slug): (String, String), (name, names): (String, Vec<String>), step: u32) -> Self {
        Self {
            kind,
            id,
            slug,
            former: Vec::new(),
            status: "DRAFT",
            version: 1,
            said: Said { name, names },
            pending: None,
            was_public: false,
            starts_at: moment(step),
            moved_from: None,
            joined: None,
            left: None,
            is_ended: false,
        }
    }

    pub(super) fn is_public(&self) -> bool {
        match self.kind {
            Kind::Post => self.status == "PUBLISHED",
            _ => self.status != "DRAFT",
        }
    }

    pub(super) fn is_open_to(&self, who: Who) -> bool {
        self.is_public() || who == Who::Editor
    }

    /// Whether an institution is a member on a day.
    pub(super) fn is_member(&self, day: &str) -> bool {
        self.joined.as_deref().is_some_and(|joined| joined <= day) && self.left.as_deref().is_none_or(|left| day < left)
    }

    pub(super) fn write(&mut self, more: &Value, links: bool) {
        let before = self.pending.as_ref().unwrap_or(&self.said);
        let mut said = Said { name: more[self.kind.name()].as_str().expect("a name").to_owned(), names: before.names.clone() };
        if links {
            // What is left out stays.
            said.names.retain(|id| id.starts_with("event") && more.get("event").is_none());
            let lists = ["campaigns", "institutions"].iter().filter_map(|field| more[field].as_array()).flatten();
            said.names.extend(lists.chain(more.get("event")).map(|id| id.as_str().expect("an id").to_owned()));
        }
        if self.kind == Kind::Post && self.was_public { self.pending = Some(said) } else { self.said = said }
    }

    pub(super) fn rename(&mut self, slug: String) {
        if slug == self.slug {
            // A post that says the same as before is not written.
            self.version -= i32::from(self.kind == Kind::Post);
            return;
        }
        self.former.retain(|old| *old != slug);
        let old = std::mem::replace(&mut self.slug, slug);
        // Nobody knows the address of a post that was never public.
        if self.kind != Kind::Post || self.was_public {
            self.former.push(old);
        }
    }

    pub(super) fn publish(&mut self) {
        self.status = match self.kind {
            Kind::Campaign => "ACTIVE",
            Kind::Event => "SCHEDULED",
            Kind::Institution | Kind::Post => "PUBLISHED",
        };
        (self.was_public, self.is_ended) = (true, false);
        if let Some(said) = self.pending.take() {
            self.said = said;
        }
    }
}
