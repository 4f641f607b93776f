//! Causes and remedies of failures other than those of TLS and of proxies.

use super::{super::Explanation, IoEvidence, TransportEvidence, peer};
use crate::{
    known_responses::fill_by,
    tables::{Texts, failures},
    wire::{Awaited, Peer, Reached, RequestFault, TransportErrorKind},
};

/// An explanation under construction; its summary does not name the server yet.
pub(super) struct Advice(pub(super) Explanation);

impl Advice {
    /// The texts of a failure, filled with facts about the peer.
    pub(super) fn of(text: &Texts, peer: &Peer) -> Self {
        Self::with(text, peer, &[])
    }

    /// The texts of a failure, filled with facts about the peer and these.
    pub(super) fn with(text: &Texts, peer: &Peer, facts: &[(&str, &str)]) -> Self {
        let of_peer = |name: &str| {
            Some(match name {
                "host" => peer.server.host.clone(),
                "server" => peer.server.to_string(),
                "target" => peer.proxy.as_ref().unwrap_or(&peer.server).to_string(),
                "proxy" => peer.proxy.as_ref()?.to_string(),
                "look" => peer::look(peer),
                _ => return None,
            })
        };
        let fact =
            |name: &str| facts.iter().find(|(known, _)| *known == name).map(|(_, fact)| (*fact).to_owned());
        let filled = |line: &str| fill_by(line, |name| fact(name).or_else(|| of_peer(name)));
        let Texts { summary, causes, remedies } = text;
        Self(Explanation {
            summary: filled(summary),
            causes: causes.iter().map(|line| filled(line)).collect(),
            remedies: remedies.iter().map(|line| filled(line)).collect(),
            ..Explanation::default()
        })
    }

    /// Adds evidence, instead of the error's own texts.
    pub(super) fn fact(mut self, fact: impl Into<String>) -> Self {
        self.0.evidence.push(fact.into());
        self
    }

    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedies.push(remedy.into());
        self
    }

    /// Applies `then` if the condition holds.
    pub(super) fn when(self, condition: bool, then: impl FnOnce(Self) -> Self) -> Self {
        if condition { then(self) } else { self }
    }
}

pub(super) fn advice(evidence: &TransportEvidence, peer: &Peer) -> Advice {
    let text = match evidence.kind {
        TransportErrorKind::Request if evidence.request == Some(RequestFault::PlainHttp) => {
            &failures::PLAIN_HTTP
        }
        TransportErrorKind::Request if evidence.request == Some(RequestFault::NoTransport) => {
            &failures::NO_TRANSPORT
        }
        TransportErrorKind::Request => &failures::INVALID_REQUEST,
        TransportErrorKind::Dns => return name(evidence.io, peer),
        TransportErrorKind::Connect | TransportErrorKind::Proxy => return connect(evidence.io, peer),
        TransportErrorKind::Tls => &failures::HANDSHAKE,
        TransportErrorKind::ConnectTimeout => return connect_timeout("connect", evidence.awaited, peer),
        // Whichever timeout expired, the client was still connecting.
        TransportErrorKind::AttemptTimeout if evidence.is_unconnected() => {
            return connect_timeout("attempt", evidence.awaited, peer);
        }
        TransportErrorKind::OperationTimeout if evidence.is_unconnected() => {
            return connect_timeout("operation", evidence.awaited, peer);
        }
        TransportErrorKind::AttemptTimeout => &failures::ATTEMPT_TIMEOUT,
        TransportErrorKind::OperationTimeout => &failures::OPERATION_TIMEOUT,
        TransportErrorKind::Closed
            if matches!(evidence.reached, Reached::StaleConnection | Reached::StaleUnsent) =>
        {
            &failures::STALE_CONNECTION
        }
        TransportErrorKind::Closed => &failures::CLOSED,
        TransportErrorKind::SwitchedProtocols => &failures::SWITCHED_PROTOCOLS,
        TransportErrorKind::TooLarge if evidence.body_limit.is_some() => &failures::BODY_TOO_LARGE,
        TransportErrorKind::TooLarge => &failures::HEAD_TOO_LARGE,
        TransportErrorKind::NoRuntime => &failures::NO_RUNTIME,
        _ if peer.server.port.is_some_and(|port| port != 443) => &failures::NOT_HTTP_AT_PORT,
        _ => &failures::NOT_HTTP,
    };
    let ended = if evidence.io == Some(IoEvidence::Reset) { "was reset" } else { "ended" };
    let advice = Advice::with(text, peer, &[("error", &evidence.kind.to_string()), ("ended", ended)]);
    let may_be_sent = evidence.reached == Reached::MaybeSent;
    let is_timeout =
        matches!(evidence.kind, TransportErrorKind::AttemptTimeout | TransportErrorKind::OperationTimeout);
    let may_be_executed = may_be_sent && (is_timeout || evidence.kind == TransportErrorKind::Closed);
    let may_be_this_process = may_be_sent && is_timeout && peer.server.is_loopback() && peer.proxy.is_none();
    advice
        .when(may_be_this_process, |advice| {
            advice.remedy(
                "If the server runs in this process, as fakes do: a blocking call holds up a runtime of one thread, \
                 such as that of `#[tokio::test]`. Await the call, or let the runtime have several threads.",
            )
        })
        .when(may_be_executed, |advice| {
            advice.remedy(
                "Before you send a change again, check with a `Describe` or `List` operation whether the service made it.",
            )
        })
}

fn name(io: Option<IoEvidence>, peer: &Peer) -> Advice {
    match peer::region(peer) {
        _ if io == Some(IoEvidence::LookupFailed) => Advice::of(&failures::LOOKUP_FAILED, peer),
        Some(region) => Advice::with(&failures::REGION_UNKNOWN, peer, &[("region", region)]),
        None => Advice::of(&failures::NAME_UNKNOWN, peer),
    }
}

/// No connection to a server, or to the proxy on the way to it.
pub(super) fn connect(io: Option<IoEvidence>, peer: &Peer) -> Advice {
    let is_here = peer.server.is_loopback() && peer.proxy.is_none();
    let text = match io {
        Some(IoEvidence::NameUnknown | IoEvidence::LookupFailed) => return name(io, peer),
        Some(IoEvidence::TimedOut) => return connect_timeout("connect", None, peer),
        Some(IoEvidence::Refused) if is_here => &failures::REFUSED_HERE,
        Some(IoEvidence::Unreachable | IoEvidence::NetworkDown) => &failures::UNREACHABLE,
        Some(IoEvidence::Forbidden) => &failures::FORBIDDEN,
        Some(IoEvidence::TooManyFiles | IoEvidence::NoLocalAddress) => &failures::TOO_MANY_CONNECTIONS,
        Some(IoEvidence::Refused) => return proxy_missing(Advice::of(&failures::REFUSED, peer), peer),
        _ => return proxy_missing(Advice::of(&failures::NO_CONNECTION, peer), peer),
    };
    Advice::of(text, peer)
}

/// Adds a remedy, unless there is a proxy.
pub(super) fn proxy_missing(advice: Advice, peer: &Peer) -> Advice {
    advice.when(peer.proxy.is_none(), |advice| {
        advice.remedy("If this network reaches the internet only through a proxy, set `HTTPS_PROXY`.")
    })
}

fn connect_timeout(limit: &str, awaited: Option<Awaited>, peer: &Peer) -> Advice {
    let text = match awaited {
        Some(Awaited::NameLookup) => &failures::SLOW_LOOKUP,
        Some(Awaited::Proxy) => &failures::SLOW_PROXY,
        Some(Awaited::TlsHandshake) => &failures::SLOW_HANDSHAKE,
        _ if peer.proxy.is_some() => &failures::SLOW_WAY_TO_PROXY,
        _ => &failures::SLOW_CONNECTION,
    };
    let advice = Advice::with(text, peer, &[("limit", limit)]);
    advice.remedy(format!("If the connection is merely slow, raise `{limit}_timeout`."))
}
