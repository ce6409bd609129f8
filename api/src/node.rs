//! The door of `node(id)`: any object by its id, through the same policy as every other door.

use alliance_entity::id::{
    self, AccountId, AllianceId, ApiKeyId, AuditEntryId, CampaignId, EnquiryId, EventId, InstitutionId, PartnerId, PersonId,
    PostId, PostNoteId, PostRevisionId, ReactionId, RsvpId, WebhookDeliveryId, WebhookId,
};
use async_graphql::{Context, ID, Interface, Object};

use crate::accounts::object::Account;
use crate::alliances::object::Alliance;
use crate::api_keys::object::ApiKey;
use crate::audit_log::object::AuditEntry;
use crate::campaigns::object::Campaign;
use crate::context::Ask;
use crate::enquiries::object::Enquiry;
use crate::error::{Error, Result};
use crate::events::object::Event;
use crate::events::rsvps::object::Rsvp;
use crate::institutions::object::Institution;
use crate::page::MOST;
use crate::partners::object::Partner;
use crate::people::object::Person;
use crate::posts::object::Post;
use crate::posts::revision::{PostNote, PostRevision};
use crate::reactions::object::Reaction;
use crate::webhooks::object::{Webhook, WebhookDelivery};

/// Anything that has an id of its own.
#[derive(Debug, Clone, Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "The object's id, the same for ever; opaque."))]
pub enum Node {
    /// An alliance.
    Alliance(Alliance),
    /// An institution.
    Institution(Institution),
    /// A campaign.
    Campaign(Campaign),
    /// An event.
    Event(Event),
    /// A person.
    Person(Person),
    /// A post.
    Post(Post),
    /// A revision of a post, for those who see all of it.
    PostRevision(PostRevision),
    /// A note on a post, for those who see all of it.
    PostNote(PostNote),
    /// A reaction that carries a comment.
    Reaction(Reaction),
    /// An account.
    Account(Account),
    /// A partner's key.
    ApiKey(ApiKey),
    /// A partner.
    Partner(Partner),
    /// A webhook.
    Webhook(Webhook),
    /// Something that was sent to a webhook, or is to be.
    WebhookDelivery(WebhookDelivery),
    /// An entry of the audit log.
    AuditEntry(AuditEntry),
    /// An enquiry.
    Enquiry(Enquiry),
    /// Somebody's answer to an event.
    Rsvp(Rsvp),
}

/// The root fields.
#[derive(Debug, Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The object with this id; null where there is none that you may see.
    async fn node(&self, ctx: &Context<'_>, #[graphql(desc = "The object's id.")] id: ID) -> Result<Option<Node>> {
        find(ctx, "id", &id).await
    }

    /// The objects with these ids, in their order; null in the place of each that does not exist or may not be seen. At most 100.
    async fn nodes(&self, ctx: &Context<'_>, #[graphql(desc = "The objects' ids.")] ids: Vec<ID>) -> Result<Vec<Option<Node>>> {
        let asked = ids.len() as u64;
        if asked > MOST {
            return Err(Error::Limit { what: "ids".to_owned(), allowed: MOST, asked });
        }
        futures_util::future::try_join_all(ids.iter().map(|id| find(ctx, "ids", id))).await
    }
}

async fn find(ctx: &Context<'_>, field: &str, id: &str) -> Result<Option<Node>> {
    let malformed = || Error::invalid(field, "this is no id; ids look like post_01h455vb4pex5vsknk084sn02q");
    let (prefix, uuid) = id::parse(id).map_err(|_| malformed())?;
    Ok(match prefix.as_str() {
        AllianceId::PREFIX => ctx.load(AllianceId(uuid)).await?.map(|row| Node::Alliance(row.into())),
        InstitutionId::PREFIX => ctx.load(InstitutionId(uuid)).await?.map(|row| Node::Institution(row.into())),
        CampaignId::PREFIX => ctx.load(CampaignId(uuid)).await?.map(|row| Node::Campaign(row.into())),
        EventId::PREFIX => ctx.load(EventId(uuid)).await?.map(|row| Node::Event(row.into())),
        PersonId::PREFIX => ctx.load(PersonId(uuid)).await?.map(|row| Node::Person(Person(row))),
        PostId::PREFIX => ctx.load(PostId(uuid)).await?.map(|row| Node::Post(Post(row))),
        PostRevisionId::PREFIX => ctx.load(PostRevisionId(uuid)).await?.map(|row| Node::PostRevision(row.into())),
        PostNoteId::PREFIX => ctx.load(PostNoteId(uuid)).await?.map(|row| Node::PostNote(row.into())),
        ReactionId::PREFIX => ctx.load(ReactionId(uuid)).await?.map(|row| Node::Reaction(Reaction(row))),
        AccountId::PREFIX => ctx.load(AccountId(uuid)).await?.map(|row| Node::Account(Account(row))),
        ApiKeyId::PREFIX => ctx.load(ApiKeyId(uuid)).await?.map(|row| Node::ApiKey(ApiKey(row))),
        PartnerId::PREFIX => ctx.load(PartnerId(uuid)).await?.map(|row| Node::Partner(Partner(row))),
        WebhookId::PREFIX => ctx.load(WebhookId(uuid)).await?.map(|row| Node::Webhook(Webhook(row))),
        WebhookDeliveryId::PREFIX => {
            ctx.load(WebhookDeliveryId(uuid)).await?.map(|row| Node::WebhookDelivery(WebhookDelivery(row)))
        }
        AuditEntryId::PREFIX => ctx.load(AuditEntryId(uuid)).await?.map(|row| Node::AuditEntry(AuditEntry(row))),
        EnquiryId::PREFIX => ctx.load(EnquiryId(uuid)).await?.map(|row| Node::Enquiry(Enquiry(row))),
        RsvpId::PREFIX => ctx.load(RsvpId(uuid)).await?.map(|row| Node::Rsvp(Rsvp(row))),
        _ => None,
    })
}
