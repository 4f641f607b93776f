//! Errors of failed exchanges.

use std::{error::Error as StdError, io};

use super::{Reached, TransportErrorKind};

/// The source of an error for a response with status 101.
pub(super) const SWITCHED: &str =
    "status 101 (Switching Protocols), though the request had no `Upgrade` header";

/// How many bytes an exchange transferred.
pub(super) struct Passed {
    /// Whether the connection had been used by another request before.
    pub(super) reused: bool,
    /// The length of the request's body.
    pub(super) body: usize,
    /// Most bytes of the request that were passed to the system; may include those of TLS.
    pub(super) written: usize,
    /// Bytes of the response.
    pub(super) read: usize,
}

impl Passed {
    /// How far the request of the failed exchange got.
    pub(super) fn reached(&self, kind: TransportErrorKind) -> Reached {
        let is_stale = kind == TransportErrorKind::Closed && self.reused && self.read == 0;
        // With the head counted in, a part is missing, and a service executes only complete requests.
        let is_unsent = self.written <= self.body;
        match (is_stale, is_unsent) {
            (true, true) => Reached::StaleUnsent,
            (true, false) => Reached::StaleConnection,
            (false, true) => Reached::NotSent,
            (false, false) => Reached::MaybeSent,
        }
    }
}

/// The error of a connected socket.
pub(super) fn io_kind(error: &io::Error) -> TransportErrorKind {
    if error.get_ref().is_some_and(<dyn StdError + Send + Sync>::is::<rustls::Error>) {
        return TransportErrorKind::Tls;
    }
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => TransportErrorKind::Protocol,
        _ => TransportErrorKind::Closed,
    }
}
