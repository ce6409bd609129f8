//! What search finds, and how it shows it.

use alliance_tests::app::TestApp;
use serde_json::{Value, json};

const SEARCH: &str = "query($q: String!) { search(query: $q, first: 5) { totalCount pageInfo { endCursor }
    nodes { titleHtml excerptHtml subject { __typename ... on Post { slug } ... on Campaign { slug } } } } }";

async fn titles(app: &TestApp, query: &str) -> Vec<Value> {
    let found = app.ask_with(SEARCH, &json!({ "q": query })).await;
    assert!(found.get("errors").is_none(), "{}: {query}: {found}", app.name);
    found["data"]["search"]["nodes"].as_array().expect("a list").iter().map(|node| node["titleHtml"].clone()).collect()
}

#[tokio::test]
async fn a_phrase_in_a_title_comes_before_words_in_a_text() {
    for app in TestApp::both().await {
        let found = app.ask_with(SEARCH, &json!({ "q": "hate crime" })).await["data"]["search"].take();
        assert_eq!(found["totalCount"], 2, "{}: {found}", app.name);
        assert_eq!(found["nodes"][0]["subject"], json!({ "__typename": "Campaign", "slug": "hate-crime" }), "{}", app.name);
        assert_eq!(found["nodes"][0]["titleHtml"], "<mark>Hate</mark> <mark>crime</mark>", "{}", app.name);
        let excerpt = found["nodes"][1]["excerptHtml"].as_str().expect("HTML");
        assert!(excerpt.contains("<mark>hate</mark> <mark>crime</mark>"), "{}: {excerpt}", app.name);
    }
}

#[tokio::test]
async fn other_forms_beginnings_and_accents_find_the_word() {
    for app in TestApp::both().await {
        let lunch = "First-time voters put their questions over <mark>lunch</mark>";
        for query in ["lunches", "LUNCH", "lun", "lünch", "lu\u{308}nch"] {
            assert!(titles(&app, query).await.contains(&json!(lunch)), "{}: {query}", app.name);
        }
        assert_eq!(titles(&app, "lunch slavery").await, Vec::<Value>::new(), "{}", app.name);
    }
}

#[tokio::test]
async fn an_alliance_and_kinds_narrow_the_search() {
    for app in TestApp::both().await {
        let count = async |rest: &str| {
            app.read(&format!("{{ search(query: \"lunch\"{rest}) {{ totalCount }} }}")).await["search"]["totalCount"].take()
        };
        assert_eq!(count("").await, 2, "{}", app.name);
        assert_eq!(count(", types: [EVENT]").await, 1, "{}", app.name);
        assert_eq!(count(", types: [INSTITUTION]").await, 0, "{}", app.name);
        assert_eq!(count(", alliance: \"nottingham-citizens\"").await, 2, "{}", app.name);
        assert_eq!(count(", alliance: \"nobody\"").await, 0, "{}", app.name);
    }
}

#[tokio::test]
async fn pages_of_a_search_meet() {
    for app in TestApp::both().await {
        let page = async |arguments: &str| {
            let query = format!(
                "{{ search(query: \"sample school\"{arguments}) {{ edges {{ cursor node {{ titleHtml }} }} pageInfo {{ hasNextPage hasPreviousPage endCursor }} }} }}"
            );
            app.read(&query).await["search"].take()
        };
        let whole = page("").await["edges"].as_array().expect("a list").clone();
        assert_eq!(whole.len(), 9, "{}", app.name);
        let first = page(", first: 5").await;
        assert_eq!((first["edges"].as_array(), &first["pageInfo"]["hasNextPage"]), (Some(&whole[..5].to_vec()), &json!(true)));
        let rest = page(&format!(", first: 5, after: {}", first["pageInfo"]["endCursor"])).await;
        assert_eq!((rest["edges"].as_array(), &rest["pageInfo"]["hasNextPage"]), (Some(&whole[5..].to_vec()), &json!(false)));
        assert_eq!(page(", last: 4").await["edges"].as_array(), Some(&whole[5..].to_vec()), "{}", app.name);
        let before = format!(", last: 2, before: {}", whole[4]["cursor"]);
        assert_eq!(page(&before).await["edges"].as_array(), Some(&whole[2..4].to_vec()), "{}", app.name);
        let foreign = format!("{{ search(query: \"lunch\", after: {}) {{ totalCount }} }}", whole[0]["cursor"]);
        assert_eq!(app.ask(&foreign).await["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{}", app.name);
    }
}

#[tokio::test]
async fn no_string_is_a_fault() {
    let own = [
        "\" OR \"\"",
        "NEAR(a b)",
        "title: x",
        "a*b*",
        "{title} : x",
        "' & !x",
        "a:*b",
        "<->",
        "\u{E000}x\u{E001}",
        "①",
        "a\u{301}\u{302}",
    ];
    for app in TestApp::both().await {
        for string in naughty_strings::BLNS.iter().copied().chain(own) {
            let found = app.ask_with(SEARCH, &json!({ "q": string })).await;
            if string.contains('\0') {
                assert_eq!(found["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{}: {found}", app.name);
            } else if string.chars().count() > 1_000 {
                assert_eq!(found["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{}: {found}", app.name);
            } else {
                assert!(found.get("errors").is_none(), "{}: {string:?}: {found}", app.name);
            }
        }
    }
}

#[tokio::test]
async fn what_is_found_is_shown_as_text() {
    for app in TestApp::both().await {
        plant(&app, "<script>alert(1)</script> \u{E000} zebra \u{E000} & \u{E001} co").await;
        let titles = titles(&app, "zebra").await;
        let [title] = titles.as_slice() else { panic!("{}: {titles:?}", app.name) };
        let title = title.as_str().expect("HTML");
        assert!(title.starts_with("&lt;script&gt;alert(1)&lt;/script&gt; <mark>"), "{}: {title}", app.name);
        assert_eq!(title.matches("<mark>").count(), title.matches("</mark>").count(), "{}: {title}", app.name);
        assert_eq!(title.matches('<').count(), 2 * title.matches("<mark>").count(), "{}: {title}", app.name);
    }
}

/// Gives a public campaign another title to be found by.
async fn plant(app: &TestApp, title: &str) {
    use alliance_entity::search_document::{Column, Entity, SearchType};
    use sea_orm::sea_query::Expr;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let campaigns = Entity::find().filter(Column::SubjectType.eq(SearchType::Campaign)).one(app.app.db().read()).await;
    let campaign = campaigns.expect("the database answers").expect("the demo has campaigns");
    let changed = Entity::update_many()
        .col_expr(Column::Title, Expr::val(title))
        .filter(Column::RankTime.eq(campaign.rank_time))
        .exec(app.app.db().write());
    assert_eq!(changed.await.expect("the document can be changed").rows_affected, 1);
}
