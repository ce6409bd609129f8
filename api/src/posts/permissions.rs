//! What a viewer may do with a post now, so that a page shows the buttons that work.

use alliance_entity::post::PostStatus;
use async_graphql::SimpleObject;

use crate::policy::{Action, Owned};
use crate::viewer::Viewer;

/// What you may do with a post now.
#[derive(Debug, Clone, Copy, SimpleObject)]
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own, as the contract names them")]
pub struct PostPermissions {
    /// Change what it says; where it is public, for an editor to publish.
    pub edit: bool,
    /// Submit it for review.
    pub submit: bool,
    /// Make it public, correct it and withdraw it.
    pub publish: bool,
    /// Delete it.
    pub delete: bool,
    /// React to it.
    pub react: bool,
}

impl PostPermissions {
    /// What `viewer` may do with a post; one that was deleted is taken back first.
    #[must_use]
    pub fn of(viewer: &Viewer, post: Owned<PostStatus>, is_deleted: bool) -> Self {
        let may = |action| !is_deleted && viewer.may(action);
        Self {
            edit: may(Action::EditPost(post)),
            submit: may(Action::SubmitPost(post)),
            publish: may(Action::PublishPost(post)),
            delete: may(Action::DeletePost(post)),
            react: may(Action::ReactToPost(post)),
        }
    }
}
