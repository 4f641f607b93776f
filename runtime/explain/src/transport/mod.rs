//! Explanations of transport errors.

mod advice;
mod io;
mod peer;
mod proxy;
mod tls;

use std::time::Duration;

use self::advice::Advice;
pub use self::{io::IoEvidence, proxy::ProxyEvidence, tls::TlsEvidence};
use super::Explanation;
use crate::{
    ServiceInfo,
    mask::mask,
    text::causes,
    wire::{
        Awaited, BodyTooLarge, HostPort, Peer, Reached, RequestFault, TimedOut, TransportError,
        TransportErrorKind,
    },
};

/// Characters that are kept of one foreign text.
const MAX_TEXT: usize = 400;
/// Foreign texts that are kept in one list.
const MAX_TEXTS: usize = 100;

/// Evidence of an exchange without a response. Plain data that can be saved and explained later.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportEvidence {
    /// What failed.
    pub kind: TransportErrorKind,
    /// How far the request got.
    pub reached: Reached,
    /// The server that the request was for, and the way to it.
    pub peer: Peer,
    /// The error's sources, outermost first: one line each.
    pub chain: Vec<String>,
    /// The system's error, if one of the sources is a known I/O error.
    pub io: Option<IoEvidence>,
    /// The failure of TLS, if one of the sources is one.
    pub tls: Option<TlsEvidence>,
    /// The proxy's response, if the proxy failed.
    pub proxy: Option<ProxyEvidence>,
    /// Why the request could not be sent.
    pub request: Option<RequestFault>,
    /// The limit that the body of the response exceeds, in bytes.
    pub body_limit: Option<u64>,
    /// The step that a timeout ended.
    pub awaited: Option<Awaited>,
    /// The timeout that expired.
    pub timeout: Option<Duration>,
}

impl TransportEvidence {
    /// Evidence without details of the failure. It has the kind, how far the request got, and the peer.
    pub fn new(kind: TransportErrorKind, reached: Reached, peer: impl Into<Peer>) -> Self {
        let (chain, io, tls, proxy, request, body_limit, awaited, timeout) = Default::default();
        let peer = peer.into();
        Self { kind, reached, peer, chain, io, tls, proxy, request, body_limit, awaited, timeout }
    }

    /// The evidence in an error.
    pub fn of(error: &TransportError) -> Self {
        let sources = || causes(error);
        let mut chain: Vec<String> = sources().map(|source| line(&source.to_string())).collect();
        // An I/O error around another error has the same text.
        chain.dedup();
        chain.truncate(MAX_TEXTS);
        let timed_out = sources().find_map(|source| source.downcast_ref::<TimedOut>());
        let body = sources().find_map(|source| source.downcast_ref::<BodyTooLarge>());
        let shown = |party: &HostPort| HostPort::new(line(&party.host), party.port);
        let mut peer = error.peer().clone();
        peer.server = shown(&peer.server);
        peer.proxy = peer.proxy.as_ref().map(shown);
        Self {
            io: sources().find_map(IoEvidence::of),
            tls: sources().find_map(|source| TlsEvidence::of(error.kind(), source)),
            proxy: sources().find_map(ProxyEvidence::of),
            request: sources().find_map(|source| source.downcast_ref().copied()),
            body_limit: body.and_then(|body| body.0.try_into().ok()),
            awaited: timed_out.map(TimedOut::awaited),
            timeout: timed_out.map(TimedOut::limit),
            chain,
            ..Self::new(error.kind(), error.reached(), peer)
        }
    }

    /// Causes and remedies.
    pub fn explain(&self) -> Explanation {
        self.explain_call(None).in_lines()
    }

    /// Causes and remedies, for a call of this service.
    pub(super) fn explain_call(&self, service: Option<&'static ServiceInfo>) -> Explanation {
        let peer = &self.peer;
        let Advice(mut explanation) = match &self.tls {
            Some(tls) => tls::advice(tls, peer, service),
            None if self.kind == TransportErrorKind::Proxy => proxy::advice(self, peer),
            None => advice::advice(self, peer),
        };
        explanation.summary = format!("{}: {}", peer.server, explanation.summary);
        let own = std::mem::take(&mut explanation.evidence);
        explanation.evidence.push(peer::evidence(peer));
        explanation.evidence.extend(if own.is_empty() { self.chain.clone() } else { own });
        explanation.evidence.extend(self.progress().map(ToOwned::to_owned));
        explanation
    }

    /// Whether a timeout expired before there was a connection.
    pub(super) fn is_unconnected(&self) -> bool {
        self.reached == Reached::NotSent && self.awaited.is_some_and(|awaited| awaited != Awaited::Response)
    }

    /// How far the request got, in one line.
    fn progress(&self) -> Option<&'static str> {
        match self.reached {
            _ if self.kind == TransportErrorKind::Request => None,
            Reached::NotSent | Reached::StaleUnsent => {
                Some("the request was not sent, or only in part: the service cannot have executed it")
            }
            Reached::StaleConnection => Some(
                "the connection was reused after an earlier request, and ended before a byte of the response arrived",
            ),
            _ => Some("the request was sent: the service may have executed it"),
        }
    }
}

/// An error and what caused it, in one line.
pub fn one_line(error: &TransportError) -> String {
    let mut parts = vec![error.to_string()];
    parts.extend(causes(error).map(ToString::to_string));
    parts.dedup();
    line(&parts.join(": "))
}

/// Foreign text in one line, shortened and without secrets.
fn line(text: &str) -> String {
    let text = mask(text);
    let mut line: String =
        text.chars().take(MAX_TEXT).map(|char| if char.is_control() { ' ' } else { char }).collect();
    if text.chars().nth(MAX_TEXT).is_some() {
        line.push('…');
    }
    line
}
