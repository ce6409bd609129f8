//! Those who watch while posts are worked on: each is told what they may see, all of it, in order, and nothing else.

use std::collections::{BTreeSet, HashSet};

use alliance_tests::app::TestApp;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::editing::Desk;
use crate::editing::model::rules::{Model, Post, Who};
use crate::editing::model::site::Site;
use crate::editing::model::token;
use crate::following::{Watcher, tell};
use crate::guests;
use crate::syndicating::Reader;
use crate::viewers::HERE;

const ALL: [Who; 5] = [Who::Stranger, Who::Supporter, Who::Elsewhere, Who::Author, Who::Editor];
/// What everybody may hear of.
const PUBLIC: [&str; 6] = ["PostArchived", "PostCorrected", "PostDeleted", "PostPublished", "PostRenamed", "PostUnpublished"];
const SHOWN: &str = "id title slug status";

/// Who watches what.
pub(super) struct Watching {
    published: Vec<(Who, Watcher)>,
    changed: Vec<Changed>,
    watched: HashSet<(String, u8)>,
    /// A partner that carries all that is public.
    partner: Reader,
    /// A site that a webhook tells of all of it.
    site: Site,
    /// The last event that was looked at.
    seen: i64,
    told: usize,
}

/// Somebody who watches one post, and whether they were told last that it is there.
struct Changed {
    who: Who,
    post: String,
    watcher: Watcher,
    is_there: bool,
}

impl Watching {
    pub(super) async fn begin(app: &TestApp, desk: &Desk) -> Self {
        tell(app).await;
        let mut published = Vec::new();
        for who in ALL {
            let query = format!("subscription {{ postPublished {{ post {{ {SHOWN} }} }} }}");
            published.push((who, Watcher::open(app, token(desk, who), &query).await));
        }
        let seen = events(app, -1).await.last().map_or(0, |(id, ..)| *id);
        let admin = guests::admin(app, Some(HERE), "model@example.org").await;
        let partner = Reader::new(app, &admin, "Derby", json!({ "carriesAll": true })).await;
        let site = Site::new(app, &admin).await;
        Self { published, changed: Vec::new(), watched: HashSet::new(), partner, site, seen, told: 0 }
    }

    /// Looks at what each of them was told of a step.
    pub(super) async fn look(&mut self, app: &TestApp, desk: &Desk, model: &Model, step: u32) {
        tell(app).await;
        for (id, kind, subject) in events(app, self.seen).await {
            self.seen = id;
            let Some(post) = model.posts.iter().find(|post| post.id == subject) else { continue };
            if kind == "PostPublished" && post.is_public() {
                for (who, watcher) in &mut self.published {
                    let told = watcher.data().await["postPublished"]["post"].take();
                    assert_eq!(told, shown(app, desk, *who, post).await, "{}: step {step}: {who:?}: {post:?}", app.name);
                    self.told += 1;
                }
            }
            let mut in_vain = Vec::new();
            for Changed { who, watcher, is_there, .. } in self.changed.iter_mut().filter(|changed| changed.post == post.id) {
                let (sees, hears) =
                    (post.is_public() || post.is_open_to(*who), PUBLIC.contains(&kind.as_str()) || post.is_open_to(*who));
                if !hears || (!sees && !*is_there) {
                    in_vain.push(watcher.told_more());
                    continue;
                }
                *is_there = sees;
                let told = watcher.data().await["postChanged"]["post"].take();
                let wanted = shown(app, desk, *who, post).await;
                assert_eq!(told, wanted, "{}: step {step}: {who:?} hears of {kind}: {post:?}", app.name);
                self.told += 1;
            }
            // Each has had the time to look at it as it stands now.
            let told = join_all(in_vain).await;
            assert!(told.iter().all(Option::is_none), "{}: step {step}: {kind} of {post:?}: {told:?}", app.name);
        }
        self.partner.read(app).await;
        let public: BTreeSet<_> = model.posts.iter().filter(|post| post.is_public()).map(|post| &post.id).collect();
        assert_eq!(self.partner.copies.keys().collect::<BTreeSet<_>>(), public, "{}: step {step}", app.name);
        self.site.look(app, model, step).await;
        self.watch_more(app, desk, model).await;
    }

    /// Whoever can see a post begins to watch it.
    async fn watch_more(&mut self, app: &TestApp, desk: &Desk, model: &Model) {
        for post in &model.posts {
            for who in ALL.into_iter().filter(|who| post.is_public() || post.is_open_to(*who)) {
                if self.watched.insert((post.id.clone(), who as u8)) {
                    let query = format!("subscription {{ postChanged(id: \"{}\") {{ post {{ {SHOWN} }} }} }}", post.id);
                    let watcher = Watcher::open(app, token(desk, who), &query).await;
                    self.changed.push(Changed { who, post: post.id.clone(), watcher, is_there: true });
                }
            }
        }
    }

    /// Nobody was told anything else.
    pub(super) async fn end(self, app: &TestApp) {
        assert!(self.told > 100, "{}: they were told {} times", app.name, self.told);
        let published = self.published.into_iter().map(|(who, watcher)| (format!("{who:?} of all"), watcher));
        let changed = self.changed.into_iter().map(|Changed { who, post, watcher, .. }| (format!("{who:?} of {post}"), watcher));
        let more = published.chain(changed).map(|(who, mut watcher)| async move { (who, watcher.told_more().await) });
        let more: Vec<_> = join_all(more).await;
        let more: Vec<_> = more.into_iter().filter(|(_, told)| told.is_some()).collect();
        assert!(more.is_empty(), "{}: somebody was told more: {more:#?}", app.name);
    }
}

/// The post as somebody sees it who asks for it.
async fn shown(app: &TestApp, desk: &Desk, who: Who, post: &Post) -> Value {
    let query = format!("{{ post(id: \"{}\") {{ {SHOWN} }} }}", post.id);
    guests::ask(app, token(desk, who), &query, &json!({})).await["data"]["post"].take()
}

/// The events of posts behind one, in order: their ids, their kinds, and of which post.
async fn events(app: &TestApp, after: i64) -> Vec<(i64, String, String)> {
    let sql = "SELECT id, kind, subject_id FROM outbox WHERE subject_type = 'POST' AND id > $1 ORDER BY id";
    let db = app.app.db();
    let rows = db.read().query_all_raw(Statement::from_sql_and_values(db.backend(), sql, [after.into()])).await;
    rows.expect("the database answers")
        .iter()
        .map(|row| {
            let subject: Uuid = row.try_get("", "subject_id").expect("an id");
            let post = alliance_entity::id::PostId(subject).to_string();
            (row.try_get("", "id").expect("a number"), row.try_get("", "kind").expect("a text"), post)
        })
        .collect()
}
