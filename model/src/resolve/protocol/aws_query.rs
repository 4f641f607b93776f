//! AWS query.

use std::collections::BTreeSet;

use super::{Rules, members, present};
use crate::error::{Place, Report};
use crate::load::SHAPES;
use crate::{AwsQuery, Kind, Operation, Protocol, Shape};

pub(super) const RULES: Rules = Rules {
    name: "aws-query",
    auth: "sigv4",
    words: &[
        "flattened",
        "host_prefix",
        "item",
        "key_name",
        "request_compression",
        "result_wrapper",
        "value_name",
    ],
};

pub(super) fn resolve(
    protocol: AwsQuery,
    place: &Place,
    operations: &[Operation],
    shapes: &[Shape],
    report: &mut Report,
) -> Protocol {
    present(&place.key("xml_namespace"), &protocol.xml_namespace, report);
    check_forms(operations, shapes, report);
    Protocol::AwsQuery(protocol)
}

/// Reports documents, which XML cannot represent.
pub(super) fn check_documents(shapes: &[Shape], report: &mut Report) {
    for shape in shapes.iter().filter(|shape| shape.is_known() && matches!(shape.kind, Kind::Document)) {
        let place = Place::file(SHAPES).key(&shape.name);
        report.fault(&place, "is a document, which queries and XML cannot represent, use another type");
    }
}

/// Reports shapes that a query cannot represent, and parameters that the protocol itself sends.
pub(super) fn check_forms(operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    check_documents(shapes, report);
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
