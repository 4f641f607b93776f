//! TLS handshakes that failed.

mod names;
mod validity;

use std::{
    error::Error as StdError,
    io,
    time::{Duration, SystemTime},
};

use rustls::{CertificateError, InvalidMessage, pki_types::UnixTime};

use super::{
    MAX_TEXTS,
    advice::{Advice, proxy_missing},
    line, peer,
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
        /// The names that the certificate has: host names, with a wildcard or not, and addresses.
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
        let inner = || in_io?.get_ref()?.downcast_ref();
        if let Some(error) = source.downcast_ref::<rustls::Error>().or_else(inner) {
            return Some(Self::of_rustls(error));
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

    fn of_rustls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(error) => Self::of_certificate(error),
            rustls::Error::AlertReceived(alert) => Self::Alert { name: format!("{alert:?}") },
            rustls::Error::PeerIncompatible(reason) => {
                Self::NothingInCommon { reason: line(&format!("{reason:?}")) }
            }
            rustls::Error::InvalidMessage(
                InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
            ) => Self::NotTls,
            error => Self::Other { reason: line(&error.to_string()) },
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::NotValidForNameContext { expected, presented } => Self::WrongName {
                wanted: expected.to_str().into_owned(),
                presented: presented.iter().take(MAX_TEXTS).map(|name| line(bare(name))).collect(),
            },
            CertificateError::UnknownIssuer => Self::UnknownIssuer,
            CertificateError::ExpiredContext { time, not_after } => {
                Self::Expired { now: Some(moment(*time)), not_after: Some(moment(*not_after)) }
            }
            CertificateError::Expired => Self::Expired { now: None, not_after: None },
            CertificateError::NotValidYetContext { time, not_before } => {
                Self::NotYetValid { now: Some(moment(*time)), not_before: Some(moment(*not_before)) }
            }
            CertificateError::NotValidYet => Self::NotYetValid { now: None, not_before: None },
            CertificateError::Revoked => Self::Revoked,
            CertificateError::Other(error) if error.to_string() == "CaUsedAsEndEntity" => Self::SelfSigned,
            error => Self::BadCertificate { reason: line(&error.to_string()) },
        }
    }
}

/// A name without what the TLS library puts around it: `DnsName("a.example")`, `IpAddress(192.0.2.1)`.
fn bare(name: &str) -> &str {
    let inner = name.strip_suffix(')').and_then(|name| name.split_once('(')).map(|(_, inner)| inner);
    inner.map_or(name, |inner| inner.trim_matches('"'))
}

fn moment(time: UnixTime) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs())
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
