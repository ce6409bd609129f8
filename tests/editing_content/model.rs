//! Random people do random things to campaigns, events, institutions and the posts that name them, and a small model says what must
//! become of it and who sees what, at every step.

mod check;
mod things;
mod world;

use alliance_tests::app::TestApp;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::editing::model::rules::Who;
use crate::editing::model::token;
use crate::editing::{CAMPAIGN, Desk, INSTITUTION, desks};
use crate::editing_content::is_sound;
use crate::editing_content::model::check::compare;
use crate::editing_content::model::things::{Act, Kind, Thing};
use crate::editing_content::model::world::World;
use crate::guests::{change, outcome};
use crate::viewers::HERE;

const STEPS: u32 = 180;
const SEED: u64 = 20_261_128;
/// How many there are of a kind at most.
const MANY: usize = 7;

fn somebody(random: &mut StdRng) -> Who {
    match random.random_range(0..14) {
        0..10 => Who::Editor,
        10 => Who::Author,
        11 => Who::Elsewhere,
        12 => Who::Supporter,
        _ => Who::Stranger,
    }
}

#[tokio::test]
async fn whatever_is_done_to_content_by_whomever_it_stands_as_the_model_says() {
    for (app, desk) in desks().await {
        clear(&app, &desk).await;
        let mut random = StdRng::seed_from_u64(SEED);
        let (mut world, mut done, mut refused) = (World::default(), 0, 0);
        for step in 0..STEPS {
            let (who, kind) = (somebody(&mut random), Kind::any(&mut random));
            let few = world.of(kind).count() < MANY && random.random_ratio(1, 10);
            let told = if world.things.len() < 10 || few {
                begin(&app, &desk, &mut world, (who, kind, step), &mut random).await
            } else {
                act(&app, &desk, &mut world, (who, step), &mut random).await
            };
            *(if told { &mut done } else { &mut refused }) += 1;
            compare(&app, &desk, &world, step).await;
        }
        assert!(done > 100 && refused > 30, "{}: {done} were done and {refused} refused", app.name);
        assert!(world.gone.len() > 3, "{}: {} were deleted", app.name, world.gone.len());
        is_sound(&app).await;
        app.work().await;
    }
}

/// Takes away what stands on each desk.
async fn clear(app: &TestApp, desk: &Desk) {
    let campaign = json!({ "id": CAMPAIGN.to_string(), "version": 1 });
    desk.editor.does(app, "campaignDelete", campaign, "__typename").await;
    let institution = json!({ "id": INSTITUTION.to_string(), "version": 1 });
    desk.editor.does(app, "institutionDelete", institution, "__typename").await;
}

async fn begin(app: &TestApp, desk: &Desk, world: &mut World, (who, kind, step): (Who, Kind, u32), random: &mut StdRng) -> bool {
    // What authors do to posts of their own is tried with posts.
    let who = if kind == Kind::Post && who == Who::Author { Who::Editor } else { who };
    let (field, name) = (format!("{}Create", kind.word()), format!("Walk {step}"));
    let mut input = json!({ "alliance": HERE.to_string(), kind.name(): name });
    let names = world.links(kind, false, random);
    fill(&mut input, kind.linked(&names));
    match kind {
        Kind::Event => input["startsAt"] = json!(things::moment(step)),
        Kind::Institution => input["kind"] = json!("SCHOOL"),
        _ => {}
    }
    let answer = change(app, (token(desk, who), &field), input, &format!("{} {{ id slug }}", kind.word())).await;
    let became = outcome(&answer, &field);
    let expected = match who {
        Who::Editor => "done",
        Who::Stranger => "UNAUTHENTICATED",
        Who::Supporter | Who::Elsewhere | Who::Author => "FORBIDDEN",
    };
    assert_eq!(became, expected, "{}: step {step}: {who:?} {field}: {answer}", app.name);
    if became == "done" {
        let made = &answer["data"][&field][kind.word()];
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        world.things.push(Thing::new(kind, (text(&made["id"]), text(&made["slug"])), (name, names), step));
    }
    became == "done"
}

/// An act that came to mind.
struct Plan {
    at: usize,
    act: Act,
    more: Value,
}

async fn act(app: &TestApp, desk: &Desk, world: &mut World, (who, step): (Who, u32), random: &mut StdRng) -> bool {
    let stale = random.random_ratio(1, 14);
    let thought: Vec<Plan> = (0..6).map(|_| plan(world, step, random)).collect();
    let can_be_done = |plan: &&Plan| world.outcome(plan.at, (plan.act, &plan.more), who, stale) == "done";
    let wanted = thought.iter().find(can_be_done).filter(|_| random.random_ratio(3, 4));
    let Plan { at, act, more } = wanted.unwrap_or(&thought[0]);
    let thing = &world.things[*at];
    let field = act.field(thing.kind);
    let mut input = json!({ "id": thing.id, "version": thing.version - i32::from(stale) });
    fill(&mut input, more.clone());
    let answer = change(app, (token(desk, who), &field), input.clone(), "__typename").await;
    let expected = world.outcome(*at, (*act, more), who, stale);
    let became = outcome(&answer, &field);
    assert_eq!(became, expected, "{}: step {step}: {who:?} {field} {input}: {thing:?}: {answer}", app.name);
    if became == "done" {
        world.apply(*at, (*act, more));
    }
    became == "done"
}

fn plan(world: &World, step: u32, random: &mut StdRng) -> Plan {
    let at = random.random_range(0..world.things.len());
    let thing = &world.things[at];
    let act = Act::any(thing.kind, random);
    let more = match act {
        Act::Edit => json!({ thing.kind.name(): format!("Walk {step}") }),
        // Few, so that several want the same.
        Act::Rename => json!({ "slug": format!("walk-{}", ["a", "b", "c", "d"][random.random_range(0..4)]) }),
        Act::Link => {
            let names = world.links(thing.kind, random.random_ratio(1, 8), random);
            let mut more = thing.kind.linked(&names);
            // A post that says the same as before is not written.
            more[thing.kind.name()] = json!(format!("Walk {step}"));
            more
        }
        Act::Reschedule => json!({ "startsAt": things::moment(step), "reason": "The hall is taken." }),
        Act::Cancel => json!({ "reason": "The hall is closed." }),
        Act::Join | Act::Leave => json!({ "on": things::day(random.random_range(-3..5)) }),
        Act::Delete if random.random_ratio(2, 3) => json!({ "confirm": thing.slug }),
        Act::Publish | Act::Unpublish | Act::Close | Act::Delete => json!({}),
    };
    Plan { at, act, more }
}

fn fill(input: &mut Value, more: Value) {
    if let (Value::Object(input), Value::Object(more)) = (input, more) {
        input.extend(more);
    }
}
