//! Causes of transport errors that explanations use.

use std::{borrow::Cow, error::Error as StdError, fmt, time::Duration};

/// The step that a timeout ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Awaited {
    /// The lookup of the host name.
    NameLookup,
    /// The connection to the server, or to the proxy.
    Connection,
    /// The proxy's response to `CONNECT`.
    Proxy,
    /// The TLS handshake.
    TlsHandshake,
    /// The response, its body included.
    Response,
}

/// Completes "waited for …".
impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NameLookup => "the name lookup",
            Self::Connection => "the connection",
            Self::Proxy => "the proxy's response",
            Self::TlsHandshake => "the TLS handshake",
            Self::Response => "the response",
        })
    }
}

/// The step that a timeout ended: the source of timeout errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedOut {
    awaited: Awaited,
    limit: Duration,
    /// The limit is the whole call's, earlier attempts included.
    is_of_call: bool,
}

impl TimedOut {
    /// A limit that was reached before `awaited`. Earlier steps may have used a part of it.
    pub fn new(awaited: Awaited, limit: Duration) -> Self {
        Self { awaited, limit, is_of_call: false }
    }

    /// The same if the limit of the whole call ended the wait.
    pub(crate) fn of_call(awaited: Awaited, limit: Duration) -> Self {
        Self { awaited, limit, is_of_call: true }
    }

    /// The step that did not happen in time.
    pub fn awaited(&self) -> Awaited {
        self.awaited
    }

    /// The limit of all steps together.
    pub fn limit(&self) -> Duration {
        self.limit
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { awaited, limit, is_of_call } = self;
        if *is_of_call {
            write!(f, "waited for {awaited} until the limit of the whole call, {limit:?}, was reached")
        } else {
            write!(f, "waited for {awaited} until the limit of {limit:?} was reached")
        }
    }
}

impl StdError for TimedOut {}

/// Why a request cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestFault {
    /// The URI has no host.
    NoHost,
    /// The URI's scheme is neither `https` nor `http`.
    UnknownScheme,
    /// The URI has a user name.
    UserName,
    /// The URI's port is invalid.
    InvalidPort,
    /// The URI is `http://` to another machine, which the transport does not permit.
    PlainHttp,
    /// The client has no transport for calls that wait in this way.
    NoTransport,
}

impl fmt::Display for RequestFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoHost => "its URI has no host",
            Self::UnknownScheme => "its URI has neither https:// nor http://",
            Self::UserName => "its URI has a user name, which is not sent",
            Self::InvalidPort => "its URI has an invalid port",
            Self::PlainHttp => {
                "http:// would make it readable for everyone on the way; use https://, or \
                 `allow_http_to_any_host` if that is intended"
            }
            Self::NoTransport => {
                "the client has no transport for this kind of call; set `transport` or `blocking_transport` on its \
                 builder, or enable the feature `async` or `blocking`"
            }
        })
    }
}

impl StdError for RequestFault {}

/// A setting that cannot be used.
#[derive(Clone, Debug)]
pub struct SettingError {
    text: String,
}

impl SettingError {
    /// A problem, and what to do.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

impl fmt::Display for SettingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for SettingError {}

/// Why a proxy opened no tunnel.
#[derive(Clone, Debug)]
pub struct TunnelError {
    /// The status of its response, if that is an HTTP response.
    pub status: Option<u16>,
    /// The problem, in words.
    pub problem: Cow<'static, str>,
}

impl TunnelError {
    /// The status of the proxy's response; `None` if the response is not HTTP.
    pub fn status(&self) -> Option<u16> {
        self.status
    }
}

impl fmt::Display for TunnelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl StdError for TunnelError {}

/// The system has no readable root certificate, for these reasons.
#[derive(Debug)]
pub struct NoRootCertificates(pub Vec<String>);

impl fmt::Display for NoRootCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no root certificate could be loaded from the system")?;
        for error in &self.0 {
            write!(f, ": {error}")?;
        }
        f.write_str("; install the package ca-certificates, set SSL_CERT_FILE, or pass root certificates")
    }
}

impl StdError for NoRootCertificates {}

/// The body is larger than this limit.
#[derive(Clone, Copy, Debug)]
pub struct BodyTooLarge(pub usize);

impl fmt::Display for BodyTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body is larger than {} bytes; `max_body_bytes` sets the limit", self.0)
    }
}

impl StdError for BodyTooLarge {}
