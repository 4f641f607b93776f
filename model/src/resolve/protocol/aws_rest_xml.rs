//! AWS REST XML.

use super::{Rules, aws_query, members};
use crate::error::{Place, Report};
use crate::load::{OPERATIONS, SHAPES};
use crate::{AwsRestXml, Location, Member, Operation, Protocol, Shape};

pub(super) const RULES: Rules = Rules {
    name: "aws-rest-xml",
    auth: "sigv4",
    words: &[
        "flattened",
        "host_prefix",
        "http",
        "in",
        "item",
        "item_namespace",
        "json_text",
        "key_name",
        "key_namespace",
        "request_compression",
        "value_name",
        "value_namespace",
        "xml_attribute",
        "xml_namespace",
        "xml_root",
    ],
};

pub(super) fn resolve(
    protocol: AwsRestXml,
    operations: &[Operation],
    shapes: &[Shape],
    report: &mut Report,
) -> Protocol {
    aws_query::check_documents(shapes, report);
    check_roots(operations, shapes, report);
    for shape in shapes {
        for (place, member) in members(shape, &Place::file(SHAPES).key(&shape.name)) {
            let target = &shapes[member.shape.0];
            if member.xml_attribute && target.is_known() && target.is_compound() {
                let fault = format!(
                    "\"{}\" cannot be an attribute, use a text, number, boolean or time",
                    target.name
                );
                report.fault(&place.key("xml_attribute"), fault);
            }
        }
    }
    Protocol::AwsRestXml(protocol)
}

/// Only bodies in XML have a root element.
fn check_roots(operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    for operation in operations.iter().filter(|operation| operation.xml_root.is_some()) {
        let input = &shapes[operation.input.0];
        if input.is_known() && input.members().iter().all(|member| !is_in_body(member)) {
            let place = Place::file(OPERATIONS).key(&operation.name).key("xml_root");
            report.fault(&place, "has no effect, because requests have no XML body; remove it");
        }
    }
}

fn is_in_body(member: &Member) -> bool {
    matches!(member.location, None | Some(Location::Payload))
}
