//! Calls by HTTP method and path, without operations.

use std::collections::BTreeSet;

use super::{Rules, header, present};
use crate::error::{Place, Report};
use crate::load::OPERATIONS;
use crate::{HostForm, Operation, Protocol, RawHttp, raw};

pub(super) const RULES: Rules = Rules { name: "raw-http", auth: "sigv4", words: &[] };

pub(super) fn resolve(
    protocol: raw::RawHttp,
    place: &Place,
    operations: &[Operation],
    report: &mut Report,
) -> Protocol {
    let raw::RawHttp { api_header, hosts } = protocol;
    if let Some(name) = &api_header {
        let is_lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || !name.bytes().all(is_lower) {
            let fault = "is not the name of a header in lower case, with letters, digits and \"-\"";
            report.fault(&place.key("api_header"), format!("\"{name}\" {fault}"));
        }
    }
    if let Some(operation) = operations.first() {
        let fault = "has no effect, since calls of \"raw-http\" are identified by method and path; remove it";
        report.fault(&Place::file(OPERATIONS).key(&operation.name), fault);
    }
    Protocol::RawHttp(RawHttp { api_header, hosts: forms(hosts, &place.key("hosts"), report) })
}

/// Forms of host names.
fn forms(raw: Vec<raw::HostForm>, place: &Place, report: &mut Report) -> Vec<HostForm> {
    let mut seen = BTreeSet::new();
    let hosts = raw.into_iter().enumerate().map(|(index, raw)| {
        let raw::HostForm { form, host, path, signing_name, refused, .. } = raw;
        let place = place.index(index);
        present(&place.key("form"), &form, report);
        if !seen.insert(form.clone()) {
            report.fault(&place.key("form"), format!("\"{form}\" is listed twice, rename one"));
        }
        check_host(&place.key("host"), &host, report);
        if let Some(name) = &signing_name {
            header(&place.key("signing_name"), name, report);
        }
        if let Some(why) = &refused {
            present(&place.key("refused"), why, report);
        }
        HostForm { form, host, path, signing_name, refused }
    });
    hosts.collect()
}

/// Labels of letters, digits, `-` and placeholders; adjacent placeholders could not be separated.
fn check_host(place: &Place, host: &str, report: &mut Report) {
    let mut names = BTreeSet::new();
    let mut rest = host;
    while let Some((before, after)) = rest.split_once('{') {
        literal(place, before, report);
        if before.is_empty() && rest.len() < host.len() {
            report.fault(place, format!("\"{host}\" has placeholders without a character between them"));
        }
        let Some((name, behind)) = after.split_once('}') else {
            report.fault(place, format!("\"{host}\" has a {{ without }}"));
            return;
        };
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_') {
            report.fault(place, format!("\"{name}\" is not the name of a placeholder, use letters and _"));
        }
        if !names.insert(name) {
            report.fault(place, format!("\"{name}\" occurs twice in \"{host}\""));
        }
        rest = behind;
    }
    literal(place, rest, report);
    if !names.contains("Region") {
        report.fault(place, format!("\"{host}\" has no {{Region}}, which signing needs"));
    }
}

fn literal(place: &Place, text: &str, report: &mut Report) {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    if !text.bytes().all(fits) {
        report.fault(
            place,
            format!("\"{text}\" is not part of a host name, use lower-case letters, digits, . and -"),
        );
    }
}
