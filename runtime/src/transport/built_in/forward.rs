//! Plain requests through a proxy, which requires the complete URI.

use http::{HeaderValue, Uri, header::PROXY_AUTHORIZATION, uri::Scheme};

use super::{origin::Origin, proxy::Proxy};

/// What requests to a forwarding proxy need in addition.
pub(super) struct Forward {
    origin: Origin,
    authorization: Option<HeaderValue>,
}

impl Forward {
    pub(super) fn new(origin: &Origin, proxy: &Proxy) -> Self {
        Self { origin: origin.clone(), authorization: proxy.authorization().cloned() }
    }

    /// Adds it to a request; idempotent.
    pub(super) fn apply<B>(&self, request: &mut http::Request<B>) {
        let mut parts = std::mem::take(request.uri_mut()).into_parts();
        parts.scheme = Some(Scheme::HTTP);
        parts.authority = Some(self.origin.authority().clone());
        *request.uri_mut() =
            Uri::from_parts(parts).expect("scheme, authority and path are there and were parsed");
        if let Some(authorization) = &self.authorization {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization.clone());
        }
    }
}
