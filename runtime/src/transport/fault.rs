//! What a failed exchange amounts to.

use std::{error::Error as StdError, io};

use super::{Reached, TransportErrorKind};

/// The source of an error for a response with status 101.
pub(super) const SWITCHED: &str =
    "status 101 (Switching Protocols), though the request had no `Upgrade` header";

/// What passed over a connection in one exchange.
pub(super) struct Passed {
    /// The connection had served another request before.
    pub(super) reused: bool,
    /// The length of the request's body.
    pub(super) body: usize,
    /// Bytes of the request, at most, that were handed to the system; those of TLS may be among them.
    pub(super) written: usize,
    /// Bytes of the answer.
    pub(super) read: usize,
}

impl Passed {
    /// How far the request got, its exchange having failed.
    pub(super) fn reached(&self, kind: TransportErrorKind) -> Reached {
        if kind == TransportErrorKind::Closed && self.reused && self.read == 0 {
            Reached::StaleConnection
        } else if self.written <= self.body {
            // There was a head too, so that a part is missing, and a service executes only what it has read whole.
            Reached::NotSent
        } else {
            Reached::MaybeSent
        }
    }
}

/// What a failure of a connected socket is.
pub(super) fn io_kind(error: &io::Error) -> TransportErrorKind {
    if error.get_ref().is_some_and(<dyn StdError + Send + Sync>::is::<rustls::Error>) {
        return TransportErrorKind::Tls;
    }
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => TransportErrorKind::Protocol,
        _ => TransportErrorKind::Closed,
    }
}
