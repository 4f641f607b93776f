//! Members in paths, queries and headers, and as whole bodies.

use std::collections::BTreeMap;

use super::members;
use crate::error::{Place, Report};
use crate::load::{OPERATIONS, SHAPES};
use crate::resolve::header;
use crate::{Kind, Location, Member, MemberForm, Operation, PathPart, Shape, ShapeId};

pub(super) fn check(operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    for operation in operations {
        let place = Place::file(OPERATIONS).key(&operation.name);
        let (input, output) = (&shapes[operation.input.0], &shapes[operation.output.0]);
        check_labels(operation, input, &place, report);
        check_payload(input, report);
        check_payload(output, report);
        check_reserved(input, report);
    }
    for shape in shapes {
        let mut taken = BTreeMap::new();
        for (place, member) in members(shape, &Place::file(SHAPES).key(&shape.name)) {
            if let Some(location) = &member.location {
                let place = place.key("in");
                check_name(location, &place, report);
                check_kind(location, member, shapes, &place, report);
                if let Some(other) = named(location).and_then(|name| taken.insert(name, &member.name)) {
                    report.fault(&place, format!("\"{other}\" is there, too; give each its own"));
                }
            }
        }
    }
}

/// The header or parameter that only one member can be in; names of headers ignore case.
fn named(location: &Location) -> Option<(&'static str, String)> {
    match location {
        Location::Header(name) => Some(("header", name.to_ascii_lowercase())),
        Location::Query(name) => Some(("parameter", name.clone())),
        Location::PrefixHeaders(_)
        | Location::QueryMap
        | Location::Label
        | Location::Payload
        | Location::PayloadOfType(_)
        | Location::StatusCode => None,
    }
}

/// Headers that follow from the request, its signature or its connection, so that a member would be lost or break the request.
const RESERVED: [&str; 16] = [
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amz-date",
    "x-amz-security-token",
];

/// Headers that follow from the body, which a member may say better, and no value for all requests does.
const OF_BODY: [&str; 3] = ["content-md5", "content-type", "x-amz-content-sha256"];

/// Checks headers that all requests have.
pub(super) fn check_headers(headers: &BTreeMap<String, String>, place: &Place, report: &mut Report) {
    let mut taken = BTreeMap::new();
    for (name, value) in headers {
        check_name(&Location::Header(name.clone()), place, report);
        header(&place.key(name), value, report);
        let lower = name.to_ascii_lowercase();
        let is_of_body = OF_BODY.contains(&lower.as_str()) || lower.starts_with("x-amz-checksum-");
        if is_reserved(name) || is_of_body {
            report.fault(place, format!("\"{name}\" is set by the client, remove it"));
        }
        if let Some(other) = taken.insert(lower, name) {
            report.fault(place, format!("\"{other}\" and \"{name}\" are the same header, remove one"));
        }
    }
}

fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
}

fn check_reserved(input: &Shape, report: &mut Report) {
    for (place, member) in members(input, &Place::file(SHAPES).key(&input.name)) {
        if let Some(Location::Header(name)) = &member.location
            && is_reserved(name)
        {
            report.fault(&place.key("in"), format!("\"{name}\" is set by the client, remove the member"));
        }
    }
}

/// Every label of the path is a required member, and every such member is in the path.
fn check_labels(operation: &Operation, input: &Shape, place: &Place, report: &mut Report) {
    let Some(http) = &operation.http else {
        report.fault(place, "has no \"http\", give its method and URI");
        return;
    };
    let labels = http.path.iter().filter_map(|part| match part {
        PathPart::Label(wire) | PathPart::Greedy(wire) => Some(wire),
        PathPart::Text(_) => None,
    });
    let labels: Vec<_> = labels.collect();
    let place = place.key("http").key("uri");
    for member in input.members() {
        let is_label = member.location == Some(Location::Label);
        match (labels.contains(&&member.wire), is_label) {
            (true, false) => {
                report.fault(&place, format!("\"{}\" is elsewhere, give it \"in\": \"label\"", member.name));
            }
            (false, true) => {
                report.fault(&place, format!("\"{}\" is missing, add it in braces", member.name));
            }
            (true, true) if !member.is_required() => {
                report.fault(&place, format!("\"{}\" may be missing, make it required", member.name));
            }
            (true, true) | (false, false) => {}
        }
    }
}

/// A payload is the whole body.
fn check_payload(shape: &Shape, report: &mut Report) {
    let is_payload =
        |member: &Member| matches!(member.location, Some(Location::Payload | Location::PayloadOfType(_)));
    let place = Place::file(SHAPES).key(&shape.name);
    let mut payloads = shape.members().iter().filter(|member| is_payload(member));
    let Some(payload) = payloads.next() else { return };
    let others = shape.members().iter().find(|member| member.location.is_none());
    if let Some(other) = payloads.next().or(others) {
        let fault =
            format!("\"{}\" is the whole body, so that \"{}\" has no place", payload.name, other.name);
        report.fault(&place.key("members"), fault);
    }
}

fn check_name(location: &Location, place: &Place, report: &mut Report) {
    match location {
        Location::Header(name) | Location::PrefixHeaders(name) => {
            let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            let may_be_empty = matches!(location, Location::PrefixHeaders(_));
            if !name.chars().all(is_token) || (name.is_empty() && !may_be_empty) {
                report.fault(place, format!("\"{name}\" is not the name of a header"));
            }
        }
        Location::Query(name) => {
            if name.is_empty() {
                report.fault(place, "has no name, give the name of the parameter");
            }
        }
        Location::PayloadOfType(media_type) => {
            let is_visible = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
            if media_type.trim().is_empty() || !media_type.bytes().all(is_visible) {
                report.fault(place, format!("\"{}\" is not a media type", media_type.escape_debug()));
            }
        }
        Location::QueryMap | Location::Label | Location::Payload | Location::StatusCode => {}
    }
}

/// The types that a location can hold.
fn check_kind(location: &Location, member: &Member, shapes: &[Shape], place: &Place, report: &mut Report) {
    let get = |id: ShapeId| &shapes[id.0];
    let target = get(member.shape);
    let is_scalar = |shape: &Shape| !shape.is_compound();
    let is_scalars = |shape: &Shape| {
        if let Kind::List { member, .. } = &shape.kind { is_scalar(get(*member)) } else { is_scalar(shape) }
    };
    let is_map_of =
        |fits: &dyn Fn(&Shape) -> bool| matches!(&target.kind, Kind::Map { value, .. } if fits(get(*value)));
    let is_json_text = member.form == MemberForm::JsonText;
    let (fits, expected) = match location {
        Location::Label => (is_scalar(target), "a text, number, boolean or time"),
        Location::Query(_) => (is_scalars(target), "a text, number, boolean, time or list of these"),
        Location::Header(_) => {
            (is_scalars(target) || is_json_text, "a text, number, boolean, time or list of these")
        }
        Location::QueryMap => (is_map_of(&is_scalars), "a map to texts or lists of texts"),
        Location::PrefixHeaders(_) => (is_map_of(&is_scalar), "a map to texts"),
        Location::StatusCode => (matches!(target.kind, Kind::Integer { .. }), "an integer"),
        Location::PayloadOfType(_) => (target.kind.media_type().is_some(), "a text or blob"),
        Location::Payload => return,
    };
    if target.is_known() && !fits {
        report.fault(place, format!("\"{}\" cannot be there, use {expected}", target.name));
    }
}
