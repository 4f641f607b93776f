//! The canonical request: the one form of a request that both sides can compute.

use std::{borrow::Cow, fmt, ops::Range};

use http::HeaderMap;

use super::sigv4::Settings;

/// What a signature covers of a request, as it is on the wire.
///
/// The target may hold what no [`http::Uri`] may, so that texts from elsewhere can be examined too. `Debug` shows
/// neither header values nor the body.
#[derive(Clone, Copy)]
pub struct Signable<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

impl<'a> Signable<'a> {
    /// Takes a request apart; `target` is path and query.
    pub fn new(method: &'a str, target: &'a str, headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method, path, query, headers, body }
    }

    /// Takes a request apart.
    pub fn of<B: AsRef<[u8]>>(request: &'a http::Request<B>) -> Self {
        Self {
            method: request.method().as_str(),
            path: request.uri().path(),
            query: request.uri().query().unwrap_or_default(),
            headers: request.headers(),
            body: request.body().as_ref(),
        }
    }
}

impl fmt::Debug for Signable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signable")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// How the path on the wire becomes the canonical one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathEncoding {
    /// Encoded once more: `/a%20b` gives `/a%2520b`. Every service but S3.
    #[default]
    Double,
    /// As it is.
    Single,
}

/// Whether the canonical path is free of dot segments and doubled slashes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathNormalization {
    /// They are removed, as in RFC 3986, 5.2.4. Every service but S3.
    #[default]
    Normalized,
    /// They stay.
    AsIs,
}

/// The headers that a signature covers: name and value, sorted by name; values of one name stay in order.
#[derive(Clone)]
pub(super) struct SignedHeaders<'a>(Vec<(&'a str, &'a [u8])>);

impl<'a> SignedHeaders<'a> {
    /// All that reach the service as they were sent.
    pub(super) fn all(headers: &'a HeaderMap) -> Self {
        let mut signed = Vec::with_capacity(headers.len());
        signed.extend(
            headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_bytes()))
                .filter(|(name, _)| !changes_on_the_way(name)),
        );
        signed.sort_by_key(|(name, _)| *name);
        Self(signed)
    }

    /// Those that a signature says it covers; one that is absent counts as empty.
    pub(super) fn listed(headers: &'a HeaderMap, names: &'a str) -> Self {
        let mut signed = Vec::new();
        for name in names.split(';') {
            let before = signed.len();
            signed.extend(headers.get_all(name).iter().map(|value| (name, value.as_bytes())));
            if signed.len() == before {
                signed.push((name, b"".as_slice()));
            }
        }
        Self(signed)
    }

    /// Names, joined by `;`.
    pub(super) fn names(&self) -> Vec<u8> {
        let mut names = Vec::new();
        self.write_names(&mut names);
        names
    }

    fn write_names(&self, out: &mut Vec<u8>) {
        for (index, values) in self.by_name().enumerate() {
            if index > 0 {
                out.push(b';');
            }
            if let Some((name, _)) = values.first() {
                out.extend_from_slice(name.as_bytes());
            }
        }
    }

    /// A line a name.
    fn write_lines(&self, out: &mut Vec<u8>) {
        for values in self.by_name() {
            for (index, (name, value)) in values.iter().enumerate() {
                if index == 0 {
                    out.extend_from_slice(name.as_bytes());
                    out.push(b':');
                } else {
                    out.push(b',');
                }
                write_folded(out, value);
            }
            out.push(b'\n');
        }
    }

    fn by_name(&self) -> impl Iterator<Item = &[(&'a str, &'a [u8])]> {
        self.0.chunk_by(|(left, _), (right, _)| left == right)
    }
}

/// Headers that proxies add, remove or rewrite, and the one that carries the signature.
fn changes_on_the_way(name: &str) -> bool {
    matches!(
        name,
        "authorization"
            | "connection"
            | "expect"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "user-agent"
            | "x-amzn-trace-id"
    )
}

/// Writes the canonical request; returns where the names of the signed headers stand in it.
pub(super) fn write(
    out: &mut Vec<u8>,
    request: &Signable<'_>,
    headers: &SignedHeaders<'_>,
    payload_hash: &[u8; 64],
    settings: Settings,
) -> Range<usize> {
    out.extend_from_slice(request.method.as_bytes());
    out.push(b'\n');
    write_path(out, request.path, settings.encoding, settings.normalization);
    out.push(b'\n');
    write_query(out, request.query);
    out.push(b'\n');
    headers.write_lines(out);
    out.push(b'\n');
    let start = out.len();
    headers.write_names(out);
    let names = start..out.len();
    out.push(b'\n');
    out.extend_from_slice(payload_hash);
    names
}

fn write_path(out: &mut Vec<u8>, path: &str, encoding: PathEncoding, normalization: PathNormalization) {
    let path = match normalization {
        _ if path.is_empty() => Cow::Borrowed("/"),
        PathNormalization::Normalized if path.contains("//") || path.contains("/.") => {
            normalized(path).into()
        }
        PathNormalization::Normalized | PathNormalization::AsIs => path.into(),
    };
    match encoding {
        PathEncoding::Double => encode(out, path.as_bytes(), |byte| is_unreserved(byte) || byte == b'/'),
        PathEncoding::Single => out.extend_from_slice(path.as_bytes()),
    }
}

/// Without dot segments and empty segments; a trailing slash stays.
fn normalized(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    let is_folder = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end));
    let end = if is_folder && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/"))
}

/// Parameters decoded, encoded and sorted in their encoded form, name before value.
fn write_query(out: &mut Vec<u8>, query: &str) {
    if query.is_empty() {
        return;
    }
    let mut pairs: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).map(encoded_pair).collect();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push(b'&');
        }
        for part in [name.as_bytes(), b"=", value.as_bytes()] {
            out.extend_from_slice(part);
        }
    }
}

fn encoded_pair(pair: &str) -> (String, String) {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    (encode_query(&decode_query(name)), encode_query(&decode_query(value)))
}

/// Percent-encodes a name or value of the query.
pub(super) fn encode_query(text: &[u8]) -> String {
    let mut encoded = Vec::with_capacity(text.len());
    encode(&mut encoded, text, is_unreserved);
    String::from_utf8(encoded).expect("what is percent-encoded is ASCII")
}

/// Decodes a name or value of the query: `+` is a space, and what is no escape stays.
pub(super) fn decode_query(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, after) = match (first, after) {
            (b'+', _) => (b' ', after),
            (b'%', [high, low, beyond @ ..]) => match (hex_value(*high), hex_value(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, beyond),
                _ => (first, after),
            },
            _ => (first, after),
        };
        decoded.push(byte);
        rest = after;
    }
    decoded
}

/// The value of a hexadecimal digit.
pub(super) fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn encode(out: &mut Vec<u8>, text: &[u8], keep: impl Fn(u8) -> bool) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
    for &byte in text {
        if keep(byte) {
            out.push(byte);
        } else {
            out.extend_from_slice(&[b'%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
}

/// RFC 3986, 2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// A header value without white space around it, runs of spaces inside it made one.
fn write_folded(out: &mut Vec<u8>, value: &[u8]) {
    let value = value.trim_ascii();
    let after = value.get(1..).unwrap_or_default();
    // Looks at every pair instead of stopping at the first, which the compiler can do 16 bytes at a time.
    let is_space = |byte: u8| u8::from(byte == b' ');
    let runs = value.iter().zip(after).fold(0, |runs, (&one, &next)| runs | (is_space(one) & is_space(next)));
    if runs == 0 {
        out.extend_from_slice(value);
        return;
    }
    let mut previous = 0;
    for &byte in value {
        if byte != b' ' || previous != b' ' {
            out.push(byte);
        }
        previous = byte;
    }
}
