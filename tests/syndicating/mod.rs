//! What partners carry: their feed of changes, their rights, the terms and embargoes of posts, and the signatures.

mod changes;
mod partners;
mod terms;

use std::collections::BTreeMap;

use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::following::tell;
use crate::guests::{self, Guest};
use crate::viewers::HERE;

/// A partner's program: it keeps a copy of all that it may carry.
pub(crate) struct Reader {
    pub(crate) id: String,
    pub(crate) token: String,
    after: Option<String>,
    /// The titles of its copies, by the ids of the posts.
    pub(crate) copies: BTreeMap<String, String>,
}

impl Reader {
    /// A partner that was written down just now.
    pub(crate) async fn new(app: &TestApp, admin: &Guest, name: &str, rights: Value) -> Self {
        let mut input = json!({ "alliance": HERE.to_string(), "name": name });
        input.as_object_mut().expect("it is one").extend(rights.as_object().expect("it is one").clone());
        let made = admin.does(app, "partnerCreate", input, "partner { id } secret").await;
        let text = |value: &Value| value.as_str().expect("it is text").to_owned();
        Self { id: text(&made["partner"]["id"]), token: text(&made["secret"]), after: None, copies: BTreeMap::new() }
    }

    /// The next page: the whole answer.
    pub(crate) async fn page(&self, app: &TestApp, first: u32, fields: &str) -> Value {
        let query = format!(
            "query($after: String) {{ syndicationChanges(after: $after, first: {first}) {{ nodes {{ kind postId {fields} }} \
             pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        guests::ask(app, &self.token, &query, &json!({ "after": self.after })).await
    }

    /// Reads all that has happened, keeps its copies, and returns what it was told: the kinds and the titles.
    pub(crate) async fn read(&mut self, app: &TestApp) -> Vec<(String, Option<String>)> {
        tell(app).await;
        let mut told = Vec::new();
        loop {
            let mut answer = self.page(app, 7, "post { title }").await;
            let page = answer["data"]["syndicationChanges"].take();
            assert!(page.is_object(), "{}: {answer}", app.name);
            for change in page["nodes"].as_array().expect("a list") {
                told.push(self.keep(app, change));
            }
            self.after = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
            if page["pageInfo"]["hasNextPage"] == false {
                return told;
            }
        }
    }

    fn keep(&mut self, app: &TestApp, change: &Value) -> (String, Option<String>) {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let (kind, post) = (text(&change["kind"]).expect("a kind"), text(&change["postId"]).expect("an id"));
        let title = text(&change["post"]["title"]);
        let is_kept = self.copies.contains_key(&post);
        // What is not to be carried any more is told as that by a later change.
        assert_eq!(is_kept, kind != "PUBLISHED", "{}: {kind} of {post}", app.name);
        match kind.as_str() {
            "WITHDRAWN" | "DELETED" => drop(self.copies.remove(&post)),
            _ => drop(self.copies.insert(post, title.clone().unwrap_or_default())),
        }
        (kind, title)
    }

    /// Reads from the beginning.
    pub(crate) fn forget(&mut self) {
        self.after = None;
        self.copies.clear();
    }
}
