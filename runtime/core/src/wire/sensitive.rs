//! Secrets of requests that nothing in the request marks.

use crate::secret::Secret;

/// The sensitive parts of a request outside of the members of its body. The model marks them as sensitive. The protocol
/// that wrote the request adds this type to the request's extensions.
#[derive(Clone, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "made and read by the layers around")]
pub struct SensitiveParts {
    /// Texts in path, query and headers, before they were encoded.
    pub texts: Vec<Secret>,
    /// Whether the whole body is a secret.
    pub body: Option<SensitiveBody>,
}

/// The form of a body that is a secret as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum SensitiveBody {
    /// Bytes or a text.
    Bytes,
    /// A document in the format of the protocol, whose texts are secrets.
    Document,
}
