//! TLS handshakes that failed.

#[cfg(feature = "tls")]
mod library;
mod names;
mod validity;

use std::{error::Error as StdError, io, time::SystemTime};

use super::{
    advice::{Advice, proxy_missing},
    peer,
};
use crate::{
    ServiceInfo,
    tables::failures,
    wire::{NoRootCertificates, Peer, TransportErrorKind},
};

/// Why a TLS handshake failed. Texts are one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsEvidence {
    /// The certificate is for other names.
    WrongName {
        /// The host that was requested.
        wanted: String,
        /// The names in the certificate: host names, with a wildcard or not, and addresses.
        presented: Vec<String>,
    },
    /// The certificate was not issued by a trusted authority.
    UnknownIssuer,
    /// The server presents the certificate of an authority instead of its own.
    SelfSigned,
    /// The certificate has expired.
    Expired {
        /// This machine's clock.
        now: Option<SystemTime>,
        /// When the certificate expired.
        not_after: Option<SystemTime>,
    },
    /// The certificate is not valid yet.
    NotYetValid {
        /// This machine's clock.
        now: Option<SystemTime>,
        /// When the certificate becomes valid.
        not_before: Option<SystemTime>,
    },
    /// The certificate was revoked.
    Revoked,
    /// The certificate has another fault.
    BadCertificate {
        /// The TLS library's reason.
        reason: String,
    },
    /// The server refused, with an alert.
    Alert {
        /// Its name: `HandshakeFailure`.
        name: String,
    },
    /// Server and client have no version or cipher in common.
    NothingInCommon {
        /// The TLS library's reason.
        reason: String,
    },
    /// The other side does not speak TLS.
    NotTls,
    /// The connection ended during the handshake.
    Ended,
    /// This machine has no root certificates.
    NoRoots,
    /// Anything else.
    Other {
        /// The TLS library's reason.
        reason: String,
    },
}

impl TlsEvidence {
    /// The failure of TLS in `source`, a cause of an error of this kind.
    pub(super) fn of(kind: TransportErrorKind, source: &(dyn StdError + 'static)) -> Option<Self> {
        let in_io = source.downcast_ref::<io::Error>();
        #[cfg(feature = "tls")]
        if let Some(error) = library::find(source) {
            return Some(error);
        }
        if kind != TransportErrorKind::Tls {
            return None;
        }
        match in_io.map(io::Error::kind) {
            Some(
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe,
            ) => Some(Self::Ended),
            None if source.is::<NoRootCertificates>() => Some(Self::NoRoots),
            _ => None,
        }
    }
}

pub(super) fn advice(tls: &TlsEvidence, peer: &Peer, service: Option<&'static ServiceInfo>) -> Advice {
    let text = match tls {
        TlsEvidence::WrongName { wanted, presented } => {
            return names::advice(wanted, presented, peer, service);
        }
        TlsEvidence::Expired { now, not_after } => return validity::expired(*now, *not_after, peer),
        TlsEvidence::NotYetValid { now, not_before } => {
            return validity::not_yet_valid(*now, *not_before, peer);
        }
        TlsEvidence::UnknownIssuer if peer::is_aws(peer) => &failures::UNKNOWN_ISSUER_OF_CLOUD,
        TlsEvidence::UnknownIssuer => &failures::UNKNOWN_ISSUER,
        TlsEvidence::SelfSigned => &failures::SELF_SIGNED,
        TlsEvidence::Revoked => &failures::CERTIFICATE_REVOKED,
        TlsEvidence::BadCertificate { .. } => &failures::CERTIFICATE_FAULTY,
        TlsEvidence::Alert { name } => match name.as_str() {
            "CertificateRequired"
            | "BadCertificate"
            | "UnknownCA"
            | "CertificateUnknown"
            | "AccessDenied" => &failures::CLIENT_CERTIFICATE_REQUIRED,
            "UnrecognisedName" | "HandshakeFailure" => &failures::HANDSHAKE_REFUSED,
            "ProtocolVersion" | "InsufficientSecurity" => &failures::OTHER_VERSION_REQUIRED,
            _ => &failures::HANDSHAKE_ABORTED,
        },
        TlsEvidence::NothingInCommon { .. } => &failures::NOTHING_IN_COMMON,
        TlsEvidence::NotTls => &failures::NOT_TLS,
        TlsEvidence::Ended => &failures::HANDSHAKE_ENDED,
        TlsEvidence::NoRoots => &failures::NO_ROOTS,
        TlsEvidence::Other { .. } => &failures::TLS_VIOLATED,
    };
    let advice = Advice::of(text, peer);
    match tls {
        TlsEvidence::NotTls => advice.when(peer.server.is_loopback(), |advice| {
            advice.remedy("For a server on this machine that has no TLS, write `http://`.")
        }),
        TlsEvidence::Ended => proxy_missing(advice, peer),
        _ => advice,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_roots() {
        let source = NoRootCertificates(Vec::new());
        assert_eq!(TlsEvidence::of(TransportErrorKind::Tls, &source), Some(TlsEvidence::NoRoots));
        assert_eq!(TlsEvidence::of(TransportErrorKind::Connect, &source), None);
    }
}
