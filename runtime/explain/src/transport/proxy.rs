//! Causes and remedies where the proxy refused or failed.

use std::error::Error as StdError;

use super::{
    TransportEvidence,
    advice::{self, Advice},
};
use crate::wire::{Peer, TunnelError};

/// Where the proxy comes from.
pub(super) const SETTING: &str =
    "Check the proxy's address: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, or `proxy` on the transport.";
const AROUND: &str = "Where the server can be reached directly, name it in `NO_PROXY`.";

pub(super) fn advice(evidence: &TransportEvidence, peer: &Peer) -> Advice {
    let Some(proxy) = &peer.proxy else {
        return Advice::new("the proxy that is set cannot be used")
            .cause("The proxy's URL is malformed, or of a kind that is not supported: only `http://` is.")
            .remedy("Correct the setting that the evidence names: `http://user:password@host:port`.");
    };
    match evidence.proxy {
        Some(ProxyEvidence::Refused(status @ (401 | 407))) => {
            Advice::new(format!("the proxy {proxy} requires a user and password ({status})"))
                .cause("The proxy's URL has no user and password, or wrong ones.")
                .cause("The proxy wants another kind of login than `Basic`, which the client does not have.")
                .remedy("Put them into its URL, percent-encoded: `http://user:password@host:port`.")
                .remedy(AROUND)
        }
        Some(ProxyEvidence::Refused(403)) => {
            Advice::new(format!("the proxy {proxy} does not allow the host (403)"))
                .cause(format!("The proxy's rules do not let `{}` or its port through.", peer.server.host))
                .remedy(format!("Ask who runs the proxy to allow `{}`.", peer.server))
                .remedy(AROUND)
        }
        Some(ProxyEvidence::Refused(status @ 502..=504)) => {
            Advice::new(format!("the proxy {proxy} does not reach the server ({status})"))
                .cause("The proxy cannot look the host up or connect to it.")
                .cause("The host in the endpoint URL is misspelled.")
                .remedy("Check the region and the endpoint URL, then the proxy's own way out.")
                .remedy(AROUND)
        }
        Some(ProxyEvidence::Refused(status)) => {
            Advice::new(format!("the proxy {proxy} refused the tunnel ({status})"))
                .cause("The proxy does not support `CONNECT`, or what listens there is a plain web server.")
                .remedy(SETTING)
        }
        Some(ProxyEvidence::NotHttp) => Advice::new(format!("{proxy} does not respond like an HTTP proxy"))
            .cause("What listens there is no HTTP proxy: one for SOCKS or TLS, or another server.")
            .remedy(SETTING),
        None => {
            let peer = Peer::new(proxy.clone()).with_proxy(proxy.clone());
            let Advice(mut explanation) = advice::connect(evidence.io, &peer);
            explanation.summary = format!("the proxy {proxy} is not reached: {}", explanation.summary);
            Advice(explanation).remedy(SETTING)
        }
    }
}

/// What a proxy that was reached answered `CONNECT` with, instead of a tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyEvidence {
    /// This status.
    Refused(u16),
    /// Something that is not the response of an HTTP proxy, or nothing.
    NotHttp,
}

impl ProxyEvidence {
    pub(super) fn of(source: &(dyn StdError + 'static)) -> Option<Self> {
        let error: &TunnelError = source.downcast_ref()?;
        Some(error.status().map_or(Self::NotHttp, Self::Refused))
    }
}
