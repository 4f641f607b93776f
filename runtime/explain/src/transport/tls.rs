//! TLS handshakes that failed.

mod names;
mod validity;

use std::{
    error::Error as StdError,
    io,
    time::{Duration, SystemTime},
};

use rustls::{CertificateError, InvalidMessage, pki_types::UnixTime};

use super::{MAX_TEXTS, advice::Advice, line, peer};
use crate::{
    ServiceInfo,
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
    match tls {
        TlsEvidence::WrongName { wanted, presented } => names::advice(wanted, presented, peer, service),
        TlsEvidence::UnknownIssuer => unknown_issuer(peer),
        TlsEvidence::SelfSigned => self_signed(),
        TlsEvidence::Expired { now, not_after } => validity::expired(*now, *not_after, peer),
        TlsEvidence::NotYetValid { now, not_before } => validity::not_yet_valid(*now, *not_before),
        TlsEvidence::Revoked => Advice::new("the certificate was revoked")
            .cause("Its owner or its authority has withdrawn it, for example because its key was stolen.")
            .remedy("Do not trust the server until its owner has installed a new certificate."),
        TlsEvidence::BadCertificate { .. } => Advice::new("the certificate is faulty")
            .cause("The server's certificate is malformed, or not meant for servers.")
            .cause("A proxy that inspects TLS generates faulty certificates.")
            .remedy(format!("Inspect the certificate: {}", look(peer))),
        TlsEvidence::Alert { name } => alert(name, peer),
        TlsEvidence::NothingInCommon { .. } => Advice::new(
            "server and client have no version of TLS in common",
        )
        .cause("The server speaks only TLS 1.1 or older, or only old ciphers; the client requires 1.2 or 1.3.")
        .cause("An old proxy that inspects TLS responds instead of the server.")
        .remedy("Update the server, the proxy or the load balancer, or change its TLS policy."),
        TlsEvidence::NotTls => not_tls(peer),
        TlsEvidence::Ended => ended(peer),
        TlsEvidence::NoRoots => Advice::new("this machine has no root certificates")
            .cause("The system, often a slim container image, has no list of certificate authorities.")
            .remedy("Install the package `ca-certificates`, or copy its file into the image.")
            .remedy("Pass a PEM file of authorities as `root_certificates`; for AWS services, `AWS_CA_BUNDLE` may name it."),
        TlsEvidence::Other { .. } => Advice::new("the TLS handshake failed")
            .cause("The server or something in between violates the TLS protocol.")
            .remedy(format!("Inspect what the server sends: {}", look(peer))),
    }
}

fn unknown_issuer(peer: &Peer) -> Advice {
    let inspected = "A proxy or virus scanner that inspects TLS signs with an authority of its own.";
    let advice = Advice::new("the certificate is signed by an authority that is not trusted here");
    let advice = if peer::is_aws(peer) {
        advice
            .cause(inspected)
            .cause(
                "`AWS_CA_BUNDLE`, `ca_bundle` or `root_certificates` replaces the system's list with too few authorities.",
            )
            .cause("The system's list of authorities is too old.")
    } else {
        advice
            .cause("The server has a certificate of a private authority, or one that it signed itself.")
            .cause(inspected)
            .cause("The server does not send its intermediate certificates.")
    };
    advice
        .remedy(format!("Check who issued the certificate: {}", look(peer)))
        .remedy(
            "If you trust that authority, pass its certificate in PEM: `root_certificates` on the client's \
             builder or, for AWS services, a file named by `AWS_CA_BUNDLE`. Either replaces the system's list.",
        )
        .remedy("If nobody can say whose authority it is, send nothing: someone may be listening.")
}

fn self_signed() -> Advice {
    Advice::new("the server presents the certificate of an authority instead of its own")
        .cause(
            "The certificate is self-signed as an authority (`CA:TRUE`), as `openssl req -x509` creates it.",
        )
        .remedy("Create a certificate for the server that the authority signs, and trust the authority's.")
        .remedy("Or create the self-signed one with `CA:FALSE`, and trust it by `root_certificates`.")
}

fn alert(name: &str, peer: &Peer) -> Advice {
    match name {
        "CertificateRequired" | "BadCertificate" | "UnknownCA" | "CertificateUnknown" | "AccessDenied" => {
            Advice::new("the server requires a client certificate")
                .cause("The endpoint has mutual TLS enabled; this client presents no certificate, or one that the server does not trust.")
                .remedy(
                    "Set a certificate and its key with `client_certificate` of the transport's builder, or use an endpoint \
                     without mutual TLS.",
                )
        }
        "UnrecognisedName" | "HandshakeFailure" => Advice::new("the server refused the TLS handshake")
            .cause(format!(
                "No server there is configured for `{}`: DNS points to another server.",
                peer.server.host
            ))
            .cause("Server and client have no version or cipher of TLS in common.")
            .remedy("Check the host in the endpoint URL, and where DNS points it.")
            .remedy(
                "For a custom domain: check that it exists in this region, and that its setup is complete.",
            ),
        "ProtocolVersion" | "InsufficientSecurity" => {
            Advice::new("the server requires another version or cipher of TLS")
                .cause("The server, or an old proxy before it, speaks only old versions or ciphers of TLS.")
                .remedy("Update the server or the proxy, or change its TLS policy.")
        }
        _ => Advice::new("the server aborted the TLS handshake")
            .cause("The server failed internally, or does not accept what the client sent.")
            .remedy("Try again; if it continues, report the alert to the operator of the server."),
    }
}

fn not_tls(peer: &Peer) -> Advice {
    Advice::new("the other side does not speak TLS")
        .cause("The URL has `https://`, but a plain HTTP server listens on that port.")
        .cause("Something in between, such as a login page of the network, responds instead of the server.")
        .remedy("Check the port of the endpoint URL.")
        .when(peer.server.is_loopback(), |advice| {
            advice.remedy("For a server on this machine that has no TLS, write `http://`.")
        })
}

fn ended(peer: &Peer) -> Advice {
    Advice::new("the connection ended during the TLS handshake")
        .cause("A firewall or proxy closes TLS connections to hosts that it does not allow.")
        .cause("A load balancer has no server behind it, or the server is restarting.")
        .cause("What listens on that port does not speak TLS.")
        .remedy(format!("Compare with another network: {}", look(peer)))
        .when(peer.proxy.is_none(), |advice| {
            advice.remedy("If this network reaches the internet only through a proxy, set `HTTPS_PROXY`.")
        })
}

/// A command that shows the server's certificate.
fn look(peer: &Peer) -> String {
    let port = if peer.server.port.is_none() { ":443" } else { "" };
    let name =
        if peer.server.is_address() { String::new() } else { format!(" -servername {}", peer.server.host) };
    let proxy = peer.proxy.as_ref().map_or_else(String::new, |proxy| format!(" -proxy {proxy}"));
    format!("`openssl s_client -connect {}{port}{name}{proxy}`.", peer.server)
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
