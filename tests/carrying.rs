//! Editors who work on posts of their own over real connections, and partners who read what they are to carry.

use std::collections::HashMap;
use std::fmt;
use std::thread::sleep;
use std::time::Duration;

use rand::Rng;
use serde_json::{Value, json};

use crate::running::{Connection, body, mutation};

/// How many posts an editor works on.
const POSTS: usize = 10;
const AGAIN: Duration = Duration::from_millis(500);

/// What was heard of each post, in order; or is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard(HashMap<String, Vec<String>>);

impl Heard {
    /// Adds a change that the feed told.
    ///
    /// # Panics
    /// Where it is none.
    pub fn keep(&mut self, change: &Value) {
        let text = |name: &str| change[name].as_str().expect("a change has a kind and a post").to_owned();
        self.0.entry(text("postId")).or_default().push(text("kind"));
    }

    fn add(&mut self, post: &str, kind: &str) {
        self.0.entry(post.to_owned()).or_default().push(kind.to_owned());
    }

    /// Adds what was heard of other posts.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many changes there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }

    /// In what another differs from it.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Difference {
        let mut difference = Difference { heard: other.count(), ..Difference::default() };
        for (post, wanted) in &self.0 {
            let heard = other.0.get(post).map(Vec::as_slice).unwrap_or_default();
            difference.missed += wanted.len().saturating_sub(heard.len());
            difference.doubled += heard.len().saturating_sub(wanted.len());
            difference.out_of_order += usize::from(wanted.len() == heard.len() && wanted != heard);
        }
        difference.unknown = other.0.keys().filter(|post| !self.0.contains_key(*post)).count();
        difference
    }
}

/// In what the changes that were heard differ from those that were made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Difference {
    heard: usize,
    missed: usize,
    doubled: usize,
    out_of_order: usize,
    unknown: usize,
}

impl Difference {
    /// Whether there is no difference.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self { heard: self.heard, ..Self::default() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { heard, missed, doubled, out_of_order, unknown } = self;
        write!(
            f,
            "{heard} heard: {missed} missed, {doubled} too many, {out_of_order} posts out of order, {unknown} posts that are not theirs"
        )
    }
}

/// A partner's program, with the place where it stands.
#[derive(Debug, Clone)]
pub struct Reader {
    token: String,
    after: Option<String>,
}

impl Reader {
    /// Whoever has this key, at the beginning.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self { token: key.to_owned(), after: None }
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> Option<String> {
        self.after.clone()
    }

    /// Goes back to a place.
    pub fn stand(&mut self, place: Option<String>) {
        self.after = place;
    }

    /// Begins anew.
    pub fn forget(&mut self) {
        self.after = None;
    }

    /// Reads all that there is from a node by pages of a hundred, with these fields beside kind and post.
    ///
    /// # Panics
    /// Where it is refused.
    pub fn read_all(&mut self, address: &str, fields: &str, mut each: impl FnMut(&Value)) {
        let query = format!(
            "query($after: String) {{ syndicationChanges(after: $after, first: 100) {{ nodes {{ kind postId {fields} }} \
             pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let mut connection = Connection::open(address);
        loop {
            let answered = connection.ask(&self.token, &body(&query, &json!({ "after": self.after })));
            let answer: Value = serde_json::from_str(&answered.body).expect("an answer is JSON");
            let page = &answer["data"]["syndicationChanges"];
            let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{answered:?}"));
            nodes.iter().for_each(&mut each);
            self.after = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
            if page["pageInfo"]["hasNextPage"] == false {
                return;
            }
        }
    }
}

/// A post as its editor knows it.
struct Post {
    id: Value,
    version: Value,
    is_public: bool,
    is_in_campaign: bool,
}

/// An editor who works on some posts, and knows what is to be heard of them.
pub struct Writer<'a> {
    connection: Connection,
    token: &'a str,
    /// The alliance, and the campaign that some of the posts belong to.
    place: &'a (Value, Value),
    number: usize,
    posts: Vec<Post>,
    /// What partners are to hear who carry all, and who carry the campaign.
    wanted: [Heard; 2],
}

impl<'a> Writer<'a> {
    /// An editor at a node.
    #[must_use]
    pub fn new(address: &str, token: &'a str, place: &'a (Value, Value), number: usize) -> Self {
        let wanted = [Heard::default(), Heard::default()];
        Self { connection: Connection::open(address), token, place, number, posts: Vec::new(), wanted }
    }

    /// Makes so many changes that the public sees, and returns what is to be heard of them.
    ///
    /// # Panics
    /// Where one is refused.
    #[must_use]
    pub fn make(mut self, changes: usize) -> [Heard; 2] {
        for _ in 0..changes {
            let at = rand::rng().random_range(0..POSTS);
            if at < self.posts.len() { self.work_on(at) } else { self.begin() }
        }
        self.wanted
    }

    fn change(&mut self, field: &str, input: &Value) -> Post {
        let selection = "post { id version status campaigns(first: 1) { nodes { id } } }";
        let asked = mutation(field, input, selection);
        let mut answered = self.connection.ask(self.token, &asked);
        // Who is told to come again was not served.
        while answered.status == 503 {
            sleep(AGAIN);
            answered = self.connection.ask(self.token, &asked);
        }
        let mut answer: Value = serde_json::from_str(&answered.body).expect("an answer is JSON");
        assert!(answer["data"][field]["userErrors"] == json!([]), "{field}: {answered:?}");
        let post = answer["data"][field]["post"].take();
        Post {
            is_public: post["status"] == "PUBLISHED",
            is_in_campaign: post["campaigns"]["nodes"][0]["id"] == self.place.1,
            id: post["id"].clone(),
            version: post["version"].clone(),
        }
    }

    fn is_to_be_heard(&mut self, (post, kind): (&Value, &str), (was, is): (bool, bool)) {
        let post = post.as_str().expect("an id");
        self.wanted[0].add(post, kind);
        let of_campaign = match (was, is) {
            (false, false) => return,
            (false, true) => "PUBLISHED",
            (true, false) => "WITHDRAWN",
            (true, true) => kind,
        };
        self.wanted[1].add(post, of_campaign);
    }

    fn campaigns(&self, is_in: bool) -> Value {
        if is_in { json!([self.place.1]) } else { json!([]) }
    }

    fn begin(&mut self) {
        let is_in = rand::rng().random_bool(0.5);
        let title = format!("News {} {}", self.number, self.posts.len());
        let input =
            json!({ "alliance": self.place.0, "title": title, "body": "It _is_ so.", "campaigns": self.campaigns(is_in) });
        let draft = self.change("postCreate", &input);
        let post = self.change("postPublish", &json!({ "id": draft.id, "version": draft.version }));
        self.is_to_be_heard((&post.id, "PUBLISHED"), (false, is_in));
        self.posts.push(post);
    }

    fn work_on(&mut self, at: usize) {
        let post = self.posts.swap_remove(at);
        let named = |more: Value| {
            let mut input = json!({ "id": post.id, "version": post.version });
            input.as_object_mut().expect("it is one").extend(more.as_object().expect("it is one").clone());
            input
        };
        let (is_in, chance) = (post.is_in_campaign, rand::rng().random_range(0..10));
        let (kind, was, changed) = match chance {
            _ if !post.is_public => ("PUBLISHED", false, self.change("postPublish", &named(json!({})))),
            0..4 => ("CORRECTED", is_in, self.change("postCorrect", &named(json!({ "correction": "It was not so." })))),
            4..8 => {
                let campaigns = self.campaigns(is_in != (chance >= 6));
                let edit = json!({ "body": format!("It is so: {}.", post.version), "campaigns": campaigns });
                let draft = self.change("postEdit", &named(edit));
                ("EDITED", is_in, self.change("postPublish", &json!({ "id": draft.id, "version": draft.version })))
            }
            8 => ("WITHDRAWN", is_in, self.change("postUnpublish", &named(json!({})))),
            _ => ("DELETED", is_in, self.change("postDelete", &named(json!({})))),
        };
        self.is_to_be_heard((&post.id, kind), (was, changed.is_in_campaign));
        if kind != "DELETED" {
            self.posts.push(changed);
        }
    }
}
