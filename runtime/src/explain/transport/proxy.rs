//! Causes and remedies where the proxy refused or failed.

use super::{
    TransportEvidence,
    advice::{self, Advice},
    peer::Peer,
};

/// Where the proxy comes from.
pub(super) const SETTING: &str =
    "Check the proxy's address: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, or `proxy` on the transport.";
const AROUND: &str = "Where the server can be reached directly, name it in `NO_PROXY`.";

pub(super) fn advice(evidence: &TransportEvidence, peer: &Peer<'_>) -> Advice {
    let Some(proxy) = peer.proxy else {
        return Advice::new("the proxy that is set cannot be used")
            .cause("The proxy's URL is malformed, or of a kind that is not supported: only `http://` is.")
            .remedy("Correct the setting that the evidence names: `http://user:password@host:port`.");
    };
    match said(evidence) {
        Some(Said::WantsUser) => Advice::new(format!("the proxy {proxy} wants a user and password (407)"))
            .cause("The proxy's URL has no user and password, or wrong ones.")
            .cause("The proxy wants another kind of login than `Basic`, which the client does not have.")
            .remedy("Put them into its URL, percent-encoded: `http://user:password@host:port`.")
            .remedy(AROUND),
        Some(Said::Status("403")) => Advice::new(format!("the proxy {proxy} does not allow the host (403)"))
            .cause(format!("The proxy's rules do not let `{}` or its port through.", peer.host))
            .remedy(format!("Ask who runs the proxy to allow `{}`.", peer.server))
            .remedy(AROUND),
        Some(Said::Status(status @ ("502" | "503" | "504"))) => {
            Advice::new(format!("the proxy {proxy} does not reach the server ({status})"))
                .cause("The proxy cannot look the host up or connect to it.")
                .cause("The host in the endpoint URL is misspelled.")
                .remedy("Check the region and the endpoint URL, then the proxy's own way out.")
                .remedy(AROUND)
        }
        Some(Said::Status(status)) => Advice::new(format!("the proxy {proxy} refused the tunnel ({status})"))
            .cause("The proxy does not support `CONNECT`, or what listens there is a plain web server.")
            .remedy(SETTING),
        Some(Said::Nonsense) => Advice::new(format!("{proxy} does not answer as an HTTP proxy does"))
            .cause("What listens there is no HTTP proxy: one for SOCKS or TLS, or another server.")
            .remedy(SETTING),
        None => {
            let peer = Peer { proxy: Some(proxy), ..Peer::parse(proxy) };
            let Advice(mut explanation) = advice::connect(evidence.io, &peer);
            explanation.summary = format!("the proxy {proxy} is not reached: {}", explanation.summary);
            Advice(explanation).remedy(SETTING)
        }
    }
}

/// What a proxy that was reached said.
enum Said<'a> {
    WantsUser,
    Status(&'a str),
    Nonsense,
}

/// Reads it from what `CONNECT` was answered with, which the error has as text.
fn said(evidence: &TransportEvidence) -> Option<Said<'_>> {
    let text = evidence.chain.first()?;
    if text.starts_with("it wants another user or password") {
        return Some(Said::WantsUser);
    }
    let Some(answer) = text.strip_prefix("it answered ") else {
        return text.starts_with("it").then_some(Said::Nonsense);
    };
    let status = answer.strip_prefix("\"HTTP/1.").and_then(|rest| rest.split([' ', '"']).nth(1));
    let is_number = |status: &&str| status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
    Some(status.filter(is_number).map_or(Said::Nonsense, Said::Status))
}
