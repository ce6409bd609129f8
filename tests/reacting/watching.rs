//! Sums and the moderators' queue, as those hear of them who watch.

use serde_json::{Value, json};

use crate::following::{Watcher, tell};
use crate::people::{ask_with, change, welcomed};
use crate::reacting::{LUNCH, both, editor, moderate, post, react, visitor, wants};

fn sums(subject: &Value) -> String {
    format!("subscription {{ reactionsChanged(subject: {subject}) {{ cursor reactions {{ total label }} }} }}")
}

const QUEUE: &str =
    "subscription { moderationQueueChanged(alliance: \"nottingham-citizens\") { reactionId reaction { state comment } } }";

async fn total(watcher: &mut Watcher) -> Value {
    watcher.data().await["reactionsChanged"]["reactions"]["total"].take()
}

#[tokio::test]
async fn sums_come_at_once_and_as_they_change_few_times_however_many_react() {
    for app in both().await {
        let lunch = post(&app, LUNCH).await;
        let mut watchers = [Watcher::open(&app, "", &sums(&lunch)).await, Watcher::open(&app, "", &sums(&lunch)).await];
        for watcher in &mut watchers {
            assert_eq!(total(watcher).await, 1, "{}: how it stands", app.name);
        }
        for _ in 0..20 {
            react(&app, &visitor(&app).await, &lunch, json!({})).await;
            tell(&app).await;
        }
        for watcher in &mut watchers {
            let (mut times, mut last) = (0, json!(1));
            while last != json!(21) {
                let next = total(watcher).await;
                assert!(next.as_i64() > last.as_i64(), "{}: {next} after {last}", app.name);
                (last, times) = (next, times + 1);
            }
            assert!(times < 15, "{}: twenty reactions were told {times} times", app.name);
            assert!(watcher.is_quiet().await, "{}", app.name);
        }
        let mut late = Watcher::open(&app, "", &sums(&lunch)).await;
        assert_eq!(total(&mut late).await, 21, "{}: whoever comes later hears how it stands", app.name);
    }
}

#[tokio::test]
async fn sums_that_are_not_told_are_not_told_to_have_changed() {
    for app in both().await {
        let (editor, fast) = (editor(&app).await, post(&app, "fast-in-solidarity").await);
        let mut early = Watcher::open(&app, "", &sums(&fast)).await;
        assert!(total(&mut early).await.is_i64(), "{}: it is not sensitive yet", app.name);
        react(&app, &visitor(&app).await, &fast, json!({})).await;
        tell(&app).await;
        assert!(total(&mut early).await.is_i64(), "{}", app.name);
        let query = "{ campaign(slug: \"sanctuary\", alliance: \"nottingham-citizens\") { id version } }";
        let campaign = ask_with(&app, &editor, query, &json!({})).await.body["data"]["campaign"].take();
        let input = json!({ "id": campaign["id"], "version": campaign["version"], "isSensitive": true });
        change(&app, &editor, "campaignEdit", &input, "campaign { isSensitive } userErrors { message }").await.done();
        let mut watcher = Watcher::open(&app, "", &sums(&fast)).await;
        assert_eq!(total(&mut watcher).await, Value::Null, "{}", app.name);
        let before = app.read(&format!("{{ post(id: {fast}) {{ reactions {{ total }} }} }}")).await;
        assert_eq!(before["post"]["reactions"]["total"], Value::Null, "{}", app.name);
        let mut told = Vec::new();
        for _ in 0..6 {
            react(&app, &visitor(&app).await, &fast, json!({})).await;
            tell(&app).await;
            let now =
                app.read(&format!("{{ post(id: {fast}) {{ reactions {{ total }} }} }}")).await["post"]["reactions"]["total"]
                    .take();
            match now {
                Value::Null => assert_eq!(watcher.told_more().await, None, "{}: somebody reacted, and that was heard", app.name),
                now => told.push((total(&mut watcher).await, now)),
            }
        }
        assert!(!told.is_empty() && told.iter().all(|(heard, read)| heard == read), "{}: {told:?}", app.name);
    }
}

#[tokio::test]
async fn moderators_hear_of_what_waits_and_of_what_became_of_it_and_nobody_else_does() {
    for app in both().await {
        wants(&app, json!({ "commentPolicy": "HELD" })).await;
        let (lunch, editor) = (post(&app, LUNCH).await, editor(&app).await);
        let (_, rosa) = welcomed(&app, "rosa@citizens.example", &[]).await;
        for (token, code) in [("", "UNAUTHENTICATED"), (&*visitor(&app).await, "UNAUTHENTICATED"), (&rosa.access, "FORBIDDEN")] {
            let (_, refused) = Watcher::open(&app, token, QUEUE).await.next().await.expect("it says why");
            assert_eq!(refused["errors"][0]["extensions"]["code"], code, "{}", app.name);
        }
        let mut moderator = Watcher::open(&app, &editor, QUEUE).await;
        let mut stranger = Watcher::open(&app, "", &sums(&lunch)).await;
        assert_eq!(total(&mut stranger).await, 1, "{}", app.name);
        let id = react(&app, &rosa.access, &lunch, json!({ "comment": "A word" })).await.done()["reaction"]["id"].clone();
        tell(&app).await;
        let waits = json!({ "reactionId": id, "reaction": { "state": "PENDING", "comment": "A word" } });
        assert_eq!(moderator.data().await["moderationQueueChanged"], waits, "{}", app.name);
        assert!(stranger.is_quiet().await, "{}: a comment that waits is nobody's to hear of", app.name);
        for (decision, state, sum) in [("APPROVE", "COUNTED", 2), ("REMOVE", "REMOVED", 1)] {
            moderate(&app, &editor, &id, decision, Some("Because.")).await.done();
            tell(&app).await;
            let became = moderator.data().await["moderationQueueChanged"]["reaction"].take();
            assert_eq!(became, json!({ "state": state, "comment": "A word" }), "{}", app.name);
            assert_eq!(total(&mut stranger).await, sum, "{}", app.name);
        }
    }
}
