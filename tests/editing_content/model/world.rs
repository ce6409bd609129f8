//! The world of the model: what there is, who may do what to it, and what else that changes.

use rand::Rng;
use rand::rngs::StdRng;
use serde_json::Value;

use crate::editing::model::rules::Who;
use crate::editing_content::model::things::{Act, Kind, Thing};

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) things: Vec<Thing>,
    /// What was deleted.
    pub(super) gone: Vec<Thing>,
}

impl World {
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Thing> {
        self.things.iter().filter(move |thing| thing.kind == kind)
    }

    /// Some of what a kind may name; one that is gone among them where that is wanted.
    pub(super) fn links(&self, kind: Kind, with_gone: bool, random: &mut StdRng) -> Vec<String> {
        let mut names = Vec::new();
        for named in kind.named() {
            let is_one = (kind, *named) == (Kind::Post, Kind::Event);
            let some = self.of(*named).filter(|_| random.random_ratio(1, 3)).map(|thing| thing.id.clone());
            names.extend(some.take(if is_one { 1 } else { 20 }));
            let gone = self.gone.iter().find(|gone| gone.kind == *named && with_gone && !is_one);
            names.extend(gone.map(|gone| gone.id.clone()));
        }
        names
    }

    /// The ids that a thing names and that are still there.
    pub(super) fn living<'a>(&'a self, thing: &'a Thing) -> impl Iterator<Item = &'a Thing> {
        self.things.iter().filter(|other| thing.said.names.contains(&other.id))
    }

    /// What names a thing.
    pub(super) fn naming<'a>(&'a self, thing: &'a Thing, kind: Kind) -> impl Iterator<Item = &'a Thing> {
        self.of(kind).filter(|other| other.said.names.contains(&thing.id))
    }

    /// What becomes of an act.
    pub(super) fn outcome(&self, at: usize, (act, more): (Act, &Value), who: Who, stale: bool) -> &'static str {
        let thing = &self.things[at];
        match who {
            Who::Editor => {}
            Who::Stranger => return "UNAUTHENTICATED",
            _ if thing.is_public() => return "FORBIDDEN",
            _ => return "NOT_FOUND",
        }
        if stale {
            return "CONFLICT";
        }
        // What a post names already it may go on to name.
        let before = thing.pending.as_ref().unwrap_or(&thing.said);
        let goes_on = |id: &Value| thing.kind == Kind::Post && before.names.iter().any(|named| *id == **named);
        let is_there = |id: &Value| goes_on(id) || self.things.iter().any(|thing| *id == *thing.id);
        let is_taken = |other: &Thing| {
            let slug = more["slug"].as_str().expect("a slug");
            other.kind == thing.kind && other.id != thing.id && (other.slug == slug || other.former.iter().any(|old| old == slug))
        };
        let named = ["campaigns", "institutions"].iter().filter_map(|field| more[field].as_array()).flatten();
        let wrong = match act {
            Act::Link if !named.clone().all(is_there) => return "NOT_FOUND",
            Act::Rename if self.things.iter().any(is_taken) => return "TAKEN",
            Act::Publish => match thing.kind {
                Kind::Campaign => thing.status == "ACTIVE",
                Kind::Event => thing.status == "SCHEDULED",
                Kind::Institution => thing.status == "PUBLISHED",
                Kind::Post => thing.is_public() && thing.pending.is_none(),
            },
            Act::Unpublish => !thing.is_public(),
            Act::Close => thing.status != "ACTIVE",
            Act::Reschedule | Act::Cancel => thing.status != "SCHEDULED",
            Act::Leave if thing.joined.is_some() && thing.joined.as_deref() > more["on"].as_str() => return "INVALID",
            Act::Leave => thing.joined.is_none(),
            Act::Delete => {
                let kinds = [Kind::Campaign, Kind::Event, Kind::Post];
                let is_used = kinds.into_iter().any(|kind| self.naming(thing, kind).next().is_some());
                return if is_used && more["confirm"].is_null() { "IN_USE" } else { "done" };
            }
            _ => false,
        };
        if wrong { "WRONG_STATE" } else { "done" }
    }

    /// What an act that is done makes of it.
    pub(super) fn apply(&mut self, at: usize, (act, more): (Act, &Value)) {
        if act == Act::Delete {
            self.gone.push(self.things.remove(at));
            return;
        }
        let thing = &mut self.things[at];
        thing.version += 1;
        let text = |field: &str| more[field].as_str().map(str::to_owned);
        match act {
            Act::Edit | Act::Link => thing.write(more, act == Act::Link),
            Act::Rename => thing.rename(text("slug").expect("a slug")),
            Act::Publish => thing.publish(),
            Act::Unpublish => thing.status = "UNPUBLISHED",
            Act::Close => (thing.status, thing.is_ended) = ("CLOSED", true),
            Act::Reschedule => {
                let starts_at = text("startsAt").expect("a moment");
                thing.moved_from = Some(std::mem::replace(&mut thing.starts_at, starts_at));
            }
            Act::Cancel => thing.status = "CANCELLED",
            Act::Join => (thing.joined, thing.left) = (text("on"), None),
            Act::Leave => thing.left = text("on"),
            Act::Delete => {}
        }
    }
}
