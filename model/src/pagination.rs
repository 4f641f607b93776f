//! Responses that come in pages.

use crate::{Member, ShapeId};

/// How an operation's responses are paged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// Response member, a list, that holds the items.
    pub items: Member,
    /// Type of the items.
    pub item: ShapeId,
    /// How a request selects its page.
    pub by: PageKey,
}

/// How a request selects its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageKey {
    /// By a token from the page before.
    Token {
        /// Request member, a string, that selects the page after a token.
        input: Member,
        /// Response member, a string, with the token of the next page.
        output: Member,
    },
    /// By a number, from 1.
    Number {
        /// Request member with the page's number.
        page: Member,
        /// Response member with the number of items on all pages, if there is one.
        total: Option<Member>,
    },
}
