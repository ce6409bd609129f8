//! What is changed of posts: decode, call, wrap.

pub mod publishing;
pub mod reviewing;
pub mod terms;
pub mod writing;

/// Makes the payload of a mutation of a post, and fills it from what came of the act.
macro_rules! post_payload {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Default, async_graphql::SimpleObject)]
        pub struct $name {
            /// The post as it is now: where it was changed, and where somebody else changed it first. Null where nothing was written else.
            pub post: Option<$crate::posts::object::Post>,
            /// What a person can mend; empty where it was done.
            pub user_errors: Vec<$crate::change::UserError>,
        }

        impl $name {
            async fn of(
                ctx: &async_graphql::Context<'_>,
                id: alliance_entity::id::PostId,
                done: $crate::error::Result<()>,
            ) -> $crate::error::Result<Self> {
                let (post, user_errors) = $crate::context::Ask::changed(ctx, id, done).await?;
                Ok(Self { post: post.map($crate::posts::object::Post), user_errors })
            }
        }
    };
}
use post_payload;

/// Makes the input of a mutation that names a post and its version, and perhaps more.
macro_rules! post_input {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $of:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, async_graphql::InputObject)]
        pub struct $name {
            /// The post's id.
            pub id: $crate::scalar::IdOf<alliance_entity::id::PostId>,
            /// The version that you read: where it has moved on, nothing is written.
            pub version: i32,
            $($(#[$field_meta])* pub $field: $of,)*
        }

        impl $name {
            fn which(&self) -> $crate::posts::actions::Which {
                $crate::posts::actions::Which { id: self.id.0, version: self.version }
            }
        }
    };
}
use post_input;
