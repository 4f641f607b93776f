//! Members outside of the body, in requests and responses.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header::CONTENT_TYPE, uri::PathAndQuery};

use super::{header_list, scalar::Value};
use crate::{
    percent::{encode, encode_query, is_unreserved},
    protocol::{
        Binding, EncodeError, Location, OperationInfo, PathPart, base,
        tree::node::{Members, Node},
    },
    secret::Secret,
    wire::{Request, Response, SensitiveBody, SensitiveParts},
};

/// The members of a request that are outside of its body's members.
#[derive(Debug, Default)]
pub(in crate::protocol) struct Bound {
    labels: Vec<(&'static str, String)>,
    query: Vec<(Cow<'static, str>, String)>,
    /// Parameters of maps, which parameters with a name in the model override.
    query_map: Vec<(String, Vec<String>)>,
    headers: HeaderMap,
    /// A payload that is not in the format of the protocol.
    raw: Option<Vec<u8>>,
    sensitive: SensitiveParts,
    /// Whether the body is written in the format of the protocol.
    pub(super) has_body: bool,
}

impl Bound {
    /// Adds the value of a member.
    pub(super) fn put(&mut self, binding: &Binding, value: Value) -> Result<(), EncodeError> {
        if value == Value::Absent {
            return Ok(());
        }
        if binding.sensitive {
            self.mark(binding.location, &value);
        }
        match binding.location {
            Location::Label => {
                let text = value.into_texts()?.pop().unwrap_or_default();
                self.labels.push((binding.member, text));
            }
            Location::Query(name) => {
                self.query.extend(value.into_texts()?.into_iter().map(|text| (Cow::Borrowed(name), text)));
            }
            Location::QueryMap => self.query_map.extend(entries(value)),
            Location::Header(name) | Location::HeaderDates(name) => {
                self.header(binding, name, &value.into_texts()?.join(", "))?;
            }
            Location::HeaderList(name) => {
                let items = value.into_texts()?.into_iter().map(header_list::quoted);
                self.header(binding, name, &items.collect::<Vec<_>>().join(", "))?;
            }
            Location::HeaderJson(name) => {
                self.header(binding, name, &STANDARD.encode(value.into_texts()?.concat()))?;
            }
            Location::PrefixHeaders(prefix) => {
                for (name, texts) in entries(value) {
                    self.header(binding, &[prefix, &name].concat(), &texts.join(", "))?;
                }
            }
            Location::RawPayload(_) | Location::TextPayload(_) => {
                let bytes = match value {
                    Value::Bytes(bytes) => bytes,
                    Value::Absent | Value::Text(_) | Value::List(_) | Value::Map(_) => {
                        value.into_texts()?.concat().into_bytes()
                    }
                };
                self.raw = Some(bytes);
            }
            // The status exists in responses only.
            Location::Payload | Location::UnionPayload | Location::StatusCode => {}
        }
        Ok(())
    }

    /// Remembers a secret.
    fn mark(&mut self, location: Location, value: &Value) {
        if matches!(location, Location::RawPayload(_) | Location::TextPayload(_)) {
            self.sensitive.body = Some(SensitiveBody::Bytes);
            return;
        }
        let mut add = |text: &String| self.sensitive.texts.push(Secret::new(text.as_str()));
        match value {
            Value::Absent | Value::Bytes(_) => {}
            Value::Text(text) => add(text),
            Value::List(texts) => texts.iter().for_each(add),
            Value::Map(entries) => {
                for (key, texts) in entries {
                    add(key);
                    texts.iter().for_each(&mut add);
                }
            }
        }
    }

    /// Notes that the body is the member of this binding, in the format of the protocol.
    pub(super) fn put_body(&mut self, binding: &Binding) {
        self.has_body = true;
        if binding.sensitive {
            self.sensitive.body = Some(SensitiveBody::Document);
        }
    }

    /// Leaves the body out.
    pub(in crate::protocol) fn without_body(&mut self) -> Vec<u8> {
        self.has_body = false;
        Vec::new()
    }

    fn header(&mut self, binding: &Binding, name: &str, value: &str) -> Result<(), EncodeError> {
        let name = HeaderName::try_from(name)
            .map_err(|_| EncodeError("a key is not the name of a header".to_owned()))?;
        let mut value = HeaderValue::try_from(value)
            .map_err(|_| EncodeError("has a character that headers cannot have".to_owned()))?;
        value.set_sensitive(binding.sensitive);
        self.headers.insert(name, value);
        Ok(())
    }

    /// The request, whose body is `body` in the format `media_type` unless a member is the body in another format.
    pub(in crate::protocol) fn into_request(
        self,
        endpoint: &Uri,
        operation: &OperationInfo,
        body: Vec<u8>,
        media_type: &'static str,
    ) -> Result<Request, EncodeError> {
        let uri = self.uri(endpoint, operation)?;
        let raw = operation.request_bindings.iter().find_map(|binding| match binding.location {
            Location::RawPayload(media_type) | Location::TextPayload(media_type) => Some(media_type),
            _ => None,
        });
        let media_type = raw.or_else(|| self.has_body.then_some(media_type));
        let body = self.raw.unwrap_or(body);
        let mut request = http::Request::new(Bytes::from(body));
        *request.method_mut() = operation.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = self.headers;
        let SensitiveParts { texts, body } = &self.sensitive;
        if !texts.is_empty() || body.is_some() {
            request.extensions_mut().insert(self.sensitive);
        }
        if let Some(media_type) = media_type {
            request.headers_mut().entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
        }
        Ok(request)
    }

    fn uri(&self, endpoint: &Uri, operation: &OperationInfo) -> Result<Uri, EncodeError> {
        let mut target = base(endpoint).as_bytes().to_vec();
        for part in operation.path {
            match part {
                PathPart::Text(text) => target.extend_from_slice(text.as_bytes()),
                PathPart::Label(member) => {
                    let text = self.label(member, |text| [text].into_iter())?;
                    encode(&mut target, text.as_bytes(), is_unreserved);
                }
                PathPart::Greedy(member) => {
                    let text = self.label(member, |text| text.split('/'))?;
                    encode(&mut target, text.as_bytes(), |byte| byte == b'/' || is_unreserved(byte));
                }
            }
        }
        let mut separator = b'?';
        let mut add = |text: &str| {
            target.push(std::mem::replace(&mut separator, b'&'));
            target.extend_from_slice(text.as_bytes());
        };
        if !operation.query.is_empty() {
            add(operation.query);
        }
        let pair = |name: &str, value: &str| {
            [encode_query(name.as_bytes()), encode_query(value.as_bytes())].join("=")
        };
        for (name, value) in &self.query {
            add(&pair(name, value));
        }
        for (name, values) in &self.query_map {
            if self.query.iter().all(|(known, _)| known != name) {
                for value in values {
                    add(&pair(name, value));
                }
            }
        }
        let mut parts = endpoint.clone().into_parts();
        let target = PathAndQuery::try_from(target)
            .map_err(|error| EncodeError(format!("the members do not form a valid URI: {error}")))?;
        parts.path_and_query = Some(target);
        Uri::from_parts(parts).map_err(|error| EncodeError(error.to_string()))
    }

    /// The value of a label. Empty and dot segments would name another resource (RFC 3986, section 5.2.4).
    fn label<'a, I: Iterator<Item = &'a str>>(
        &'a self,
        member: &str,
        segments: impl Fn(&'a str) -> I,
    ) -> Result<&'a str, EncodeError> {
        let text = self.labels.iter().find(|(name, _)| *name == member).map_or("", |(_, text)| text);
        if text.is_empty() {
            return Err(EncodeError(format!("{member} is a part of the path, which must not be empty")));
        }
        if segments(text).any(|segment| [".", ".."].contains(&segment)) {
            return Err(EncodeError(format!("{member} is a part of the path, which must not be . or ..")));
        }
        Ok(text)
    }
}

fn entries(value: Value) -> Vec<(String, Vec<String>)> {
    if let Value::Map(entries) = value { entries } else { Vec::new() }
}

/// The members of a response outside of its body's members, except structured payloads.
pub(super) fn of_response<'a>(
    operation: &OperationInfo,
    response: &'a Response,
) -> Result<Vec<(&'static str, Node<'a>)>, String> {
    let headers = response.headers();
    let mut found = Vec::new();
    for Binding { member, location, .. } in operation.response_bindings {
        let node = match location {
            Location::StatusCode => Some(Node::Number(response.status().as_u16().into())),
            Location::Header(name) => header_list::text(headers, name)?.map(Node::Text),
            Location::HeaderList(name) => {
                header_list::text(headers, name)?.map(|text| texts(header_list::items(&text)))
            }
            Location::HeaderDates(name) => {
                header_list::text(headers, name)?.map(|text| texts(header_list::dates(&text)))
            }
            Location::HeaderJson(name) => {
                header_list::json(headers, name)?.map(|text| Node::Text(text.into()))
            }
            Location::PrefixHeaders(prefix) => Some(prefixed(headers, prefix)?),
            Location::RawPayload(_)
            | Location::TextPayload(_)
            | Location::Payload
            | Location::UnionPayload
            | Location::Label
            | Location::Query(_)
            | Location::QueryMap => None,
        };
        found.extend(node.map(|node| (*member, node)));
    }
    Ok(found)
}

fn texts<'a>(texts: Vec<String>) -> Node<'a> {
    Node::List(texts.into_iter().map(|text| Node::Text(text.into())).collect())
}

fn prefixed<'a>(headers: &'a HeaderMap, prefix: &str) -> Result<Node<'a>, String> {
    let entries = header_list::prefixed(headers, prefix)?.into_iter();
    let entries = entries.map(|(key, text)| (Cow::Borrowed(key), Node::Text(text)));
    Ok(Node::Members(Members::new(entries.collect(), |_, _| {})))
}
