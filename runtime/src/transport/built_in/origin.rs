//! The server that a request is for.

use std::fmt;

use http::{
    HeaderValue, Uri, Version,
    header::HOST,
    uri::{Authority, PathAndQuery, Scheme},
};

use super::{
    HostPort, MetadataRequest, Peer, Reached, Request, RequestFault, TransportError, TransportErrorKind,
};
use crate::wire::{bare, is_loopback};

/// Scheme, host and port of a server, and whether it is a metadata endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    https: bool,
    authority: Authority,
    is_metadata: bool,
}

impl Origin {
    /// Takes the origin from a request: the URI keeps path and query, and `Host` is set if it was not.
    pub(super) fn take(request: &mut Request) -> Result<Self, TransportError> {
        let is_metadata = MetadataRequest::is_in(request);
        let parts = std::mem::take(request.uri_mut()).into_parts();
        let Some(authority) = parts.authority else {
            return Err(refused("a request", RequestFault::NoHost));
        };
        let https = match parts.scheme {
            Some(scheme) if scheme == Scheme::HTTPS => true,
            Some(scheme) if scheme == Scheme::HTTP => false,
            _ => return Err(refused(authority.host(), RequestFault::UnknownScheme)),
        };
        if authority.as_str().contains('@') {
            return Err(refused(authority.host(), RequestFault::UserName));
        }
        if !has_valid_port(&authority) {
            return Err(refused(authority.host(), RequestFault::InvalidPort));
        }
        let path = parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/"));
        *request.uri_mut() = Uri::from(path);
        *request.version_mut() = Version::HTTP_11;
        if !request.headers().contains_key(HOST) {
            let host = HeaderValue::from_str(authority.as_str())
                .map_err(|error| refused(authority.host(), error))?;
            request.headers_mut().insert(HOST, host);
        }
        Ok(Self { https, authority, is_metadata })
    }

    pub(super) fn https(&self) -> bool {
        self.https
    }

    pub(super) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The host name or address; an IPv6 address has no brackets.
    pub(super) fn host(&self) -> &str {
        bare(self.authority.host())
    }

    pub(super) fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(if self.https { 443 } else { 80 })
    }

    /// Whether it is a metadata endpoint, which is reached directly and by `http://`.
    pub(super) fn is_metadata(&self) -> bool {
        self.is_metadata
    }

    /// Whether the server is certainly on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }
}

impl From<&Origin> for HostPort {
    fn from(origin: &Origin) -> Self {
        Self::new(origin.host(), Some(origin.port()))
    }
}

/// `host:port`, as in `CONNECT`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.authority.host(), self.port())
    }
}

/// Whether what follows the host of an authority without user name, if anything, is a port.
pub(super) fn has_valid_port(authority: &Authority) -> bool {
    authority.host().len() == authority.as_str().len() || authority.port_u16().is_some()
}

/// A request that cannot be sent, and why.
pub(super) fn refused(
    peer: impl Into<Peer>,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> TransportError {
    TransportError::new(TransportErrorKind::Request, peer, Reached::NotSent).with_source(why)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn origin(uri: &str) -> Result<(Origin, Request), TransportError> {
        let mut request = http::Request::get(uri).body(Bytes::new()).unwrap();
        Origin::take(&mut request).map(|origin| (origin, request))
    }

    #[track_caller]
    fn check(uri: &str, host: &str, port: u16, rest: &str) {
        let (origin, request) = origin(uri).unwrap();
        assert_eq!((origin.host(), origin.port()), (host, port));
        assert_eq!(request.uri(), rest);
        assert_eq!(request.headers()[HOST], origin.authority.as_str());
    }

    #[test]
    fn splits() {
        check("https://example.com", "example.com", 443, "/");
        check("https://example.com/a?b=c", "example.com", 443, "/a?b=c");
        check("http://example.com:8080/", "example.com", 8080, "/");
        check("http://[::1]/%41", "::1", 80, "/%41");
    }

    #[test]
    fn refuses() {
        for (uri, why) in [
            ("/only/a/path", "its URI has no host"),
            ("ftp://example.com/", "its URI has neither https:// nor http://"),
            ("https://example.com:99999/", "its URI has an invalid port"),
            ("https://example.com:/", "its URI has an invalid port"),
            ("https://me:secret@example.com/", "its URI has a user name, which is not sent"),
        ] {
            let error = origin(uri).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Request);
            assert_eq!(std::error::Error::source(&error).unwrap().to_string(), why);
            assert!(!format!("{error:?}").contains("secret"));
        }
    }
}
