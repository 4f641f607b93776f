//! AWS REST XML.

use super::{Rules, aws_query, members};
use crate::error::{Place, Report};
use crate::load::{OPERATIONS, SHAPES};
use crate::{AwsRestXml, Kind, Operation, Protocol, Shape, XmlNamespace};

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
        "request_checksum",
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

/// Roots of requests in XML, and of the responses of fakes, which have the operation's name.
fn check_roots(operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    for operation in operations {
        let place = Place::file(OPERATIONS).key(&operation.name);
        name(&place.key("name"), Some(&operation.name), report);
        let document = operation.document(|id| &shapes[id.0]);
        let Some(root) = &operation.xml_root else {
            if let Some(Shape { name, .. }) =
                document.filter(|shape| shape.is_known() && !is_name(&shape.name))
            {
                let fault = format!("\"{name}\" cannot be the root of requests, give it an \"xml_root\"");
                report.fault(&place, fault);
            }
            continue;
        };
        let place = place.key("xml_root");
        name(&place.key("name"), Some(&root.name), report);
        prefix(&place.key("namespace"), root.namespace.as_ref(), report);
        if shapes[operation.input.0].is_known() && document.is_none() {
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

/// Checks the name of an element or attribute. An empty one is reported for every protocol.
fn name(place: &Place, name: Option<&String>, report: &mut Report) {
    if let Some(name) = name.filter(|name| !name.is_empty() && !is_name(name)) {
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

/// Whether XML permits a name, which may have a prefix.
fn is_name(name: &str) -> bool {
    name.matches(':').count() <= 1 && name.split(':').all(is_word)
}

/// Whether XML permits a word in names (`NCName` of Namespaces in XML 1.0, section 3).
fn is_word(word: &str) -> bool {
    word.starts_with(begins_word) && word.chars().all(|c| begins_word(c) || continues_word(c))
}

/// `NameStartChar` of XML 1.0, section 2.3, without the colon.
fn begins_word(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// What `NameChar` has in addition.
fn continues_word(c: char) -> bool {
    matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
