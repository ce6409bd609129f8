//! What the parsers of others make of feeds.

use std::io::Write;
use std::process::{Command, Stdio};

use alliance_entity::id::PostId;
use alliance_entity::post::{self, PostStatus};
use alliance_entity::post_revision;
use naughty_strings::BLNS;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::feeding::{Desk, FEED, at, feed, text, title, uuid};
use crate::guests;
use crate::rows;
use crate::viewers::HERE;

/// Parses what it reads with Python's feedparser, which is what many readers are made of.
const PYTHON: &str = "import feedparser, json, sys
feed = feedparser.parse(sys.stdin.buffer.read(), response_headers={'content-type': 'application/atom+xml; charset=utf-8', 'content-location': 'https://citizens.example/'})
entries = [[entry.id, entry.title, entry.published, entry.updated, entry.get('author'), entry.content[0].value, [tag.label for tag in entry.get('tags', [])]] for entry in feed.entries]
print(json.dumps([int(feed.bozo), str(feed.get('bozo_exception')), feed.version, feed.feed.id, feed.feed.title, entries]))";

fn parsed_in_python(text: &str) -> Value {
    let mut python = Command::new("/usr/bin/python3");
    let python = python.args(["-c", PYTHON]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut python = python.spawn().expect("there is Python");
    python.stdin.take().expect("it reads").write_all(text.as_bytes()).expect("it reads on");
    let done = python.wait_with_output().expect("it ends");
    let wrong = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "is Debian's python3-feedparser there? {wrong}");
    serde_json::from_slice(&done.stdout).expect("it writes JSON")
}

#[tokio::test]
async fn pythons_feedparser_has_nothing_to_complain_of() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        let input = json!({ "alliance": HERE.to_string(), "title": "Warm & dry homes" });
        let campaign = desk.does(&app, "campaignCreate", input, "campaign { id }").await["campaign"]["id"].take();
        desk.does(&app, "campaignPublish", json!({ "id": campaign, "version": 1 }), "__typename").await;
        let body = "# Air\n\nChildren *breathe* it.[^1]\n\n[^1]: [All of them](https://example.org/a?b=1&c=2).";
        let more = json!({ "campaigns": [campaign], "body": body });
        let mut post = desk.publishes(&app, "Clean <air> & \"more\"", more).await;
        desk.acts(&app, &mut post, "postCorrect", json!({ "correction": "It was lorries & buses." })).await;
        let mut gone = desk.publishes(&app, "Quiet nights", json!({})).await;
        desk.acts(&app, &mut gone, "postUnpublish", json!({})).await;
        let read = parsed_in_python(&text(&app, FEED).await);
        assert_eq!((&read[0], &read[2]), (&json!(0), &json!("atom10")), "{}: {read}", app.name);
        assert_eq!((&read[3], &read[4]), (&json!(format!("urn:uuid:{}", HERE.0)), &json!("here")), "{}", app.name);
        let [entry] = &read[5].as_array().expect("entries")[..] else { panic!("{}: one entry: {read}", app.name) };
        let times = json!("2026-11-24T12:00:00Z");
        assert_eq!((&entry[0], &entry[2], &entry[3]), (&json!(post.urn()), &times, &times), "{}", app.name);
        assert_eq!((&entry[1], &entry[6]), (&json!("Clean <air> & \"more\""), &json!(["Warm & dry homes"])), "{}", app.name);
        let content = entry[5].as_str().expect("HTML");
        assert!(
            content.contains("It was lorries &amp; buses.") && content.contains("<em>breathe</em>"),
            "{}: {content}",
            app.name
        );
        assert!(
            content.contains("/here/posts/clean-air-more#content-fn-1"),
            "{}: notes are found on its page: {content}",
            app.name
        );
        app.work().await;
    }
}

#[tokio::test]
async fn whatever_a_post_says_its_feed_can_be_read() {
    for app in guests::both().await {
        let awkward =
            ["]]>", "<![CDATA[", "\u{1}bell\u{7}\u{b}\u{1f}", "\u{fffe}\u{ffff}", "--> <!--", "&#0;", "\u{85}\u{2028}", "'\"<&>"];
        let texts: Vec<String> =
            awkward.iter().chain(BLNS).map(|text| text.replace('\0', "")).filter(|text| !text.is_empty()).collect();
        let post = |n: usize| rows::post(PostId(uuid(0x1000 + n as u128)), HERE, &format!("post-{n}"), PostStatus::Published);
        let posts: Vec<post::Model> = (0..texts.len()).map(post).map(|post| at(post, &app)).collect();
        rows::insert_posts(&app, &posts).await;
        for (post, text) in posts.iter().zip(&texts) {
            let said = post_revision::Entity::update_many()
                .col_expr(post_revision::Column::Title, Expr::value(text.clone()))
                .col_expr(post_revision::Column::Excerpt, Expr::value(text.clone()))
                .col_expr(post_revision::Column::BodyHtml, Expr::value(text.clone()))
                .filter(post_revision::Column::PostId.eq(post.id));
            said.exec(app.app.db().write()).await.expect("it can be written");
        }
        let told = feed(&app, FEED).await;
        assert_eq!(told.entries.len(), texts.len(), "{}", app.name);
        let plain =
            |text: &str| text.chars().filter(|letter| !letter.is_control() && !letter.is_whitespace()).collect::<String>();
        let allowed = |text: &str| plain(text).replace(['\u{fffe}', '\u{ffff}'], "");
        for entry in &told.entries {
            let n = posts.iter().position(|post| entry.id == format!("urn:uuid:{}", post.id.0)).expect("it is one of them");
            let found = entry.title.as_ref().map(|_| plain(title(entry))).unwrap_or_default();
            assert_eq!(found, allowed(&texts[n]), "{}: {:?}", app.name, texts[n]);
        }
        let read: Value = serde_json::from_str(&text(&app, "/feeds/here.json").await).expect("JSON");
        assert_eq!(read["items"].as_array().map(Vec::len), Some(texts.len()), "{}", app.name);
        assert_eq!(parsed_in_python(&text(&app, FEED).await)[0], 0, "{}", app.name);
    }
}
