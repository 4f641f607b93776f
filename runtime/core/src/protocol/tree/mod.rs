//! Responses as trees, in any format, and conversion of trees to types.

pub(super) mod node;
pub(super) mod read;
#[cfg(feature = "xml")]
pub(super) mod xml;

use serde_core::de::{DeserializeOwned, Error as _};
use serde_json::Value;

pub(super) use self::{
    node::Node,
    read::{Style, value},
};
use crate::codec::PlacedError;

/// A type from JSON, read as leniently as responses.
pub(super) fn value_of_json<T: DeserializeOwned>(json: &Value, style: Style) -> Result<T, PlacedError> {
    let text = json.to_string();
    let node: Node<'_> = serde_json::from_str(&text).map_err(PlacedError::custom)?;
    value(&node, style)
}
