//! allianceCreate.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use crate::alliances::object::Alliance;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::founding::Holdings;
use crate::founding::actions::{self, Create};
use crate::policy::staff::staff_only;
use crate::scalar::Text;

/// What the new alliance is.
#[derive(Debug, InputObject)]
pub struct AllianceCreateInput {
    /// Its name: one line of up to 100 characters.
    pub name: Text,
    /// Its name in addresses, unique in this installation: small letters, digits and hyphens. Left out, it is made of the name.
    pub slug: Option<Text>,
    /// The time zone of its city, an IANA name such as `Europe/London`.
    pub time_zone: Text,
    /// What it is, in one line.
    pub tagline: Option<Text>,
    /// What it is and does, in Markdown.
    pub description: Option<Text>,
    /// Its own site, such as `https://www.example.org`.
    pub website_url: Option<Text>,
    /// Whether the demo goes: its content and its accounts, but never yours. Where others have made or changed something in it, nothing
    /// is done, and you are told what there is.
    #[graphql(default)]
    pub without_demo: bool,
    /// The slug of the demo, `nottingham-citizens`: it goes then with all that others made and changed in it.
    pub delete_demo: Option<Text>,
}

/// How much went with the demo.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub struct DeletedDemo {
    /// How many posts.
    pub posts: u64,
    /// How many campaigns.
    pub campaigns: u64,
    /// How many events.
    pub events: u64,
    /// How many institutions.
    pub institutions: u64,
    /// How many people.
    pub people: u64,
    /// How many reactions.
    pub reactions: u64,
    /// How many enquiries.
    pub enquiries: u64,
    /// How many accounts of the demo.
    pub accounts: u64,
    /// How many keys of partners.
    pub api_keys: u64,
    /// Those who got its updates by e-mail.
    pub email_subscriptions: u64,
}

impl From<Holdings> for DeletedDemo {
    fn from(holdings: Holdings) -> Self {
        let Holdings {
            posts,
            campaigns,
            events,
            institutions,
            people,
            reactions,
            enquiries,
            accounts,
            api_keys,
            email_subscriptions,
        } = holdings;
        Self { posts, campaigns, events, institutions, people, reactions, enquiries, accounts, api_keys, email_subscriptions }
    }
}

payload! {
    /// What came of beginning an alliance.
    AllianceCreatePayload {
        /// The new alliance.
        alliance: Alliance,
        /// What went with the demo; null where the demo stays, or was gone already.
        deleted_demo: DeletedDemo,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct FoundingMutation;

#[Object]
impl FoundingMutation {
    /// Begins an alliance on this installation, and leaves the demo behind where that is asked for. For operators.
    #[graphql(directive = staff_only::apply())]
    async fn alliance_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: AllianceCreateInput,
    ) -> Result<AllianceCreatePayload> {
        let AllianceCreateInput { name, slug, time_zone, tagline, description, website_url, without_demo, delete_demo } = input;
        let new = Create {
            name: name.0,
            slug: slug.map(|text| text.0),
            time_zone: time_zone.0,
            tagline: tagline.map(|text| text.0),
            description: description.map(|text| text.0),
            website_url: website_url.map(|text| text.0),
            without_demo,
            delete_demo: delete_demo.map(|text| text.0),
        };
        let done = actions::create(&ctx.caller(), new).await;
        AllianceCreatePayload::of(done, |payload, founded| {
            payload.alliance = Some(founded.alliance.into());
            payload.deleted_demo = founded.deleted.map(DeletedDemo::from);
        })
    }
}
