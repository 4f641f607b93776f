//! How REST XML names elements of documents.

use serde::Deserialize;

/// The root element of a request's document.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct XmlRoot {
    /// Name of the element.
    pub name: String,
    /// Namespace that the element declares, if it is not the one of the protocol.
    pub namespace: Option<XmlNamespace>,
}

/// A namespace that an element declares.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
pub struct XmlNamespace {
    /// URI of the namespace.
    pub uri: String,
    /// Prefix of names in the namespace; `None` if names have no prefix.
    pub prefix: Option<String>,
}
