//! Relay connections: the types that a client sees around a page of any list.

use async_graphql::{Context, SimpleObject};
use uuid::Uuid;

use crate::context::Ask;
use crate::error::{Error, Result};
use crate::page::store::{Count, List, Listed};
use crate::page::{Arguments, Page};

/// Where a page stands in its list.
#[derive(Debug, Clone, SimpleObject)]
pub struct PageInfo {
    /// Whether the list goes on behind this page.
    pub has_next_page: bool,
    /// Whether the list has items before this page.
    pub has_previous_page: bool,
    /// The cursor of the first item of this page; null where the page is empty.
    pub start_cursor: Option<String>,
    /// The cursor of the last item of this page; null where the page is empty.
    pub end_cursor: Option<String>,
}

/// A page that has been asked for and is read when one of its fields is.
#[derive(Debug, Clone)]
pub struct Asked<L> {
    list: List<L>,
}

impl<L: Listed> Asked<L> {
    /// Checks the arguments of a list of `parent`, or of a list at the root.
    ///
    /// # Errors
    /// Arguments that make no sense or pass a limit.
    pub fn new(of: L, parent: Option<Uuid>, arguments: Arguments) -> Result<Self> {
        let order = of.order();
        let request = arguments.check(order.name, &order.like)?;
        Ok(Self { list: List { of, parent, request } })
    }

    /// Reads the page.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn page(&self, ctx: &Context<'_>) -> Result<Page<L::Row>> {
        let missing = || Error::internal("a page that was asked for was not loaded");
        ctx.load(self.list.clone()).await?.ok_or_else(missing)
    }

    /// Counts the whole list.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn total(&self, ctx: &Context<'_>) -> Result<i64> {
        let List { of, parent, request: _ } = self.list.clone();
        Ok(ctx.load(Count { of, parent }).await?.unwrap_or_default())
    }

    /// Where the page stands.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo> {
        let page = self.page(ctx).await?;
        let order = self.list.of.order().name;
        Ok(PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.rows.first().map(|(position, _)| position.encode(order)),
            end_cursor: page.rows.last().map(|(position, _)| position.encode(order)),
        })
    }

    /// The name of the list's order, which its cursors hold to.
    #[must_use]
    pub fn order_name(&self) -> &'static str {
        self.list.of.order().name
    }
}

/// Makes the connection and edge types of a list, described in the words for one and for many of its items.
macro_rules! connection {
    ($connection:ident, $edge:ident, $list:ty => $node:ident, $one:literal, $many:literal) => {
        #[derive(Debug, Clone)]
        #[doc = concat!("A page of ", $many, ".")]
        pub struct $connection(pub $crate::page::connection::Asked<$list>);

        #[doc = concat!("A page of ", $many, ".")]
        #[async_graphql::Object]
        impl $connection {
            #[doc = concat!("The ", $many, " of this page, each with its cursor.")]
            async fn edges(&self, ctx: &async_graphql::Context<'_>) -> $crate::error::Result<Vec<$edge>> {
                let order = self.0.order_name();
                let rows = self.0.page(ctx).await?.rows;
                Ok(rows.into_iter().map(|(at, row)| $edge { cursor: at.encode(order), node: $node::from(row) }).collect())
            }

            #[doc = concat!("The ", $many, " of this page.")]
            async fn nodes(&self, ctx: &async_graphql::Context<'_>) -> $crate::error::Result<Vec<$node>> {
                Ok(self.0.page(ctx).await?.rows.into_iter().map(|(_, row)| $node::from(row)).collect())
            }

            /// Where this page stands in the list.
            async fn page_info(
                &self,
                ctx: &async_graphql::Context<'_>,
            ) -> $crate::error::Result<$crate::page::connection::PageInfo> {
                self.0.page_info(ctx).await
            }

            #[doc = concat!("How many ", $many, " the whole list has. They are counted when this is asked for, which takes time in proportion to them.")]
            async fn total_count(&self, ctx: &async_graphql::Context<'_>) -> $crate::error::Result<i64> {
                self.0.total(ctx).await
            }
        }

        #[derive(async_graphql::SimpleObject)]
        #[doc = concat!("One ", $one, " in a page, with its cursor.")]
        pub struct $edge {
            /// Where the item stands in the list; opaque. Give it as `after` or `before`.
            pub cursor: String,
            #[doc = concat!("The ", $one, ".")]
            pub node: $node,
        }
    };
}
pub(crate) use connection;

/// Makes an object of plain fields and of lists, and gives each list its five page arguments.
macro_rules! object {
    (
        $(#[$meta:meta])* $object:ident ($this:tt, $ctx:ident, $page:ident)
        { $($plain:tt)* }
        lists { $( $(#[$doc:meta])* fn $field:ident( $($(#[$argument_doc:meta])* $argument:ident: $type:ty),* ) -> $connection:ty $body:block )* }
    ) => {
        $(#[$meta])*
        #[async_graphql::Object]
        impl $object {
            $($plain)*

            $(
                $(#[$doc])*
                #[allow(clippy::too_many_arguments, reason = "every list has the five arguments of a page")]
                pub async fn $field(
                    &$this,
                    $ctx: &async_graphql::Context<'_>,
                    #[graphql(desc = "How many items from the start of the list: 0 to 100; 20 where neither `first` nor `last` is given.")]
                    first: Option<i32>,
                    #[graphql(desc = "Only items behind this cursor.")]
                    after: Option<String>,
                    #[graphql(desc = "How many items from the end of the list: 0 to 100.")]
                    last: Option<i32>,
                    #[graphql(desc = "Only items before this cursor.")]
                    before: Option<String>,
                    #[graphql(desc = "How many items to skip, for page numbers: 0 to 10,000; with `first` alone.")]
                    offset: Option<i32>,
                    $($(#[$argument_doc])* $argument: $type,)*
                ) -> $crate::error::Result<$connection> {
                    let ($page, _) = ($crate::page::Arguments { first, after, last, before, offset }, $ctx);
                    $body
                }
            )*
        }
    };
}
pub(crate) use object;
