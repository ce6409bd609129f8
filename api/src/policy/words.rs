//! What is said to whoever may not.

use crate::policy::Action;

impl Action<'_> {
    /// The act in words that follow "you may not".
    pub(super) fn words(&self) -> &'static str {
        of_content(self)
            .or_else(|| of_posts(self))
            .or_else(|| of_accounts(self))
            .or_else(|| of_the_public(self))
            .unwrap_or("do this")
    }
}

/// With an alliance, its people, institutions, campaigns and events.
fn of_content(action: &Action<'_>) -> Option<&'static str> {
    Some(match action {
        Action::ReadAlliance => "see this alliance",
        Action::ReadInstitution(..) => "see this institution",
        Action::ReadCampaign(..) => "see this campaign",
        Action::ReadEvent(..) => "see this event",
        Action::ReadPerson(..) => "see this person",
        Action::CreateCampaign(_) => "begin campaigns of this alliance",
        Action::EditCampaign(_) => "edit this campaign",
        Action::PublishCampaign(_) => "publish this campaign",
        Action::CloseCampaign(_) => "close this campaign",
        Action::DeleteCampaign(_) => "delete this campaign",
        Action::CreateInstitution(_) => "add institutions to this alliance",
        Action::EditInstitution(_) => "edit this institution",
        Action::PublishInstitution(_) => "publish this institution",
        Action::JoinInstitution(_) => "let this institution join",
        Action::LeaveInstitution(_) => "let this institution leave",
        Action::DeleteInstitution(_) => "delete this institution",
        Action::CreatePerson(_) => "add people to this alliance",
        Action::EditPerson(_) => "edit this person",
        Action::DeletePerson(_) => "delete this person",
        Action::CreateEvent(_) => "add events to this alliance",
        Action::EditEvent(_) => "edit this event",
        Action::PublishEvent(_) => "announce this event",
        Action::RescheduleEvent(_) => "move this event",
        Action::CancelEvent(_) => "call this event off",
        Action::DeleteEvent(_) => "delete this event",
        Action::CreateAlliance => "begin alliances here",
        Action::DeleteAlliance(_) => "delete this alliance",
        Action::EditAlliance(_) => "change this alliance",
        _ => return None,
    })
}

/// With posts and what is said of them.
fn of_posts(action: &Action<'_>) -> Option<&'static str> {
    Some(match action {
        Action::ReadPost(_) => "see this post",
        Action::ReadWholePost(_) => "see all of this post",
        Action::EditPost(_) => "edit this post",
        Action::CreatePost(_) => "write posts for this alliance",
        Action::SubmitPost(_) => "submit this post for review",
        Action::ReturnPost(_) => "return this post",
        Action::AnnotatePost(_) => "write notes on this post",
        Action::PreviewPost(_) => "show drafts of this post to others",
        Action::PublishPost(_) => "publish this post",
        Action::SchedulePost(_) => "schedule this post",
        Action::CorrectPost(_) => "correct this post",
        Action::SetPostTerms(_) => "say on what terms this post is carried",
        Action::UnpublishPost(_) => "withdraw this post",
        Action::ArchivePost(_) => "archive this post",
        Action::DeletePost(_) => "delete this post",
        Action::RestorePost(_) => "restore this post",
        Action::ReactToPost(_) => "react to this post",
        Action::ReactToCampaign(..) => "react to this campaign",
        Action::ReactToEvent(..) => "react to this event",
        Action::WithdrawReaction => "take back reactions",
        Action::ModerateComments(_) => "moderate the comments of this alliance",
        Action::ReadComment(_) => "see this comment",
        Action::ReadCommentText(_) => "see what this comment says",
        _ => return None,
    })
}

/// With accounts, their roles, keys and traces.
fn of_accounts(action: &Action<'_>) -> Option<&'static str> {
    Some(match action {
        Action::ReadAccount(_) => "see this account",
        Action::EditAccount(_) => "change this account",
        Action::DisableAccount(_) => "disable this account",
        Action::ExportAccount(_) => "export this account",
        Action::EraseAccount(_) => "erase this account",
        Action::InviteAccount(..) => "invite somebody to this alliance",
        Action::GrantRole(..) => "grant roles in this alliance",
        Action::RevokeRole(..) => "revoke roles in this alliance",
        Action::ReadEmailSubscription(_) => "see this subscription",
        Action::EditEmailSubscription(_) => "change this subscription",
        Action::CountEmailSubscriptions(_) => "see how many get this alliance's updates",
        Action::TestMailing(_) => "have test mails of this alliance sent",
        Action::ReadAuditEntry(_) => "see this entry of the audit log",
        Action::ReadApiKey(..) => "see the keys of this alliance",
        Action::CreateApiKey(_) => "make keys for this alliance",
        Action::RevokeApiKey(_) => "revoke keys of this alliance",
        Action::ReadSyndicationChanges => "read the feed of changes: it takes a partner's key with the scope SYNDICATION_READ",
        Action::ReadWebhook(..) => "see the webhooks of this alliance",
        Action::CreateWebhook(_) => "make webhooks for this alliance",
        Action::EditWebhook(_) => "change webhooks of this alliance",
        Action::DeleteWebhook(_) => "delete webhooks of this alliance",
        Action::SendWebhook(_) => "have messages sent to webhooks of this alliance",
        Action::ReadPartner(..) => "see the partners of this alliance",
        Action::CreatePartner(_) => "write partners of this alliance down",
        Action::EditPartner(_) => "change partners of this alliance",
        Action::DeletePartner(_) => "delete partners of this alliance",
        _ => return None,
    })
}

/// With what people ask of an alliance.
fn of_the_public(action: &Action<'_>) -> Option<&'static str> {
    Some(match action {
        Action::SubmitEnquiry => "ask an alliance to sit down with you",
        Action::ReadEnquiry(_) => "see this enquiry",
        Action::ReadWholeEnquiry(_) => "see what was done about this enquiry",
        Action::AssignEnquiry(_) => "say who works this enquiry",
        Action::AdvanceEnquiry(_) => "say how far this enquiry has come",
        Action::AnnotateEnquiry(_) => "write notes on this enquiry",
        Action::DeleteEnquiry(_) => "delete this enquiry",
        Action::RsvpToEvent => "say that you come to an event",
        Action::ReadRsvp(_) => "see this answer to an event",
        Action::ReadRsvps(_) => "see who comes to events of this alliance",
        Action::CancelRsvp(_) => "answer for somebody else",
        Action::ReadTurnouts(_) => "see whom institutions bring",
        Action::SetTurnout(_) => "say whom institutions bring",
        _ => return None,
    })
}
