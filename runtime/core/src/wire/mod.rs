//! Requests, responses, and reasons for missing responses. The transport and the layers below it share these types.

mod error;
mod fault;
pub mod headers;
mod metadata;
mod peer;
mod sensitive;

use bytes::Bytes;

pub use self::{
    error::{IncompleteBody, Reached, TransportError, TransportErrorKind},
    fault::{Awaited, RequestFault, SettingError, TimedOut},
    metadata::ResponseMetadata,
    peer::{HostPort, Peer},
};
pub use self::{
    fault::{BodyTooLarge, NoRootCertificates, TunnelError},
    peer::{bare, is_authentic, is_loopback},
    sensitive::{SensitiveBody, SensitiveParts},
};

/// A request as it goes on the wire; the URI is absolute.
pub type Request = http::Request<Bytes>;
/// A response with its whole body.
pub type Response = http::Response<Bytes>;
