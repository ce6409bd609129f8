//! Beginning an alliance, and leaving the demo behind.

use alliance_entity::alliance;
use alliance_entity::id::AccountId;
use serde_json::json;

use crate::alliances;
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::demo;
use crate::editing::given::{self, Problems};
use crate::editing::rendered::Ahead;
use crate::editing::{self, Act, NewSlug};
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::founding::Holdings;
use crate::founding::store::{self, Whose};
use crate::id;
use crate::policy::Action;
use crate::text::sort_key;

const DONE: Act = Act { action: "allianceCreate", event: "AllianceCreated" };

/// What the alliance is.
#[derive(Debug, Default)]
pub struct Create {
    /// Its name.
    pub name: String,
    /// Its slug; else one made of the name.
    pub slug: Option<String>,
    /// The time zone of its city.
    pub time_zone: String,
    /// What it is, in one line.
    pub tagline: Option<String>,
    /// What it is and does, in Markdown.
    pub description: Option<String>,
    /// Its own site.
    pub website_url: Option<String>,
    /// Whether the demo goes, where nobody else has written in it.
    pub without_demo: bool,
    /// The slug of the demo, which goes then whoever has written in it.
    pub delete_demo: Option<String>,
}

/// What was begun, and what went.
#[derive(Debug)]
pub struct Founded {
    /// The new alliance.
    pub alliance: alliance::Model,
    /// What went with the demo; nothing where that stays or was not there.
    pub deleted: Option<Holdings>,
}

/// Begins an alliance, for operators.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Refused`] with what is wrong, and where others have written in the demo that is to go.
pub async fn create(caller: &Caller, input: Create) -> Result<Founded> {
    caller.viewer.must(Action::CreateAlliance)?;
    if input.without_demo || input.delete_demo.is_some() {
        caller.viewer.must(Action::DeleteAlliance(demo::alliance_id()))?;
    }
    found(caller, input).await
}

/// Begins an alliance, for whoever holds the command line.
///
/// # Errors
/// [`Error::Refused`] as [`create`].
pub async fn found(caller: &Caller, input: Create) -> Result<Founded> {
    let ahead = Ahead::of(caller, input.description.as_deref()).await?;
    let (row, goes) = read(caller, input, &ahead)?;
    let txn = if goes == Demo::Stays { caller.app.db().begin().await? } else { caller.app.db().begin_slow().await? };
    let deleted = leave_demo(caller, &txn, goes).await?;
    if !alliances::store::insert(&txn, &row).await? || alliances::store::leads_elsewhere(&txn, row.id, &row.slug).await? {
        return Err(Error::refused("slug", UserErrorCode::Taken, alliances::actions::HAD));
    }
    ahead.keep(&txn, row.id, row.id.0).await?;
    editing::record_new::<alliance::Entity>(caller, &txn, DONE, &row).await?;
    caller.commit(txn).await?;
    // It is done whether the log is emptied now or within the hour, as it is anyway.
    if deleted.is_some()
        && let Err(e) = caller.app.db().empty_log().await
    {
        tracing::warn!(error = %e, "what was deleted stays in the database's log for a while");
    }
    Ok(Founded { alliance: row, deleted })
}

/// What becomes of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Demo {
    Stays,
    GoesIfUntouched,
    Goes,
}

fn read(caller: &Caller, input: Create, ahead: &Ahead) -> Result<(alliance::Model, Demo)> {
    let Create { name, slug, time_zone, tagline, description, website_url, without_demo, delete_demo } = input;
    let (mut problems, now) = (Problems::default(), caller.now());
    let name = problems.text("name", &name, given::name);
    let (NewSlug::Chosen(slug) | NewSlug::Made(slug)) = problems.new_slug(slug.as_deref(), &name, "alliance");
    let goes = match delete_demo {
        Some(named) => {
            let problem = format!("the demo is called `{}`: give this to delete it", demo::SLUG);
            problems.unless(named == demo::SLUG, "deleteDemo", &problem);
            Demo::Goes
        }
        None if without_demo => Demo::GoesIfUntouched,
        None => Demo::Stays,
    };
    let row = alliance::Model {
        tagline: problems.new_text("tagline", tagline, given::one_line),
        description: problems.text("description", description.as_deref().unwrap_or_default(), given::body),
        website_url: problems.new_text("websiteUrl", website_url, given::website),
        time_zone: problems.text("timeZone", &time_zone, given::time_zone),
        ..alliance::Model::hosted(id::new(now), slug, (name.clone(), sort_key(&name)), now)
    };
    ahead.check("description", &mut problems);
    problems.end()?;
    Ok((row, goes))
}

/// Deletes the demo where it is to go and is there, and says what went.
async fn leave_demo(caller: &Caller, txn: &Transaction, goes: Demo) -> Result<Option<Holdings>> {
    if goes == Demo::Stays {
        return Ok(None);
    }
    let Some(demo) = store::lock_demo(txn).await? else { return Ok(None) };
    let asking = caller.viewer.account().map(|own| own.account);
    if goes == Demo::GoesIfUntouched {
        is_untouched(txn, &demo, asking).await?;
    }
    let accounts = store::demo_accounts(txn, asking).await?;
    let all = store::count(txn, demo.id, Whose::All).await?;
    let deleted = Holdings { accounts: accounts.len() as u64, ..all };
    store::delete(txn, demo.id).await?;
    store::delete_accounts(txn, &accounts).await?;
    for account in accounts {
        caller.record(txn, Deed::of_account(DONE.action, "AccountErased", account.0)).await?;
    }
    let deed = Deed {
        action: DONE.action,
        event: "AllianceDeleted",
        subject_type: "ALLIANCE",
        subject_id: demo.id.0,
        alliance: Some(demo.id),
        details: json!({ "lost": deleted.told() }),
    };
    caller.record(txn, deed).await?;
    Ok(Some(deleted))
}

/// Nothing where all of the demo is as it was written, and its accounts are the demo's own.
async fn is_untouched(txn: &Transaction, demo: &alliance::Model, asking: Option<AccountId>) -> Result<()> {
    let others = store::count(txn, demo.id, Whose::Others(asking)).await?.told();
    let itself = (demo.version > 1).then(|| "what is said of the alliance itself".to_owned());
    let touched: Vec<String> = others.into_iter().chain(itself).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let message = format!(
        "the demo holds what others made or changed: {}. Nothing was deleted; name the demo to delete all of it: `deleteDemo: \"{name}\"` (on the command line `--delete-demo {name}`)",
        touched.join(", and "),
        name = demo::SLUG,
    );
    let field = vec!["input".to_owned(), "withoutDemo".to_owned()];
    Err(Error::Refused(vec![Problem { field, code: UserErrorCode::InUse, message }]))
}
