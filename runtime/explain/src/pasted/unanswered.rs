//! Failures without a response, as SDKs, tools and systems print them.

use super::{forms, plain};
use crate::{
    Outcome, SourceTried,
    endpoint::{Partition, partitions},
    host::read_host,
    identity::SourceFault,
    kept,
    known::is_shared,
    mask::MASK,
    text::in_one_line,
    transport::{IoEvidence, ProxyEvidence, TlsEvidence, TransportEvidence},
    wire::{HostPort, Peer, Reached, TransportErrorKind},
};

impl Outcome {
    /// Reads a pasted failure without a response.
    ///
    /// It may be a failure of names, connections, TLS, proxies, credentials or settings.
    ///
    /// Returns `None` for other texts, such as errors that a service sent.
    pub fn of_text(pasted: &str) -> Option<Self> {
        /// Longer texts are logs, which may have such sentences beside the error.
        const MAX_BYTES: usize = 8 << 10;
        let text = plain::plain(pasted.trim_start_matches('\u{feff}'));
        if text.len() > MAX_BYTES || text.trim_start().starts_with(['{', '<']) {
            return None;
        }
        if text.lines().any(|line| line.trim_start_matches(['<', ' ']).starts_with("HTTP/")) {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        let has = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
        let failure = FAILURES.iter().find(|(parts, _)| has(parts)).map(|(_, failure)| failure);
        if has(ANSWERED) || is_answered(text.trim(), failure) {
            return None;
        }
        let line = kept::text(&in_one_line(text.trim().to_owned()));
        if let Some((_, cause, remedy)) = LOGINS.iter().find(|(parts, ..)| has(parts)) {
            let source = SourceTried::new("", &line, SourceFault::Failed);
            let [cause, remedy] = [cause, remedy].map(|text| vec![(*text).to_owned()]);
            return Some(Self::Credentials(vec![source.with_advice(&cause, &remedy)]));
        }
        if has(NO_CREDENTIALS) {
            return Some(Self::Credentials(vec![SourceTried::new("", &line, SourceFault::Absent)]));
        }
        if has(NO_REGION) {
            return Some(Self::Settings { reason: line });
        }
        Some(Self::Transport(failure?.evidence(&host(&text), line)))
    }
}

/// Whether a text has the parts of an error response, which may quote a failure of the service.
fn is_answered(text: &str, failure: Option<&Said>) -> bool {
    let found = forms::read(text);
    // Proxies respond, too.
    let by_service = found.status != 0 && !matches!(failure, Some(Said::Proxy(_)));
    // Names that services do not share may be an SDK's own, such as `EndpointConnectionError`.
    by_service || found.fault.exception.is_some_and(|name| is_shared(&name))
}

/// Signs of a response, which says more.
const ANSWERED: &[&str] = &["an error occurred (", "api error "];

/// Logins that have ended: parts of the text, cause and remedy.
const LOGINS: &[(&[&str], &str, &str)] = &[
    (
        &[
            "error loading sso token",
            "sso session associated with this profile",
            "error when retrieving token from sso",
            "token has expired and refresh failed",
            "failed to refresh cached sso token",
            "failed to read cached sso token",
        ],
        "The login of IAM Identity Center has expired, or there was none for this profile.",
        "Log in: `aws sso login --profile <profile>`.",
    ),
    (
        &["the config profile (", "failed to get shared config profile", "could not resolve profile"],
        "The profile that `AWS_PROFILE` or an option names is in neither of the shared files.",
        "List the profiles with `aws configure list-profiles`, and correct the name; `AWS_CONFIG_FILE` may name another file.",
    ),
    (
        &["partial credentials found"],
        "A source has the access key id without the secret, or the secret without the id.",
        "Set both in the same place, or neither.",
    ),
];

const NO_CREDENTIALS: &[&str] = &[
    "unable to locate credentials",
    "nocredentialproviders",
    "no valid providers in chain",
    "no valid credential sources",
    "could not load credentials from any providers",
    "unable to load credentials from any of the providers",
    "unable to load aws credentials from any provider",
    "no ec2 imds role found",
    "missing credentials in config",
    "the credential provider was not enabled",
    "no providers in chain provided credentials",
    "credentialsnotloaded",
    // Java's chain, without a shared file.
    "profile file cannot be null",
];

const NO_REGION: &[&str] = &[
    "you must specify a region",
    "missing region in config",
    "region is missing",
    "unable to find a region via the region provider chain",
    "an aws region is required, but was not found",
];

/// A failure that a sentence reports.
enum Said {
    Dns(IoEvidence),
    /// A lookup failed: the text does not show whether the name exists.
    Unresolved,
    Connect(IoEvidence),
    /// Of a name or a connection: the text does not show which.
    Unconnected,
    ConnectTimeout,
    ReadTimeout,
    /// Of a connection or of a request: the words around it show which.
    TimedOut,
    Closed(IoEvidence),
    Tls(fn() -> TlsEvidence),
    Proxy(Option<ProxyEvidence>),
}

/// Parts of texts in lower case, the more specific ones first.
const FAILURES: &[(&[&str], Said)] = &[
    (
        &[
            "tunnel connection failed: 407",
            "received http code 407 from proxy",
            "connect tunnel failed, response 407",
            "proxy authentication required",
        ],
        Said::Proxy(Some(ProxyEvidence::Refused(407))),
    ),
    (
        &[
            "tunnel connection failed: 403",
            "received http code 403 from proxy",
            "connect tunnel failed, response 403",
        ],
        Said::Proxy(Some(ProxyEvidence::Refused(403))),
    ),
    (
        &["failed to connect to proxy url", "unable to connect to proxy", "proxyconnect tcp"],
        Said::Proxy(None),
    ),
    // Go reads the responses of name servers over UDP.
    (
        &["temporary failure in name resolution", "eai_again", "read udp", "resolving timed out"],
        Said::Dns(IoEvidence::LookupFailed),
    ),
    (
        &[
            "no address associated with hostname",
            "name or service not known",
            "nodename nor servname provided",
            "no such host",
            "enotfound",
            "[errno 11001]",
        ],
        Said::Dns(IoEvidence::NameUnknown),
    ),
    (&["could not resolve host", "getaddrinfo failed", "unknownhostexception"], Said::Unresolved),
    (
        &["certificate has expired or is not yet valid", "certificate verify failed (_ssl"],
        Said::Tls(|| TlsEvidence::Other { reason: "the certificate was not accepted".to_owned() }),
    ),
    (
        &[
            "self signed certificate",
            "self-signed certificate",
            "unable to get local issuer certificate",
            "unable to get issuer certificate",
            "certificate signed by unknown authority",
            "pkix path building failed",
            "unable to verify the first certificate",
            "unknownissuer",
        ],
        Said::Tls(|| TlsEvidence::UnknownIssuer),
    ),
    (&["certificate has expired"], Said::Tls(|| TlsEvidence::Expired { now: None, not_after: None })),
    (
        &["certificate is not yet valid"],
        Said::Tls(|| TlsEvidence::NotYetValid { now: None, not_before: None }),
    ),
    (&["wrong version number", "unrecognized name"], Said::Tls(|| TlsEvidence::Ended)),
    // Python says so in a handshake and after it.
    (&["eof occurred in violation of protocol"], Said::Closed(IoEvidence::Ended)),
    (&["connect timeout", "connect timed out", "connecttimeouterror"], Said::ConnectTimeout),
    (&["connection timed out", "etimedout", "i/o timeout"], Said::TimedOut),
    (
        &[
            "read timeout on endpoint url",
            "read timed out",
            "while awaiting headers",
            "operation timed out after",
        ],
        Said::ReadTimeout,
    ),
    (&["connection refused", "econnrefused", "actively refused it"], Said::Connect(IoEvidence::Refused)),
    (
        &["no route to host", "network is unreachable", "enetunreach", "ehostunreach"],
        Said::Connect(IoEvidence::Unreachable),
    ),
    (
        &[
            "connection reset by peer",
            "econnreset",
            "connection was closed before we received a valid response",
            "connection aborted",
        ],
        Said::Closed(IoEvidence::Reset),
    ),
    (&["could not connect to the endpoint url", "failed to connect to "], Said::Unconnected),
];

impl Said {
    fn evidence(&self, host: &HostPort, line: String) -> TransportEvidence {
        let peer = Peer::new(host.clone());
        let new = |kind, reached| TransportEvidence::new(kind, reached, peer.clone());
        let unsent = |kind| new(kind, Reached::NotSent);
        let of_io = |kind, reached, io| TransportEvidence { io: Some(io), ..new(kind, reached) };
        let mut evidence = match self {
            Self::Dns(io) => of_io(TransportErrorKind::Dns, Reached::NotSent, *io),
            Self::Connect(io) => of_io(TransportErrorKind::Connect, Reached::NotSent, *io),
            // No server is in a region that does not exist.
            Self::Unresolved | Self::Unconnected if is_in_unknown_region(&host.host) => {
                unsent(TransportErrorKind::Dns)
            }
            Self::Unresolved => of_io(TransportErrorKind::Dns, Reached::NotSent, IoEvidence::LookupFailed),
            Self::Unconnected => unsent(TransportErrorKind::Connect),
            Self::ConnectTimeout => unsent(TransportErrorKind::ConnectTimeout),
            Self::TimedOut if is_connecting(&line) => unsent(TransportErrorKind::ConnectTimeout),
            Self::ReadTimeout | Self::TimedOut => new(TransportErrorKind::AttemptTimeout, Reached::MaybeSent),
            Self::Closed(io) => of_io(TransportErrorKind::Closed, Reached::MaybeSent, *io),
            Self::Tls(tls) => TransportEvidence { tls: Some(tls()), ..unsent(TransportErrorKind::Tls) },
            Self::Proxy(proxy) => {
                let peer = peer.clone().with_proxy(HostPort::new("<proxy>", None));
                let evidence = TransportEvidence::new(TransportErrorKind::Proxy, Reached::NotSent, peer);
                TransportEvidence { proxy: *proxy, ..evidence }
            }
        };
        evidence.chain = vec![line];
        evidence
    }
}

/// Whether a timeout surely ended an attempt to connect, so that nothing was sent.
fn is_connecting(line: &str) -> bool {
    const CONNECTING: [&str; 7] = [
        "connect etimedout",
        "connect: connection timed out",
        "connectexception: connection timed out",
        "connection timed out after",
        "dial tcp ",
        "failed to connect to ",
        "failed to establish a new connection",
    ];
    const SENDING: [&str; 4] = ["read tcp ", "write tcp ", "read etimedout", "write etimedout"];
    let line = line.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| line.contains(part));
    has(&CONNECTING) && !has(&SENDING)
}

fn is_in_unknown_region(host: &str) -> bool {
    let region = read_host(host).and_then(|name| name.region);
    region.is_some_and(|region| !partitions::AWS.iter().any(|partition: &Partition| partition.lists(region)))
}

/// The host in a URL or after the word that announces one; not that of a URL to read.
fn host(text: &str) -> HostPort {
    const DOCUMENTATION: [&str; 2] = ["curl.se", "curl.haxx.se"];
    const MARKS: [&str; 11] = [
        "https://",
        "http://",
        "connect to ",
        "host: ",
        "ENOTFOUND ",
        "EAI_AGAIN ",
        "ECONNREFUSED ",
        "ETIMEDOUT ",
        "lookup ",
        "dial tcp ",
        "Exception: ",
    ];
    let is_of_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_');
    let hosts = MARKS.iter().flat_map(|mark| text.match_indices(mark)).filter_map(|(at, mark)| {
        let (before, rest) = (text.get(..at)?.trim_end(), text.get(at + mark.len()..)?);
        let is_reference =
            mark.ends_with("//") && [" here:", " see", " See"].iter().any(|end| before.ends_with(end));
        let rest = rest.strip_prefix(MASK).and_then(|rest| rest.strip_prefix('@')).unwrap_or(rest);
        let end = rest.find(|c| !is_of_host(c)).unwrap_or(rest.len());
        rest.get(..end)
            .map(|host| host.trim_end_matches([':', '.']))
            .filter(|host| host.contains('.') || host.starts_with("localhost"))
            .filter(|host| !is_reference && !DOCUMENTATION.contains(host))
    });
    hosts.map(HostPort::from).next().unwrap_or_else(|| HostPort::new("<host>", None))
}
