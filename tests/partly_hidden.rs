//! A schema made for tests, part of which is for staff alone.

#![expect(clippy::unused_async, reason = "resolvers are async, whether or not they wait")]

use alliance::config::door::Documents;
use alliance::config::limits::Limits;
use alliance::document::{Front, Settings};
use alliance::error::{Error, Result};
use alliance::policy::staff::staff_only;
use async_graphql::{
    EmptySubscription, Enum, InputObject, Interface, MergedObject, Object, SDLExportOptions, Schema, SimpleObject, Union,
    ValidationMode,
};

/// Where a post stands.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum State {
    Live,
    #[graphql(directive = staff_only::apply())]
    Draft,
}

#[derive(InputObject)]
struct Filter {
    word: Option<String>,
    #[graphql(directive = staff_only::apply())]
    hidden: Option<Hidden>,
}

#[derive(InputObject)]
struct Hidden {
    reason: String,
    depth: Option<i32>,
}

/// A post.
struct Post;

#[Object]
impl Post {
    async fn title(&self) -> &str {
        "A title"
    }
    async fn state(&self) -> State {
        State::Live
    }
    #[graphql(directive = staff_only::apply())]
    async fn note(&self) -> Result<Option<Note>> {
        Err(Error::Forbidden("read notes"))
    }
    async fn related(&self) -> Vec<Post> {
        Vec::new()
    }
}

#[derive(SimpleObject)]
struct Note {
    words: String,
    author: Account,
}

#[derive(SimpleObject)]
struct Account {
    email: String,
}

/// A key is for staff, wherever it might turn up.
#[derive(SimpleObject)]
#[graphql(directive = staff_only::apply())]
struct Key {
    title: String,
    prefix: String,
}

#[derive(Interface)]
#[graphql(field(name = "title", ty = "String"))]
enum Titled {
    Key(Key),
    Leaf(Leaf),
}

#[derive(SimpleObject)]
struct Leaf {
    title: String,
}

#[derive(Union)]
enum Found {
    Key(Key),
    Leaf(Leaf),
}

#[derive(Default, MergedObject)]
pub(crate) struct Query(ForAll, ForStaff);

#[derive(Default)]
struct ForAll;

#[Object]
impl ForAll {
    async fn post(&self, filter: Option<Filter>, #[graphql(directive = staff_only::apply())] draft: Option<bool>) -> Post {
        drop((filter, draft));
        Post
    }
    async fn posts(&self) -> Vec<Post> {
        vec![Post]
    }
    async fn titled(&self) -> Option<Titled> {
        None
    }
    async fn found(&self) -> Option<Found> {
        None
    }
}

#[derive(Default)]
struct ForStaff;

#[Object]
impl ForStaff {
    #[graphql(directive = staff_only::apply())]
    async fn accounts(&self, limit: i32, matching: Option<Hidden>) -> Result<Option<Vec<Account>>> {
        let _ = (limit, matching.map(|hidden| (hidden.reason, hidden.depth)));
        Err(Error::Forbidden("read accounts"))
    }
}

pub(crate) struct Mutation;

#[Object]
impl Mutation {
    #[graphql(directive = staff_only::apply())]
    async fn account_erase(&self) -> Option<bool> {
        None
    }
}

pub(crate) type Executor = Schema<Query, Mutation, EmptySubscription>;

/// All of it, as SDL.
pub(crate) fn whole() -> String {
    Schema::build(Query::default(), Mutation, EmptySubscription).finish().sdl_with_options(SDLExportOptions::new())
}

/// A front that documents are held by to this SDL.
pub(crate) fn front_of(sdl: &str) -> Result<Front<Executor>> {
    let executor = Schema::build(Query::default(), Mutation, EmptySubscription).validation_mode(ValidationMode::Fast).finish();
    let limits = Limits { document_bytes: 1_000, document_bytes_staff: 4_000, ..Limits::default() };
    let settings =
        Settings { sdl, scalars: &[], weights: &[], alone: &[], limits, documents: Documents::Automatic, manifest: None };
    Front::new(executor, &settings)
}

/// The front of it.
pub(crate) fn front() -> Front<Executor> {
    front_of(&whole()).expect("the schema is one")
}
