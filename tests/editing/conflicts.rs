//! Two who press at once.

use std::time::Duration;

use alliance_entity::id::PersonId;
use alliance_tests::running::changing;
use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::json;
use uuid::Uuid;

use crate::editing::{begun, desks, with};
use crate::guests::{change, outcome, rows_of};
use crate::idempotency::keyed;
use crate::rows::{self, put};
use crate::viewers::HERE;

#[tokio::test]
async fn of_a_hundred_edits_of_one_version_one_wins_and_the_others_are_shown_what_it_wrote() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "One of many").await;
        let token = desk.author.token.as_str();
        let edits = (0..100).map(|n| {
            let input = with(&post, json!({ "title": format!("Edit {n}") }));
            change(&app, (token, "postEdit"), input, "post { version draft { title number } }")
        });
        let answers = join_all(edits).await;
        let won: Vec<_> = answers.iter().filter(|answer| outcome(answer, "postEdit") == "done").collect();
        assert_eq!(won.len(), 1, "{}: one edit is written", app.name);
        let written = &won[0]["data"]["postEdit"]["post"];
        assert_eq!((&written["version"], &written["draft"]["number"]), (&json!(2), &json!(2)), "{}", app.name);
        for answer in answers.iter().filter(|answer| *answer != won[0]) {
            let payload = &answer["data"]["postEdit"];
            assert_eq!(payload["userErrors"][0]["code"], "CONFLICT", "{}: {answer}", app.name);
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", "version"]), "{}: {answer}", app.name);
            assert_eq!(&payload["post"], written, "{}: the others see what was written: {answer}", app.name);
        }
        let revisions = rows_of(&app, "SELECT id FROM post_revisions WHERE title LIKE 'Edit %'").await;
        assert_eq!(revisions.len(), 1, "{}: nothing else was kept", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn a_save_that_says_the_same_leaves_no_trace() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "Autosaved").await;
        let input = with(&post, json!({ "title": "Autosaved", "body": "Autosaved, at length.\n\nAnd more." }));
        let saved = desk.author.does(&app, "postEdit", input, "post { version revisions { totalCount } }").await;
        assert_eq!(saved["post"], json!({ "version": 1, "revisions": { "totalCount": 1 } }), "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn two_changes_in_one_operation_each_answer_with_what_they_made() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "Twice").await;
        let id = &post["id"];
        let query = format!(
            "mutation {{ first: postEdit(input: {{ id: {id}, version: 1, title: \"Thrice\" }}) {{ post {{ version title }} }}
                second: postEdit(input: {{ id: {id}, version: 2, title: \"Four times\" }}) {{ post {{ version title }} }} }}"
        );
        let answer = desk.author.ask(&app, &query).await;
        let wanted = json!({ "first": { "post": { "version": 2, "title": "Thrice" } },
            "second": { "post": { "version": 3, "title": "Four times" } } });
        assert_eq!(answer["data"], wanted, "{}: {answer}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn a_hundred_repeats_of_one_key_begin_one_post_and_the_key_stands_for_no_other() {
    for (app, desk) in desks().await {
        let query = changing("postCreate", "post { id slug version }");
        let input = |title: &str| json!({ "input": { "alliance": HERE.to_string(), "title": title } });
        let ask = |title: &'static str| {
            let (app, query, token, variables) = (&app, &query, desk.author.token.as_str(), input(title));
            async move { keyed(app, (token, "begin-1"), query, &variables).await }
        };
        let answers = join_all((0..100).map(|_| ask("Begun once"))).await;
        for answer in &answers {
            assert_eq!((answer.status.as_u16(), &answer.text), (200, &answers[0].text), "{}: all are answered alike", app.name);
        }
        assert_eq!(answers[0].done()["post"]["slug"], "begun-once", "{}", app.name);
        let begun = rows_of(&app, "SELECT id FROM posts WHERE slug LIKE 'begun%'").await;
        assert_eq!(begun.len(), 1, "{}: one post is begun", app.name);
        let other = ask("Begun twice").await;
        assert_eq!((other.status.as_u16(), other.code()), (422, "BAD_REQUEST"), "{}: {}", app.name, other.text);
        app.work().await;
    }
}

#[tokio::test]
async fn who_deletes_a_person_waits_for_the_change_that_names_them_and_is_told_of_it() {
    for (app, desk) in desks().await {
        let person = PersonId(Uuid::from_u128(0xbe));
        put!(&app, rows::person(person, HERE, "Ines"));
        let post = begun(&app, &desk.editor, "By Ines").await;
        let naming = app.app.db().begin().await.expect("a change begins");
        let sql = match app.app.db().is_sqlite() {
            true => format!("UPDATE posts SET author_id = X'{}' WHERE slug = 'by-ines'", person.0.simple()),
            false => format!("UPDATE posts SET author_id = '{}' WHERE slug = 'by-ines'", person.0),
        };
        naming.execute_unprepared(&sql).await.expect("the post can be changed");
        let deleting = desk.editor.tries(&app, "personDelete", json!({ "id": person.to_string(), "version": 1 }));
        let keeping = async {
            // Long enough that the other has come to where it waits.
            tokio::time::sleep(Duration::from_millis(300)).await;
            naming.commit().await.expect("the change is kept");
        };
        let (became, ()) = tokio::join!(deleting, keeping);
        assert_eq!(became, "IN_USE", "{}: {post}", app.name);
        app.work().await;
    }
}
