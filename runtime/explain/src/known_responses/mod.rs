//! Answers that a service's model tells apart by more than a name: by message, headers, and what the request was like.
//!
//! The generated crate brings the table. Nothing of it needs a regular expression: patterns are texts with `*` for any
//! text and `{name}` for a part without blanks, which causes and remedies may name.

mod facts;
mod fit;
mod glob;
mod pick;

pub use self::glob::{Parts, fill};
pub(super) use self::pick::Known;
use self::pick::Readers;
pub use crate::service::known_responses::{
    Failure, KnownResponse, KnownResponses, RequestTrait, ResponseSource, When,
};

impl KnownResponses {
    /// Puts a table together.
    pub const fn new(sources: &'static [ResponseSource], entries: &'static [KnownResponse]) -> Self {
        Self { sources, entries, reader: Some(&Readers::ALL) }
    }
}
