//! Who gets an alliance's updates by e-mail, and what they agreed to.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AllianceId, EmailSubscriptionId};

/// One row of `email_subscriptions`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_subscriptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EmailSubscriptionId,
    pub alliance_id: AllianceId,
    pub email: String,
    /// The address as it is compared.
    pub email_key: String,
    /// What they want to be called.
    pub name: Option<String>,
    pub state: EmailSubscriptionState,
    pub frequency: EmailFrequency,
    /// What they agreed to, as it was shown.
    pub wording: String,
    /// Which of the alliance's wordings that was.
    pub wording_version: i32,
    pub source: ConsentSource,
    /// The network that the request came from.
    pub network: Option<String>,
    pub requested_at: DateTime<Utc>,
    pub confirmed_at: DateTime<Utc>,
    /// Since when nothing is sent.
    pub ended_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
}

/// None is named: statements join by columns.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Without what a log must not show.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("email_subscription::Model").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// Whether updates are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EmailSubscriptionState {
    /// They are: whoever reads the address's mail has confirmed it.
    #[sea_orm(string_value = "CONFIRMED")]
    Confirmed,
    /// They are not any more: it was cancelled.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
    /// They are not any more: the address takes no mail.
    #[sea_orm(string_value = "BOUNCED")]
    Bounced,
}

/// How often updates are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EmailFrequency {
    /// Each post in a mail of its own, once it is published.
    #[sea_orm(string_value = "IMMEDIATE")]
    Immediate,
    /// One mail a day with what was published since the last one; none on days without anything.
    #[sea_orm(string_value = "DAILY")]
    Daily,
    /// One mail each Monday with what was published since the last one; none after weeks without anything.
    #[sea_orm(string_value = "WEEKLY")]
    Weekly,
}

/// Where somebody signed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ConsentSource {
    /// On a page of this server.
    #[sea_orm(string_value = "OWN_PAGE")]
    OwnPage,
    /// On a page of another site, which asked from a browser.
    #[sea_orm(string_value = "OTHER_PAGE")]
    OtherPage,
    /// Through a program, such as the server of a site.
    #[sea_orm(string_value = "PROGRAM")]
    Program,
}
