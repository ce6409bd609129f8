//! What the public reads.

use alliance_tests::app::TestApp;
use serde_json::json;

const FRONT: &str = r#"{ alliance(slug: "nottingham-citizens") { name institutionCount campaigns { totalCount }
    posts { totalCount nodes { title excerpt hasMore publishedAt author { name } campaigns { nodes { title } } institutions { nodes { name } }
    reactions { label } share { url } } } } }"#;

#[tokio::test]
async fn a_newcomer_reads_nottingham_citizens() {
    for app in TestApp::both().await {
        let alliance = app.read(FRONT).await["alliance"].take();
        assert_eq!(alliance["name"], "Nottingham Citizens");
        assert_eq!(alliance["institutionCount"], 36, "{}", app.name);
        assert_eq!(alliance["campaigns"]["totalCount"], 5, "{}", app.name);
        let posts = alliance["posts"]["nodes"].as_array().expect("a list").clone();
        let labels: Vec<_> = posts.iter().map(|post| post["reactions"]["label"].clone()).collect();
        assert_eq!(
            json!(labels),
            json!(["1 reaction", "Add your reaction", "Add your reaction", "Add your reaction"]),
            "{}",
            app.name
        );
        assert_eq!(posts[0]["share"]["url"], "https://citizens.example/nottingham-citizens/posts/lunch-for-first-time-voters");
    }
}

#[tokio::test]
async fn the_number_of_statements_does_not_grow_with_the_number_of_posts() {
    let query = |first| {
        format!(
            "{{ posts(first: {first}) {{ nodes {{ title author {{ name }} campaigns {{ nodes {{ title }} }} reactions {{ total }} }} }} }}"
        )
    };
    for app in TestApp::both().await {
        app.statements();
        app.read(&query(1)).await;
        let one = app.statements().len();
        app.read(&query(4)).await;
        let four = app.statements();
        assert_eq!((one, four.len()), (4, 4), "{}: {four:?}", app.name);
    }
}

#[tokio::test]
async fn pages_meet_at_their_cursors_in_both_directions() {
    for app in TestApp::both().await {
        let slugs = |page: &serde_json::Value| {
            page["nodes"].as_array().expect("a list").iter().map(|n| n["slug"].clone()).collect::<Vec<_>>()
        };
        let fields = "nodes { slug } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
        let whole = slugs(&app.read("{ posts { nodes { slug } } }").await["posts"]);
        let first = app.read(&format!("{{ posts(first: 3) {{ {fields} }} }}")).await["posts"].take();
        assert_eq!((slugs(&first), &first["pageInfo"]["hasNextPage"]), (whole[..3].to_vec(), &json!(true)), "{}", app.name);
        let end = &first["pageInfo"]["endCursor"];
        let rest = app.read(&format!("{{ posts(first: 3, after: {end}) {{ {fields} }} }}")).await["posts"].take();
        assert_eq!((slugs(&rest), &rest["pageInfo"]["hasNextPage"]), (whole[3..].to_vec(), &json!(false)), "{}", app.name);
        let start = &rest["pageInfo"]["startCursor"];
        let back = app.read(&format!("{{ posts(last: 2, before: {start}) {{ {fields} }} }}")).await["posts"].take();
        assert_eq!((slugs(&back), &back["pageInfo"]["hasPreviousPage"]), (whole[1..3].to_vec(), &json!(true)), "{}", app.name);
        let skipped = app.read("{ posts(first: 2, offset: 1) { nodes { slug } } }").await["posts"].take();
        assert_eq!(slugs(&skipped), whole[1..3].to_vec(), "{}", app.name);
    }
}

#[tokio::test]
async fn an_alliance_and_its_campaigns_show_their_events() {
    for app in TestApp::both().await {
        let data = app.read("{ events(first: 5) { totalCount nodes { slug venue { name } campaigns(first: 10) { nodes { slug events { totalCount } } } } } posts(first: 1) { nodes { event { slug } } } }").await;
        assert_eq!(data["events"]["totalCount"], 3, "{}", app.name);
        assert_eq!(
            data["events"]["nodes"][2]["campaigns"]["nodes"],
            json!([{ "slug": "hate-crime", "events": { "totalCount": 1 } }]),
            "{}",
            app.name
        );
        assert_eq!(data["posts"]["nodes"][0]["event"]["slug"], "first-time-voters-lunch", "{}", app.name);
    }
}

#[tokio::test]
async fn an_id_finds_its_object_in_the_order_asked_for() {
    for app in TestApp::both().await {
        let data = app.read("{ posts(first: 1) { nodes { id } } institutions(first: 1) { nodes { id } } }").await;
        let (post, institution) = (&data["posts"]["nodes"][0]["id"], &data["institutions"]["nodes"][0]["id"]);
        let query = format!("{{ nodes(ids: [{institution}, \"post_01h455vb4pex5vsknk084sn02q\", {post}]) {{ __typename id }} }}");
        let found = app.read(&query).await["nodes"].take();
        assert_eq!(
            found,
            json!([{ "__typename": "Institution", "id": institution }, null, { "__typename": "Post", "id": post }]),
            "{}",
            app.name
        );
    }
}
