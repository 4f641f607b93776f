//! Protocol and authentication, and what a protocol asks of operations and shapes.

use std::collections::{BTreeMap, BTreeSet};

use super::{header, hosts, present};
use crate::error::{Place, Report};
use crate::load::{OPERATIONS, SERVICE, SHAPES};
use crate::{Auth, Kind, Member, Operation, Protocol, Shape, ShapeId, raw};

pub(super) fn resolve(
    protocol: raw::Protocol,
    auth: raw::Auth,
    operations: &[Operation],
    shapes: &[Shape],
    report: &mut Report,
) -> (Protocol, Auth) {
    let place = Place::file(SERVICE).key("protocol");
    let protocol = match protocol {
        raw::Protocol::AwsJson(raw::AwsJson { version, target_prefix }) => {
            let place = place.key("aws-json");
            if !["1.0", "1.1"].contains(&version.as_str()) {
                report.unknown(&place.key("version"), "version", &version, ["1.0", "1.1"]);
            }
            header(&place.key("target_prefix"), &target_prefix, report);
            Protocol::AwsJson { version, target_prefix }
        }
        raw::Protocol::AwsQuery(raw::AwsQuery { xml_namespace }) => {
            present(&place.key("aws-query").key("xml_namespace"), &xml_namespace, report);
            check_query(operations, shapes, report);
            Protocol::AwsQuery { xml_namespace }
        }
        raw::Protocol::AliyunRpc(raw::AliyunRpc { success }) => {
            if let Some(success) = &success {
                let place = place.key("aliyun-rpc").key("success");
                check_success(&place, success, operations, shapes, report);
            }
            check_parameters(operations, shapes, report);
            check_names(operations, shapes, report);
            check_responses(shapes, report);
            Protocol::AliyunRpc { success }
        }
        raw::Protocol::Http(raw::Http { api_header, hosts }) => {
            let place = place.key("http");
            if let Some(name) = &api_header {
                header(&place.key("api_header"), name, report);
            }
            if let Some(operation) = operations.first() {
                let fault = "is of no use, for calls of \"http\" are told by method and path; remove it";
                report.fault(&Place::file(OPERATIONS).key(&operation.name), fault);
            }
            Protocol::Http { api_header, hosts: hosts::resolve(hosts, &place.key("hosts"), report) }
        }
    };
    check_words(&protocol, operations, shapes, report);
    let is_rpc = matches!(protocol, Protocol::AliyunRpc { .. });
    let place = Place::file(SERVICE).key("auth");
    let auth = match auth {
        raw::Auth::SigV4(raw::SigV4 { signing_name, window_minutes, ignores_expires, .. }) => {
            let place = place.key("sigv4");
            if window_minutes.is_some_and(|minutes| !(1..=1440).contains(&minutes)) {
                report.fault(&place.key("window_minutes"), "is not a window, give 1 to 1440 minutes");
            }
            header(&place.key("signing_name"), &signing_name, report);
            if is_rpc {
                report.fault(&place, "does not sign requests of \"aliyun-rpc\", give \"rpc-v1\"");
            }
            Auth::SigV4 { signing_name, window_minutes, ignores_expires }
        }
        raw::Auth::RpcV1(raw::RpcV1 {}) => {
            if !is_rpc {
                report
                    .fault(&place.key("rpc-v1"), "signs requests of \"aliyun-rpc\" only, give another auth");
            }
            Auth::RpcV1
        }
    };
    (protocol, auth)
}

/// Reports words that mean nothing to the protocol.
fn check_words(protocol: &Protocol, operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    const RPC: &[&str] = &["aliyun-rpc"];
    const QUERY: &[&str] = &["aws-query"];
    const BOTH: &[&str] = &["aliyun-rpc", "aws-query"];
    const AWS: &[&str] = &["aws-json", "aws-query"];
    let name = match protocol {
        Protocol::AwsJson { .. } => "aws-json",
        Protocol::AwsQuery { .. } => "aws-query",
        Protocol::AliyunRpc { .. } => "aliyun-rpc",
        Protocol::Http { .. } => "http",
    };
    let mut check = |place: &Place, word: &str, is_there: bool, known_to: &[&str]| {
        if is_there && !known_to.contains(&name) {
            let (protocols, names) =
                (if known_to.len() == 1 { "protocol" } else { "protocols" }, known_to.join("\" and \""));
            report
                .fault(&place.key(word), format!("is known to the {protocols} \"{names}\" only, remove it"));
        }
    };
    for operation in operations {
        let place = Place::file(OPERATIONS).key(&operation.name);
        check(&place, "accepts_get", operation.accepts_get, RPC);
        check(&place, "request_compression", operation.request_compression.is_some(), AWS);
    }
    for shape in shapes {
        let place = Place::file(SHAPES).key(&shape.name);
        match &shape.kind {
            Kind::List { item, .. } => check(&place, "item", item.is_some(), BOTH),
            Kind::Map { key_name, value_name, .. } => {
                check(&place, "key_name", key_name.is_some(), QUERY);
                check(&place, "value_name", value_name.is_some(), QUERY);
            }
            Kind::Structure { .. }
            | Kind::Union { .. }
            | Kind::Boolean
            | Kind::Integer { .. }
            | Kind::Float { .. }
            | Kind::String { .. }
            | Kind::Enum { .. }
            | Kind::IntEnum { .. }
            | Kind::Blob { .. }
            | Kind::Timestamp { .. }
            | Kind::Document => {}
        }
        for (place, member) in members(shape, &place) {
            check(&place, "json_text", member.json_text, RPC);
            check(&place, "flattened", member.flattened, QUERY);
        }
    }
}

/// Reports what has no form in a query, and parameters that the protocol itself sends.
fn check_query(operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    for shape in shapes.iter().filter(|shape| shape.is_known() && matches!(shape.kind, Kind::Document)) {
        let place = Place::file(SHAPES).key(&shape.name);
        report.fault(&place, "any JSON has no form in queries and XML, use another type");
    }
    let inputs: BTreeSet<_> = operations.iter().map(|operation| operation.input).collect();
    for input in inputs.iter().map(|input| &shapes[input.0]) {
        for (place, member) in members(input, &Place::file(SHAPES).key(&input.name)) {
            if ["Action", "Version"].contains(&member.wire.as_str()) {
                report
                    .fault(&place, format!("\"{}\" is a parameter of the protocol, rename it", member.wire));
            }
        }
    }
}

/// The member that says whether a call succeeded is a boolean wherever it is, and somewhere it is.
fn check_success(place: &Place, name: &str, operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    present(place, name, report);
    let outputs: BTreeSet<_> = operations.iter().map(|operation| operation.output).collect();
    let mut found = false;
    for output in outputs.iter().map(|output| &shapes[output.0]) {
        for (at, member) in members(output, &Place::file(SHAPES).key(&output.name)) {
            let target = &shapes[member.shape.0];
            found |= member.wire == name || !target.is_known();
            if member.wire == name && target.is_known() && !matches!(target.kind, Kind::Boolean) {
                report.fault(
                    &at.key("shape"),
                    format!("\"{}\" is not a boolean, but \"{name}\" tells success", target.name),
                );
            }
        }
    }
    if !found && outputs.iter().all(|output| shapes[output.0].is_known()) {
        report.fault(place, format!("no response has a member \"{name}\", remove or correct it"));
    }
}

/// Parameters that protocol and signature add to every request.
const COMMON: [&str; 10] = [
    "AccessKeyId",
    "Action",
    "Format",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
    "Version",
];

/// Reports parameters of operations that would be taken for those of every request.
fn check_names(operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    let inputs: BTreeSet<_> = operations.iter().map(|operation| operation.input).collect();
    for input in inputs.iter().map(|input| &shapes[input.0]) {
        let place = Place::file(SHAPES).key(&input.name);
        for (place, member) in members(input, &place).filter(|(_, member)| COMMON.contains(&&*member.wire)) {
            let fault = format!("\"{}\" is a parameter of every request already, remove it", member.wire);
            report.fault(&place, fault);
        }
    }
}

/// Reports what has no form among parameters.
fn check_parameters(operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    let mut ahead: Vec<_> = operations.iter().map(|operation| operation.input).collect();
    let mut flattened = BTreeSet::new();
    while let Some(id) = ahead.pop() {
        if !flattened.insert(id) {
            continue;
        }
        let shape = &shapes[id.0];
        let place = Place::file(SHAPES).key(&shape.name);
        let parts: Vec<(Place, ShapeId)> = match &shape.kind {
            Kind::List { member, .. } => vec![(place.key("member"), *member)],
            Kind::Structure { .. } => members(shape, &place)
                .filter(|(_, member)| !member.json_text)
                .map(|(place, member)| (place.key("shape"), member.shape))
                .collect(),
            Kind::Map { .. }
            | Kind::Union { .. }
            | Kind::Boolean
            | Kind::Integer { .. }
            | Kind::Float { .. }
            | Kind::String { .. }
            | Kind::Enum { .. }
            | Kind::IntEnum { .. }
            | Kind::Blob { .. }
            | Kind::Timestamp { .. }
            | Kind::Document => Vec::new(),
        };
        for (place, part) in parts {
            let target = &shapes[part.0];
            if matches!(target.kind, Kind::Map { .. } | Kind::Union { .. } | Kind::Document)
                && target.is_known()
            {
                let fault = format!(
                    "\"{}\" has no form among parameters, give the member \"json_text\": true",
                    target.name
                );
                report.fault(&place, fault);
            }
            ahead.push(part);
        }
    }
}

/// Members of responses are read without regard to case, and wrappers of items stand in responses only.
fn check_responses(shapes: &[Shape], report: &mut Report) {
    for shape in shapes {
        let place = Place::file(SHAPES).key(&shape.name);
        if !shape.in_output && matches!(shape.kind, Kind::List { item: Some(_), .. }) {
            report.fault(&place.key("item"), "wraps items of responses, but is part of none; remove it");
        }
        let mut seen = BTreeMap::new();
        for (place, member) in members(shape, &place).filter(|_| shape.in_output) {
            match seen.insert(member.wire.to_ascii_lowercase(), member.wire.as_str()) {
                // The same name twice is reported as that.
                Some(other) if other != member.wire => {
                    let fault = format!(
                        "\"{}\" and \"{other}\" are one without regard to case, as responses are read; remove one",
                        member.wire
                    );
                    report.fault(&place, fault);
                }
                Some(_) | None => {}
            }
        }
    }
}

fn members<'a>(shape: &'a Shape, place: &Place) -> impl Iterator<Item = (Place, &'a Member)> {
    let place = place.key("members");
    shape.members().iter().enumerate().map(move |(index, member)| (place.index(index), member))
}
