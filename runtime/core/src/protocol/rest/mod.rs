//! REST protocols: members in path, query, headers and body. <https://smithy.io/2.0/spec/http-bindings.html>

/// Methods of a serializer that refuse their value with an error.
macro_rules! refuse {
    ($($error:expr => { $($method:ident($($type:ty),*) -> $ok:ty;)* })*) => {
        $($(fn $method(self, $(_: $type),*) -> Result<$ok, Self::Error> {
            Err($error)
        })*)*
    };
}

mod aws_rest_json;
#[cfg(feature = "xml")]
pub(super) mod aws_rest_xml;
mod bound;
pub mod header_list;
mod input;
mod joined;
mod scalar;
mod split;

use serde_core::{Deserializer, Serialize, Serializer, de::DeserializeOwned};

pub use self::aws_rest_json::AwsRestJson;
use self::{bound::Bound, joined::Joined, split::Split};
use super::{Binding, DecodeError, EncodeError, Location, OperationInfo, tree::Node};
use crate::wire::Response;

/// Writes the members of the body with `serializer`, and returns the others.
pub(super) fn write<T: Serialize, S: Serializer>(
    operation: &OperationInfo,
    input: &T,
    serializer: S,
) -> Result<Bound, EncodeError> {
    let mut bound = Bound::default();
    let split = Split::new(operation.request_bindings, operation.has_body_members, &mut bound, serializer);
    input.serialize(split).map_err(|error| EncodeError(error.to_string()))?;
    Ok(bound)
}

/// Writes the members of a response's body with `serializer`.
pub(super) fn write_body<T: Serialize, S: Serializer>(
    operation: &OperationInfo,
    output: &T,
    serializer: S,
) -> Result<(), EncodeError> {
    use Location::{Payload, RawPayload, TextPayload, UnionPayload};
    let is_payload = |binding: &Binding| {
        matches!(binding.location, Payload | RawPayload(_) | TextPayload(_) | UnionPayload)
    };
    let has_members = !operation.response_bindings.iter().any(is_payload);
    let mut bound = Bound::default();
    let split = Split::new(operation.response_bindings, has_members, &mut bound, serializer);
    output.serialize(split).map_err(|error| EncodeError(error.to_string()))
}

/// The members of a response outside of its body's members, except structured payloads.
pub(super) fn outside<'a>(
    operation: &OperationInfo,
    response: &'a Response,
) -> Result<Vec<(&'static str, Node<'a>)>, DecodeError> {
    bound::of_response(operation, response).map_err(DecodeError::Unreadable)
}

/// Whether the body of a response is a document of the protocol, and neither empty nor raw.
pub(super) fn has_document(operation: &OperationInfo, response: &Response) -> bool {
    let is_raw =
        |binding: &Binding| matches!(binding.location, Location::RawPayload(_) | Location::TextPayload(_));
    operation.reads_body
        && !response.body().trim_ascii().is_empty()
        && !operation.response_bindings.iter().any(is_raw)
}

/// Reads the members outside of the body, and those in the body with `body`, if there is one.
pub(super) fn read<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    operation: &OperationInfo,
    response: &'de Response,
    outside: &'de [(&'static str, Node<'de>)],
    body: Option<D>,
) -> Result<T, D::Error> {
    T::deserialize(Joined::new(operation, response, outside, body))
}
