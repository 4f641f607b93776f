//! Causes and remedies if the proxy refused or failed.

use std::error::Error as StdError;

use super::{
    TransportEvidence,
    advice::{self, Advice},
};
use crate::wire::{Peer, TunnelError};

/// Where a proxy is configured.
pub(super) const SETTING: &str =
    "Check the proxy's address: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, or `proxy` on the transport.";
const AROUND: &str = "If the server can be reached directly, add it to `NO_PROXY`.";

pub(super) fn advice(evidence: &TransportEvidence, peer: &Peer) -> Advice {
    let Some(proxy) = &peer.proxy else {
        return Advice::new("the configured proxy cannot be used")
            .cause("The proxy's URL is malformed, or of a kind that is not supported: only `http://` is.")
            .remedy("Correct the setting that the evidence names: `http://user:password@host:port`.");
    };
    match evidence.proxy {
        Some(ProxyEvidence::Refused(status @ (401 | 407))) => {
            Advice::new(format!("the proxy {proxy} requires a user and password ({status})"))
                .cause("The proxy's URL has no user and password, or wrong ones.")
                .cause("The proxy requires an authentication scheme other than `Basic`, which the client does not support.")
                .remedy("Put user and password into the proxy's URL, percent-encoded: `http://user:password@host:port`.")
                .remedy(AROUND)
        }
        Some(ProxyEvidence::Refused(403)) => {
            Advice::new(format!("the proxy {proxy} does not allow the host (403)"))
                .cause(format!("The proxy's rules do not allow `{}` or its port.", peer.server.host))
                .remedy(format!("Ask the proxy's administrator to allow `{}`.", peer.server))
                .remedy(AROUND)
        }
        Some(ProxyEvidence::Refused(status @ 502..=504)) => {
            Advice::new(format!("the proxy {proxy} cannot reach the server ({status})"))
                .cause("The proxy cannot look the host up or connect to it.")
                .cause("The host in the endpoint URL is misspelled.")
                .remedy("Check the region and the endpoint URL, then the proxy's own connection.")
                .remedy(AROUND)
        }
        Some(ProxyEvidence::Refused(status)) => {
            Advice::new(format!("the proxy {proxy} refused the tunnel ({status})"))
                .cause("The proxy does not support `CONNECT`, or what listens there is a plain web server.")
                .remedy(SETTING)
        }
        Some(ProxyEvidence::NotHttp) => Advice::new(format!("{proxy} does not respond like an HTTP proxy"))
            .cause("What listens there is not an HTTP proxy, but a proxy for SOCKS or TLS, or another server.")
            .remedy(SETTING),
        None => {
            let peer = Peer::new(proxy.clone()).with_proxy(proxy.clone());
            let Advice(mut explanation) = advice::connect(evidence.io, &peer);
            explanation.summary = format!("the proxy {proxy} cannot be reached: {}", explanation.summary);
            Advice(explanation).remedy(SETTING)
        }
    }
}

/// How a proxy that opened no tunnel responded to `CONNECT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyEvidence {
    /// With this status.
    Refused(u16),
    /// With no response, or with one that is not HTTP.
    NotHttp,
}

impl ProxyEvidence {
    pub(super) fn of(source: &(dyn StdError + 'static)) -> Option<Self> {
        let error: &TunnelError = source.downcast_ref()?;
        Some(error.status().map_or(Self::NotHttp, Self::Refused))
    }
}
