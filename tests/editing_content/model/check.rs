//! What each viewer sees, beside what the model says they see.

use std::collections::BTreeMap;

use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::editing::Desk;
use crate::editing::model::rules::Who;
use crate::editing::model::token;
use crate::editing_content::model::things::{Kind, Thing, day};
use crate::editing_content::model::world::World;
use crate::guests;

const KINDS: [Kind; 4] = [Kind::Campaign, Kind::Event, Kind::Institution, Kind::Post];
/// How many of a list are read: more than there are.
const LISTED: &str = "(first: 9) { totalCount nodes { id } }";

/// Compares everything that each of them is shown.
pub(super) async fn compare(app: &TestApp, desk: &Desk, world: &World, step: u32) {
    for who in [Who::Stranger, Who::Supporter, Who::Elsewhere, Who::Author, Who::Editor] {
        everything(app, desk, world, (who, step)).await;
    }
    let at = usize::try_from(step).expect("it fits") % world.things.len();
    one(app, desk, &world.things[at], step).await;
    if step.is_multiple_of(8) {
        members(app, world, step).await;
    }
}

/// An object as it was answered, with its lists as the ids that they hold.
fn plainly(object: &Value) -> Value {
    let Value::Object(fields) = object else { return object.clone() };
    let Some(nodes) = fields.get("nodes").and_then(Value::as_array) else {
        return fields.iter().map(|(name, value)| (name.clone(), plainly(value))).collect();
    };
    assert_eq!(fields["totalCount"], nodes.len(), "a list is as long as it says: {object}");
    let mut ids: Vec<&str> = nodes.iter().map(|node| node["id"].as_str().expect("an id")).collect();
    ids.sort_unstable();
    json!(ids)
}

fn ids<'a>(things: impl Iterator<Item = &'a Thing>) -> Value {
    let mut ids: Vec<&str> = things.map(|thing| thing.id.as_str()).collect();
    ids.sort_unstable();
    json!(ids)
}

/// The fields by which a kind is compared.
fn fields(kind: Kind) -> String {
    match kind {
        Kind::Campaign => format!("id slug title status institutions{LISTED} events{LISTED} posts{LISTED}"),
        Kind::Event => format!("id slug title status startsAt rescheduledFrom cancelReason campaigns{LISTED}"),
        Kind::Institution => format!("id slug name joinedOn leftOn isMember campaigns{LISTED} posts{LISTED}"),
        Kind::Post => format!("id slug title event {{ id }} campaigns{LISTED} institutions{LISTED}"),
    }
}

/// What somebody is to see of a thing in those fields.
fn shown(world: &World, thing: &Thing, who: Who) -> Value {
    let named = |kind: Kind| ids(world.living(thing).filter(|other| other.kind == kind && other.is_open_to(who)));
    let naming = |kind: Kind| ids(world.naming(thing, kind).filter(|other| other.is_open_to(who)));
    let posts = || ids(world.naming(thing, Kind::Post).filter(|post| post.is_public()));
    let (id, slug, name) = (&thing.id, &thing.slug, &thing.said.name);
    match thing.kind {
        Kind::Campaign => json!({ "id": id, "slug": slug, "title": name, "status": thing.status,
            "institutions": named(Kind::Institution), "events": naming(Kind::Event), "posts": posts() }),
        Kind::Event => json!({ "id": id, "slug": slug, "title": name, "status": thing.status, "startsAt": thing.starts_at,
            "rescheduledFrom": thing.moved_from, "campaigns": named(Kind::Campaign),
            "cancelReason": (thing.status == "CANCELLED").then_some("The hall is closed.") }),
        Kind::Institution => json!({ "id": id, "slug": slug, "name": name, "joinedOn": thing.joined, "leftOn": thing.left,
            "isMember": thing.is_member(&day(0)), "campaigns": naming(Kind::Campaign), "posts": posts() }),
        Kind::Post => {
            let event = world.living(thing).find(|other| other.kind == Kind::Event && other.is_open_to(who));
            json!({ "id": id, "slug": slug, "title": name, "event": event.map(|event| json!({ "id": event.id })),
                "campaigns": named(Kind::Campaign), "institutions": named(Kind::Institution) })
        }
    }
}

/// Whether a thing is in the list of its kind: what was withdrawn has its place in the order of publication, for those who still see it.
fn is_listed(thing: &Thing, who: Who) -> bool {
    thing.is_open_to(who) && (thing.kind != Kind::Post || thing.was_public)
}

/// All that somebody is shown, by one question: the lists of each kind, their counts, the search, and whatever has an id.
async fn everything(app: &TestApp, desk: &Desk, world: &World, (who, step): (Who, u32)) {
    let all: Vec<&Thing> = world.things.iter().chain(world.gone.iter().rev().take(5)).collect();
    let lists = KINDS.map(|kind| {
        let fields = fields(kind);
        format!("{}s(first: 9, filter: {{ alliance: \"here\" }}) {{ totalCount nodes {{ {fields} }} }}", kind.word())
    });
    let own = KINDS.map(|kind| format!("{}s{LISTED}", kind.word()));
    let query = format!(
        "query ($ids: [ID!]!) {{ {} alliance(slug: \"here\") {{ institutionCount {} }} nodes(ids: $ids) {{ id }}
            members: institutions(first: 9, filter: {{ alliance: \"here\", isMember: true }}) {{ totalCount nodes {{ id }} }}
            search(query: \"walk\", alliance: \"here\", first: 40) {{ totalCount nodes {{ titleHtml subject {{
                ... on Campaign {{ id name: title }} ... on Event {{ id name: title }} ... on Institution {{ id name }} ... on Post {{ id name: title }} }} }} }} }}",
        lists.join(" "),
        own.join(" ")
    );
    let asked = json!({ "ids": all.iter().map(|thing| &thing.id).collect::<Vec<_>>() });
    let answer = guests::ask(app, token(desk, who), &query, &asked).await;
    let (seen, told) = (&answer["data"], format!("{}: step {step}: {who:?}: {answer}", app.name));
    assert!(seen["nodes"].is_array(), "{told}");
    for kind in KINDS {
        listed(world, seen, (kind, who), &told);
    }
    let is_there = |thing: &Thing| world.things.iter().any(|other| other.id == thing.id);
    let node = |thing: &&Thing| (is_there(thing) && thing.is_open_to(who)).then(|| json!({ "id": thing.id }));
    assert_eq!(seen["nodes"], json!(all.iter().map(node).collect::<Vec<_>>()), "{told}");
    let members = world.of(Kind::Institution).filter(|thing| thing.is_open_to(who) && thing.is_member(&day(0)));
    assert_eq!(plainly(&seen["members"]), ids(members), "{told}");
    assert_eq!(seen["alliance"]["institutionCount"], counted(world, &day(0)), "{told}");
    found(world, seen, &told);
}

/// A kind's list with all that it shows, by itself and in its alliance, and its count.
fn listed(world: &World, seen: &Value, (kind, who): (Kind, Who), told: &str) {
    let (name, listed) = (format!("{}s", kind.word()), || world.of(kind).filter(|thing| is_listed(thing, who)));
    let wanted: BTreeMap<&str, Value> = listed().map(|thing| (thing.id.as_str(), shown(world, thing, who))).collect();
    let nodes = seen[&name]["nodes"].as_array().expect("a list");
    let shown: BTreeMap<&str, Value> = nodes.iter().map(|node| (node["id"].as_str().expect("an id"), plainly(node))).collect();
    assert_eq!(shown, wanted, "{told}");
    assert_eq!(seen[&name]["totalCount"], wanted.len(), "{told}");
    assert_eq!(plainly(&seen["alliance"][&name]), ids(listed()), "{told}");
}

/// What is found, by whomever: what is public, as it is shown.
fn found(world: &World, seen: &Value, told: &str) {
    let mut found: Vec<&str> = Vec::new();
    for hit in seen["search"]["nodes"].as_array().expect("a list") {
        let plain = hit["titleHtml"].as_str().expect("a title").replace("<mark>", "").replace("</mark>", "");
        assert_eq!(hit["subject"]["name"], plain, "what is found is what is shown: {told}");
        found.push(hit["subject"]["id"].as_str().expect("an id"));
    }
    found.sort_unstable();
    assert_eq!(json!(found), ids(world.things.iter().filter(|thing| thing.is_public())), "{told}");
    assert_eq!(seen["search"]["totalCount"], found.len(), "{told}");
}

/// How many public institutions are members on a day.
fn counted(world: &World, day: &str) -> usize {
    world.of(Kind::Institution).filter(|thing| thing.is_public() && thing.is_member(day)).count()
}

/// The count of members follows the day.
async fn members(app: &TestApp, world: &World, step: u32) {
    for days in [-2, 2] {
        let then = app.later(TimeDelta::days(days));
        let seen = then.read("{ alliance(slug: \"here\") { institutionCount } }").await["alliance"]["institutionCount"].take();
        assert_eq!(seen, counted(world, &day(days)), "{}: step {step}: in {days} days", app.name);
    }
}

/// One thing by its id and by each slug that it ever had, as the public and as an editor see it.
async fn one(app: &TestApp, desk: &Desk, thing: &Thing, step: u32) {
    let (word, told) = (thing.kind.word(), format!("{}: step {step}: {thing:?}", app.name));
    for who in [Who::Stranger, Who::Editor] {
        let staff = if who == Who::Editor { "version" } else { "" };
        for (name, formerly) in thing.former.iter().map(|old| (old, true)).chain([(&thing.slug, false)]) {
            let query = format!("{{ it: {word}(slug: \"{name}\", alliance: \"here\") {{ id slug redirectedFrom {staff} }} }}");
            let answer = guests::ask(app, token(desk, who), &query, &json!({})).await;
            let mut wanted = json!({ "id": thing.id, "slug": thing.slug, "redirectedFrom": formerly.then_some(name) });
            if who == Who::Editor {
                wanted["version"] = json!(thing.version);
            }
            let wanted = if thing.is_open_to(who) { wanted } else { Value::Null };
            assert_eq!(answer["data"]["it"], wanted, "{told}: {who:?} as `{name}`: {answer}");
        }
    }
    if thing.kind == Kind::Campaign {
        let query = format!("{{ campaign(id: \"{}\") {{ endedOn }} }}", thing.id);
        let seen = desk.editor.ask(app, &query).await["data"]["campaign"]["endedOn"].take();
        assert_eq!(seen, json!(thing.is_ended.then(|| day(0))), "{told}");
    }
}
