//! AWS EC2 query.

use super::{Rules, aws_query, present};
use crate::error::{Place, Report};
use crate::load::SHAPES;
use crate::{AwsEc2, Kind, Operation, Protocol, Shape};

pub(super) const RULES: Rules = Rules {
    name: "aws-ec2",
    auth: "sigv4",
    words: &["flattened", "host_prefix", "item", "request_compression"],
};

pub(super) fn resolve(
    protocol: AwsEc2,
    place: &Place,
    operations: &[Operation],
    shapes: &[Shape],
    report: &mut Report,
) -> Protocol {
    present(&place.key("xml_namespace"), &protocol.xml_namespace, report);
    let place = place.key("request_names");
    for (wire, name) in &protocol.request_names {
        present(&place.key(wire), name, report);
        if !shapes.iter().flat_map(Shape::members).any(|member| member.wire == *wire) {
            report.fault(&place.key(wire), "is not the wire name of any member, remove or correct it");
        }
    }
    aws_query::check_forms(operations, shapes, report);
    let is_sent = |shape: &&Shape| shape.in_input && matches!(shape.kind, Kind::Map { .. });
    for shape in shapes.iter().filter(is_sent) {
        let place = Place::file(SHAPES).key(&shape.name);
        report.fault(&place, "is a map, which requests of \"aws-ec2\" cannot represent, use another type");
    }
    Protocol::AwsEc2(protocol)
}
