//! The canonical request: the one form of a request that client and service both compute.

use std::{borrow::Cow, fmt, ops::Range};

use http::HeaderMap;

use super::{
    headers::SignedHeaders,
    settings::{PathEncoding, PathNormalization, Settings},
    texts::lossy,
};
use crate::percent::{decode_query, encode, encode_query, is_unreserved};

/// The parts of a request that a signature covers, as on the wire.
///
/// The target may contain characters that no [`http::Uri`] may, so that foreign texts can be examined too. `Debug`
/// shows neither header values nor the body.
#[derive(Clone, Copy)]
pub struct Signable<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

impl<'a> Signable<'a> {
    /// Takes the parts of a request; `target` is path and query.
    pub fn new(method: &'a str, target: &'a str, headers: &'a HeaderMap, body: &'a [u8]) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method, path, query, headers, body }
    }

    /// Takes the parts of an HTTP request.
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

/// The parts of a canonical request before they are written.
#[derive(Clone, Copy)]
pub(super) struct Covered<'a> {
    pub(super) request: &'a Signable<'a>,
    pub(super) headers: &'a SignedHeaders<'a>,
    /// The hash of the body, or `UNSIGNED-PAYLOAD`.
    pub(super) payload_hash: &'a [u8],
    pub(super) settings: Settings,
}

impl Covered<'_> {
    /// In their canonical forms.
    pub(super) fn path_and_query(&self) -> (String, String) {
        let (mut path, mut query) = (Vec::new(), Vec::new());
        write_path(&mut path, self.request.path, self.settings.encoding, self.settings.normalization);
        write_query(&mut query, self.request.query);
        (lossy(&path), lossy(&query))
    }
}

/// Writes the canonical request; returns where in it the names of the signed headers are.
pub(super) fn write(out: &mut Vec<u8>, covered: &Covered<'_>) -> Range<usize> {
    let Covered { request, headers, payload_hash, settings } = *covered;
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
        PathNormalization::Normalized if may_need_normalization(path) => normalized(path).into(),
        PathNormalization::Normalized | PathNormalization::AsIs => path.into(),
    };
    match encoding {
        PathEncoding::Double => encode(out, path.as_bytes(), |byte| is_unreserved(byte) || byte == b'/'),
        PathEncoding::Single => out.extend_from_slice(path.as_bytes()),
    }
}

fn may_need_normalization(path: &str) -> bool {
    path.as_bytes().windows(2).any(|pair| matches!(pair, b"//" | b"/."))
}

/// Removes dot segments and empty segments; a trailing slash stays.
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

/// Decodes parameters, encodes them canonically and sorts them in their encoded form, by name, then by value.
fn write_query(out: &mut Vec<u8>, query: &str) {
    if query.is_empty() {
        return;
    }
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs.map(encoded_pair).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[track_caller]
    fn check_path(path: &str, canonical: &str) {
        let settings = Settings::default();
        assert_eq!(
            written(|out| write_path(out, path, settings.encoding, settings.normalization)),
            canonical
        );
    }

    #[track_caller]
    fn check_query(query: &str, canonical: &str) {
        assert_eq!(written(|out| write_query(out, query)), canonical);
    }

    #[test]
    fn paths() {
        check_path("", "/");
        check_path("/", "/");
        check_path("/a b", "/a%20b");
        check_path("/a%20b", "/a%2520b");
        check_path("/~a-b_c.d/$", "/~a-b_c.d/%24");
        check_path("/../../a", "/a");
        check_path("/a/./b/../c", "/a/c");
        check_path("/a/b/..", "/a/");
        check_path("/a/..", "/");
        check_path("//a//", "/a/");
        check_path("/.a/..b/c.", "/.a/..b/c.");
    }

    #[test]
    fn queries() {
        check_query("", "");
        check_query("a", "a=");
        check_query("&b=2&&a=1&", "a=1&b=2");
        check_query("a=1=2", "a=1%3D2");
        check_query("a-b=1&a=2&a=1", "a=1&a=2&a-b=1");
        check_query("a=%2f&b=%zz&c=%4&d=%", "a=%2F&b=%25zz&c=%254&d=%25");
        check_query("a=%FF+b", "a=%FF%20b");
    }

    #[test]
    fn signable_debug_shows_no_content() {
        let mut headers = HeaderMap::new();
        headers.insert("x-secret", http::HeaderValue::from_static("hush"));
        let shown = format!("{:?}", Signable::new("GET", "/path?hush", &headers, b"hush"));
        assert!(shown.contains("/path") && !shown.contains("hush"), "{shown}");
    }
}
