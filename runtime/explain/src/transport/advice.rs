//! Causes and remedies of failures other than those of TLS and of proxies.

use super::{super::Explanation, IoEvidence, TransportEvidence, peer, proxy::SETTING};
use crate::wire::{Awaited, Peer, Reached, RequestFault, TransportErrorKind};

/// An explanation under construction; its summary does not name the server yet.
pub(super) struct Advice(pub(super) Explanation);

impl Advice {
    /// Starts with what happened.
    pub(super) fn new(summary: impl Into<String>) -> Self {
        Self(Explanation { summary: summary.into(), ..Explanation::default() })
    }

    /// Adds evidence, instead of the error's own texts.
    pub(super) fn fact(mut self, fact: impl Into<String>) -> Self {
        self.0.evidence.push(fact.into());
        self
    }

    pub(super) fn cause(mut self, cause: impl Into<String>) -> Self {
        self.0.causes.push(cause.into());
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
    match evidence.kind {
        TransportErrorKind::Request => request(evidence),
        TransportErrorKind::Dns => name(evidence.io, peer),
        TransportErrorKind::Connect | TransportErrorKind::Proxy => connect(evidence.io, peer),
        TransportErrorKind::Tls => handshake(),
        TransportErrorKind::ConnectTimeout => connect_timeout("connect", evidence.awaited, peer),
        // Whichever timeout expired, the client was still connecting.
        TransportErrorKind::AttemptTimeout if evidence.is_unconnected() => {
            connect_timeout("attempt", evidence.awaited, peer)
        }
        TransportErrorKind::OperationTimeout if evidence.is_unconnected() => {
            connect_timeout("operation", evidence.awaited, peer)
        }
        TransportErrorKind::AttemptTimeout => attempt_timeout(evidence),
        TransportErrorKind::OperationTimeout => operation_timeout(evidence),
        TransportErrorKind::Closed => closed(evidence),
        TransportErrorKind::SwitchedProtocols => switched(),
        TransportErrorKind::TooLarge => too_large(evidence),
        TransportErrorKind::NoRuntime => no_runtime(),
        _ => protocol(peer),
    }
}

fn request(evidence: &TransportEvidence) -> Advice {
    if evidence.request == Some(RequestFault::PlainHttp) {
        return Advice::new("`http://` is not sent to another machine")
            .cause("The endpoint URL says `http://`: everyone on the way could read and change the request.")
            .remedy("Use `https://` in the endpoint URL.")
            .remedy("If the network is trusted, set `allow_http_to_any_host` on the client's builder.");
    }
    Advice::new("the request cannot be sent")
        .cause("The endpoint URL or a header has a form that cannot be sent.")
        .remedy("Correct the endpoint URL or the header that the evidence names.")
}

fn name(io: Option<IoEvidence>, peer: &Peer) -> Advice {
    if io == Some(IoEvidence::LookupFailed) {
        return Advice::new("the host name cannot be resolved at the moment")
            .cause(
                "No name server responds: this machine has no network, or a wrong name server is configured.",
            )
            .cause("The container or private network has no name resolution.")
            .cause("This network reaches the internet only through a proxy, which the client does not know.")
            .remedy(format!("Look the name up on this machine: `nslookup {}`.", peer.server.host))
            .remedy(
                "Check the name servers (`/etc/resolv.conf`, or the DNS settings of the VPC or container).",
            )
            .remedy("Behind a proxy, set `HTTPS_PROXY`: the proxy then looks the name up.");
    }
    let advice = match peer::region(peer) {
        Some(region) => Advice::new("the host name does not exist")
            .cause(format!(
                "The region `{region}` in the host name is misspelled, or the service is not there."
            ))
            .cause("The endpoint is of a kind, FIPS or dual stack, that the region does not have."),
        None => Advice::new("the host name does not exist")
            .cause("The host in the endpoint URL is misspelled, or was deleted."),
    };
    advice
        .cause("The name is known only in another network: a private zone, a VPN, a VPC endpoint.")
        .remedy("Check the region and the endpoint URL where they are set: in the code, `AWS_*` variables or the profile.")
        .remedy(format!("Look the name up on this machine: `nslookup {}`.", peer.server.host))
}

/// No connection to a server, or to the proxy on the way to it.
pub(super) fn connect(io: Option<IoEvidence>, peer: &Peer) -> Advice {
    let target = peer.proxy.as_ref().unwrap_or(&peer.server);
    match io {
        Some(IoEvidence::NameUnknown | IoEvidence::LookupFailed) => name(io, peer),
        Some(IoEvidence::Refused) if peer.server.is_loopback() && peer.proxy.is_none() => {
            Advice::new("the connection is refused")
                .cause("The server on this machine is not running, or not yet.")
                .cause("The server listens on another port, or on only one of 127.0.0.1 and ::1.")
                .cause("In a container: 127.0.0.1 is the container itself, not its host.")
                .remedy("Start the server, and check its port against the endpoint URL.")
                .remedy("In a container, use the name or address of the server's container or host.")
        }
        Some(IoEvidence::Refused) => Advice::new("the connection is refused")
            .cause("Nothing listens on that port: the port in the URL is wrong, or the server is down.")
            .cause("A firewall on the way refuses connections.")
            .remedy(format!("Check host and port: {target}."))
            .when(peer.proxy.is_none(), proxy_missing),
        Some(IoEvidence::Unreachable | IoEvidence::NetworkDown) => Advice::new(
            "there is no route to the address",
        )
        .cause("This machine has no network, or its VPN is down.")
        .cause("The subnet has no route out: no internet gateway, NAT gateway or VPC endpoint.")
        .cause("The name resolves to an IPv6 address, and this machine has no IPv6 (or the other way round).")
        .remedy("Check the network, the VPN and the route table of the subnet.")
        .remedy("If IPv6 is the reason, disable dual stack, or set up IPv6."),
        Some(IoEvidence::Forbidden) => Advice::new("this machine does not allow the program to connect")
            .cause("A firewall or a sandbox on this machine forbids the connection.")
            .remedy("Allow the program to connect out, to that port."),
        Some(IoEvidence::TooManyFiles | IoEvidence::NoLocalAddress) => {
            Advice::new("this machine cannot open another connection")
                .cause(
                    "The program has too many connections or files open, or opens and closes them too fast.",
                )
                .remedy("Share one client (clones share its connections) instead of creating one per call.")
                .remedy("Send fewer concurrent requests, or raise the limit (`ulimit -n`).")
        }
        Some(IoEvidence::TimedOut) => connect_timeout("connect", None, peer),
        _ => Advice::new("no connection")
            .cause("Nothing listens at that address, or something in between refuses the connection.")
            .remedy(format!("Check host and port: {target}."))
            .when(peer.proxy.is_none(), proxy_missing),
    }
}

fn proxy_missing(advice: Advice) -> Advice {
    advice.remedy("If this network reaches the internet only through a proxy, set `HTTPS_PROXY`.")
}

/// A failure of TLS that came without a reason.
fn handshake() -> Advice {
    Advice::new("the TLS handshake failed")
        .cause("Server and client do not agree about TLS, or something in between interferes.")
        .remedy("Check host and port of the endpoint URL, and whether a proxy is needed.")
}

fn connect_timeout(limit: &str, awaited: Option<Awaited>, peer: &Peer) -> Advice {
    let advice = match awaited {
        Some(Awaited::NameLookup) => Advice::new(format!(
            "the name lookup took longer than the {limit} timeout"
        ))
        .cause("The name servers of this machine do not respond.")
        .remedy(format!("Look the name up on this machine: `nslookup {}`.", peer.server.host))
        .remedy("Check the name servers (`/etc/resolv.conf`, or the DNS settings of the VPC or container)."),
        Some(Awaited::Proxy) => Advice::new(format!("the proxy did not respond within the {limit} timeout"))
            .cause("The proxy cannot reach the server, and does not report that.")
            .cause("What listens there is not an HTTP proxy.")
            .remedy("Check `HTTPS_PROXY`, and that the proxy allows this host."),
        Some(Awaited::TlsHandshake) => {
            Advice::new(format!("the TLS handshake took longer than the {limit} timeout"))
                .cause("What listens on that port does not speak TLS, and waits for more from the client.")
                .cause("A firewall lets the connection through and drops what follows.")
                .cause("The server is overloaded.")
                .remedy("Check port and scheme of the endpoint URL.")
        }
        _ if peer.proxy.is_some() => {
            Advice::new(format!("the proxy could not be reached within the {limit} timeout"))
                .cause("The proxy's address is wrong, or the proxy is down.")
                .cause("A firewall between this machine and the proxy drops the packets.")
                .remedy(SETTING)
        }
        _ => Advice::new(format!("no connection within the {limit} timeout"))
            .cause("A firewall, a security group or a network ACL drops the packets: port and direction.")
            .cause(
                "A VPC endpoint does not admit this client, or its private address is used from outside the VPC.",
            )
            .cause("The subnet has no route out: no NAT gateway, no VPC endpoint.")
            .cause("This network reaches the internet only through a proxy, which the client does not know.")
            .remedy("Test the connection from this machine with another tool: `curl -v` with the same URL.")
            .remedy(
                "Check security groups and network ACLs on both sides, and the route table of the subnet.",
            ),
    };
    advice.remedy(format!("If the connection is merely slow, raise `{limit}_timeout`."))
}

fn attempt_timeout(evidence: &TransportEvidence) -> Advice {
    Advice::new(evidence.kind.to_string())
        .cause("The operation takes longer than the timeout, or the service is slow at the moment.")
        .cause("The response was lost: a firewall or NAT gateway has dropped the connection.")
        .remedy("Raise `attempt_timeout`, on the client or the call, above what the operation takes.")
        .when(evidence.reached == Reached::MaybeSent, check_first)
}

fn operation_timeout(evidence: &TransportEvidence) -> Advice {
    Advice::new(evidence.kind.to_string())
        .cause("All attempts and the waits between them took longer than the whole call is allowed to take.")
        .cause("The operation timeout is shorter than the operation takes.")
        .remedy("Raise `operation_timeout` on the client, or `timeout` on the call.")
        .remedy("If one attempt used all of it, set a shorter `attempt_timeout`, so that another can follow.")
        .when(evidence.reached == Reached::MaybeSent, check_first)
}

/// Advice for requests that may have been executed.
fn check_first(advice: Advice) -> Advice {
    advice.remedy(
        "Before you send a change again, check by a `Describe` or `List` operation whether it was made.",
    )
}

fn closed(evidence: &TransportEvidence) -> Advice {
    let is_reset = evidence.io == Some(IoEvidence::Reset);
    if evidence.reached == Reached::StaleConnection {
        return Advice::new("a reused connection had already ended")
            .cause("The server, or a NAT gateway on the way, ends idle connections sooner than the client.")
            .cause("The server stopped while it processed the request.")
            .remedy("Call again; if it happens often, set a shorter `idle_timeout` on the transport.");
    }
    let what = if is_reset {
        "the connection was reset before the response was complete"
    } else {
        "the connection ended before the response was complete"
    };
    Advice::new(what)
        .cause("The server, or a load balancer before it, restarted or aborted the request.")
        .cause("A firewall or proxy in between closes connections that are idle, long or not allowed.")
        .remedy("Call again; if it keeps happening, find out what is between client and server.")
        .when(evidence.reached == Reached::MaybeSent, check_first)
}

fn protocol(peer: &Peer) -> Advice {
    Advice::new("the response is not HTTP/1.1")
        .cause("Something other than a web server listens on that port.")
        .when(peer.server.port.is_some_and(|port| port != 443), |advice| {
            advice.cause(
                "The port expects `https://` and the URL has `http://`, or the server speaks only HTTP/2.",
            )
        })
        .cause("A broken proxy is in between.")
        .remedy("Check port and scheme of the endpoint URL, and the proxy.")
}

fn switched() -> Advice {
    Advice::new("the server switched to another protocol")
        .cause("The URL belongs to a WebSocket server, not to an HTTP API.")
        .cause("A proxy adds an `Upgrade` header to requests, and the server accepts it.")
        .remedy("Check host, port and path of the endpoint URL.")
        .remedy("Configure the proxy to forward `Upgrade` and `Connection` as the client sends them, or bypass it (NO_PROXY).")
}

fn no_runtime() -> Advice {
    Advice::new("the call was awaited outside of a tokio runtime")
        .cause("The call is polled by an executor other than tokio's, or by a thread outside of its runtime.")
        .remedy("Await it in a program with `#[tokio::main]`, or by `tokio::runtime::Runtime::new()?.block_on(…)`.")
        .remedy("In a program without async code enable the feature `blocking`, and call `send_blocking`.")
}

fn too_large(evidence: &TransportEvidence) -> Advice {
    if evidence.body_limit.is_some() {
        return Advice::new("the body of the response is larger than the client accepts")
            .cause("The request asks for too much in one response.")
            .cause("Something other than the service responds.")
            .remedy("Request fewer items per call, by the request's `Limit` if it has one.")
            .remedy("Raise `max_body_bytes` on the transport.");
    }
    Advice::new("the head of the response is larger than the client accepts")
        .cause("Something other than the service responds, or a proxy adds headers.")
        .remedy("Inspect the response with another tool: `curl -v` with the same URL.")
        .remedy("Raise `max_header_bytes` and `max_headers` on the transport.")
}
