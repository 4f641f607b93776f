//! Responses that a model distinguishes by message, headers and request, not by name alone.
//!
//! The generated crate has the table. Its patterns are simpler than regular expressions: `*` is any text, and `{name}`
//! a part without spaces that causes and remedies may refer to.

mod facts;
mod fit;
mod glob;
mod pick;

pub(crate) use self::glob::fill_by;
pub use self::glob::{Parts, fill};
pub(super) use self::pick::Known;
use self::pick::Readers;
pub use crate::service::known_responses::{
    Failure, KnownResponse, KnownResponses, RepairBy, RequestTrait, ResponseSource, When,
};

impl KnownResponses {
    /// Creates a table.
    pub const fn new(sources: &'static [ResponseSource], entries: &'static [KnownResponse]) -> Self {
        Self { sources, entries, reader: Some(&Readers::ALL) }
    }
}
