//! Methods and URIs of operations.

use std::collections::BTreeSet;

use super::braces::{self, Part};
use crate::error::{Place, Report};
use crate::{Http, PathPart, Shape, raw};

/// Methods that requests may have.
const METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"];

/// The method and the parts of `/a/{Name}/b/{Path+}?kind=x`; each reference is a member of the request.
pub(super) fn resolve(raw: raw::Http, input: &Shape, place: &Place, report: &mut Report) -> Http {
    if !METHODS.contains(&raw.method.as_str()) {
        report.unknown(&place.key("method"), "method", &raw.method, METHODS);
    }
    let status = raw.status.unwrap_or(200);
    if !(200..=299).contains(&status) {
        report.fault(&place.key("status"), "is not a status of success, give one from 200 to 299");
    }
    let place = place.key("uri");
    let (path, query) = raw.uri.split_once('?').unwrap_or((&raw.uri, ""));
    if !path.starts_with('/') {
        report.fault(&place, "does not begin with a slash, which every path does");
    }
    if let Some(part) = query.split('&').find(|part| !query.is_empty() && !is_encoded(part, "=")) {
        report.fault(&place, format!("\"{part}\" is not a part of a query, percent-encode it"));
    }
    if raw.uri.contains("}{") {
        report.fault(&place, "has two members side by side, which a path cannot separate");
    }
    let parts = braces::parts(path, &place, report).unwrap_or_default();
    let is_greedy = |part: &&Part<'_>| matches!(part, Part::Reference(name) if name.ends_with('+'));
    if parts.iter().filter(is_greedy).count() > 1 {
        report.fault(&place, "has several members with \"+\", which slashes cannot separate, keep one \"+\"");
    }
    let mut seen = BTreeSet::new();
    let mut part = |part: Part<'_>| match part {
        Part::Text(text) => {
            if !is_encoded(text, "/:@") {
                report.fault(&place, format!("\"{text}\" is not a part of a path, percent-encode it"));
            }
            Some(PathPart::Text(text.to_owned()))
        }
        Part::Reference(name) => {
            let (name, make): (_, fn(String) -> PathPart) = match name.strip_suffix('+') {
                Some(name) => (name, PathPart::Greedy),
                None => (name, PathPart::Label),
            };
            if !seen.insert(name.to_owned()) {
                report.fault(&place, format!("has \"{name}\" twice, name each member once"));
            }
            Some(make(input.member(name, &place, report)?.wire.clone()))
        }
    };
    let path = parts.into_iter().filter_map(&mut part).collect();
    Http { method: raw.method, path, query: query.to_owned(), status }
}

/// Whether a text can be a part of a URI (RFC 3986, section 3.3), except for characters that separate such parts.
fn is_encoded(text: &str, separators: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~!$'()*+,;%".contains(c) || separators.contains(c);
    text.chars().all(fits)
}
