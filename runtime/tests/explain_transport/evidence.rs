//! Evidence as data.

use std::{io, time::Duration};

use gatewright_runtime::{
    explain::transport::{IoEvidence, TlsEvidence, TransportEvidence},
    transport::{Awaited, Peer, Reached, TransportError, TransportErrorKind},
};

use crate::support::assert_whole;

#[test]
fn is_taken_from_the_whole_chain() {
    let inner = io::Error::other(rustls::Error::AlertReceived(rustls::AlertDescription::UnknownCA));
    let error = TransportError::new(TransportErrorKind::Tls, "a.example:443", Reached::MaybeSent);
    let evidence = TransportEvidence::of(&error.with_source(inner));
    assert_eq!(evidence.tls, Some(TlsEvidence::Alert { name: "UnknownCA".to_owned() }));
    assert_eq!(evidence.chain, ["received fatal alert: UnknownCA"]);

    let error = TransportError::new(TransportErrorKind::Connect, "a.example:443", Reached::NotSent);
    let evidence = TransportEvidence::of(&error.with_source(io::Error::from(io::ErrorKind::NetworkDown)));
    assert_eq!((evidence.io, evidence.tls), (Some(IoEvidence::NetworkDown), None));
}

#[test]
fn texts_of_others_are_bounded_lines() {
    let error = TransportError::new(TransportErrorKind::Connect, "a\nb", Reached::NotSent);
    let evidence = TransportEvidence::of(&error.with_source("x\n".repeat(1_000_000)));
    assert_eq!(evidence.peer, Peer::new("a b"));
    let [text] = &evidence.chain[..] else { panic!("{evidence:?}") };
    assert!(text.starts_with("x x ") && text.chars().count() <= 401, "{text}");
    assert_whole(&evidence.explain());
}

/// An explanation needs no more than the data: saved evidence is explained alike.
#[test]
fn every_combination_is_explained() {
    use TransportErrorKind as Kind;
    let kinds = [
        Kind::Request,
        Kind::Dns,
        Kind::Connect,
        Kind::Proxy,
        Kind::Tls,
        Kind::ConnectTimeout,
        Kind::AttemptTimeout,
        Kind::OperationTimeout,
        Kind::Closed,
        Kind::Protocol,
        Kind::SwitchedProtocols,
        Kind::TooLarge,
    ];
    let reached = [Reached::NotSent, Reached::StaleConnection, Reached::StaleUnsent, Reached::MaybeSent];
    let hosts = ["", "a", "a:1", "storagegateway.us-east-1.amazonaws.com:443"];
    let by_proxy = Peer::new("[::1]:443").with_proxy("p:80").with_address(([127, 0, 0, 1], 80).into());
    let peers: Vec<Peer> = hosts.into_iter().map(Peer::new).chain([by_proxy]).collect();
    let io: Vec<_> = IoEvidence::ALL.iter().copied().map(Some).chain([None]).collect();
    for kind in kinds {
        for reached in reached {
            for peer in &peers {
                for io in &io {
                    let mut evidence = TransportEvidence::new(kind, reached, peer.clone());
                    evidence.io = *io;
                    evidence.awaited = Some(Awaited::Connection);
                    evidence.timeout = Some(Duration::ZERO);
                    assert_whole(&evidence.explain());
                }
            }
        }
    }
}
