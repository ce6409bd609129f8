//! A site that a webhook tells of each post: it is told of what is public alone, and knows of each how it stands now.

use std::collections::BTreeMap;

use alliance::webhooks::{hear, send};
use alliance_tests::app::TestApp;
use alliance_tests::receiver::Receiver;
use serde_json::{Value, json};

use crate::editing::model::rules::Model;
use crate::guests::Guest;
use crate::viewers::HERE;
use crate::webhooking::OF_POSTS;

const QUERY: &str = "query($id: ID!) { post(id: $id) { title } }";

/// The site, and what it knows of each post: by which version, and its title where it is public.
pub(super) struct Site {
    receiver: Receiver,
    known: BTreeMap<String, (i64, Option<String>)>,
}

impl Site {
    pub(super) async fn new(app: &TestApp, admin: &Guest) -> Self {
        let receiver = Receiver::start().await;
        let input = json!({ "alliance": HERE.to_string(), "url": receiver.url, "events": OF_POSTS, "query": QUERY });
        admin.does(app, "webhookCreate", input, "webhook { id }").await;
        Self { receiver, known: BTreeMap::new() }
    }

    /// Looks at what it was told of a step.
    pub(super) async fn look(&mut self, app: &TestApp, model: &Model, step: u32) {
        while hear::hear(&app.app).await.expect("the database answers") {}
        send::work(&app.app).await.expect("the database answers");
        for message in self.receiver.take() {
            let said = message.said();
            let (subject, title) = (&said["subject"], said["data"]["post"]["title"].as_str().map(str::to_owned));
            let id = subject["id"].as_str().expect("an id");
            let post = model.posts.iter().find(|post| post.id == id).expect("it is one of them");
            assert!(post.is_public() || post.was_public, "{}: step {step}: nobody is to hear of {post:?}: {said}", app.name);
            assert_eq!(subject["state"] == "PUBLISHED", title.is_some(), "{}: step {step}: {said}", app.name);
            assert!(title.is_some() || said["data"] == Value::Null, "{}: step {step}: {said}", app.name);
            let version = subject["version"].as_i64().expect("a version");
            let known = self.known.entry(post.id.clone()).or_default();
            // They come in any order, and the version says which is the latest.
            if version >= known.0 {
                *known = (version, title);
            }
        }
        for post in &model.posts {
            let public = post.live.filter(|_| post.is_public()).map(|live| post.revisions[live].as_str());
            let known = self.known.get(&post.id).and_then(|(_, title)| title.as_deref());
            assert_eq!(known, public, "{}: step {step}: {post:?}", app.name);
        }
    }
}
