//! Errors of the TLS library.

use std::{
    error::Error as StdError,
    io,
    time::{Duration, SystemTime},
};

use rustls::{CertificateError, InvalidMessage, pki_types::UnixTime};

use super::{
    super::{MAX_TEXTS, line},
    TlsEvidence,
};

/// The library's error, or the one within an I/O error.
pub(super) fn find(source: &(dyn StdError + 'static)) -> Option<TlsEvidence> {
    let inner = || source.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref();
    source.downcast_ref::<rustls::Error>().or_else(inner).map(of_error)
}

fn of_error(error: &rustls::Error) -> TlsEvidence {
    match error {
        rustls::Error::InvalidCertificate(error) => of_certificate(error),
        rustls::Error::AlertReceived(alert) => TlsEvidence::Alert { name: format!("{alert:?}") },
        rustls::Error::PeerIncompatible(reason) => {
            TlsEvidence::NothingInCommon { reason: line(&format!("{reason:?}")) }
        }
        rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => TlsEvidence::NotTls,
        error => TlsEvidence::Other { reason: line(&error.to_string()) },
    }
}

fn of_certificate(error: &CertificateError) -> TlsEvidence {
    match error {
        CertificateError::NotValidForNameContext { expected, presented } => TlsEvidence::WrongName {
            wanted: expected.to_str().into_owned(),
            presented: presented.iter().take(MAX_TEXTS).map(|name| line(bare(name))).collect(),
        },
        CertificateError::UnknownIssuer => TlsEvidence::UnknownIssuer,
        CertificateError::ExpiredContext { time, not_after } => {
            TlsEvidence::Expired { now: Some(moment(*time)), not_after: Some(moment(*not_after)) }
        }
        CertificateError::Expired => TlsEvidence::Expired { now: None, not_after: None },
        CertificateError::NotValidYetContext { time, not_before } => {
            TlsEvidence::NotYetValid { now: Some(moment(*time)), not_before: Some(moment(*not_before)) }
        }
        CertificateError::NotValidYet => TlsEvidence::NotYetValid { now: None, not_before: None },
        CertificateError::Revoked => TlsEvidence::Revoked,
        CertificateError::Other(error) if error.to_string() == "CaUsedAsEndEntity" => TlsEvidence::SelfSigned,
        error => TlsEvidence::BadCertificate { reason: line(&error.to_string()) },
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
