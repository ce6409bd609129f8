//! partnerCreate, partnerEdit, partnerDelete.

use alliance_entity::id::{AllianceId, CampaignId, PartnerId};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use crate::api_keys::object::ApiKey;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::partners::actions::create::{self, Create};
use crate::partners::actions::delete::{self, Delete};
use crate::partners::actions::edit::{self, Edit};
use crate::partners::object::Partner;
use crate::policy::staff::staff_only;
use crate::scalar::{IdOf, Text};

/// What is said of a new partner.
#[derive(Debug, InputObject)]
pub struct PartnerCreateInput {
    /// The id of the alliance whose posts it may carry.
    pub alliance: IdOf<AllianceId>,
    /// The name: one line of up to 100 characters, unique among the partners of the alliance.
    pub name: Text,
    /// Its site.
    pub website_url: Option<Text>,
    /// Whom to write to there: an e-mail address, or the address of a page.
    pub contact: Option<Text>,
    /// Whether it may carry all posts of the alliance, those of no campaign too.
    #[graphql(default)]
    pub carries_all: bool,
    /// The ids of the campaigns whose posts it may carry, where it may not carry all: up to 100.
    #[graphql(default)]
    pub campaigns: Vec<IdOf<CampaignId>>,
}

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct PartnerEditInput {
    /// The partner's id.
    pub id: IdOf<PartnerId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// The name: one line of up to 100 characters, unique among the partners of the alliance.
    pub name: MaybeUndefined<Text>,
    /// Its site; `null` where it has none.
    pub website_url: MaybeUndefined<Text>,
    /// Whom to write to there; `null` where that is nobody.
    pub contact: MaybeUndefined<Text>,
    /// Whether it may carry all posts of the alliance.
    pub carries_all: Option<bool>,
    /// The ids of all campaigns whose posts it may carry from then on; `null` where there are none.
    pub campaigns: MaybeUndefined<Vec<IdOf<CampaignId>>>,
    /// Whether it may carry nothing for now. It keeps its keys and its rights, and reads nothing.
    pub is_suspended: Option<bool>,
}

/// Which partner is deleted.
#[derive(Debug, InputObject)]
pub struct PartnerDeleteInput {
    /// The partner's id.
    pub id: IdOf<PartnerId>,
    /// The version that you read: where it has moved on, nothing is deleted.
    pub version: i32,
    /// The name, where it has live keys: without it you are told what would be lost.
    pub confirm: Option<Text>,
}

payload! {
    /// What came of writing a partner down.
    PartnerCreatePayload {
        /// The partner.
        partner: Partner,
        /// Its first key, which reads the feed of changes.
        api_key: ApiKey,
        /// The key's secret, shown this once: the partner sends it as `Authorization: Bearer ...`.
        secret: String,
    }
}

payload! {
    /// What came of editing a partner.
    PartnerEditPayload {
        /// The partner, as it is now; on a conflict as another has left it.
        partner: Partner,
    }
}

payload! {
    /// What came of deleting a partner.
    PartnerDeletePayload {
        /// The partner, as it was; on a conflict as another has left it.
        partner: Partner,
    }
}

fn ids(given: Vec<IdOf<CampaignId>>) -> Vec<CampaignId> {
    given.into_iter().map(|id| id.0).collect()
}

/// The root fields.
#[derive(Debug, Default)]
pub struct PartnerMutation;

#[Object]
impl PartnerMutation {
    /// Writes a partner down, with what it may carry, and makes its first key. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn partner_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said of it.")] input: PartnerCreateInput,
    ) -> Result<PartnerCreatePayload> {
        let PartnerCreateInput { alliance, name, website_url, contact, carries_all, campaigns } = input;
        let new = Create {
            alliance: alliance.0,
            name: name.0,
            website_url: website_url.map(|text| text.0),
            contact: contact.map(|text| text.0),
            carries_all,
            campaigns: ids(campaigns),
        };
        let done = create::create(&ctx.caller(), new).await;
        PartnerCreatePayload::of(done, |payload, (partner, key, secret)| {
            payload.partner = Some(Partner(partner));
            payload.api_key = Some(ApiKey(key));
            payload.secret = Some(secret);
        })
    }

    /// Changes what is said of a partner, and what it may carry. Where its rights change, the partner reads its feed from the beginning. For
    /// admins.
    #[graphql(directive = staff_only::apply())]
    async fn partner_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: PartnerEditInput,
    ) -> Result<PartnerEditPayload> {
        let PartnerEditInput { id, version, name, website_url, contact, carries_all, campaigns, is_suspended } = input;
        let edit = Edit {
            id: id.0,
            version,
            name: name.map_value(|text| text.0),
            website_url: website_url.map_value(|text| text.0),
            contact: contact.map_value(|text| text.0),
            carries_all,
            campaigns: campaigns.map_value(ids),
            is_suspended,
        };
        let (partner, user_errors) = ctx.changed(id.0, edit::edit(&ctx.caller(), edit).await).await?;
        Ok(PartnerEditPayload { partner: partner.map(Partner), user_errors })
    }

    /// Deletes a partner with its keys: it reads nothing from then on. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn partner_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which partner.")] input: PartnerDeleteInput,
    ) -> Result<PartnerDeletePayload> {
        let PartnerDeleteInput { id, version, confirm } = input;
        let gone = Delete { id: id.0, version, confirm: confirm.map(|text| text.0) };
        let (partner, user_errors) = ctx.deleted(id.0, delete::delete(&ctx.caller(), gone).await).await?;
        Ok(PartnerDeletePayload { partner: partner.map(Partner), user_errors })
    }
}
