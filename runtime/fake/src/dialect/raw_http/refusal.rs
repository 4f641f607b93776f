//! Refusals that the service's model defines.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header::CONTENT_TYPE};
use serde_json::{Map, Value};

use super::super::Reply;
use crate::{
    FakeError, FakeService,
    explain::known_responses::{Parts, RequestTrait, fill},
    hosts::KnownHost,
    nearest::nearest,
    router::Router,
    sign::Stamp,
    transport::Response,
};

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// A response that refuses a request. The id names its entry in the service's table of known responses.
///
/// Message, body and values of headers are templates: `{name}` is replaced by a part of the request.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct FakeRefusal {
    /// Id of the entry.
    pub id: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: &'static [(&'static str, &'static str)],
    /// Message, if the response has one.
    pub message: Option<&'static str>,
    /// Member of the JSON body that holds the message.
    pub message_key: &'static str,
    /// Body that is not JSON with a message.
    pub body: Option<&'static str>,
    /// The request that is refused in this way, if the entry depends on it.
    pub request: FakeRequest,
}

/// The properties of a request that a refusal depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct FakeRequest {
    /// Host name that was called.
    pub host: Option<&'static str>,
    /// Path.
    pub path: Option<&'static str>,
    /// Content type.
    pub content_type: Option<&'static str>,
    /// Additional headers of the request.
    pub sent: &'static [&'static str],
    /// The caller: an ARN or an account id.
    pub caller: Option<&'static str>,
    /// The API's owner: an account id or an ARN.
    pub owner: Option<&'static str>,
    /// Further properties.
    pub is: &'static [RequestTrait],
}

impl FakeRequest {
    /// Any request.
    pub const ANY: Self =
        Self { host: None, path: None, content_type: None, sent: &[], caller: None, owner: None, is: &[] };
}

impl FakeRefusal {
    fn error_type(&self) -> Option<&'static str> {
        self.headers.iter().find(|(name, _)| *name == ERROR_TYPE).map(|(_, value)| *value)
    }
}

/// An unknown refusal of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownRefusal {
    /// The id that was given.
    pub id: String,
    /// The model's description, if the id stands for the lack of a response.
    pub without_response: Option<&'static str>,
    /// The ids of all refusals.
    pub known: Vec<&'static str>,
}

impl fmt::Display for UnknownRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, without_response, known } = self;
        match without_response {
            Some(doc) => {
                write!(f, "no server can send the refusal {id:?}, which is the lack of a response: {doc}")
            }
            None => match nearest(id, known.iter().copied()) {
                Some(near) => write!(f, "unknown refusal {id:?}; did you mean {near}?"),
                None => write!(f, "unknown refusal {id:?}; there are: {}", known.join(", ")),
            },
        }
    }
}

impl std::error::Error for UnknownRefusal {}

/// The refusal of this id.
pub(super) fn find(service: &FakeService, id: &str) -> Result<&'static FakeRefusal, UnknownRefusal> {
    let refusals = service.refusals();
    refusals.iter().find(|refusal| refusal.id == id).ok_or_else(|| UnknownRefusal {
        id: id.to_owned(),
        without_response: service
            .info
            .known_responses
            .entries
            .iter()
            .find(|entry| entry.id == id)
            .map(|entry| entry.doc),
        known: refusals.iter().map(|refusal| refusal.id).collect(),
    })
}

/// Whether the service itself wrote a response.
pub(super) fn is_of_service(headers: &HeaderMap) -> bool {
    headers.contains_key(ERROR_TYPE)
}

/// The response for an error: the refusal that its code names, or the first refusal of any request with the name of its
/// exception.
///
/// Properties of the error replace properties of the refusal. An exception without a refusal gets the form of the first
/// refusal.
pub(super) fn response(reply: &Reply<'_>, error: &FakeError) -> Response {
    let Reply { router, request, ref id, now } = *reply;
    let refusals = router.service.refusals();
    let code = error.code.as_deref();
    let exception = error.exception.as_deref();
    let named = refusals.iter().find(|refusal| match (code, exception) {
        (Some(code), _) => code == refusal.id,
        (None, Some(_)) => exception == refusal.error_type() && refusal.request == FakeRequest::ANY,
        (None, None) => false,
    });
    let is_bare = code.is_none() && exception.is_none();
    let refusal = named.or_else(|| refusals.first().filter(|_| !is_bare));
    let mut parts = request.map(|request| parts(router, request)).unwrap_or_default();
    parts.extend(times(now));
    parts.insert("id".to_owned(), id.clone());

    let own = error.message.clone();
    let message = own.or_else(|| Some(fill(named?.message?, &parts)));
    let mut response = Response::new(Bytes::new());
    for (name, value) in refusal.map_or(&[][..], |refusal| refusal.headers) {
        insert(response.headers_mut(), name, &fill(value, &parts));
    }
    if let Some(exception) = exception {
        insert(response.headers_mut(), ERROR_TYPE.as_str(), exception);
    }
    let status = error.status.or_else(|| StatusCode::from_u16(named?.status).ok());
    *response.status_mut() = status.unwrap_or(StatusCode::BAD_REQUEST);
    let body = refusal.and_then(|refusal| refusal.body);
    *response.body_mut() = if let Some(body) = body {
        parts.insert("message".to_owned(), message.unwrap_or_default());
        fill(body, &parts).into()
    } else {
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().entry(CONTENT_TYPE).or_insert(json);
        let key = refusal.map_or("message", |refusal| refusal.message_key);
        let members = [(key.to_owned(), message.map_or(Value::Null, Value::from))];
        Value::Object(members.into_iter().chain(error.details.clone()).collect::<Map<_, _>>())
            .to_string()
            .into()
    };
    response
}

/// Omits invalid headers, which only names and texts of the user can cause.
fn insert(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        headers.insert(name, value);
    }
}

/// The values for templates, from a request.
fn parts(router: &Router, request: &Request<Bytes>) -> Parts {
    let path = request.uri().path();
    let (stage, route) =
        path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_start_matches('/'), ""));
    let known = super::known_host(router.service, request);
    let region = super::region(router, known.as_ref(), request);
    let own = [
        ("method", request.method().as_str()),
        ("path", path),
        ("stage", stage),
        ("route", route),
        ("region", region),
    ];
    let of_host = known.iter().flat_map(KnownHost::parts);
    let of_host = of_host.map(|(name, part)| (name.to_ascii_lowercase(), part.to_owned()));
    of_host.chain(own.map(|(name, part)| (name.to_owned(), part.to_owned()))).collect()
}

/// Times around now. Signatures are accepted within five minutes; ten minutes is too far.
fn times(now: SystemTime) -> impl Iterator<Item = (String, String)> {
    const ALLOWED: Duration = Duration::from_secs(5 * 60);
    let stamp = |time: Option<SystemTime>| time.and_then(Stamp::from_time);
    let day = |time: Option<SystemTime>| Some(String::from_utf8_lossy(&stamp(time)?.day()).into_owned());
    let moment = |time| Some(stamp(time)?.as_str().to_owned());
    let times = [
        ("now", moment(Some(now))),
        ("oldest", moment(now.checked_sub(ALLOWED))),
        ("past", moment(now.checked_sub(2 * ALLOWED))),
        ("latest", moment(now.checked_add(ALLOWED))),
        ("future", moment(now.checked_add(2 * ALLOWED))),
        ("today", day(Some(now))),
        ("tomorrow", day(now.checked_add(Duration::from_secs(24 * 60 * 60)))),
    ];
    times.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?)))
}
