//! campaignCreate, campaignEdit, campaignPublish, campaignClose, campaignDelete.

use alliance_entity::id::{AllianceId, CampaignId, InstitutionId};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use crate::campaigns::actions::close::{self, Close};
use crate::campaigns::actions::create::{self, Create};
use crate::campaigns::actions::delete::{self, Delete};
use crate::campaigns::actions::edit::{self, Edit};
use crate::campaigns::actions::publish;
use crate::campaigns::object::Campaign;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::scalar::{Date, IdOf, Text};

/// What a new campaign says.
#[derive(Debug, InputObject)]
pub struct CampaignCreateInput {
    /// The id of the alliance that runs it.
    pub alliance: IdOf<AllianceId>,
    /// Its title: one line of up to 200 characters.
    pub title: Text,
    /// Its name in addresses: small letters, digits and hyphens. Left out, it is made of the title.
    pub slug: Option<Text>,
    /// What it is about, in a sentence or two of plain text: up to 1,000 characters.
    pub summary: Option<Text>,
    /// The whole of what it says, in Markdown: up to 200,000 characters, 1,000 footnotes, and 1,000,000 bytes as HTML.
    pub body: Option<Text>,
    /// Its first day.
    pub started_on: Option<Date>,
    /// Whether those who react must not be found out: on it, and on its posts and events, no name is shown and no small sum.
    #[graphql(default)]
    pub is_sensitive: bool,
    /// The ids of the alliance's institutions that take part.
    #[graphql(default)]
    pub institutions: Vec<IdOf<InstitutionId>>,
}

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct CampaignEditInput {
    /// The campaign's id.
    pub id: IdOf<CampaignId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Its title: one line of up to 200 characters.
    pub title: MaybeUndefined<Text>,
    /// Its name in addresses. The one that it had leads to it from then on, with `redirectedFrom`.
    pub slug: MaybeUndefined<Text>,
    /// What it is about, in a sentence or two of plain text; `null` empties it.
    pub summary: MaybeUndefined<Text>,
    /// The whole of what it says, in Markdown; `null` empties it.
    pub body: MaybeUndefined<Text>,
    /// Its first day; `null` where that is not known.
    pub started_on: MaybeUndefined<Date>,
    /// Whether those who react must not be found out.
    pub is_sensitive: MaybeUndefined<bool>,
    /// The ids of all institutions that take part from then on; `null` where none does.
    pub institutions: MaybeUndefined<Vec<IdOf<InstitutionId>>>,
}

/// Which campaign is published.
#[derive(Debug, InputObject)]
pub struct CampaignPublishInput {
    /// The campaign's id.
    pub id: IdOf<CampaignId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
}

/// Which campaign ends.
#[derive(Debug, InputObject)]
pub struct CampaignCloseInput {
    /// The campaign's id.
    pub id: IdOf<CampaignId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Its last day, which is today or was before. Left out, it is today in the time zone of its alliance.
    pub ended_on: Option<Date>,
}

/// Which campaign is deleted.
#[derive(Debug, InputObject)]
pub struct CampaignDeleteInput {
    /// The campaign's id.
    pub id: IdOf<CampaignId>,
    /// The version that you read: where it has moved on, nothing is deleted.
    pub version: i32,
    /// Its slug, where posts, events or reactions refer to it: without it you are told what would be lost.
    pub confirm: Option<Text>,
}

payload! {
    /// What came of beginning a campaign.
    CampaignCreatePayload {
        /// The campaign: a draft.
        campaign: Campaign,
    }
}

payload! {
    /// What came of editing a campaign.
    CampaignEditPayload {
        /// The campaign, as it is now; on a conflict as another has left it.
        campaign: Campaign,
    }
}

payload! {
    /// What came of publishing a campaign.
    CampaignPublishPayload {
        /// The campaign, as it is now; on a conflict as another has left it.
        campaign: Campaign,
    }
}

payload! {
    /// What came of closing a campaign.
    CampaignClosePayload {
        /// The campaign, as it is now; on a conflict as another has left it.
        campaign: Campaign,
    }
}

payload! {
    /// What came of deleting a campaign.
    CampaignDeletePayload {
        /// The campaign, as it was; on a conflict as another has left it.
        campaign: Campaign,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct CampaignMutation;

#[Object]
impl CampaignMutation {
    /// Begins a campaign as a draft, which staff alone see. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn campaign_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it says.")] input: CampaignCreateInput,
    ) -> Result<CampaignCreatePayload> {
        let CampaignCreateInput { alliance, title, slug, summary, body, started_on, is_sensitive, institutions } = input;
        let new = Create {
            alliance: alliance.0,
            title: title.0,
            slug: slug.map(|text| text.0),
            summary: summary.map(|text| text.0),
            body: body.map(|text| text.0),
            started_on: started_on.map(|day| day.0),
            is_sensitive,
            institutions: institutions.into_iter().map(|id| id.0).collect(),
        };
        let done = create::create(&ctx.caller(), new).await;
        CampaignCreatePayload::of(done, |payload, row| payload.campaign = Some(row.into()))
    }

    /// Changes what a campaign says. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn campaign_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: CampaignEditInput,
    ) -> Result<CampaignEditPayload> {
        let CampaignEditInput { id, version, title, slug, summary, body, started_on, is_sensitive, institutions } = input;
        let edit = Edit {
            id: id.0,
            version,
            title: title.map_value(|text| text.0),
            slug: slug.map_value(|text| text.0),
            summary: summary.map_value(|text| text.0),
            body: body.map_value(|text| text.0),
            started_on: started_on.map_value(|day| day.0),
            is_sensitive,
            institutions: institutions.map_value(|ids| ids.into_iter().map(|id| id.0).collect()),
        };
        let done = edit::edit(&ctx.caller(), edit).await;
        let (campaign, user_errors) = ctx.changed(id.0, done).await?;
        Ok(CampaignEditPayload { campaign: campaign.map(Campaign::from), user_errors })
    }

    /// Makes a campaign public, or lets one go on that was closed. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn campaign_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which campaign.")] input: CampaignPublishInput,
    ) -> Result<CampaignPublishPayload> {
        let done = publish::publish(&ctx.caller(), input.id.0, input.version).await;
        let (campaign, user_errors) = ctx.changed(input.id.0, done).await?;
        Ok(CampaignPublishPayload { campaign: campaign.map(Campaign::from), user_errors })
    }

    /// Ends a campaign: it stays public, and says that it is over. `campaignPublish` lets it go on. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn campaign_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which campaign, and when.")] input: CampaignCloseInput,
    ) -> Result<CampaignClosePayload> {
        let CampaignCloseInput { id, version, ended_on } = input;
        let done = close::close(&ctx.caller(), Close { id: id.0, version, ended_on: ended_on.map(|day| day.0) }).await;
        let (campaign, user_errors) = ctx.changed(id.0, done).await?;
        Ok(CampaignClosePayload { campaign: campaign.map(Campaign::from), user_errors })
    }

    /// Deletes a campaign, and the reactions to it. Posts and events stay, and name it no more. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn campaign_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which campaign.")] input: CampaignDeleteInput,
    ) -> Result<CampaignDeletePayload> {
        let CampaignDeleteInput { id, version, confirm } = input;
        let gone = Delete { id: id.0, version, confirm: confirm.map(|text| text.0) };
        let (campaign, user_errors) = ctx.deleted(id.0, delete::delete(&ctx.caller(), gone).await).await?;
        Ok(CampaignDeletePayload { campaign: campaign.map(Campaign::from), user_errors })
    }
}
