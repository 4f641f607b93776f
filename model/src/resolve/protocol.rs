//! Protocol and authentication, and the rules of a protocol for operations and shapes: one file per protocol.

mod aliyun_rpc;
mod aws_ec2;
mod aws_json;
mod aws_query;
mod aws_rest_json;
mod aws_rest_xml;
mod raw_http;
mod rest;

use super::{header, present};
use crate::error::{Place, Report};
use crate::load::{OPERATIONS, SERVICE, SHAPES};
use crate::{Auth, Kind, Member, MemberForm, Operation, Protocol, Shape, raw};

/// The rules of a protocol for models.
struct Rules {
    /// Name in `service.json`.
    name: &'static str,
    /// The authentication that signs its requests.
    auth: &'static str,
    /// Keys of operations, shapes and members that this protocol supports and not every protocol does.
    words: &'static [&'static str],
}

/// The rules of every protocol, sorted by name.
const ALL: [Rules; 7] = [
    aliyun_rpc::RULES,
    aws_ec2::RULES,
    aws_json::RULES,
    aws_query::RULES,
    aws_rest_json::RULES,
    aws_rest_xml::RULES,
    raw_http::RULES,
];

pub(super) fn resolve(
    protocol: raw::Protocol,
    auth: raw::Auth,
    operations: &[Operation],
    shapes: &[Shape],
    report: &mut Report,
) -> (Protocol, Auth) {
    let place = |rules: Rules| Place::file(SERVICE).key("protocol").key(rules.name);
    let (rules, protocol) = match protocol {
        raw::Protocol::AwsJson(protocol) => {
            (aws_json::RULES, aws_json::resolve(protocol, &place(aws_json::RULES), report))
        }
        raw::Protocol::AwsQuery(protocol) => {
            let place = place(aws_query::RULES);
            (aws_query::RULES, aws_query::resolve(protocol, &place, operations, shapes, report))
        }
        raw::Protocol::AwsEc2(protocol) => {
            let place = place(aws_ec2::RULES);
            (aws_ec2::RULES, aws_ec2::resolve(protocol, &place, operations, shapes, report))
        }
        raw::Protocol::AwsRestJson(protocol) => {
            rest::check(operations, shapes, report);
            rest::check_headers(&protocol.headers, &place(aws_rest_json::RULES).key("headers"), report);
            (aws_rest_json::RULES, Protocol::AwsRestJson(protocol))
        }
        raw::Protocol::AwsRestXml(protocol) => {
            rest::check(operations, shapes, report);
            (aws_rest_xml::RULES, aws_rest_xml::resolve(protocol, operations, shapes, report))
        }
        raw::Protocol::AliyunRpc(protocol) => {
            let place = place(aliyun_rpc::RULES);
            (aliyun_rpc::RULES, aliyun_rpc::resolve(protocol, &place, operations, shapes, report))
        }
        raw::Protocol::RawHttp(protocol) => {
            (raw_http::RULES, raw_http::resolve(protocol, &place(raw_http::RULES), operations, report))
        }
    };
    check_words(&rules, operations, shapes, report);
    (protocol, resolve_auth(&rules, auth, report))
}

fn resolve_auth(rules: &Rules, auth: raw::Auth, report: &mut Report) -> Auth {
    let place = Place::file(SERVICE).key("auth");
    match auth {
        raw::Auth::SigV4(raw::SigV4 {
            signing_name,
            window_minutes,
            ignores_expires,
            signs_path_as_sent,
            sends_content_hash,
            ..
        }) => {
            let place = place.key("sigv4");
            if window_minutes.is_some_and(|minutes| !(1..=1440).contains(&minutes)) {
                report.fault(&place.key("window_minutes"), "is not a window, give 1 to 1440 minutes");
            }
            header(&place.key("signing_name"), &signing_name, report);
            check_auth(rules, &place, "sigv4", report);
            Auth::SigV4 {
                signing_name,
                window_minutes,
                ignores_expires,
                signs_path_as_sent,
                sends_content_hash,
            }
        }
        raw::Auth::RpcV1 {} => {
            check_auth(rules, &place.key("rpc-v1"), "rpc-v1", report);
            Auth::RpcV1
        }
    }
}

fn check_auth(rules: &Rules, place: &Place, auth: &str, report: &mut Report) {
    let Rules { name, auth: right, .. } = rules;
    if auth != *right {
        report.fault(place, format!("does not sign requests of \"{name}\", give \"{right}\""));
    }
}

/// Reports keys that the protocol does not support.
fn check_words(rules: &Rules, operations: &[Operation], shapes: &[Shape], report: &mut Report) {
    let mut check = |place: &Place, word: &str, is_there: bool| {
        if is_there && !rules.words.contains(&word) {
            let known_to = ALL.iter().filter(|rules| rules.words.contains(&word));
            let names: Vec<_> = known_to.map(|rules| format!("\"{}\"", rules.name)).collect();
            let protocols = match names.as_slice() {
                [others @ .., last] if !others.is_empty() => {
                    format!("protocols {} and {last}", others.join(", "))
                }
                names => format!("protocol {}", names.concat()),
            };
            let fault = format!("is only for the {protocols}, remove it");
            report.fault(&place.key(word), fault);
        }
    };
    for operation in operations {
        let place = Place::file(OPERATIONS).key(&operation.name);
        check(&place, "accepts_get", operation.accepts_get);
        check(&place, "http", operation.http.is_some());
        check(&place, "host_prefix", !operation.host_prefix.is_empty());
        check(&place, "result_wrapper", operation.result_wrapper.is_some());
        check(&place, "request_compression", operation.request_compression.is_some());
        check(&place, "request_checksum", operation.request_checksum.is_some());
        check(&place, "xml_root", operation.xml_root.is_some());
    }
    for shape in shapes {
        let place = Place::file(SHAPES).key(&shape.name);
        match &shape.kind {
            Kind::List { item, item_namespace, .. } => {
                check(&place, "item", item.is_some());
                check(&place, "item_namespace", item_namespace.is_some());
            }
            Kind::Map { key_name, value_name, key_namespace, value_namespace, .. } => {
                check(&place, "key_name", key_name.is_some());
                check(&place, "value_name", value_name.is_some());
                check(&place, "key_namespace", key_namespace.is_some());
                check(&place, "value_namespace", value_namespace.is_some());
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
            check(&place, "json_text", member.form == MemberForm::JsonText);
            check(&place, "flattened", member.form == MemberForm::Flattened);
            check(&place, "in", member.location.is_some());
            check(&place, "xml_attribute", member.xml_attribute);
            check(&place, "xml_namespace", member.xml_namespace.is_some());
        }
    }
}

fn members<'a>(shape: &'a Shape, place: &Place) -> impl Iterator<Item = (Place, &'a Member)> {
    let place = place.key("members");
    shape.members().iter().enumerate().map(move |(index, member)| (place.index(index), member))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::ALL;

    #[test]
    fn every_protocol_has_its_places() {
        let schema: Value = serde_json::from_str(include_str!("../../schema.json")).unwrap();
        let protocols = schema["$defs"]["protocol"]["properties"].as_object().unwrap();
        let mut named: Vec<_> = protocols.keys().map(String::as_str).collect();
        named.sort_unstable();
        assert_eq!(ALL.map(|rules| rules.name), *named, "`ALL` here and `protocol` in schema.json");

        let fake = include_str!("../../../runtime/fake/Cargo.toml");
        let runtime = include_str!("../../../runtime/Cargo.toml");
        for name in named.iter().filter(|name| runtime.contains(&format!("\n{name} = ["))) {
            assert!(
                fake.contains(&format!("\"{name}\"")),
                "runtime/fake/Cargo.toml lacks the feature {name}"
            );
        }
    }
}
