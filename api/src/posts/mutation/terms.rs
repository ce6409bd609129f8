//! postTermsSet.

use async_graphql::{Context, MaybeUndefined, Object};

use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::posts::actions::terms::{self, Terms};
use crate::posts::mutation::{post_input, post_payload};
use crate::scalar::{DateTime, Text};

post_input! {
    /// On what terms others carry a post. What is left out stays.
    PostTermsSetInput {
        /// Its licence: an SPDX name, such as `CC-BY-4.0`, or an address; `null` where it is its alliance's.
        licence: MaybeUndefined<Text>,
        /// On what terms others may carry it, in words: up to 1,000 characters; `null` where they are its alliance's.
        usage_terms: MaybeUndefined<Text>,
        /// Until when nobody may carry it: until then it is in no feed, though it may be public here; `null` where it may be carried at once. One
        /// that is carried already is taken away until then.
        embargoed_until: MaybeUndefined<DateTime>,
        /// A note to the desks of partners, which nobody else reads: up to 1,000 characters; `null` where there is none.
        desk_note: MaybeUndefined<Text>,
    }
}

post_payload! {
    /// What came of setting the terms of a post.
    PostTermsSetPayload
}

/// The root fields.
#[derive(Debug, Default)]
pub struct PostTermsMutation;

#[Object]
impl PostTermsMutation {
    /// Says on what terms others carry a post, and until when nobody does. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_terms_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post, and on what terms.")] input: PostTermsSetInput,
    ) -> Result<PostTermsSetPayload> {
        let which = input.which();
        let PostTermsSetInput { licence, usage_terms, embargoed_until, desk_note, .. } = input;
        let set = Terms {
            which,
            licence: licence.map_value(|text| text.0),
            usage_terms: usage_terms.map_value(|text| text.0),
            embargoed_until: embargoed_until.map_value(|at| at.0),
            desk_note: desk_note.map_value(|text| text.0),
        };
        PostTermsSetPayload::of(ctx, which.id, terms::set(&ctx.caller(), set).await).await
    }
}
