//! Search as one types: what the beginning of a word finds.

use std::collections::BTreeSet;
use std::time::Instant;

use alliance::config::database::DatabaseUrl;
use alliance::database;
use alliance::searchable;
use alliance_entity::id::AllianceId;
use alliance_entity::search_document::{self, SearchType};
use alliance_entity::search_word;
use alliance_tests::app::TestApp;
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

const SEARCH: &str = "query($q: String!) { search(query: $q, first: 100) { totalCount nodes { titleHtml excerptHtml
    subject { ... on Post { id } ... on Campaign { id } ... on Event { id } ... on Institution { id } } } } }";

async fn found(app: &TestApp, query: &str) -> Value {
    let mut found = app.ask_with(SEARCH, &json!({ "q": query })).await;
    assert!(found.get("errors").is_none(), "{}: {query}: {found}", app.name);
    found["data"]["search"].take()
}

fn ids(found: &Value) -> BTreeSet<String> {
    found["nodes"].as_array().expect("a list").iter().map(|node| node["subject"]["id"].to_string()).collect()
}

async fn vocabulary(app: &TestApp) -> Vec<String> {
    let words = search_word::Entity::find().all(app.app.db().read()).await.expect("the database answers");
    let mut words: Vec<String> = words.into_iter().map(|row| row.word).collect();
    words.sort();
    words
}

/// Makes an event findable, by a text and no title.
async fn plant(app: &TestApp, text: &str) {
    let db = app.app.db().write();
    let event = alliance_entity::event::Entity::find().one(db).await.expect("it answers").expect("the demo has events");
    search_document::Entity::delete_many().exec(db).await.expect("documents can be deleted");
    let document = search_document::Model {
        rank_time: 0,
        subject_type: SearchType::Event,
        subject_id: event.id.0,
        alliance_id: AllianceId(Uuid::nil()),
        title: String::new(),
        body: text.to_owned(),
    };
    searchable::store::insert(db, document).await.expect("a document can be added");
}

#[tokio::test]
async fn every_beginning_finds_what_the_whole_word_finds() {
    let demo = ["homelessness", "pollution", "solidarity", "communities", "institutions", "university"].as_slice();
    for (apps, words) in [(TestApp::both().await, demo), (TestApp::both_with(80).await, ["housing"].as_slice())] {
        for word in words {
            let whole = [found(&apps[0], word).await, found(&apps[1], word).await];
            assert!(ids(&whole[0]).len() >= 2 || *word == "pollution" || *word == "homelessness", "{word}: {}", whole[0]);
            for letters in 2..word.len() {
                let [on_sqlite, on_postgres] = [found(&apps[0], &word[..letters]).await, found(&apps[1], &word[..letters]).await];
                assert_eq!(on_sqlite["totalCount"], on_postgres["totalCount"], "{}", &word[..letters]);
                assert!(ids(&whole[0]).is_subset(&ids(&on_sqlite)), "SQLite: {}", &word[..letters]);
                assert!(ids(&whole[1]).is_subset(&ids(&on_postgres)), "PostgreSQL: {}", &word[..letters]);
            }
        }
    }
}

#[tokio::test]
async fn one_letter_begins_nothing_and_a_word_begins_no_other_stem() {
    for app in TestApp::both().await {
        plant(&app, "Clean air on the way to school, for every child; a café serves naïve 3D houses.").await;
        for nothing in ["c", "w", "h", "on the w", "was", "wa was", "schools of", "houseboat"] {
            assert_eq!(found(&app, nothing).await["totalCount"], 0, "{}: {nothing}", app.name);
        }
        for one in
            ["a", "wa", "way", "ways", "on the wa", "ca", "caf", "café", "cafe", "CAFÉ", "cafe\u{301}", "nai", "naï", "3d", "3"]
        {
            let expected = i32::from(one != "3");
            assert_eq!(found(&app, one).await["totalCount"], expected, "{}: {one}", app.name);
        }
        for form in ["house", "houses", "housing", "housed", "hous", "schooling", "serving", "served"] {
            assert_eq!(found(&app, form).await["totalCount"], 1, "{}: {form}", app.name);
        }
    }
}

#[tokio::test]
async fn what_a_word_begins_is_marked_and_the_rest_is_left_out() {
    for app in TestApp::both().await {
        plant(&app, "(Housing) for all.").await;
        let excerpt = |found: &Value| found["nodes"][0]["excerptHtml"].clone();
        assert_eq!(excerpt(&found(&app, "housi").await), "(<mark>Housing</mark>) for all.", "{}", app.name);
        let long = "They meet each week in one of their halls. ".repeat(9);
        plant(&app, &format!("{long}They ask for housing and for a council that builds it. {long}")).await;
        let long = excerpt(&found(&app, "council buil").await).as_str().expect("HTML").to_owned();
        assert!(long.starts_with('…') && long.ends_with('…') && long.contains("<mark>builds</mark>"), "{}: {long}", app.name);
        let first = excerpt(&found(&app, "meet").await).as_str().expect("HTML").to_owned();
        assert!(first.starts_with("They <mark>meet</mark>") && first.ends_with('…'), "{}: {first}", app.name);
    }
}

#[tokio::test]
async fn a_title_with_the_phrase_that_is_begun_comes_first() {
    for app in TestApp::both().await {
        let found = found(&app, "hate cri").await;
        assert_eq!(found["nodes"][0]["titleHtml"], "<mark>Hate</mark> <mark>crime</mark>", "{}: {found}", app.name);
        let found = self::found(&app, "a fast in sol").await;
        assert_eq!(found["nodes"][0]["titleHtml"].as_str().map(|title| title.matches("<mark>").count()), Some(4), "{found}");
    }
}

#[tokio::test]
async fn a_search_reads_the_vocabulary_once_and_by_its_key() {
    for app in TestApp::both_with(3_000).await {
        app.statements();
        app.read("{ search(query: \"council hou\", last: 3) { totalCount nodes { titleHtml } pageInfo { endCursor } } }").await;
        let statements = app.statements();
        let read: Vec<&Statement> = statements.iter().filter(|statement| statement.sql.contains("\"search_words\"")).collect();
        let [read] = read.as_slice() else { panic!("{}: {read:?}", app.name) };
        let (explain, column) = if app.app.db().is_sqlite() { ("EXPLAIN QUERY PLAN ", 3) } else { ("EXPLAIN ", 0) };
        let asked = Statement { sql: format!("{explain}{}", read.sql), ..(*read).clone() };
        let rows = app.app.db().search().query_all_raw(asked).await.expect("the statement can be explained");
        let plan: Vec<String> = rows.iter().map(|row| row.try_get_by_index(column).expect("a line of the plan")).collect();
        let by_key = ["SEARCH search_words USING PRIMARY KEY (word>? AND word<?)", "Index Cond: ((word >= 'hou'::text)"];
        assert!(plan.iter().any(|line| by_key.iter().any(|key| line.contains(key))), "{}: {plan:#?}", app.name);
    }
}

#[tokio::test]
async fn a_database_from_before_the_vocabulary_gets_its_words() {
    for app in TestApp::both().await {
        let odd = format!("ŁÓDŹ Straße ½ ﷺ ⓐⓑ İstanbul o\u{338}x हिन्दी {} don't 2,300", "x".repeat(65));
        let document = search_document::Model {
            rank_time: -7,
            subject_type: SearchType::Post,
            subject_id: Uuid::nil(),
            alliance_id: AllianceId(Uuid::nil()),
            title: odd.clone(),
            body: odd,
        };
        let db = app.app.db().write();
        searchable::store::insert(db, document).await.expect("a document can be added");
        let before = vocabulary(&app).await;
        assert!(before.len() > 200 && before.iter().all(|word| word.len() <= 64), "{}: {before:?}", app.name);
        db.execute_unprepared("DROP TABLE search_words").await.expect("the table is there");
        let undone = "DELETE FROM seaql_migrations WHERE version = 'm0004_search_words'";
        db.execute_unprepared(undone).await.expect("the migration was applied");
        let started = Instant::now();
        let url: &DatabaseUrl = &app.app.config().database;
        database::migrate(url).await.expect("the database can be migrated");
        assert!(started.elapsed().as_secs() < 30, "{}: {:?}", app.name, started.elapsed());
        assert_eq!(vocabulary(&app).await, before, "{}", app.name);
    }
}
