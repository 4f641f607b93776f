//! Shared code of REST protocols: routes, and members outside of the body.

use std::{cmp::Reverse, fmt::Display, time::SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use serde_json::{Map, Value};

use super::{sigv4, texts};
use crate::{
    DynamicOperation, FakeError, FakeService,
    dynamic::Refused,
    gzip,
    protocol::{Binding, Location, OperationInfo, PathPart, header_list},
    router::Router,
    sign::verify::VerifyError,
    violations,
};
use gatewright_core::{
    checksum,
    percent::{decode, read_query},
};

/// Names of the errors that a protocol's front end refuses requests with.
pub(super) struct Names {
    pub(super) unknown_operation: &'static str,
    pub(super) refused: fn(&VerifyError) -> &'static str,
    pub(super) invalid: &'static str,
}

/// Checks a request in the order of the service, and returns the output; `read` reads a body in the format of the protocol.
pub(super) fn perform(
    router: &Router,
    request: &Request<Bytes>,
    now: SystemTime,
    names: &Names,
    read: &dyn Fn(&[u8]) -> Result<Value, String>,
) -> Result<String, FakeError> {
    let Some(route) = route(router.service, request) else {
        let (method, path) = (request.method(), request.uri().path());
        return Err(FakeError::exception(names.unknown_operation)
            .with_status(StatusCode::NOT_FOUND)
            .with_message(format!("{} has no operation {method} {path}", router.service.info.title)));
    };
    let refused =
        |error: VerifyError| FakeError::exception((names.refused)(&error)).with_message(error.to_string());
    let caller = sigv4::verify(router, route.operation, request, now).map_err(refused)?;
    verify_checksum(route.operation.info(), request)?;
    let unreadable = |why: String| router.service.dialect.unreadable(why);
    let body = match request.body().as_ref() {
        [] => Value::Null,
        body if route.has_document() => read(body).map_err(unreadable)?,
        _ => Value::Null,
    };
    let input = route.input(request, body).map_err(unreadable)?;
    let checked = route.operation.check(input.to_string().as_bytes()).map_err(|refused| match refused {
        Refused::Invalid(faults) if faults.mistyped.is_empty() => FakeError::exception(names.invalid)
            .with_message(violations::message(
                &faults,
                &input,
                route.operation.names(),
                router.service.info.sensitive_members,
            )),
        refused => unreadable(refused.to_string()),
    });
    router.perform(route.operation, &checked?, &caller, now)
}

/// Checks the checksum of the body that an operation demands.
fn verify_checksum(operation: &OperationInfo, request: &Request<Bytes>) -> Result<(), FakeError> {
    if !operation.has_checksum {
        return Ok(());
    }
    let headers = request.headers();
    if !checksum::is_given(headers) {
        let message = "Missing required header for this request: Content-MD5 OR x-amz-checksum-*";
        return Err(FakeError::exception("InvalidRequest").with_message(message));
    }
    match headers.get(checksum::CRC32) {
        Some(given) if *given != checksum::crc32(gzip::received(request)) => {
            let message = "The CRC32 you specified did not match the calculated checksum.";
            Err(FakeError::exception("BadDigest").with_message(message))
        }
        _ => Ok(()),
    }
}

/// An operation, and the labels of its path.
pub(super) struct Route {
    pub(super) operation: &'static DynamicOperation,
    labels: Map<String, Value>,
}

/// The operation with this method and path; of several, the most specific one that fits best.
pub(super) fn route(service: &'static FakeService, request: &Request<Bytes>) -> Option<Route> {
    let query: Vec<_> = texts(read_query(request.uri().query().unwrap_or_default())).collect();
    let fits = |info: &OperationInfo| {
        let mut constant = texts(read_query(info.query));
        info.method == *request.method() && constant.all(|pair| query.contains(&pair))
    };
    let candidates = service.operations().iter().filter(|operation| fits(operation.info()));
    let matched = candidates.filter_map(|operation| {
        let labels = labels(operation.info().path, request.uri().path())?;
        Some(Route { operation, labels })
    });
    matched.max_by_key(|route| {
        let operation = route.operation;
        (specificity(operation.info()), fitting(operation, &query, request.headers()))
    })
}

/// How well a request fits one of several operations with the same URI, such as S3's `CopyObject`, `PutObject` and `UploadPart`:
/// required members that it lacks, those that it has, and the same for optional parameters. Of two operations whose parameters
/// are all absent, the one with more of them fits. Optional headers count for nothing: many have no meaning of their own.
fn fitting(
    operation: &DynamicOperation,
    query: &[(String, String)],
    headers: &HeaderMap,
) -> impl Ord + use<> {
    let is_present = |binding: &Binding| match binding.location {
        Location::Query(name) => Some(query.iter().any(|(key, _)| key == name)),
        Location::Header(name)
        | Location::HeaderList(name)
        | Location::HeaderDates(name)
        | Location::HeaderJson(name) => {
            operation.requires(binding.member).then(|| headers.contains_key(name))
        }
        _ => None,
    };
    let count = |required, present| {
        let counts = |binding: &&Binding| {
            operation.requires(binding.member) == required && is_present(binding) == Some(present)
        };
        operation.info().request_bindings.iter().filter(counts).count()
    };
    (Reverse(count(true, false)), count(true, true), count(false, true), count(false, false))
}

/// How specific a route is: constant text of path and query, then labels of one segment instead of several.
fn specificity(info: &OperationInfo) -> (usize, usize) {
    let text = |part: &PathPart| if let PathPart::Text(text) = part { text.len() } else { 0 };
    let segments = info.path.iter().filter(|part| matches!(part, PathPart::Label(_)));
    (info.query.len() + info.path.iter().map(text).sum::<usize>(), segments.count())
}

/// The values of labels, if the path fits.
fn labels(parts: &[PathPart], path: &str) -> Option<Map<String, Value>> {
    let [first, rest @ ..] = parts else { return path.is_empty().then(Map::new) };
    match *first {
        PathPart::Text(text) => labels(rest, path.strip_prefix(text)?),
        PathPart::Label(name) => label(name, rest, path, path.find('/').unwrap_or(path.len())),
        PathPart::Greedy(name) => {
            // The longest value after which the rest fits.
            let mut ends = (1..=path.len()).rev().filter(|end| path.is_char_boundary(*end));
            ends.find_map(|end| label(name, rest, path, end))
        }
    }
}

fn label(name: &str, rest: &[PathPart], path: &str, end: usize) -> Option<Map<String, Value>> {
    let (value, after) = path.split_at_checked(end).filter(|(value, _)| !value.is_empty())?;
    let mut found = labels(rest, after)?;
    let text = String::from_utf8_lossy(&decode(value.as_bytes(), false)).into_owned();
    found.insert(name.to_owned(), text.into());
    Some(found)
}

impl Route {
    /// The request's members as JSON: those in `body`, and those outside of it, which a body does not replace.
    fn input(&self, request: &Request<Bytes>, body: Value) -> Result<Value, String> {
        let info = self.operation.info();
        let mut members = self.labels.clone();
        let query: Vec<_> = texts(read_query(request.uri().query().unwrap_or_default())).collect();
        let headers = request.headers();
        for Binding { member, location, .. } in info.request_bindings {
            let value = match location {
                Location::Query(name) => {
                    let mut values: Vec<_> = values(&query, name).collect();
                    match values.len() {
                        0 => None,
                        1 => values.pop(),
                        _ => Some(values.into()),
                    }
                }
                Location::QueryMap => Some(self.query_map(&query)),
                Location::Header(name) => {
                    header_list::text(headers, name)?.map(|text| text.into_owned().into())
                }
                Location::HeaderList(name) => {
                    header_list::text(headers, name)?.map(|text| header_list::items(&text).into())
                }
                Location::HeaderDates(name) => {
                    header_list::text(headers, name)?.map(|text| header_list::dates(&text).into())
                }
                Location::HeaderJson(name) => header_list::json(headers, name)?.map(Value::from),
                Location::PrefixHeaders(prefix) => Some(prefixed(headers, prefix)?),
                Location::Payload | Location::UnionPayload => Some(body.clone()),
                Location::RawPayload(_) => {
                    (!request.body().is_empty()).then(|| STANDARD.encode(request.body()).into())
                }
                Location::TextPayload(_) => {
                    (!request.body().is_empty()).then(|| String::from_utf8_lossy(request.body()).into())
                }
                _ => None,
            };
            members.extend(value.filter(|value| !value.is_null()).map(|value| ((*member).to_owned(), value)));
        }
        if let (true, Value::Object(body)) = (info.has_body_members, body) {
            let is_outside = |name: &str| {
                info.request_bindings.iter().any(|binding| self.operation.reads(name, binding.member))
            };
            members.extend(body.into_iter().filter(|(name, _)| !is_outside(name)));
        }
        Ok(members.into())
    }

    /// Whether requests have a body in the format of the protocol.
    pub(super) fn has_document(&self) -> bool {
        let info = self.operation.info();
        let is_payload =
            |binding: &Binding| matches!(binding.location, Location::Payload | Location::UnionPayload);
        info.has_body_members || info.request_bindings.iter().any(is_payload)
    }

    /// Parameters that are neither constant nor members of their own.
    fn query_map(&self, query: &[(String, String)]) -> Value {
        let info = self.operation.info();
        let constant: Vec<_> = texts(read_query(info.query)).collect();
        let is_member = |name: &str| {
            let named =
                |binding: &Binding| matches!(binding.location, Location::Query(known) if known == name);
            info.request_bindings.iter().any(named)
        };
        let mut map = Map::new();
        for (name, value) in query.iter().filter(|pair| !constant.contains(pair)) {
            if !is_member(name) && !name.starts_with("X-Amz-") {
                map.insert(name.clone(), value.as_str().into());
            }
        }
        map.into()
    }
}

fn values<'a>(query: &'a [(String, String)], name: &str) -> impl Iterator<Item = Value> + use<'a> {
    let name = name.to_owned();
    query.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value.as_str().into())
}

fn prefixed(headers: &HeaderMap, prefix: &str) -> Result<Value, String> {
    let entries = header_list::prefixed(headers, prefix)?.into_iter();
    let entries = entries.map(|(key, text)| (key.to_owned(), Value::from(text)));
    Ok(entries.collect::<Map<_, _>>().into())
}

/// A response: its status, its headers, and the members of the body.
pub(super) struct Output<T> {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Body<T>,
}

impl Output<Value> {
    /// The response with a document instead of the value that it represents.
    pub(super) fn with_document(self, document: Vec<u8>) -> Output<Vec<u8>> {
        let Self { status, headers, body } = self;
        let body = match body {
            Body::Empty => Body::Empty,
            Body::Formatted(_) => Body::Formatted(document),
            Body::Raw(bytes) => Body::Raw(bytes),
        };
        Output { status, headers, body }
    }
}

/// The body of a response.
pub(super) enum Body<T> {
    /// Nothing.
    Empty,
    /// Members, or a payload, in the format of the protocol.
    Formatted(T),
    /// Bytes or text.
    Raw(Vec<u8>),
}

/// Distributes the members of an output.
///
/// # Errors
/// A member that cannot be where the model places it.
pub(super) fn output(info: &OperationInfo, output: Value) -> Result<Output<Value>, String> {
    let mut members = if let Value::Object(members) = output { members } else { Map::new() };
    let (mut status, mut headers) = (info.status, HeaderMap::new());
    let mut body = Body::Empty;
    for Binding { member, location, .. } in info.response_bindings {
        let Some(value) = members.remove(*member).filter(|value| !value.is_null()) else { continue };
        let refused = |why: &dyn Display| format!("{member}: {why}");
        let mut put = |name: &str, text: String| {
            let name =
                HeaderName::try_from(name).map_err(|_| refused(&"a key is not the name of a header"))?;
            let value = HeaderValue::try_from(text)
                .map_err(|_| refused(&"has a character that headers cannot have"))?;
            headers.insert(name, value);
            Ok::<_, String>(())
        };
        match location {
            Location::StatusCode => {
                status = value.as_u64().and_then(|code| u16::try_from(code).ok()).unwrap_or(status);
            }
            Location::Header(name) => put(name, text(&value))?,
            Location::HeaderList(name) => put(name, joined(&value, header_list::quoted))?,
            Location::HeaderDates(name) => put(name, joined(&value, |date| date))?,
            Location::HeaderJson(name) => put(name, STANDARD.encode(text(&value)))?,
            Location::PrefixHeaders(prefix) => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    put(&[prefix, name.as_str()].concat(), text(value))?;
                }
            }
            Location::RawPayload(_) => {
                body = Body::Raw(STANDARD.decode(text(&value)).map_err(|error| refused(&error))?);
            }
            Location::TextPayload(_) => body = Body::Raw(text(&value).into_bytes()),
            Location::Payload | Location::UnionPayload => body = Body::Formatted(value),
            _ => {}
        }
    }
    let has_union = info.response_bindings.iter().any(|binding| binding.location == Location::UnionPayload);
    if info.reads_body && !has_union && matches!(body, Body::Empty) {
        body = Body::Formatted(members.into());
    }
    // An invalid status from a sample or a handler.
    let status = StatusCode::from_u16(status).ok().filter(StatusCode::is_success).unwrap_or_default();
    Ok(Output { status, headers, body })
}

/// Distributes the members of an error. If one of them cannot be where the model places it, the message says so instead.
pub(super) fn error(
    bindings: &'static [Binding],
    members: Map<String, Value>,
    message: &str,
) -> Output<Value> {
    let all = OperationInfo::of_error(bindings);
    let refused = |why: String| {
        let members = Map::from_iter([(message.to_owned(), FakeError::unwritable(why).message.into())]);
        let body = Body::Formatted(members.into());
        Output { status: StatusCode::INTERNAL_SERVER_ERROR, headers: HeaderMap::new(), body }
    };
    output(&all, members.into()).unwrap_or_else(refused)
}

/// The items of a list in a header.
fn joined(list: &Value, write: impl Fn(String) -> String) -> String {
    let items = list.as_array().into_iter().flatten().map(|item| write(text(item)));
    items.collect::<Vec<_>>().join(", ")
}

/// A text, number or boolean as text.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
