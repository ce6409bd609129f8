//! Random people do random things to posts, and a small model says what must become of it and who sees what, at every step.

mod check;
pub(crate) mod rules;
mod site;
mod watch;

use alliance_tests::app::TestApp;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::editing::model::check::compare;
use crate::editing::model::rules::{Act, Model, Post, Who};
use crate::editing::model::watch::Watching;
use crate::editing::{Desk, desks};
use crate::guests::{change, outcome};
use crate::viewers::HERE;

const STEPS: u32 = 160;
const SEED: u64 = 20_261_127;

/// The token of somebody.
pub(crate) fn token(desk: &Desk, who: Who) -> &str {
    match who {
        Who::Stranger => "",
        Who::Supporter => &desk.supporter.token,
        Who::Elsewhere => &desk.elsewhere.token,
        Who::Author => &desk.author.token,
        Who::Editor => &desk.editor.token,
    }
}

#[tokio::test]
async fn whatever_is_done_to_posts_by_whomever_they_stand_as_the_model_says_and_so_are_those_told_who_watch() {
    for (app, desk) in desks().await {
        let mut random = StdRng::seed_from_u64(SEED);
        let (mut model, mut done, mut refused) = (Model::default(), 0, 0);
        let mut watching = Watching::begin(&app, &desk).await;
        for step in 0..STEPS {
            let who = match random.random_range(0..12) {
                0..6 => Who::Editor,
                6..9 => Who::Author,
                9 => Who::Elsewhere,
                10 => Who::Supporter,
                _ => Who::Stranger,
            };
            let told = if model.posts.len() < 3 || random.random_ratio(1, 20) {
                begin(&app, &desk, &mut model, (who, step)).await
            } else {
                act(&app, &desk, &mut model, (who, step), &mut random).await
            };
            *(if told { &mut done } else { &mut refused }) += 1;
            watching.look(&app, &desk, &model, step).await;
            compare(&app, &desk, &model, step).await;
        }
        watching.end(&app).await;
        assert!(done > 50 && refused > 30, "{}: {done} were done and {refused} refused", app.name);
        app.leave_jobs();
    }
}

async fn begin(app: &TestApp, desk: &Desk, model: &mut Model, (who, step): (Who, u32)) -> bool {
    let title = format!("Walk {step}");
    let input = json!({ "alliance": HERE.to_string(), "title": title, "body": "The walk, at length." });
    let answer = change(app, (token(desk, who), "postCreate"), input, "post { id slug }").await;
    let became = outcome(&answer, "postCreate");
    let expected = match who {
        Who::Editor | Who::Author => "done",
        Who::Stranger => "UNAUTHENTICATED",
        Who::Supporter | Who::Elsewhere => "FORBIDDEN",
    };
    assert_eq!(became, expected, "{}: step {step}: {who:?} begins a post: {answer}", app.name);
    if became == "done" {
        let post = &answer["data"]["postCreate"]["post"];
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        model.posts.push(Post::new(text(&post["id"]), text(&post["slug"]), who, title));
    }
    became == "done"
}

async fn act(app: &TestApp, desk: &Desk, model: &mut Model, (who, step): (Who, u32), random: &mut StdRng) -> bool {
    let stale = random.random_ratio(1, 12);
    // Of some that come to mind the first that can be done, more often than not.
    let thought: Vec<(usize, Act)> = (0..6).map(|_| (random.random_range(0..model.posts.len()), Act::any(random))).collect();
    let can_be_done = |(at, act): &&(usize, Act)| model.posts[*at].outcome(*act, who, stale) == "done";
    let wanted = thought.iter().find(can_be_done).filter(|_| random.random_ratio(2, 3));
    let (at, act) = *wanted.unwrap_or(&thought[0]);
    if act == Act::TimePasses {
        let due = model.posts.iter_mut().map(Post::time_passes).filter(|due| *due).count();
        app.work().await;
        drop(app.mails());
        return due > 0;
    }
    let post = &mut model.posts[at];
    let (field, more) = act.input(post, step, random);
    let mut input = json!({ "id": post.id, "version": post.version - i32::from(stale) });
    if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
        input.extend(more);
    }
    let answer = change(app, (token(desk, who), field), input.clone(), "__typename").await;
    let expected = post.outcome(act, who, stale);
    let became = outcome(&answer, field);
    assert_eq!(became, expected, "{}: step {step}: {who:?} {field} {input}: {post:?}: {answer}", app.name);
    if became == "done" {
        post.apply(act, &input);
    }
    became == "done"
}
