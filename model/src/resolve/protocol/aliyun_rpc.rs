//! Aliyun RPC.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rules, members, present};
use crate::error::{Place, Report};
use crate::load::SHAPES;
use crate::{AliyunRpc, Kind, MemberForm, Operation, Protocol, Shape, ShapeId};

pub(super) const RULES: Rules =
    Rules { name: "aliyun-rpc", auth: "rpc-v1", words: &["accepts_get", "item", "json_text"] };

pub(super) fn resolve(
    protocol: AliyunRpc,
    place: &Place,
    operations: &[Operation],
    shapes: &[Shape],
    report: &mut Report,
) -> Protocol {
    if let Some(success) = &protocol.success {
        check_success(&place.key("success"), success, operations, shapes, report);
    }
    check_parameters(operations, shapes, report);
    check_names(operations, shapes, report);
    check_responses(shapes, report);
    Protocol::AliyunRpc(protocol)
}

/// Checks that the member for the success of a call is a boolean in every response, and occurs in at least one.
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
                    format!("\"{}\" is not a boolean, but \"{name}\" reports success", target.name),
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

/// Reports parameters of operations that clash with the parameters of every request.
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

/// Reports shapes that parameters cannot represent.
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
                .filter(|(_, member)| member.form != MemberForm::JsonText)
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
                    "\"{}\" cannot be written as parameters, give the member \"json_text\": true",
                    target.name
                );
                report.fault(&place, fault);
            }
            ahead.push(part);
        }
    }
}

/// Checks that members of responses differ by more than case, and that only responses have wrappers of items.
fn check_responses(shapes: &[Shape], report: &mut Report) {
    for shape in shapes {
        let place = Place::file(SHAPES).key(&shape.name);
        if !shape.in_output && matches!(shape.kind, Kind::List { item: Some(_), .. }) {
            report.fault(
                &place.key("item"),
                "wraps items of responses, but is not part of any response; remove it",
            );
        }
        let mut seen = BTreeMap::new();
        for (place, member) in members(shape, &place).filter(|_| shape.in_output) {
            match seen.insert(member.wire.to_ascii_lowercase(), member.wire.as_str()) {
                // A duplicate name is reported elsewhere.
                Some(other) if other != member.wire => {
                    let fault = format!(
                        "\"{}\" and \"{other}\" differ only in case, which is ignored in responses; remove one",
                        member.wire
                    );
                    report.fault(&place, fault);
                }
                Some(_) | None => {}
            }
        }
    }
}
