//! emailSubscriptions; and what became of a post's mails.

use alliance_entity::email_subscription::EmailSubscriptionState;
use alliance_entity::id::{AllianceId, PostId};
use async_graphql::Context;
use serde_json::json;

use crate::alliances;
use crate::caller::Deed;
use crate::context::Ask;
use crate::error::{Error, Result, SIGN_IN};
use crate::page::connection::{Asked, object};
use crate::policy::{Action, Owned};
use crate::scalar::Text;
use crate::subscriptions::EmailSubscriptionFilter;
use crate::subscriptions::object::{EmailSubscriptionConnection, PostMailing};
use crate::subscriptions::store::list::Subscriptions;
use crate::subscriptions::store::mailings::{Known, MailsOf};

/// The root fields.
#[derive(Debug, Default)]
pub struct SubscriptionQuery;

object! {
    SubscriptionQuery (self, ctx, page) {}
    lists {
        /// Who gets an alliance's updates by e-mail, the newest first: you see what goes to your own address. Its editors count all of them, and
        /// its admins see them; that they have looked is in the audit log.
        fn email_subscriptions(
            #[graphql(desc = "The slug of the alliance.")] alliance: Text,
            #[graphql(desc = "Which subscriptions.")] filter: Option<EmailSubscriptionFilter>
        ) -> EmailSubscriptionConnection {
            if ctx.viewer().account().is_none() {
                return Err(Error::Unauthenticated(SIGN_IN));
            }
            let alliance = alliances::store::find(ctx.app(), ctx.viewer(), &alliance.0).await?;
            let alliance = alliance.ok_or(Error::NotFound("alliance"))?.id;
            let shown = Subscriptions { alliance, filter: filter.unwrap_or_default(), counted: false };
            let counted = Subscriptions { counted: true, ..shown.clone() };
            let asked = EmailSubscriptionConnection { page: Asked::new(shown, None, page)?, counted };
            note(ctx, alliance).await?;
            Ok(asked)
        }
    }
}

/// Notes that an admin looks at addresses of others, before they are shown.
async fn note(ctx: &Context<'_>, alliance: AllianceId) -> Result<()> {
    let looks = ["nodes", "edges"].iter().any(|field| ctx.look_ahead().field(field).exists());
    let of_others = Owned { owner: None, alliance, state: EmailSubscriptionState::Confirmed };
    if !looks || !ctx.viewer().may(Action::ReadEmailSubscription(of_others)) {
        return Ok(());
    }
    let caller = ctx.caller();
    let txn = caller.app.db().begin().await?;
    let deed = Deed {
        action: "emailSubscriptions",
        event: "EmailSubscriptionsRead",
        subject_type: "ALLIANCE",
        subject_id: alliance.0,
        alliance: Some(alliance),
        details: json!({}),
    };
    caller.record(&txn, deed).await?;
    caller.commit(txn).await
}

/// What became of the mails that tell of a post; nothing where it never went out by mail, and to those who may not count.
pub(crate) async fn mailing(ctx: &Context<'_>, alliance: AllianceId, post: PostId) -> Result<Option<PostMailing>> {
    if !ctx.viewer().may(Action::CountEmailSubscriptions(alliance)) {
        return Ok(None);
    }
    let Some(Known { mailing, counts }) = ctx.load(MailsOf(post)).await? else { return Ok(None) };
    if mailing.closed_at.is_none() {
        return Ok(Some(PostMailing::of(&counts)));
    }
    Ok(Some(PostMailing {
        audience: mailing.audience.into(),
        sent: mailing.sent.into(),
        failed: mailing.failed.into(),
        uncertain: mailing.uncertain.into(),
        suppressed: mailing.suppressed.into(),
        waiting: 0,
    }))
}
