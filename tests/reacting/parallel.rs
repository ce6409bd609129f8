//! Many at once, from two nodes: no reaction is doubled or lost, and the sum is always the number of those that count.

use std::collections::HashMap;
use std::time::Duration;

use alliance::database::transaction::Transaction;
use alliance_tests::app::TestApp;
use futures_util::{StreamExt, stream};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::guests::rows_of;
use crate::people::{Answer, change};
use crate::reacting::{
    LUNCH, REACTION, both, confirm, confirmation, editor, link, moderate, post, react, sums_agree, visitor, wants, words,
};

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

#[tokio::test]
async fn comments_that_are_confirmed_and_taken_back_at_once_keep_nobody_waiting_in_vain() {
    for app in both().await {
        let other = app.beside().await;
        wants(&app, json!({ "commentPolicy": "SHOWN" })).await;
        let (lunch, mut tokens) = (post(&app, LUNCH).await, Vec::new());
        for number in 0..40 {
            let token = visitor(&app).await;
            react(&app, &token, &lunch, json!({})).await.done();
            react(&app, &token, &lunch, words("We were there.", &format!("n{number}@example.org"))).await.done();
            tokens.push(token);
        }
        app.work().await;
        let links: HashMap<String, String> =
            app.mails().into_iter().filter_map(|mail| Some((mail.to.clone(), link(&mail)?))).collect();
        let acts = tokens.iter().enumerate().map(|(number, token)| {
            let (link, subject) = (&links[&format!("n{number}@example.org")], &lunch);
            let (one, two) = if number % 2 == 0 { (&app, &other) } else { (&other, &app) };
            async move { tokio::join!(confirm(one, link), act(two, token, (subject, "SUPPORT"), true)) }
        });
        let answers: Vec<(Answer, Answer)> = stream::iter(acts).buffer_unordered(10).collect().await;
        for (confirmed, removed) in &answers {
            removed.done();
            assert!(["", "EXPIRED"].contains(&confirmed.refused()), "{}: {}", app.name, confirmed.text);
        }
        sums_agree(&app).await;
        app.leave_jobs();
    }
}

/// Waits until somebody waits for what another holds.
async fn somebody_waits(app: &TestApp) {
    let waiting = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while rows_of(app, waiting).await.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Takes hold of a row; `NOWAIT` where nobody else may have it.
async fn hold(txn: &Transaction, sql: &str) {
    let held = txn.query_all_raw(Statement::from_string(txn.get_database_backend(), sql)).await;
    assert_eq!(held.unwrap_or_else(|error| panic!("{sql}: {error}")).len(), 1, "{sql}");
}

// What is locked is a row on PostgreSQL alone: SQLite has one writer at a time.
#[tokio::test]
async fn whoever_waits_for_a_reaction_holds_neither_its_link_nor_a_later_one() {
    let [_, app] = both().await;
    let (editor, lunch, token) = (editor(&app).await, post(&app, LUNCH).await, visitor(&app).await);
    react(&app, &token, &lunch, json!({})).await.done();
    let said = react(&app, &token, &lunch, words("We were there.", "rosa@example.org")).await;
    let id = &said.done()["reaction"]["id"];
    let link = confirmation(&app).await.expect("a mail asks to confirm it");
    // Their ids are of one moment, in any order: this one comes first.
    let earlier =
        "UPDATE reactions SET id = '00000000-0000-7000-8000-000000000001' WHERE visitor_id IS NOT NULL AND state = 'COUNTED'";
    app.app.db().write().execute_unprepared(earlier).await.expect("it is written");
    let first = "SELECT id FROM reactions WHERE visitor_id IS NOT NULL AND state = 'COUNTED' FOR UPDATE";
    let waiting = "SELECT id FROM reactions WHERE visitor_id IS NOT NULL AND state = 'PENDING' FOR UPDATE NOWAIT";

    let txn = app.app.db().begin().await.expect("the database answers");
    hold(&txn, first).await;
    let (confirmed, ()) = tokio::join!(confirm(&app, &link), async {
        somebody_waits(&app).await;
        hold(&txn, waiting).await;
        hold(&txn, "SELECT id FROM reaction_links FOR UPDATE NOWAIT").await;
        txn.commit().await.expect("the database answers");
    });
    confirmed.done();

    let txn = app.app.db().begin().await.expect("the database answers");
    hold(&txn, first).await;
    let (shown, ()) = tokio::join!(moderate(&app, &editor, id, "APPROVE", None), async {
        somebody_waits(&app).await;
        hold(&txn, waiting).await;
        txn.commit().await.expect("the database answers");
    });
    shown.done();
    sums_agree(&app).await;
    app.leave_jobs();
}
