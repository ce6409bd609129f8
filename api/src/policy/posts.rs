//! Posts: who may read, write, publish and delete them, as a decision and, for reading, as SQL.

use alliance_entity::id::AllianceId;
use alliance_entity::post::{self, PostStatus};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition};

use crate::policy::reach::Reach;
use crate::policy::syndication::released;
use crate::policy::{Action, Owned, Readable};
use crate::viewer::Viewer;

/// Authors have a hand in their own posts until those are scheduled, and propose changes to what is public; editors in all of their alliance. What was withdrawn or is to be
/// published is deleted by nobody: the one is put away, the other taken back first.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    let edits = |post: Owned<PostStatus>| viewer.edits().covers(post.alliance);
    let owns = |post: Owned<PostStatus>| is_own(viewer, post);
    let is_draft = |post: Owned<PostStatus>| matches!(post.state, PostStatus::Draft | PostStatus::InReview);
    let is_public = |post: Owned<PostStatus>| post.state == PostStatus::Published;
    match action {
        Action::ReadPost(post) => is_public(post) || edits(post) || owns(post),
        Action::ReadWholePost(post) | Action::AnnotatePost(post) | Action::PreviewPost(post) => edits(post) || owns(post),
        Action::CreatePost(alliance) => viewer.edits().covers(alliance) || viewer.writes().covers(alliance),
        // What is changed of a public post waits for an editor to publish it.
        Action::EditPost(post) | Action::SubmitPost(post) => edits(post) || (owns(post) && (is_draft(post) || is_public(post))),
        Action::ReturnPost(post)
        | Action::PublishPost(post)
        | Action::SchedulePost(post)
        | Action::CorrectPost(post)
        | Action::SetPostTerms(post)
        | Action::UnpublishPost(post)
        | Action::ArchivePost(post) => edits(post),
        Action::DeletePost(post) => (edits(post) && (is_draft(post) || is_public(post))) || (owns(post) && is_draft(post)),
        Action::RestorePost(post) => edits(post) || (owns(post) && is_draft(post)),
        Action::ReactToPost(post) => takes_part(viewer, post.alliance) && is_public(post),
        _ => false,
    }
}

/// Whoever can be known again says what they think; who moderates what others say does not add to it.
pub(super) fn takes_part(viewer: &Viewer, alliance: AllianceId) -> bool {
    viewer.writer().is_some() && !viewer.edits().covers(alliance)
}

/// What an author wrote is theirs as long as they write for its alliance.
fn is_own(viewer: &Viewer, post: Owned<PostStatus>) -> bool {
    let Some(account) = viewer.account() else { return false };
    post.owner == Some(account.account) && viewer.writes().covers(post.alliance)
}

/// The public reads published posts, authors their own besides, and editors all of their alliances.
#[must_use]
pub fn readable_posts(viewer: &Viewer) -> Readable<post::Entity> {
    let sent_at = if let Viewer::Partner(partner) = viewer { partner.sent_at } else { None };
    let public = match sent_at {
        Some(at) => released(at),
        None => Condition::all().add(post::Column::Status.eq(PostStatus::Published)),
    };
    let (Some(account), Reach::In(alliances)) = (viewer.account(), viewer.writes()) else { return Readable::only(public) };
    let with_own = if alliances.is_empty() {
        public
    } else {
        let own = Condition::all()
            .add(Expr::col((post::Entity, post::Column::OwnerId)).eq(account.account))
            .add(Expr::col((post::Entity, post::Column::AllianceId)).is_in(alliances));
        Condition::any().add(public).add(own)
    };
    Readable::only(viewer.edits().or((post::Entity, post::Column::AllianceId), with_own))
}

/// The posts that a viewer may see all of: authors their own, and editors all of their alliances.
#[must_use]
pub fn wholly_readable_posts(viewer: &Viewer) -> Readable<post::Entity> {
    let none = || Condition::all().add(Expr::val(1).eq(0));
    let own = match (viewer.account(), viewer.writes()) {
        (Some(account), Reach::In(alliances)) if !alliances.is_empty() => Condition::all()
            .add(Expr::col((post::Entity, post::Column::OwnerId)).eq(account.account))
            .add(Expr::col((post::Entity, post::Column::AllianceId)).is_in(alliances)),
        _ => none(),
    };
    Readable::only(viewer.edits().or((post::Entity, post::Column::AllianceId), own))
}
