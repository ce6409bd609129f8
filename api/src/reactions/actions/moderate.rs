//! Deciding which comments are shown.

use alliance_entity::id::ReactionId;
use alliance_entity::reaction::{self, ReactionState};
use serde_json::json;

use crate::caller::{Caller, Deed};
use crate::editing::given::{self, Problems};
use crate::editing::stands;
use crate::error::Result;
use crate::policy::Action;
use crate::reactions::ModerationDecision;
use crate::reactions::actions::{replace, tell, tell_moderators};
use crate::reactions::store::{change, sums};

/// What a moderator decides.
#[derive(Debug)]
pub struct Moderate {
    /// Which comment.
    pub id: ReactionId,
    /// What becomes of it.
    pub decision: ModerationDecision,
    /// Why, for its writer.
    pub reason: Option<String>,
}

/// Shows a comment, or removes it. A removed one can be shown again.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it was taken back, or waits for its writer's confirmation.
pub async fn moderate(caller: &Caller, input: Moderate) -> Result<()> {
    let Moderate { id, decision, reason } = input;
    let mut problems = Problems::default();
    let reason = problems.new_text("reason", reason, given::sentences);
    problems.end()?;
    let txn = caller.app.db().begin().await?;
    let row = change::lock_seen(&txn, &caller.viewer, id).await?.ok_or_else(|| caller.unseen("comment"))?;
    caller.viewer.must(Action::ModerateComments(row.alliance_id))?;
    stands(row.confirm_by.is_none(), "its writer has yet to confirm this comment by mail")?;
    let state = match decision {
        ModerationDecision::Approve => ReactionState::Counted,
        ModerationDecision::Remove => ReactionState::Removed,
    };
    let reason = reason.filter(|_| decision == ModerationDecision::Remove);
    let now = Some(caller.now());
    let moderated = reaction::Model { state, to_moderate: false, moderation_reason: reason, settled_at: now, ..row.clone() };
    let more = match (row.state == ReactionState::Counted, state == ReactionState::Counted) {
        (false, true) => replace(caller, &txn, &moderated).await?,
        (true, false) => -1,
        _ => 0,
    };
    change::set(&txn, &moderated).await?;
    sums::add(&txn, row.subject_id, row.kind, more).await?;
    if row.state != state {
        tell(caller, &txn, &moderated).await?;
    }
    tell_moderators(caller, &txn, &moderated).await?;
    let (action, event, subject_type, alliance) = ("reactionModerate", "ReactionModerated", "REACTION", Some(row.alliance_id));
    let details = json!({ "state": format!("{state:?}").to_uppercase() });
    caller.record(&txn, Deed { action, event, subject_type, subject_id: id.0, alliance, details }).await?;
    caller.commit(txn).await
}
