//! How REST XML names elements of documents.

use crate::json::object;
use crate::{Location, Operation, Shape, ShapeId};

object! {
    /// The root element of a request's document.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct XmlRoot {
        /// Name of the element.
        pub name: String,
        /// Namespace that the element declares, if it is not the one of the protocol.
        pub namespace: Option<XmlNamespace>,
    }
}

object! {
    /// A namespace that an element declares.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub struct XmlNamespace {
        /// URI of the namespace.
        pub uri: String,
        /// Prefix of names in the namespace; `None` if names have no prefix.
        pub prefix: Option<String>,
    }
}

impl Operation {
    /// The shape of a request's document, which names the root unless `xml_root` does. `None` if requests have no document.
    pub fn document<'a>(&self, get: impl Fn(ShapeId) -> &'a Shape) -> Option<&'a Shape> {
        let input = get(self.input);
        let payload = input.members().iter().find(|member| member.location == Some(Location::Payload));
        match payload.map(|member| get(member.shape)) {
            Some(payload) => Some(payload).filter(|payload| payload.kind.media_type().is_none()),
            None => input.members().iter().any(|member| member.location.is_none()).then_some(input),
        }
    }
}
