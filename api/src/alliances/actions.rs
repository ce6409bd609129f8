//! Changing an alliance.

use alliance_entity::alliance::{self, CommentPolicy};
use alliance_entity::id::AllianceId;
use async_graphql::MaybeUndefined;
use serde_json::json;

use crate::alliances::appearance::Appearance;
use crate::alliances::outward::{Outward, said_with_posts};
use crate::alliances::store;
use crate::caller::Caller;
use crate::editing::given::{self, Problems};
use crate::editing::rendered::Ahead;
use crate::editing::{Act, Change};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::policy::Action;
use crate::text::sort_key;

const DONE: Act = Act { action: "allianceEdit", event: "AllianceEdited" };

/// Why an alliance does not get a slug.
pub const HAD: &str = "another alliance has, or had, this slug";

/// How many slugs that an alliance had lead to it.
const FORMER_SLUGS: u64 = 10;

/// What is to be another. What is undefined stays.
#[derive(Debug)]
pub struct Edit {
    /// Which alliance.
    pub id: AllianceId,
    /// The version that was read.
    pub version: i32,
    /// Its name.
    pub name: MaybeUndefined<String>,
    /// Its slug.
    pub slug: MaybeUndefined<String>,
    /// What it is, in one line.
    pub tagline: MaybeUndefined<String>,
    /// What it is and does, in Markdown.
    pub description: MaybeUndefined<String>,
    /// Its own site.
    pub website_url: MaybeUndefined<String>,
    /// The time zone of its city.
    pub time_zone: MaybeUndefined<String>,
    /// Whether its staff must have a second factor.
    pub two_factor_required: MaybeUndefined<bool>,
    /// What becomes of comments.
    pub comment_policy: MaybeUndefined<CommentPolicy>,
    /// Words for which a comment is held back.
    pub blocked_words: MaybeUndefined<Vec<String>>,
    /// Whom people write to about their data.
    pub privacy_contact: MaybeUndefined<String>,
    /// What its mails and their pages look like.
    pub appearance: Appearance,
    /// How its posts go out to other sites.
    pub outward: Outward,
}

/// Changes an alliance.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] with what is wrong, where it was changed since it was read, and where who
/// requires a second factor has none.
pub async fn edit(caller: &Caller, input: Edit) -> Result<()> {
    let Edit {
        id,
        version,
        name,
        slug,
        tagline,
        description,
        website_url,
        time_zone,
        two_factor_required,
        comment_policy,
        blocked_words,
        privacy_contact,
        appearance,
        outward,
    } = input;
    let ahead = Ahead::of_change(caller, &description).await?;
    let change = Change::<alliance::Entity>::begin(caller, id.0, version, Action::EditAlliance).await?;
    let (mut problems, was) = (Problems::default(), change.row.clone());
    let name = problems.kept_text("name", name, was.name, given::name);
    let row = alliance::Model {
        slug: problems.kept_text("slug", slug, was.slug, given::slug_of),
        sort_name: sort_key(&name),
        name,
        tagline: problems.maybe_text("tagline", tagline, was.tagline, given::one_line),
        description: problems.open_text("description", description, was.description, given::body),
        website_url: problems.maybe_text("websiteUrl", website_url, was.website_url, given::website),
        time_zone: problems.kept_text("timeZone", time_zone, was.time_zone, given::time_zone),
        two_factor_required: problems.kept("twoFactorRequired", two_factor_required, was.two_factor_required),
        comment_policy: problems.kept("commentPolicy", comment_policy, was.comment_policy),
        blocked_words: blocked(&mut problems, blocked_words, was.blocked_words),
        privacy_contact: problems.maybe_text("privacyContact", privacy_contact, was.privacy_contact, given::contact),
        ..change.row.clone()
    };
    ahead.check("description", &mut problems);
    let row = outward.put(appearance.put(row, &change.row, &mut problems), &change.row, &mut problems);
    problems.end()?;
    if row.two_factor_required && !change.row.two_factor_required {
        has_second_factor(caller, &change).await?;
    }
    write(change, row, ahead).await
}

/// Keeps what the alliance is from now on, and lets the slug that it had lead to it.
async fn write(change: Change<'_, alliance::Entity>, row: alliance::Model, ahead: Ahead) -> Result<()> {
    let row = change.write(row).await?;
    if row.slug != change.row.slug {
        if store::leads_elsewhere(&change.txn, row.id, &row.slug).await? {
            return Err(Error::refused("slug", UserErrorCode::Taken, HAD));
        }
        store::retire(&change.txn, row.id, (&change.row.slug, &row.slug), change.now()).await?;
        if store::former_slugs(&change.txn, row.id).await? > FORMER_SLUGS {
            let problem =
                format!("{FORMER_SLUGS} other slugs lead to this alliance, which nobody else can have: take one of them back");
            return Err(Error::refused("slug", UserErrorCode::TooLong, problem));
        }
    }
    change.keep_html(ahead).await?;
    let of_posts = said_with_posts(&row) != said_with_posts(&change.row);
    change.keep_telling(DONE, json!({ "twoFactorRequired": row.two_factor_required }), json!({ "ofPosts": of_posts })).await
}

/// Words and phrases, one a line, each once.
fn blocked(problems: &mut Problems, given: MaybeUndefined<Vec<String>>, was: String) -> String {
    const MOST: usize = 500;
    let words = match given {
        MaybeUndefined::Undefined => return was,
        MaybeUndefined::Null => Vec::new(),
        MaybeUndefined::Value(words) => words,
    };
    if words.len() > MOST {
        problems.add("blockedWords", UserErrorCode::TooLong, format!("at most {MOST} of them"));
        return was;
    }
    let mut words: Vec<String> = words.iter().map(|word| problems.text("blockedWords", word, given::one_line)).collect();
    problems.unless(!words.iter().any(|word| sort_key(word).trim().is_empty()), "blockedWords", "a word has letters or digits");
    words.sort_unstable();
    words.dedup();
    words.join("\n")
}

/// Whoever requires a second factor of others has one.
async fn has_second_factor(caller: &Caller, change: &Change<'_, alliance::Entity>) -> Result<()> {
    let Some(own) = caller.viewer.account().filter(|own| !own.is_operator) else { return Ok(()) };
    if store::has_second_factor(&change.txn, own.account).await? {
        return Ok(());
    }
    let problem = "set up a second factor of your own first: without one you would be no admin any more";
    Err(Error::refused("twoFactorRequired", UserErrorCode::TwoFactorRequired, problem))
}
