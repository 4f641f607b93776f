//! Causes and remedies if the proxy refused or failed.

use std::error::Error as StdError;

use super::{
    TransportEvidence,
    advice::{self, Advice},
};
use crate::{
    tables::failures,
    wire::{Peer, TunnelError},
};

pub(super) fn advice(evidence: &TransportEvidence, peer: &Peer) -> Advice {
    let Some(proxy) = &peer.proxy else { return Advice::of(&failures::PROXY_UNUSABLE, peer) };
    match evidence.proxy {
        Some(ProxyEvidence::Refused(status)) => {
            let text = match status {
                401 | 407 => &failures::PROXY_REQUIRES_PASSWORD,
                403 => &failures::PROXY_FORBIDS,
                502..=504 => &failures::PROXY_WITHOUT_SERVER,
                _ => &failures::PROXY_REFUSES,
            };
            Advice::with(text, peer, &[("status", &status.to_string())])
        }
        Some(ProxyEvidence::NotHttp) => Advice::of(&failures::NOT_A_PROXY, peer),
        None => {
            let to_proxy = Peer::new(proxy.clone()).with_proxy(proxy.clone());
            let Advice(mut explanation) = advice::connect(evidence.io, &to_proxy);
            explanation.summary = format!("the proxy {proxy} cannot be reached: {}", explanation.summary);
            Advice(explanation).remedy(
                "Check the proxy's address: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, or `proxy` on the transport.",
            )
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
