//! What reading costs: how many statements, and how the databases carry them out.

use std::fmt::Write;

use alliance_tests::app::TestApp;
use sea_orm::{ConnectionTrait, Statement};

const MANY: &str =
    "{ posts(first: 100) { totalCount nodes { title slug excerpt publishedAt author { name } campaigns(first: 10) { nodes { title slug } }
    institutions(first: 10) { nodes { name } } reactions { total label } alliance { name } } } }";
const ONE: &str = "{ post(slug: \"post-42\", alliance: \"load\") { title body { html } campaigns { nodes { title } }
    institutions { nodes { name } } reactions { total byKind { kind count } } comments(first: 10) { nodes { comment } } } }";
const FIRST: &str = "{ posts(first: 20) { nodes { title } } }";
const CAMPAIGN: &str =
    "{ campaign(slug: \"campaign-7\", alliance: \"load\") { title posts(first: 10) { nodes { title reactions { total } } } } }";

#[tokio::test]
async fn a_hundred_posts_cost_as_many_statements_as_one() {
    for app in TestApp::both_with(120).await {
        app.statements();
        app.read(&MANY.replace("100", "1")).await;
        let one = app.statements();
        app.read(MANY).await;
        let hundred = app.statements();
        assert_eq!(one.len(), hundred.len(), "{}", app.name);
        app.read(ONE).await;
        let whole = app.statements();
        assert!(whole.len() <= 6, "{}: {}", app.name, whole.len());
        let counts = format!("100 posts: {}\none post: {}", hundred.len(), whole.len());
        insta::assert_snapshot!("statement_counts", counts);
    }
}

#[tokio::test]
async fn pages_walk_an_index_and_read_no_more_than_they_return() {
    for app in TestApp::both_with(3_000).await {
        let cursor =
            app.read("{ posts(first: 1, offset: 2000) { pageInfo { endCursor } } }").await["posts"]["pageInfo"]["endCursor"]
                .take();
        let deep = format!("{{ posts(first: 20, after: {cursor}) {{ nodes {{ title }} }} }}");
        let mut report = String::new();
        for (name, query) in [("first page", FIRST), ("deep page", &deep), ("one post", ONE), ("campaign's page", CAMPAIGN)] {
            app.statements();
            app.read(query).await;
            let mut plans = Vec::new();
            for statement in app.statements() {
                let plan = explain(&app, &statement).await;
                for line in &plan {
                    let scans =
                        ["Seq Scan on posts", "Seq Scan on post_", "SCAN posts", "SCAN post_", "USE TEMP B-TREE FOR ORDER BY"];
                    let sorts_few = line.contains("TEMP B-TREE") && !statement.sql.contains("\"posts\"");
                    assert!(
                        sorts_few || !scans.iter().any(|scan| line.contains(scan)),
                        "{}: {name}: {}\n{plan:#?}",
                        app.name,
                        statement.sql
                    );
                    let of_posts = statement.sql.contains("FROM \"posts\"");
                    assert!(!of_posts || !line.contains("Rows Removed"), "{}: {name}: {}\n{plan:#?}", app.name, statement.sql);
                }
                plans.push(plan.join("\n"));
            }
            // Siblings ask in no set order.
            plans.sort();
            writeln!(report, "-- {name}\n{}", plans.join("\n\n")).expect("text grows");
        }
        insta::assert_snapshot!(format!("plans_on_{}", app.name.to_lowercase()), report);
    }
}

async fn explain(app: &TestApp, statement: &Statement) -> Vec<String> {
    let (before, column) = match app.app.db().is_sqlite() {
        true => ("EXPLAIN QUERY PLAN ", 3),
        false => ("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ", 0),
    };
    let asked = Statement { sql: format!("{before}{}", statement.sql), ..statement.clone() };
    let rows = app.app.db().read().query_all_raw(asked).await.expect("the statement can be explained");
    let lines = rows.iter().map(|row| row.try_get_by_index(column).expect("a line of the plan"));
    // What depends on where rows happen to lie.
    let by_chance = ["Heap Blocks", "Heap Fetches", "Memory", "Cache"];
    lines.filter(|line: &String| !by_chance.iter().any(|words| line.contains(words))).collect()
}
