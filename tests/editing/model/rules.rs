//! The model: what a post is, who may do what to it, and what becomes of it then.

use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value, json};

/// Somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Stranger,
    Supporter,
    Elsewhere,
    Author,
    Editor,
}

/// Something that is done to a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Edit,
    Rename,
    Submit,
    Return,
    Publish,
    ScheduleSoon,
    ScheduleLate,
    Unschedule,
    Unpublish,
    Archive,
    Correct,
    RestoreRevision(i32),
    Delete,
    Restore,
    TimePasses,
}

#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) posts: Vec<Post>,
}

#[derive(Debug, Clone)]
pub(super) struct Post {
    pub(super) id: String,
    pub(super) slug: String,
    pub(super) former: Vec<String>,
    pub(super) owner: Who,
    pub(super) status: &'static str,
    /// Where it stood before it was scheduled.
    pub(super) earlier: &'static str,
    pub(super) version: i32,
    /// The titles of its revisions; the first has the number 1.
    pub(super) revisions: Vec<String>,
    pub(super) live: Option<usize>,
    pub(super) draft: Option<usize>,
    /// The revision that is to be published, and whether that is due.
    pub(super) scheduled: Option<(usize, bool)>,
    pub(super) was_public: bool,
    pub(super) is_deleted: bool,
    pub(super) corrections: usize,
}

impl Act {
    pub(super) fn any(random: &mut StdRng) -> Self {
        let acts = [
            Self::Edit,
            Self::Edit,
            Self::Rename,
            Self::Submit,
            Self::Return,
            Self::Publish,
            Self::Publish,
            Self::ScheduleSoon,
            Self::ScheduleLate,
            Self::Unschedule,
            Self::Unpublish,
            Self::Archive,
            Self::Correct,
            Self::RestoreRevision(random.random_range(1..4)),
            Self::Delete,
            Self::Restore,
            Self::Restore,
            Self::TimePasses,
        ];
        acts[random.random_range(0..acts.len())]
    }

    /// The mutation, and what it is given beside the post and its version.
    pub(super) fn input(self, post: &Post, step: u32, random: &mut StdRng) -> (&'static str, Value) {
        let _ = (post, &random);
        match self {
            Self::Edit => ("postEdit", json!({ "title": format!("Walk {step}") })),
            Self::Rename => ("postEdit", json!({ "slug": format!("walk-{step}-renamed") })),
            Self::Submit => ("postSubmit", json!({})),
            Self::Return => ("postReturn", json!({ "reason": "Not yet." })),
            Self::Publish => ("postPublish", json!({})),
            Self::ScheduleSoon => ("postSchedule", json!({ "publishAt": "2026-11-24T13:00:00Z" })),
            Self::ScheduleLate => ("postSchedule", json!({ "publishAt": "2099-01-01T00:00:00Z" })),
            Self::Unschedule => ("postUnschedule", json!({})),
            Self::Unpublish => ("postUnpublish", json!({})),
            Self::Archive => ("postArchive", json!({})),
            Self::Correct => ("postCorrect", json!({ "correction": "It was wrong.", "title": format!("Walk {step}") })),
            Self::RestoreRevision(number) => ("postRevisionRestore", json!({ "revision": number })),
            Self::Delete => ("postDelete", json!({})),
            Self::Restore => ("postRestore", json!({})),
            Self::TimePasses => ("", json!({})),
        }
    }
}

impl Post {
    pub(super) fn new(id: String, slug: String, owner: Who, title: String) -> Self {
        Self {
            id,
            slug,
            former: Vec::new(),
            owner,
            status: "DRAFT",
            earlier: "DRAFT",
            version: 1,
            revisions: vec![title],
            live: None,
            draft: Some(0),
            scheduled: None,
            was_public: false,
            is_deleted: false,
            corrections: 0,
        }
    }

    pub(super) fn is_public(&self) -> bool {
        self.status == "PUBLISHED"
    }

    /// Whether somebody sees all of it.
    pub(super) fn is_open_to(&self, who: Who) -> bool {
        who == Who::Editor || (who == Who::Author && self.owner == Who::Author)
    }

    fn latest(&self) -> usize {
        self.draft.or(self.live).expect("a post says something")
    }

    fn may(&self, act: Act, who: Who) -> bool {
        let (edits, owns) = (who == Who::Editor, who == Who::Author && self.owner == Who::Author);
        let is_draft = matches!(self.status, "DRAFT" | "IN_REVIEW");
        match act {
            Act::Edit | Act::Rename | Act::Submit | Act::RestoreRevision(_) => edits || (owns && (is_draft || self.is_public())),
            Act::Delete => (edits && (is_draft || self.is_public())) || (owns && is_draft),
            Act::Restore => edits || (owns && is_draft),
            _ => edits,
        }
    }

    /// What becomes of an act.
    pub(super) fn outcome(&self, act: Act, who: Who, stale: bool) -> &'static str {
        let unknown = if who == Who::Stranger { "UNAUTHENTICATED" } else { "NOT_FOUND" };
        if !self.is_public() && !self.is_open_to(who) {
            return unknown;
        }
        if !self.may(act, who) {
            return if who == Who::Stranger { "UNAUTHENTICATED" } else { "FORBIDDEN" };
        }
        if self.is_deleted != (act == Act::Restore) {
            return "WRONG_STATE";
        }
        if stale {
            return "CONFLICT";
        }
        let pending = self.draft.is_some();
        let wrong = match act {
            Act::Rename if self.is_public() && who != Who::Editor => return "FORBIDDEN",
            Act::Submit => !(self.status == "DRAFT" || (self.is_public() && pending)),
            Act::Return => !(self.status == "IN_REVIEW" || (self.is_public() && pending)),
            Act::Publish | Act::ScheduleSoon | Act::ScheduleLate => self.is_public() && !pending,
            Act::Unschedule => self.scheduled.is_none(),
            Act::Unpublish => !self.is_public(),
            Act::Archive => self.status == "ARCHIVED",
            Act::Correct => !self.is_public() || pending || self.scheduled.is_some(),
            Act::RestoreRevision(number) => {
                let Some(at) = usize::try_from(number - 1).ok().filter(|at| *at < self.revisions.len()) else {
                    return "NOT_FOUND";
                };
                let drops = self.live == Some(at) && pending;
                !drops && self.revisions[at] == self.revisions[self.latest()]
            }
            _ => false,
        };
        if wrong { "WRONG_STATE" } else { "done" }
    }

    fn writes(&mut self, title: &str) {
        self.revisions.push(title.to_owned());
        self.draft = Some(self.revisions.len() - 1);
    }

    fn goes_live(&mut self, at: usize) {
        (self.status, self.live, self.was_public) = ("PUBLISHED", Some(at), true);
        self.draft = self.draft.filter(|draft| *draft != at);
    }

    fn waits_no_more(&mut self) {
        self.status = if self.status == "SCHEDULED" { self.earlier } else { self.status };
    }

    /// What an act that is done makes of it.
    pub(super) fn apply(&mut self, act: Act, input: &Value) {
        let title = input["title"].as_str();
        self.version += 1;
        match act {
            Act::Edit => self.writes(title.expect("a title")),
            Act::Rename => {
                let new = input["slug"].as_str().expect("a slug").to_owned();
                let old = std::mem::replace(&mut self.slug, new);
                if self.was_public {
                    self.former.push(old);
                }
            }
            Act::Submit => self.status = if self.is_public() { "PUBLISHED" } else { "IN_REVIEW" },
            Act::Return => self.status = if self.is_public() { "PUBLISHED" } else { "DRAFT" },
            Act::Publish => {
                self.scheduled = None;
                self.goes_live(self.latest());
            }
            Act::ScheduleSoon | Act::ScheduleLate => {
                self.scheduled = Some((self.latest(), act == Act::ScheduleSoon));
                if !matches!(self.status, "PUBLISHED" | "SCHEDULED") {
                    (self.earlier, self.status) = (self.status, "SCHEDULED");
                }
            }
            Act::Unschedule => {
                self.scheduled = None;
                self.waits_no_more();
            }
            Act::Unpublish => (self.status, self.scheduled) = ("UNPUBLISHED", None),
            Act::Archive => (self.status, self.scheduled) = ("ARCHIVED", None),
            Act::Correct => {
                self.writes(title.expect("a title"));
                self.goes_live(self.latest());
                self.corrections += 1;
            }
            Act::RestoreRevision(number) => {
                let at = usize::try_from(number - 1).expect("it is one of them");
                match self.live == Some(at) && self.draft.is_some() {
                    true => {
                        (self.draft, self.scheduled) = (None, None);
                        self.waits_no_more();
                    }
                    false => self.writes(&self.revisions[at].clone()),
                }
            }
            Act::Delete => {
                (self.status, self.scheduled) = (if self.is_public() { "UNPUBLISHED" } else { self.status }, None);
                self.is_deleted = true;
            }
            Act::Restore => self.is_deleted = false,
            Act::TimePasses => {}
        }
    }

    /// What is due happens; says whether anything did.
    pub(super) fn time_passes(&mut self) -> bool {
        let Some((at, true)) = self.scheduled else { return false };
        self.scheduled = None;
        self.version += 1;
        self.goes_live(at);
        true
    }
}
