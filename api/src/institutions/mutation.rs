//! institutionCreate, institutionEdit, institutionPublish, institutionJoin, institutionLeave, institutionDelete.

use alliance_entity::id::{AllianceId, InstitutionId};
use alliance_entity::institution::InstitutionKind;
use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::institutions::actions::create::{self, Create};
use crate::institutions::actions::delete::{self, Delete};
use crate::institutions::actions::edit::{self, Edit};
use crate::institutions::actions::membership::{self, Day};
use crate::institutions::actions::publish;
use crate::institutions::object::Institution;
use crate::policy::staff::staff_only;
use crate::scalar::{Date, IdOf, Text};

/// What is said of a new institution.
#[derive(Debug, InputObject)]
pub struct InstitutionCreateInput {
    /// The id of the alliance that it belongs to.
    pub alliance: IdOf<AllianceId>,
    /// Its name: one line of up to 100 characters.
    pub name: Text,
    /// Its name in addresses: small letters, digits and hyphens. Left out, it is made of the name.
    pub slug: Option<Text>,
    /// What kind of organisation it is.
    pub kind: InstitutionKind,
    /// What it is and does, in Markdown: up to 200,000 characters, 1,000 footnotes, and 1,000,000 bytes as HTML.
    pub description: Option<Text>,
    /// Its own site, such as `https://www.example.org`.
    pub website_url: Option<Text>,
}

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct InstitutionEditInput {
    /// The institution's id.
    pub id: IdOf<InstitutionId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Its name: one line of up to 100 characters.
    pub name: MaybeUndefined<Text>,
    /// Its name in addresses. The one that it had leads to it from then on, with `redirectedFrom`.
    pub slug: MaybeUndefined<Text>,
    /// What kind of organisation it is.
    pub kind: MaybeUndefined<InstitutionKind>,
    /// What it is and does, in Markdown; `null` empties it.
    pub description: MaybeUndefined<Text>,
    /// Its own site; `null` where it has none.
    pub website_url: MaybeUndefined<Text>,
}

/// Which institution is published.
#[derive(Debug, InputObject)]
pub struct InstitutionPublishInput {
    /// The institution's id.
    pub id: IdOf<InstitutionId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
}

/// Which institution joins, and when.
#[derive(Debug, InputObject)]
pub struct InstitutionJoinInput {
    /// The institution's id.
    pub id: IdOf<InstitutionId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Its first day as a member, which may still come. Left out, it is today in UTC.
    pub on: Option<Date>,
}

/// Which institution leaves, and when.
#[derive(Debug, InputObject)]
pub struct InstitutionLeaveInput {
    /// The institution's id.
    pub id: IdOf<InstitutionId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// The first day on which it is a member no longer, which may still come. Left out, it is today in UTC.
    pub on: Option<Date>,
}

/// Which institution is deleted.
#[derive(Debug, InputObject)]
pub struct InstitutionDeleteInput {
    /// The institution's id.
    pub id: IdOf<InstitutionId>,
    /// The version that you read: where it has moved on, nothing is deleted.
    pub version: i32,
    /// Its slug, where posts or campaigns refer to it: without it you are told what would be lost.
    pub confirm: Option<Text>,
}

payload! {
    /// What came of writing an institution down.
    InstitutionCreatePayload {
        /// The institution: a draft.
        institution: Institution,
    }
}

payload! {
    /// What came of editing an institution.
    InstitutionEditPayload {
        /// The institution, as it is now; on a conflict as another has left it.
        institution: Institution,
    }
}

payload! {
    /// What came of publishing an institution.
    InstitutionPublishPayload {
        /// The institution, as it is now; on a conflict as another has left it.
        institution: Institution,
    }
}

payload! {
    /// What came of letting an institution join.
    InstitutionJoinPayload {
        /// The institution, as it is now; on a conflict as another has left it.
        institution: Institution,
    }
}

payload! {
    /// What came of letting an institution leave.
    InstitutionLeavePayload {
        /// The institution, as it is now; on a conflict as another has left it.
        institution: Institution,
    }
}

payload! {
    /// What came of deleting an institution.
    InstitutionDeletePayload {
        /// The institution, as it was; on a conflict as another has left it.
        institution: Institution,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct InstitutionMutation;

#[Object]
impl InstitutionMutation {
    /// Writes an institution down as a draft, which staff alone see and which is no member yet. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn institution_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said of it.")] input: InstitutionCreateInput,
    ) -> Result<InstitutionCreatePayload> {
        let InstitutionCreateInput { alliance, name, slug, kind, description, website_url } = input;
        let new = Create {
            alliance: alliance.0,
            name: name.0,
            slug: slug.map(|text| text.0),
            kind,
            description: description.map(|text| text.0),
            website_url: website_url.map(|text| text.0),
        };
        let done = create::create(&ctx.caller(), new).await;
        InstitutionCreatePayload::of(done, |payload, row| payload.institution = Some(row.into()))
    }

    /// Changes what is said of an institution. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn institution_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: InstitutionEditInput,
    ) -> Result<InstitutionEditPayload> {
        let InstitutionEditInput { id, version, name, slug, kind, description, website_url } = input;
        let edit = Edit {
            id: id.0,
            version,
            name: name.map_value(|text| text.0),
            slug: slug.map_value(|text| text.0),
            kind,
            description: description.map_value(|text| text.0),
            website_url: website_url.map_value(|text| text.0),
        };
        let done = edit::edit(&ctx.caller(), edit).await;
        let (institution, user_errors) = ctx.changed(id.0, done).await?;
        Ok(InstitutionEditPayload { institution: institution.map(Institution::from), user_errors })
    }

    /// Makes an institution's page public. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn institution_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which institution.")] input: InstitutionPublishInput,
    ) -> Result<InstitutionPublishPayload> {
        let done = publish::publish(&ctx.caller(), input.id.0, input.version).await;
        let (institution, user_errors) = ctx.changed(input.id.0, done).await?;
        Ok(InstitutionPublishPayload { institution: institution.map(Institution::from), user_errors })
    }

    /// Lets an institution be a member from a day on; one that had left comes back. `institutionCount` follows the day. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn institution_join(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which institution, and when.")] input: InstitutionJoinInput,
    ) -> Result<InstitutionJoinPayload> {
        let InstitutionJoinInput { id, version, on } = input;
        let done = membership::join(&ctx.caller(), Day { id: id.0, version, on: on.map(|day| day.0) }).await;
        let (institution, user_errors) = ctx.changed(id.0, done).await?;
        Ok(InstitutionJoinPayload { institution: institution.map(Institution::from), user_errors })
    }

    /// Lets an institution be no member from a day on. Its page stays. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn institution_leave(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which institution, and when.")] input: InstitutionLeaveInput,
    ) -> Result<InstitutionLeavePayload> {
        let InstitutionLeaveInput { id, version, on } = input;
        let done = membership::leave(&ctx.caller(), Day { id: id.0, version, on: on.map(|day| day.0) }).await;
        let (institution, user_errors) = ctx.changed(id.0, done).await?;
        Ok(InstitutionLeavePayload { institution: institution.map(Institution::from), user_errors })
    }

    /// Deletes an institution. Posts and campaigns stay, and name it no more. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn institution_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which institution.")] input: InstitutionDeleteInput,
    ) -> Result<InstitutionDeletePayload> {
        let InstitutionDeleteInput { id, version, confirm } = input;
        let gone = Delete { id: id.0, version, confirm: confirm.map(|text| text.0) };
        let (institution, user_errors) = ctx.deleted(id.0, delete::delete(&ctx.caller(), gone).await).await?;
        Ok(InstitutionDeletePayload { institution: institution.map(Institution::from), user_errors })
    }
}
