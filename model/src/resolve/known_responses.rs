//! Known responses: references, patterns and the parts that sentences name.

use std::collections::{BTreeMap, BTreeSet};

use super::{placed, present, response_examples};
use crate::error::{Place, Report};
use crate::load::{KNOWN_RESPONSES, SERVICE};
use crate::{HostForm, KnownResponse, KnownResponses, Repair, ResponseCondition, ResponseSource, raw};

/// Parts that are known of every request.
const PARTS: [&str; 7] = ["host", "method", "owner", "partition", "path", "principal", "status"];
/// The form of host names that have no known form.
const OTHER: &str = "other";

/// `hosts` are the forms of host names that the protocol distinguishes.
pub(super) fn resolve(raw: raw::KnownResponses, hosts: &[HostForm], report: &mut Report) -> KnownResponses {
    let file = Place::file(KNOWN_RESPONSES);
    let mut parts: BTreeSet<String> = PARTS.map(str::to_owned).into();
    for (index, host) in hosts.iter().enumerate() {
        parts.extend(braced(&host.host.to_ascii_lowercase()).into_iter().flatten().map(str::to_owned));
        if let Some(path) = &host.path {
            let place = Place::file(SERVICE).key("protocol").key("raw-http").key("hosts");
            pattern(&place.index(index).key("path"), path, &mut parts, report);
        }
    }
    let mut sources = Vec::new();
    for (index, source) in raw.sources.into_iter().enumerate() {
        let place = file.key("sources").index(index);
        present(&place.key("doc"), &source.doc, report);
        let headers = headers(&place.key("headers"), source.headers, &mut parts, report);
        names(&place.key("without"), &source.without, report);
        if headers.is_empty() && source.without.is_empty() {
            report.fault(&place, "has no headers to identify it, add some");
        }
        sources.push(ResponseSource { id: source.id, doc: source.doc, headers, without: source.without });
    }
    distinct(&file.key("sources"), sources.iter().map(|source| source.id.as_str()), report);
    distinct(&file.key("known_responses"), raw.entries.iter().map(|response| response.id.as_str()), report);

    let known = Known {
        hosts: ids(hosts, |host| &host.form),
        sources: ids(&sources, |source| &source.id),
        examples: response_examples::Known { hosts, sources: &sources },
    };
    let entries = raw.entries.into_iter().enumerate().map(|(index, response)| {
        let place = match response.id.as_str() {
            "" => file.key("known_responses").index(index),
            id => file.key(id),
        };
        known.response(&place, response, parts.clone(), report)
    });
    let entries: Vec<_> = entries.collect();
    KnownResponses { sources, entries }
}

/// Names that entries may refer to.
struct Known<'a> {
    hosts: Vec<String>,
    sources: Vec<String>,
    examples: response_examples::Known<'a>,
}

impl Known<'_> {
    fn response(
        &self,
        place: &Place,
        raw: raw::KnownResponse,
        mut parts: BTreeSet<String>,
        report: &mut Report,
    ) -> KnownResponse {
        let faults = report.count();
        present(&place.key("doc"), &raw.doc, report);
        if raw.when.is_empty() {
            report.fault(&place.key("when"), "is empty, add conditions that identify the response");
        }
        let when = raw.when.into_iter().enumerate();
        let when = when.map(|(index, when)| {
            let place = place.key("when").index(index);
            self.conditions(&place, when, &mut parts, report)
        });
        let when: Vec<_> = when.collect();
        for (key, lines) in [("causes", &raw.causes), ("remedies", &raw.remedies)] {
            if lines.is_empty() {
                report.fault(&place.key(key), "is missing or empty, fill it in");
            }
            for (place, line) in placed(&place.key(key), lines) {
                present(&place, line, report);
                sentence(&place, line, &parts, report);
            }
        }
        let repairs = raw.repairs.into_iter().enumerate();
        let repairs =
            repairs.map(|(index, raw)| repair(&place.key("repairs").index(index), raw, &parts, report));
        let repairs = repairs.collect();
        // Faults of conditions are not reported for the example, too.
        let is_sound = report.count() == faults;
        let example =
            is_sound.then(|| self.examples.example(&place.key("example"), raw.example, &when, report));
        let raw::KnownResponse { id, doc, category, causes, remedies, .. } = raw;
        KnownResponse { id, doc, category, when, causes, remedies, repairs, example: example.flatten() }
    }

    fn conditions(
        &self,
        place: &Place,
        raw: raw::When,
        parts: &mut BTreeSet<String>,
        report: &mut Report,
    ) -> Vec<ResponseCondition> {
        use ResponseCondition::{
            By, Certificate, ContentType, Failure, Header, Host, Message, Method, NotHost, OtherAccount,
            Otherwise, Path, Request, SameAccount, Sent, Status, Type, Unsent,
        };
        for (key, texts) in [
            ("message", &raw.message),
            ("path", &raw.path),
            ("content_type", &raw.content_type),
            ("certificate", &raw.certificate),
        ] {
            for (place, text) in placed(&place.key(key), texts) {
                pattern(&place, text, parts, report);
            }
        }
        for (key, texts, what, known) in [
            ("by", &raw.by, "source", &self.sources),
            ("host", &raw.host, "form", &self.hosts),
            ("not_host", &raw.not_host, "form", &self.hosts),
        ] {
            for (place, text) in placed(&place.key(key), texts) {
                let is_other = key != "by" && text == OTHER;
                if !is_other && !known.iter().any(|known| known == text) {
                    report.unknown(&place, what, text, known.iter().map(String::as_str));
                }
            }
        }
        for (index, status) in raw.status.iter().enumerate() {
            if !matches!(status, 1..=5 | 100..=599) {
                let message = format!("{status} is not a status, expected 100 to 599, or 4 for all of 4xx");
                report.fault(&place.key("status").index(index), message);
            }
        }
        for (key, list) in [("sent", &raw.sent), ("unsent", &raw.unsent)] {
            names(&place.key(key), list, report);
        }
        for (key, pair) in [("other_account", &raw.other_account), ("same_account", &raw.same_account)] {
            for part in pair.iter().flat_map(|(one, other)| [one, other]) {
                if !parts.contains(part) {
                    report.unknown(&place.key(key), "part", part, parts.iter().map(String::as_str));
                }
            }
        }
        let headers = headers(&place.key("headers"), raw.headers, parts, report);
        let many = [
            (!raw.failure.is_empty()).then_some(Failure(raw.failure)),
            (!raw.status.is_empty()).then_some(Status(raw.status)),
            some(raw.types, Type),
            some(raw.message, Message),
            some(raw.by, By),
        ];
        let request = [
            some(raw.host, Host),
            some(raw.not_host, NotHost),
            some(raw.method, Method),
            some(raw.path, Path),
            some(raw.content_type, ContentType),
            some(raw.certificate, Certificate),
            raw.other_account.map(|(one, other)| OtherAccount(one, other)),
            raw.same_account.map(|(one, other)| SameAccount(one, other)),
        ];
        let conditions = raw.otherwise.then_some(Otherwise).into_iter().chain(many.into_iter().flatten());
        let conditions = conditions.chain(headers.into_iter().map(|(name, value)| Header(name, value)));
        let conditions = conditions.chain(request.into_iter().flatten());
        let conditions = conditions.chain(raw.sent.into_iter().map(Sent));
        let conditions = conditions.chain(raw.unsent.into_iter().map(Unsent));
        let conditions: Vec<_> = conditions.chain(raw.request.into_iter().map(Request)).collect();
        if conditions.is_empty() {
            report.fault(place, "matches every response, add a condition");
        }
        conditions
    }
}

/// Whether service and operation exist is for [`load_all`](crate::load_all): they are in another model.
fn repair(place: &Place, raw: raw::Repair, parts: &BTreeSet<String>, report: &mut Report) -> Repair {
    let raw::Repair { service, operation, input, .. } = raw;
    present(&place.key("service"), &service, report);
    present(&place.key("operation"), &operation, report);
    for (member, value) in &input {
        sentence(&place.key("input").key(member), value, parts, report);
    }
    Repair { service, operation, input: input.into_iter().collect() }
}

fn some(
    texts: Vec<String>,
    condition: impl FnOnce(Vec<String>) -> ResponseCondition,
) -> Option<ResponseCondition> {
    (!texts.is_empty()).then(|| condition(texts))
}

fn ids<T>(entries: &[T], id: impl Fn(&T) -> &String) -> Vec<String> {
    entries.iter().map(|entry| id(entry).clone()).collect()
}

fn distinct<'a>(place: &Place, ids: impl Iterator<Item = &'a str>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for (index, id) in ids.enumerate() {
        present(&place.index(index).key("id"), id, report);
        if !id.is_empty() && !seen.insert(id) {
            report.fault(&place.index(index), format!("\"{id}\" is listed twice, remove or rename one"));
        }
    }
}

fn headers(
    place: &Place,
    headers: BTreeMap<String, String>,
    parts: &mut BTreeSet<String>,
    report: &mut Report,
) -> Vec<(String, String)> {
    let list: Vec<_> = headers.keys().cloned().collect();
    names(place, &list, report);
    for (name, value) in &headers {
        pattern(&place.key(name), value, parts, report);
    }
    headers.into_iter().collect()
}

/// Names of headers, as they are compared; with `*` at the end, of all that begin so.
fn names(place: &Place, names: &[String], report: &mut Report) {
    for (place, name) in placed(place, names) {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let start = name.strip_suffix('*').unwrap_or(name);
        if start.is_empty() || !start.bytes().all(is_name) {
            report.fault(&place, format!("\"{name}\" is not the name of a header in lower case, correct it"));
        }
    }
}

/// A pattern, whose parts may then be named.
fn pattern(place: &Place, text: &str, parts: &mut BTreeSet<String>, report: &mut Report) {
    if text.contains("**") || text.contains("*{") || text.contains("}*") || text.contains("}{") {
        report.fault(place, "has two wildcards side by side, put text between them");
    }
    match braced(text) {
        Some(names) => parts.extend(names.into_iter().map(str::to_owned)),
        None => report.fault(place, "has an unmatched brace, or a part that is not a lower-case word"),
    }
}

/// A sentence that names only parts that may be known.
fn sentence(place: &Place, text: &str, parts: &BTreeSet<String>, report: &mut Report) {
    let Some(names) = braced(text) else {
        return report.fault(place, "has an unmatched brace, or a part that is not a lower-case word");
    };
    for name in names {
        if !parts.contains(name) {
            report.unknown(place, "part", name, parts.iter().map(String::as_str));
        }
    }
}

/// The names between braces.
fn braced(text: &str) -> Option<Vec<&str>> {
    let mut pieces = text.split('{');
    if pieces.next()?.contains('}') {
        return None;
    }
    let is_word = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
    let name = |piece: &'_ str| {
        let (name, rest) = piece.split_once('}')?;
        (is_word(name) && !rest.contains('}')).then_some(name.len())
    };
    pieces.map(|piece| name(piece).and_then(|end| piece.get(..end))).collect()
}
