//! Responses as trees, in any format, and types from them.

mod node;
mod read;
mod xml;

pub(super) use self::{
    node::Node,
    read::{Style, value},
};
#[cfg(feature = "aws-query")]
pub(super) use self::{
    node::decode,
    xml::{Document, parse as parse_xml},
};
