//! Features of services without operations, valid and broken.

use crate::fixture::Model;
use gatewright_model::{Protocol, Service};
use insta::assert_snapshot;
use serde_json::json;

#[track_caller]
fn broken(break_it: impl FnOnce(&mut Model)) -> String {
    let mut model = Model::raw_http();
    break_it(&mut model);
    model.faults()
}

#[test]
fn whole() {
    let service = Service::parse(&Model::raw_http().sources()).unwrap_or_else(|faults| panic!("{faults}"));
    let Protocol::RawHttp(protocol) = service.protocol else { panic!("{:?}", service.protocol) };
    assert_eq!(protocol.api_header.as_deref(), Some("x-berth"));
    let hosts: Vec<_> = protocol
        .hosts
        .iter()
        .map(|host| (host.form.as_str(), host.signing_name.as_deref(), host.refused.is_some()))
        .collect();
    assert_eq!(hosts, [("own", None, false), ("jetty", Some("jetty"), false), ("office", None, true)]);
}

#[test]
fn hosts() {
    assert_snapshot!(broken(|m| m.host(0)["host"] = json!("{api}.berth.{dnsSuffix}")), @r#"service.json: protocol.raw-http.hosts[0].host: "{api}.berth.{dnsSuffix}" has no {Region}, which signing needs"#);
    assert_snapshot!(broken(|m| m.host(0)["host"] = json!("{api}{Region}.example")), @r#"service.json: protocol.raw-http.hosts[0].host: "{api}{Region}.example" has placeholders without a character between them"#);
    assert_snapshot!(broken(|m| m.host(0)["host"] = json!("{api}.{Region")), @r#"service.json: protocol.raw-http.hosts[0].host: "{api}.{Region" has a { without }"#);
    assert_snapshot!(broken(|m| m.host(0)["host"] = json!("{a-b}.{Region}.example")), @r#"service.json: protocol.raw-http.hosts[0].host: "a-b" is not the name of a placeholder, use letters and _"#);
    assert_snapshot!(broken(|m| m.host(0)["host"] = json!("{api}.{api}.{Region}.example")), @r#"service.json: protocol.raw-http.hosts[0].host: "api" occurs twice in "{api}.{api}.{Region}.example""#);
    assert_snapshot!(broken(|m| m.host(0)["host"] = json!("{api}.Berth.{Region}/example")), @r#"
    service.json: protocol.raw-http.hosts[0].host: ".Berth." is not part of a host name, use lower-case letters, digits, . and -
    service.json: protocol.raw-http.hosts[0].host: "/example" is not part of a host name, use lower-case letters, digits, . and -
    "#);
    assert_snapshot!(broken(|m| m.host(1)["form"] = json!("own")), @r#"service.json: protocol.raw-http.hosts[1].form: "own" is listed twice, rename one"#);
    assert_snapshot!(broken(|m| m.host(1)["form"] = json!("")), @"service.json: protocol.raw-http.hosts[1].form: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| m.host(1)["signing_name"] = json!("a b")), @r#"service.json: protocol.raw-http.hosts[1].signing_name: "a b" cannot be in a header, use printable ASCII without blanks"#);
    assert_snapshot!(broken(|m| m.host(2)["refused"] = json!(" ")), @"service.json: protocol.raw-http.hosts[2].refused: is missing or empty, fill it in");
}

#[test]
fn what_has_no_place() {
    assert_snapshot!(broken(|m| m.service["protocol"]["raw-http"]["api_header"] = json!("X-Berth")), @r#"service.json: protocol.raw-http.api_header: "X-Berth" is not the name of a header in lower case, with letters, digits and "-""#);
    assert_snapshot!(broken(|m| m.service["protocol"]["raw-http"]["api_header"] = json!("x berth")), @r#"service.json: protocol.raw-http.api_header: "x berth" is not the name of a header in lower case, with letters, digits and "-""#);
    assert_snapshot!(broken(|m| m.service["auth"] = json!({"rpc-v1": {}})), @r#"service.json: auth.rpc-v1: does not sign requests of "raw-http", give "sigv4""#);
    assert_snapshot!(broken(|m| {
        m.operations = Model::whole().operations;
        m.shapes = Model::whole().shapes;
        m.exceptions = Model::whole().exceptions;
    }), @r#"operations.json: ListShips: has no effect, since calls of "raw-http" are identified by method and path; remove it"#);
}
