//! Enquiry, its steps, and those who work it, as clients see them.

use alliance_entity::enquiry::{self, EnquiryState};
use alliance_entity::enquiry_step::{self, EnquiryStepKind};
use alliance_entity::id::AccountId;
use alliance_entity::institution::InstitutionKind;
use async_graphql::{Context, ID, Object, SimpleObject};

use crate::alliances::object::Alliance;
use crate::context::Ask;
use crate::enquiries::next_states;
use crate::enquiries::store::{Enquiries, NameOf, OrganisersOf, Steps};
use crate::error::{Error, Result};
use crate::institutions::object::Institution;
use crate::page::connection::{Asked, connection, object};
use crate::policy::Action;
use crate::policy::staff::staff_only;
use crate::scalar::DateTime;

connection!(EnquiryConnection, EnquiryEdge, Enquiries => Enquiry, "enquiry", "enquiries");
connection!(EnquiryStepConnection, EnquiryStepEdge, Steps => EnquiryStep, "step", "steps");

/// An enquiry's row.
#[derive(Debug, Clone)]
pub struct Enquiry(pub enquiry::Model);

impl From<enquiry::Model> for Enquiry {
    fn from(row: enquiry::Model) -> Self {
        Self(row)
    }
}

impl Enquiry {
    /// Whether the viewer works it.
    fn is_worked_by(&self, ctx: &Context<'_>) -> bool {
        ctx.viewer().may(Action::ReadWholeEnquiry(self.0.alliance_id))
    }
}

/// Somebody who works an alliance's enquiries.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = staff_only::apply())]
pub struct EnquiryOrganiser {
    /// The id of their account.
    pub id: ID,
    /// Their name.
    pub name: String,
}

async fn named(ctx: &Context<'_>, id: Option<AccountId>) -> Result<Option<EnquiryOrganiser>> {
    let Some(id) = id else { return Ok(None) };
    Ok(ctx.load(NameOf(id)).await?.map(|name| EnquiryOrganiser { id: id.to_string().into(), name }))
}

object! {
    /// An institution asks to sit down with an organiser of an alliance. Seen by the alliance's organisers and admins, and by whoever wrote
    /// it with an account.
    Enquiry (self, ctx, page) {
        /// The enquiry's id, the same for ever.
        pub async fn id(&self) -> ID {
            self.0.id.to_string().into()
        }

        /// The alliance that was asked.
        async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
            let missing = || Error::internal("an enquiry's alliance is missing");
            ctx.load(self.0.alliance_id).await?.map(Alliance::from).ok_or_else(missing)
        }

        /// How far it has come.
        async fn state(&self) -> EnquiryState {
            self.0.state
        }

        /// What the institution calls itself.
        async fn institution_name(&self) -> &str {
            &self.0.institution_name
        }

        /// What kind of organisation it is.
        async fn institution_kind(&self) -> InstitutionKind {
            self.0.institution_kind
        }

        /// The institution, where it is written down and you may see it.
        async fn institution(&self, ctx: &Context<'_>) -> Result<Option<Institution>> {
            let Some(id) = self.0.institution_id else { return Ok(None) };
            Ok(ctx.load(id).await?.map(Institution::from))
        }

        /// Who writes for it.
        async fn contact_name(&self) -> &str {
            &self.0.contact_name
        }

        /// Where an answer goes. Nobody has shown that the address is theirs: write to it before you rely on it.
        async fn email(&self) -> &str {
            &self.0.email
        }

        /// The number to call; null where none was given.
        async fn phone(&self) -> Option<&str> {
            self.0.phone.as_deref()
        }

        /// What they have to say, in plain text.
        async fn message(&self) -> &str {
            &self.0.message
        }

        /// When it was written.
        async fn created_at(&self) -> DateTime {
            DateTime(self.0.created_at)
        }

        /// When it was closed; null where it is not.
        async fn closed_at(&self) -> Option<DateTime> {
            self.0.closed_at.map(DateTime)
        }

        /// When it came further last, or was given to somebody.
        async fn updated_at(&self) -> DateTime {
            DateTime(self.0.updated_at)
        }

        /// Counts its changes: give the one that you read with each change; null but to those who work it.
        #[graphql(directive = staff_only::apply())]
        async fn version(&self, ctx: &Context<'_>) -> Option<i32> {
            self.is_worked_by(ctx).then_some(self.0.version)
        }

        /// Who works it; null where nobody does, and to whoever wrote it.
        #[graphql(directive = staff_only::apply())]
        async fn organiser(&self, ctx: &Context<'_>) -> Result<Option<EnquiryOrganiser>> {
            named(ctx, self.0.organiser_id.filter(|_| self.is_worked_by(ctx))).await
        }

        /// Whom it can be given to, by their names; none to whoever wrote it.
        #[graphql(directive = staff_only::apply())]
        async fn assignable(&self, ctx: &Context<'_>) -> Result<Vec<EnquiryOrganiser>> {
            if !self.is_worked_by(ctx) {
                return Ok(Vec::new());
            }
            let all = ctx.load(OrganisersOf(self.0.alliance_id)).await?.unwrap_or_default().into_iter();
            Ok(all.map(|one| EnquiryOrganiser { id: one.id.to_string().into(), name: one.name }).collect())
        }

        /// Where it can go on to from here, by `enquiryAdvance`; none to whoever wrote it.
        #[graphql(directive = staff_only::apply())]
        async fn next_states(&self, ctx: &Context<'_>) -> Vec<EnquiryState> {
            if self.is_worked_by(ctx) { next_states(self.0.state).to_vec() } else { Vec::new() }
        }
    }
    lists {
        /// What was done about it, and what those who work it told each other, the latest first; null to whoever wrote it.
        #[graphql(directive = staff_only::apply())]
        fn steps() -> Option<EnquiryStepConnection> {
            let asked = self.is_worked_by(ctx).then(|| Asked::new(Steps, Some(self.0.id.0), page));
            asked.map(|asked| asked.map(EnquiryStepConnection)).transpose()
        }
    }
}

/// A step's row.
#[derive(Debug, Clone)]
pub struct EnquiryStep(pub enquiry_step::Model);

impl From<enquiry_step::Model> for EnquiryStep {
    fn from(row: enquiry_step::Model) -> Self {
        Self(row)
    }
}

/// What was done about an enquiry, or noted. It is never changed.
#[Object(directive = staff_only::apply())]
impl EnquiryStep {
    /// The step's id, the same for ever.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What was done.
    async fn kind(&self) -> EnquiryStepKind {
        self.0.kind
    }

    /// How far the enquiry had come then.
    async fn state(&self) -> EnquiryState {
        self.0.state
    }

    /// Who worked it from then on; null where nobody did, or their account is gone.
    async fn organiser(&self, ctx: &Context<'_>) -> Result<Option<EnquiryOrganiser>> {
        named(ctx, self.0.organiser_id).await
    }

    /// What was noted, in plain text; null where nothing was.
    async fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// When it was done.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Who did it; null where whoever wrote the enquiry had no account, and where the account is gone.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<EnquiryOrganiser>> {
        named(ctx, self.0.created_by).await
    }
}
