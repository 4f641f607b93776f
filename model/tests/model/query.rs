//! Features of query services only, and endpoints that regions share, valid and broken.

use gatewright_model::{
    AwsQuery, Compression, EndpointCondition, EndpointOutcome, HostPart, Kind, MemberForm, Protocol, Service,
};
use insta::assert_snapshot;
use serde_json::json;

use crate::fixture::Model;

/// The harbour after it was changed.
#[track_caller]
fn changed(change: impl FnOnce(&mut Model)) -> Service {
    let mut model = Model::query();
    change(&mut model);
    Service::parse(&model.sources()).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The faults of the harbour after it was broken.
#[track_caller]
fn broken(break_it: impl FnOnce(&mut Model)) -> String {
    let mut model = Model::query();
    break_it(&mut model);
    model.faults()
}

#[test]
fn whole() {
    let service = changed(|m| {
        m.operation("ListShips")["unsigned"] = json!(true);
        m.operation("ListShips")["request_compression"] = json!("gzip");
        m.operation("ListShips")["result_wrapper"] = json!("Ships");
        m.operation("MoorShip")["host_prefix"] = json!("berth-{Name}.");
        m.shape("Ships")["item"] = json!("ship");
        m.member("ListShipsOutput", "Ships")["flattened"] = json!(true);
        m.add_shape(json!({"name": "Zones", "type": "map", "key": "Name", "value": "Name", "key_name": "K"}));
        let members = m.shape("MoorShipOutput")["members"].as_array_mut().unwrap();
        members.push(json!({"name": "Zones", "shape": "Zones"}));
    });
    assert_eq!(service.protocol, Protocol::AwsQuery(AwsQuery { xml_namespace: "urn:harbour".into() }));
    assert!(service.operations[0].unsigned && !service.operations[1].unsigned);
    assert_eq!(service.operations[0].result_wrapper.as_deref(), Some("Ships"));
    let [before, after] = ["berth-", "."].map(|text| HostPart::Text(text.to_owned()));
    let name = service.shape(service.operations[1].input).members()[0].clone();
    assert_eq!(name.name, "Name");
    assert_eq!(service.operations[1].host_prefix, [before, HostPart::Member(name), after]);
    let compression = |index: usize| service.operations[index].request_compression;
    assert_eq!((compression(0), compression(1)), (Some(Compression::Gzip), None));
    let kind = |name: &str| &service.shapes.iter().find(|shape| shape.name == name).unwrap().kind;
    assert!(matches!(kind("Ships"), Kind::List { item: Some(item), .. } if item == "ship"));
    let Kind::Structure { members } = kind("ListShipsOutput") else { panic!("an output is a structure") };
    assert!(members.iter().any(|member| member.name == "Ships" && member.form == MemberForm::Flattened));
    let names = match kind("Zones") {
        Kind::Map { key_name, value_name, .. } => (key_name.as_deref(), value_name.as_deref()),
        other => panic!("{other:?}"),
    };
    assert_eq!(names, (Some("K"), None));
}

#[test]
fn shapes_and_parameters() {
    assert_snapshot!(broken(|m| m.shape("Tons")["type"] = json!("document")), @"shapes.json: Tons: is a document, which queries and XML cannot represent, use another type");
    assert_snapshot!(broken(|m| m.member("MoorShipInput", "Name")["wire"] = json!("Action")), @r#"
    operations.json: MoorShip.examples[0].input: has no "Action", which is required
    operations.json: MoorShip.examples[0].input: unknown member "Name", add it or correct the name
    shapes.json: MoorShipInput.members[0]: "Action" is a parameter of the protocol, rename it
    "#);
    assert_snapshot!(broken(|m| m.member("MoorShipInput", "Name")["flattened"] = json!(true)), @r#"shapes.json: MoorShipInput.members[0].flattened: "Name" is neither a list nor a map, remove it"#);
    assert_snapshot!(broken(|m| m.member("MoorShipInput", "Cargo")["json_text"] = json!(true)), @r#"shapes.json: MoorShipInput.members[1].json_text: is only for the protocols "aliyun-rpc", "aws-rest-json" and "aws-rest-xml", remove it"#);
    assert_snapshot!(broken(|m| m.operation("ListShips")["accepts_get"] = json!(true)), @r#"operations.json: ListShips.accepts_get: is only for the protocol "aliyun-rpc", remove it"#);
    assert_snapshot!(broken(|m| m.operation("ListShips")["request_compression"] = json!("zstd")), @"operations.json: ListShips.request_compression: unknown value `zstd`, expected `gzip`");
    assert_snapshot!(broken(|m| m.operation("ListShips")["request_checksum"] = json!("crc32")), @r#"operations.json: ListShips.request_checksum: is only for the protocols "aws-rest-json" and "aws-rest-xml", remove it"#);
    assert_snapshot!(broken(|m| m.service["auth"] = json!({"rpc-v1": {}})), @r#"service.json: auth.rpc-v1: does not sign requests of "aws-query", give "sigv4""#);
    assert_snapshot!(broken(|m| m.service["protocol"]["aws-query"]["xml_namespace"] = json!("")), @"service.json: protocol.aws-query.xml_namespace: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| {
        m.service["protocol"] = json!({"aws-json": {"version": "1.1", "target_prefix": "Harbour"}});
        m.operation("ListShips")["result_wrapper"] = json!("Ships");
        m.member("ListShipsOutput", "Ships")["flattened"] = json!(true);
        m.add_shape(json!({"name": "Zones", "type": "map", "key": "Name", "value": "Name", "key_name": "K"}));
        let members = m.shape("MoorShipOutput")["members"].as_array_mut().unwrap();
        members.push(json!({"name": "Zones", "shape": "Zones"}));
    }), @r#"
    operations.json: ListShips.result_wrapper: is only for the protocol "aws-query", remove it
    shapes.json: ListShipsOutput.members[1].flattened: is only for the protocols "aws-ec2", "aws-query" and "aws-rest-xml", remove it
    shapes.json: Zones.key_name: is only for the protocols "aws-query" and "aws-rest-xml", remove it
    "#);
}

#[test]
fn endpoints_that_regions_share() {
    let rule = json!({
        "when": ["global", {"partition-is": "sea"}, {"region-is": "north-sea"}],
        "url": "https://harbour.example",
        "signing_region": "south-east-1",
    });
    let service = changed(|m| *m.rule(1) = rule);
    let shared = &service.endpoints.rules[1];
    assert_eq!(
        shared.when,
        [
            EndpointCondition::Global,
            EndpointCondition::PartitionIs("sea".into()),
            EndpointCondition::RegionIs("north-sea".into())
        ]
    );
    let (url, region) = ("https://harbour.example".to_owned(), "south-east-1".to_owned());
    assert_eq!(shared.then, EndpointOutcome::SignedFor { url, region });

    assert_snapshot!(broken(|m| m.rule(0)["signing_region"] = json!("north-sea")), @r#"service.json: endpoints.rules[0].signing_region: is only valid with "url", remove it"#);
    assert_snapshot!(broken(|m| m.rule(1)["when"] = json!([{"partition-is": "see"}])), @r#"service.json: endpoints.rules[1].when: unknown partition "see", did you mean "sea"?"#);
}
