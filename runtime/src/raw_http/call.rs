//! Calls by method and path.

use std::{
    fmt::{self, Display},
    marker::PhantomData,
};

use bytes::Bytes;
use http::{HeaderValue, Method, Uri, header, uri::PathAndQuery};
use serde_core::Serialize;

use super::response::Response;
use gatewright_core::percent::encode_query;

use crate::{
    Error, Service,
    endpoint::path,
    error::{Called, InputError},
    exchange::{CallOptions, Outcome, Prepared, call_options},
    mask,
    protocol::{OperationInfo, Protocol},
    secrets::Secrets,
    transport::Request,
    validate::Violation,
    wire::headers,
};

/// A call that can be configured and then sent: `.await` it, or use `.send_blocking()`. Invalid parts make the call
/// fail with [`Error::Input`] before anything is sent.
///
/// Dropping a call's future ends it: nothing more is sent. A request that was already sent may still be executed.
///
/// Awaiting a call needs a tokio runtime with I/O and time enabled, as in `#[tokio::main]`. Outside of a runtime it
/// fails with [`NoRuntime`](crate::transport::TransportErrorKind::NoRuntime). If the runtime has I/O or time disabled,
/// which cannot be detected, tokio panics. Blocking calls need no runtime.
#[must_use = "a call is made when it is awaited or sent"]
pub struct Call<S> {
    pub(super) client: crate::Client,
    method: Method,
    path: String,
    query: String,
    body: Bytes,
    pub(super) options: CallOptions,
    refused: Vec<Violation>,
    service: PhantomData<fn() -> S>,
}

/// The outcome of a call.
pub(super) type CallResult<S> = Result<Response, Error<<S as Service>::ErrorCode>>;

impl<S: Service> Call<S> {
    pub(super) fn new(client: crate::Client, method: Method, path: &str) -> Self {
        let base = client.endpoint().path().trim_end_matches('/');
        let refused = path::check(path).err().map(|why| Violation::new("path", why));
        Self {
            method,
            path: [base, path].concat(),
            query: String::new(),
            body: Bytes::new(),
            options: client.options().clone(),
            refused: refused.into_iter().collect(),
            service: PhantomData,
            client,
        }
    }

    /// Appends a segment to the path. All special characters are percent-encoded, so that no value can reach another
    /// resource.
    pub fn segment(mut self, segment: impl Display) -> Self {
        if let Err(why) = path::push(&mut self.path, &segment.to_string()) {
            self.refuse("segment", why);
        }
        self
    }

    /// Adds a parameter to the query, percent-encoded. All parameters with the same name are sent.
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        if SIGNATURE.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) {
            self.refuse("query", format!("{name} is part of signatures, and cannot be set"));
            return self;
        }
        let separator = if self.query.is_empty() { "" } else { "&" };
        let [name, value] = [name, &value.to_string()].map(|text| encode_query(text.as_bytes()));
        self.query.extend([separator, &name, "=", &value]);
        self
    }

    /// Sets a header, which is signed unless proxies change such headers. A header of the same name is replaced. Headers
    /// that depend on the request, its signature, its connection or the client make the call fail, and so do invalid
    /// names and values.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match headers::parse(name, value, S::INFO.hosts.api_header) {
            Ok((name, mut value)) => {
                value.set_sensitive(mask::is_secret(name.as_str()));
                self.options.headers.insert(name, value);
            }
            Err(why) => self.refuse("header", why),
        }
        self
    }

    /// Sends this key of a usage plan instead of the client's. The key is never shown.
    pub fn api_key(self, key: &str) -> Self {
        self.header("x-api-key", key)
    }

    /// Sends a value as JSON.
    pub fn json<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => self.body = body.into(),
            Err(error) => self.refuse("body", error.to_string()),
        }
        let json = HeaderValue::from_static("application/json");
        self.options.headers.entry(header::CONTENT_TYPE).or_insert(json);
        self
    }

    /// Sends these bytes. Set their `content-type` with [`header`](Self::header).
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    call_options!();

    pub(super) fn refuse(&mut self, place: &'static str, why: impl Into<String>) {
        self.refused.push(Violation::new(place, why.into()));
    }

    /// The method, as the operation's name in errors, hooks and spans.
    pub(super) fn operation(&self) -> &'static OperationInfo {
        METHODS.iter().find(|operation| operation.method == self.method).unwrap_or(&OTHER)
    }

    /// The request, and the settings for sending it.
    pub(super) fn into_request(mut self) -> Result<(crate::Client, Request, CallOptions), Box<InputError>> {
        let uri = self.uri();
        if uri.is_none() && self.refused.is_empty() {
            self.refuse("path", "is too long with its query");
        }
        match uri {
            Some(uri) if self.refused.is_empty() => {
                let mut request = Request::new(self.body);
                *request.method_mut() = self.method;
                *request.uri_mut() = uri;
                Ok((self.client, request, self.options))
            }
            _ => Err(Box::new(InputError::new(self.called(), self.refused))),
        }
    }

    /// What errors about invalid parts name.
    fn called(&self) -> Called {
        let mut request = Request::default();
        request.headers_mut().extend(self.options.headers.clone());
        let secrets = Secrets::of_request(&request, &self.body, &[], None);
        let endpoint = self.client.endpoint();
        let [scheme, host] = [endpoint.scheme_str(), endpoint.host()].map(Option::unwrap_or_default);
        let port = endpoint.port().map(|port| format!(":{port}")).unwrap_or_default();
        let url = format!("{scheme}://{host}{port}{}", self.path);
        Called::at(self.operation().name, &self.method, &url, &secrets)
    }

    fn uri(&self) -> Option<Uri> {
        let path = if self.path.is_empty() { "/" } else { &self.path };
        let separator = if self.query.is_empty() { "" } else { "?" };
        let mut parts = self.client.endpoint().clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from([path, separator, &self.query].concat()).ok()?);
        Uri::from_parts(parts).ok()
    }
}

impl<S: Service> Call<S> {
    pub(super) fn prepare(self) -> Result<(crate::Client, Prepared), Error<S::ErrorCode>> {
        let operation = self.operation();
        let (client, request, options) = self.into_request().map_err(Error::Input)?;
        let (fault, request_id) = (S::Protocol::fault, S::Protocol::request_id);
        // Without a region of its own, a call has an endpoint.
        let own = client.shared().own_destination(&options).ok().flatten();
        let prepared = Prepared::new(client.shared(), operation, request, options, own, fault, request_id);
        Ok((client, Prepared { by_path: true, ..prepared }))
    }
}

pub(super) fn result<S: Service>(prepared: Prepared, outcome: Outcome) -> CallResult<S> {
    let Prepared { operation, request, .. } = prepared;
    let request = request.map(drop);
    outcome
        .map(|metadata| Response { operation: operation.name, request, metadata })
        .map_err(|failed| Error::new(failed.failure))
}

/// The usual methods; idempotent ones (RFC 9110, 9.2.2) are repeatable.
static METHODS: [OperationInfo; 8] = [
    OperationInfo::http("DELETE", Method::DELETE, &[]).repeatable(),
    OperationInfo::http("GET", Method::GET, &[]).repeatable(),
    OperationInfo::http("HEAD", Method::HEAD, &[]).repeatable(),
    OperationInfo::http("OPTIONS", Method::OPTIONS, &[]).repeatable(),
    OperationInfo::http("PATCH", Method::PATCH, &[]),
    OperationInfo::http("POST", Method::POST, &[]),
    OperationInfo::http("PUT", Method::PUT, &[]).repeatable(),
    OperationInfo::http("call", Method::TRACE, &[]).repeatable(),
];

/// Any other method.
static OTHER: OperationInfo = OperationInfo::new("call");

/// Parameters of a signature in the query.
const SIGNATURE: [&str; 7] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// Omits query, headers and body, which may contain secrets.
impl<S> fmt::Debug for Call<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}
