//! Many at once, from two nodes: no reaction is doubled or lost, and the sum is always the number of those that count.

use alliance_tests::app::TestApp;
use futures_util::{StreamExt, stream};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use crate::guests::rows_of;
use crate::people::{Answer, change};
use crate::reacting::{REACTION, both, post, react, sums_agree, visitor};

const VISITORS: usize = 25;
const ACTS: usize = 1_500;
const AT_ONCE: usize = 24;

#[tokio::test]
async fn thousands_of_reactions_and_removals_at_once_leave_each_sum_equal_to_its_rows() {
    for app in both().await {
        // SQLite is for one process, which two sets of connections stand for.
        let other = app.beside().await;
        let nodes: [&TestApp; 2] = [&app, &other];
        let (lunch, fast) = (post(&app, "no-place-for-hate").await, post(&app, "fast-in-solidarity").await);
        let mut tokens = Vec::new();
        for _ in 0..VISITORS {
            tokens.push(visitor(&app).await);
        }
        let mut random = StdRng::seed_from_u64(7);
        let kinds = ["SUPPORT", "THANKS", "CONCERN"];
        let acts = (0..ACTS).map(|n| {
            let (node, token) = (nodes[n % nodes.len()], &tokens[random.random_range(0..VISITORS)]);
            let (subject, kind) = (if random.random_bool(0.5) { &lunch } else { &fast }, kinds[random.random_range(0..3)]);
            act(node, token, (subject, kind), random.random_bool(0.35))
        });
        let answers: Vec<Answer> = stream::iter(acts).buffer_unordered(AT_ONCE).collect().await;
        for answer in &answers {
            answer.done();
        }
        let twice =
            "SELECT visitor_id FROM reactions WHERE state = 'COUNTED' GROUP BY visitor_id, subject_id, kind HAVING COUNT(*) > 1";
        assert!(rows_of(&app, twice).await.is_empty(), "{}", app.name);
        assert!(
            rows_of(&app, "SELECT id FROM reactions WHERE state = 'WITHDRAWN'").await.len() > 100,
            "{}: many were taken back",
            app.name
        );
        sums_agree(&app).await;
        for slug in ["no-place-for-hate", "fast-in-solidarity"] {
            let told = app
                .read(&format!("{{ post(slug: \"{slug}\", alliance: \"nottingham-citizens\") {{ reactions {{ total }} }} }}"))
                .await;
            let counted = format!(
                "SELECT reactions.id FROM reactions JOIN posts ON posts.id = subject_id WHERE state = 'COUNTED' AND slug = '{slug}'"
            );
            let counted = rows_of(&app, &counted).await.len();
            assert_eq!(told["post"]["reactions"]["total"], json!(counted), "{}: {slug}", app.name);
        }
    }
}

async fn act(node: &TestApp, token: &str, (subject, kind): (&Value, &str), removes: bool) -> Answer {
    let input = json!({ "subject": subject, "kind": kind });
    if removes { change(node, token, "reactionRemove", &input, REACTION).await } else { react(node, token, subject, input).await }
}
