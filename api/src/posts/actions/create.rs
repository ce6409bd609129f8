//! Beginning a post.

use alliance_entity::id::{AllianceId, PostId};
use alliance_entity::post::{self, PostKind, PostStatus};
use alliance_entity::search_document::SearchType;
use serde_json::json;

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::rendered::Ahead;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::policy::Action;
use crate::posts::actions::{Act, Held};
use crate::posts::content::{Changes, Content, Place};
use crate::posts::store::change;
use crate::slugs::store::{self as former, Owner};
use crate::{alliances, id, slugs};

/// How many numbers are tried after a slug that is taken, before it gets a longer one that nobody has.
const NUMBERS: u32 = 20;

/// A post to begin.
#[derive(Debug)]
pub struct NewPost {
    /// Whose it will be.
    pub alliance: AllianceId,
    /// Its slug; made from its title where none is given.
    pub slug: Option<String>,
    /// What it says.
    pub says: Changes,
}

/// Begins a post: a draft that its writer and the alliance's editors see.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`] for no alliance; [`Error::Refused`] with what is wrong with it.
pub async fn create(caller: &Caller, input: NewPost) -> Result<PostId> {
    let NewPost { alliance, slug, says } = input;
    caller.viewer.must(Action::CreatePost(alliance))?;
    let now = caller.now();
    let ahead = Ahead::of_change(caller, &says.body).await?.made("body")?;
    let content = Content::empty().with(says)?;
    let chosen = slug.map(|slug| parsed(&slug)).transpose()?;
    alliances::store::slug_of(&caller.app, alliance).await?.ok_or(Error::NotFound("alliance"))?;
    let txn = caller.app.db().begin().await?;
    let base = chosen.clone().unwrap_or_else(|| slugs::of(&content.title, "post"));
    let mut post = begun(id::new(now), alliance, base, caller);
    known(&txn, caller, &post, &content).await?;
    match chosen {
        Some(slug) if !insert(&txn, &post).await? => return Err(taken(&slug)),
        Some(_) => {}
        None => insert_numbered(&txn, &mut post).await?,
    }
    let revision = content.revision(Place { post: post.id, number: 1, by: caller.account(), now }, ahead);
    change::insert_revision(&txn, &revision).await?;
    post.draft_revision_id = Some(revision.id);
    let mut held = Held { txn, post, now, before: None };
    held.show(&revision).await?;
    let act = Act::new("postCreate", "PostCreated").with(json!({ "revision": revision.number }));
    Ok(held.keep(caller, act).await?.id)
}

fn begun(id: PostId, alliance_id: AllianceId, slug: String, caller: &Caller) -> post::Model {
    let now = caller.now();
    post::Model {
        id,
        alliance_id,
        slug,
        kind: PostKind::News,
        status: PostStatus::Draft,
        earlier_status: None,
        owner_id: caller.account(),
        author_id: None,
        event_id: None,
        live_revision_id: None,
        draft_revision_id: None,
        published_at: None,
        first_published_at: None,
        scheduled_for: None,
        unpublish_at: None,
        deleted_at: None,
        licence: None,
        usage_terms: None,
        embargoed_until: None,
        desk_note: None,
        carried_since: None,
        public_version: 0,
        // The first version is written with the first revision.
        version: 0,
        created_at: now,
        updated_at: now,
    }
}

/// Refuses what names something that the caller cannot see, or that belongs to another alliance.
pub(super) async fn known(txn: &Transaction, caller: &Caller, post: &post::Model, content: &Content) -> Result<()> {
    let unknown = change::unknown(txn, &caller.viewer, post, content).await?;
    if unknown.is_empty() {
        return Ok(());
    }
    let problem = "this alliance has no such thing that you can see";
    Err(Error::Refused(unknown.into_iter().map(|field| Problem::of(field, UserErrorCode::NotFound, problem)).collect()))
}

pub(super) fn parsed(slug: &str) -> Result<String> {
    slugs::parse(slug).map_err(|problem| Error::refused("slug", UserErrorCode::Invalid, problem))
}

pub(super) fn taken(slug: &str) -> Error {
    let problem = format!("another post of this alliance has the slug `{slug}`, or had it: choose another");
    Error::refused("slug", UserErrorCode::Taken, problem)
}

pub(super) fn owner(post: &post::Model) -> Owner {
    Owner { kind: SearchType::Post, alliance: post.alliance_id, subject: post.id.0 }
}

async fn insert(txn: &Transaction, post: &post::Model) -> Result<bool> {
    Ok(change::insert(txn, post).await? && !former::leads_elsewhere(txn, owner(post), &post.slug).await?)
}

/// Adds a post whose slug is made from its title: with a number where others have it.
async fn insert_numbered(txn: &Transaction, post: &mut post::Model) -> Result<()> {
    let base = post.slug.clone();
    for number in 1..=NUMBERS {
        post.slug = slugs::numbered(&base, number);
        if insert(txn, post).await? {
            return Ok(());
        }
        // One that was added and leads elsewhere goes again.
        change::delete(txn, post).await?;
    }
    post.slug = slugs::numbered(&base, rand::random_range(100_000..u32::MAX));
    if insert(txn, post).await? { Ok(()) } else { Err(Error::Unavailable) }
}
