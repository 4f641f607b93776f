//! AWS REST XML.

use super::{Rules, aws_query, members};
use crate::error::{Place, Report};
use crate::load::{OPERATIONS, SHAPES};
use crate::{AwsRestXml, Kind, Location, Member, Operation, Protocol, Shape, XmlNamespace};

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
        let place = Place::file(SHAPES).key(&shape.name);
        check_containers(shape, &place, report);
        for (place, member) in members(shape, &place) {
            if member.location.is_none() {
                let key = if member.wire == member.name { "name" } else { "wire" };
                name(&place.key(key), Some(&member.wire), report);
            }
            prefix(&place.key("xml_namespace"), member.xml_namespace.as_ref(), report);
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
        let place = Place::file(OPERATIONS).key(&operation.name).key("xml_root");
        if let Some(root) = &operation.xml_root {
            name(&place.key("name"), Some(&root.name), report);
            prefix(&place.key("namespace"), root.namespace.as_ref(), report);
        }
        let input = &shapes[operation.input.0];
        if input.is_known() && input.members().iter().all(|member| !is_in_body(member)) {
            report.fault(&place, "has no effect, because requests have no XML body; remove it");
        }
    }
}

/// Names and namespaces around items and entries.
fn check_containers(shape: &Shape, place: &Place, report: &mut Report) {
    if let Kind::List { item, item_namespace, .. } = &shape.kind {
        name(&place.key("item"), item.as_ref(), report);
        prefix(&place.key("item_namespace"), item_namespace.as_ref(), report);
    } else if let Kind::Map { key_name, value_name, key_namespace, value_namespace, .. } = &shape.kind {
        name(&place.key("key_name"), key_name.as_ref(), report);
        name(&place.key("value_name"), value_name.as_ref(), report);
        prefix(&place.key("key_namespace"), key_namespace.as_ref(), report);
        prefix(&place.key("value_namespace"), value_namespace.as_ref(), report);
    }
}

/// Checks the name of an element or attribute, which may have a prefix. A missing name is reported elsewhere.
fn name(place: &Place, name: Option<&String>, report: &mut Report) {
    if let Some(name) = name.filter(|name| !name.is_empty())
        && (name.matches(':').count() > 1 || !name.split(':').all(is_word))
    {
        let fault = format!(
            "\"{name}\" cannot be a name in XML, use letters, digits, \"-\", \"_\" and \".\", first a letter"
        );
        report.fault(place, fault);
    }
}

fn prefix(place: &Place, namespace: Option<&XmlNamespace>, report: &mut Report) {
    if let Some(prefix) = namespace.and_then(|namespace| namespace.prefix.as_ref())
        && !is_word(prefix)
    {
        report.fault(
            &place.key("prefix"),
            format!("\"{prefix}\" cannot be a prefix in XML, use letters and digits"),
        );
    }
}

/// Whether XML permits a word in names (Namespaces in XML 1.0, section 4).
fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && word.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c))
}

fn is_in_body(member: &Member) -> bool {
    matches!(member.location, None | Some(Location::Payload))
}
