//! Features of REST services and EC2 only, valid and broken.

use std::collections::BTreeMap;

use gatewright_model::{
    Auth, AwsRestJson, AwsRestXml, Http, Kind, Location, PathPart, Protocol, Service, XmlNamespace, XmlRoot,
};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::fixture::Model;

/// The harbour, called by method and URI.
fn rest() -> Model {
    let mut model = Model::whole();
    model.service["protocol"] = json!({"aws-rest-json": {}});
    for operation in ["ListShips", "MoorShip"] {
        model.operation(operation)["http"] = json!({"method": "POST", "uri": format!("/{operation}")});
    }
    model
}

#[track_caller]
fn changed(change: impl FnOnce(&mut Model)) -> Service {
    let mut model = rest();
    change(&mut model);
    Service::parse(&model.sources()).unwrap_or_else(|faults| panic!("{faults}"))
}

#[track_caller]
fn broken(break_it: impl FnOnce(&mut Model)) -> String {
    let mut model = rest();
    break_it(&mut model);
    model.faults()
}

/// Moves the name of the ship into the path.
fn moor(model: &mut Model, uri: &str) {
    model.operation("MoorShip")["http"] = json!({"method": "PUT", "uri": uri, "status": 201});
    model.member("MoorShipInput", "Name")["in"] = json!("label");
}

#[test]
fn whole() {
    let service = changed(|m| moor(m, "/ships/{Name}/berth?kind=long"));
    assert_eq!(service.protocol, Protocol::AwsRestJson(AwsRestJson { headers: BTreeMap::new() }));
    let moor = &service.operations[1];
    let text = |text: &str| PathPart::Text(text.to_owned());
    let expected = Http {
        method: "PUT".to_owned(),
        path: vec![text("/ships/"), PathPart::Label("Name".to_owned()), text("/berth")],
        query: "kind=long".to_owned(),
        status: 201,
    };
    assert_eq!(moor.http.as_ref(), Some(&expected));
    assert_eq!(expected.uri(), "/ships/{Name}/berth?kind=long");
    let name = &service.shape(moor.input).members()[0];
    assert_eq!((name.name.as_str(), &name.location), ("Name", &Some(Location::Label)));
    let greedy = changed(|m| self::moor(m, "/ships/{Name+}"));
    let part = greedy.operations[1].http.as_ref().unwrap().path[1].clone();
    assert_eq!(part, PathPart::Greedy("Name".to_owned()));
}

#[test]
fn uris() {
    let uri = |uri: &'static str| broken(|m| m.operation("ListShips")["http"]["uri"] = json!(uri));
    assert_snapshot!(uri("ships"), @"operations.json: ListShips.http.uri: does not begin with a slash, which every path does");
    assert_snapshot!(uri("/a b"), @r#"operations.json: ListShips.http.uri: "/a b" is not a part of a path, percent-encode it"#);
    assert_snapshot!(uri("/a?b c"), @r#"operations.json: ListShips.http.uri: "b c" is not a part of a query, percent-encode it"#);
    assert_snapshot!(uri("/{Nam}"), @r#"operations.json: ListShips.http.uri: unknown member "Nam", add it or correct the name"#);
    assert_snapshot!(uri("/{Name"), @r#"operations.json: ListShips.http.uri: has a brace that does not end, add "}""#);
    assert_snapshot!(broken(|m| moor(m, "/{Name}{Name}")), @r#"
    operations.json: MoorShip.http.uri: has "Name" twice, name each member once
    operations.json: MoorShip.http.uri: has two members side by side, which a path cannot separate
    "#);
    assert_snapshot!(broken(|m| moor(m, "/{Name}/a/{Name}")), @r#"operations.json: MoorShip.http.uri: has "Name" twice, name each member once"#);
    assert_snapshot!(broken(|m| moor(m, "/{Name+}/a/{Nam+}")), @r#"
    operations.json: MoorShip.http.uri: has several members with "+", which slashes cannot separate, keep one "+"
    operations.json: MoorShip.http.uri: unknown member "Nam", did you mean "Name"?
    "#);
    assert_snapshot!(broken(|m| moor(m, "/ships")), @r#"operations.json: MoorShip.http.uri: "Name" is missing, add it in braces"#);
    assert_snapshot!(broken(|m| { moor(m, "/{Name}"); m.member("MoorShipInput", "Name")["in"] = json!({"query": "name"}); }), @r#"operations.json: MoorShip.http.uri: "Name" is elsewhere, give it "in": "label""#);
    assert_snapshot!(broken(|m| m.operation("ListShips")["http"]["method"] = json!("GETT")), @r#"operations.json: ListShips.http.method: unknown method "GETT", did you mean "GET"?"#);
    assert_snapshot!(broken(|m| m.operation("ListShips")["http"]["status"] = json!(404)), @"operations.json: ListShips.http.status: is not a status of success, give one from 200 to 299");
    assert_snapshot!(broken(|m| m.service["protocol"]["aws-rest-json"]["headers"] = json!({"Accept": "a b"})), @r#"service.json: protocol.aws-rest-json.headers.Accept: "a b" cannot be in a header, use printable ASCII without blanks"#);
    assert_snapshot!(broken(|m| m.service["protocol"]["aws-rest-json"]["headers"] = json!({"Host": "a", "b c": "d"})), @r#"
    service.json: protocol.aws-rest-json.headers: "Host" is set by the client, remove it
    service.json: protocol.aws-rest-json.headers: "b c" is not the name of a header
    "#);
    assert_snapshot!(broken(|m| m.service["protocol"]["aws-rest-json"]["headers"] = json!({"ACCEPT": "a", "Accept": "b"})), @r#"service.json: protocol.aws-rest-json.headers: "ACCEPT" and "Accept" are the same header, remove one"#);
    let of_body =
        ["Content-Length", "Content-MD5", "Content-Type", "X-Amz-Checksum-CRC32", "x-amz-content-sha256"];
    for name in of_body {
        let faults = broken(|m| m.service["protocol"]["aws-rest-json"]["headers"] = json!({name: "a"}));
        let expected = format!("headers: \"{name}\" is set by the client, remove it");
        assert!(faults.contains(&expected), "{faults}");
    }
    changed(|m| m.member("MoorShipInput", "Name")["in"] = json!({"header": "Content-MD5"}));
    assert_snapshot!(broken(|m| { m.operation("ListShips").as_object_mut().unwrap().remove("http"); }), @r#"operations.json: ListShips: has no "http", give its method and URI"#);
}

#[test]
fn locations() {
    let place = |member: &'static str, location: Value| {
        broken(move |m| m.member("MoorShipInput", member)["in"] = location)
    };
    assert_snapshot!(place("Name", json!({"header": "a b"})), @r#"shapes.json: MoorShipInput.members[0].in: "a b" is not the name of a header"#);
    assert_snapshot!(place("Name", json!({"header": "Authorization"})), @r#"shapes.json: MoorShipInput.members[0].in: "Authorization" is set by the client, remove the member"#);
    assert_snapshot!(place("Name", json!({"payload-of-type": "image/\u{e9}"})), @r#"
    shapes.json: MoorShipInput.members: "Name" is the whole body, so that "Cargo" has no place
    shapes.json: MoorShipInput.members[0].in: "image/é" is not a media type
    "#);
    assert_snapshot!(broken(|m| {
        m.member("MoorShipInput", "Name")["in"] = json!({"header": "x-a"});
        m.member("MoorShipInput", "Cargo")["in"] = json!({"header": "X-A"});
    }), @r#"
    shapes.json: MoorShipInput.members[1].in: "Cargo" cannot be there, use a text, number, boolean, time or list of these
    shapes.json: MoorShipInput.members[1].in: "Name" is there, too; give each its own
    "#);
    assert_snapshot!(place("Name", json!({"query": ""})), @"shapes.json: MoorShipInput.members[0].in: has no name, give the name of the parameter");
    assert_snapshot!(place("Name", json!("query-map")), @r#"shapes.json: MoorShipInput.members[0].in: "Name" cannot be there, use a map to texts or lists of texts"#);
    assert_snapshot!(place("Name", json!("payload")), @r#"shapes.json: MoorShipInput.members: "Name" is the whole body, so that "Cargo" has no place"#);
    assert_snapshot!(place("Name", json!("status-code")), @r#"shapes.json: MoorShipInput.members[0].in: "Name" cannot be there, use an integer"#);
    assert_snapshot!(place("Cargo", json!({"header": "x-cargo"})), @r#"shapes.json: MoorShipInput.members[1].in: "Cargo" cannot be there, use a text, number, boolean, time or list of these"#);
    assert_snapshot!(place("Cargo", json!({"payload-of-type": "image/png"})), @r#"
    shapes.json: MoorShipInput.members: "Cargo" is the whole body, so that "Name" has no place
    shapes.json: MoorShipInput.members[1].in: "Cargo" cannot be there, use a text or blob
    "#);
    assert_snapshot!(place("Name", json!("body")), @"shapes.json: MoorShipInput.members[0].in: unknown value `body`, expected one of `label`, `query`, `query-map`, `header`, `prefix-headers`, `payload`, `payload-of-type`, `status-code`");
}

#[test]
fn other_protocols_have_none() {
    let faults = {
        let mut model = Model::whole();
        model.operation("ListShips")["http"] = json!({"method": "GET", "uri": "/"});
        model.member("MoorShipInput", "Name")["in"] = json!("label");
        model.faults()
    };
    assert_snapshot!(faults, @r#"
    operations.json: ListShips.http: is only for the protocols "aws-rest-json" and "aws-rest-xml", remove it
    shapes.json: MoorShipInput.members[0].in: is only for the protocols "aws-rest-json" and "aws-rest-xml", remove it
    "#);
}

/// The same with XML in bodies.
fn rest_xml() -> Model {
    let mut model = Model::query();
    for operation in ["ListShips", "MoorShip"] {
        model.operation(operation)["http"] = json!({"method": "POST", "uri": format!("/{operation}")});
    }
    model.service["protocol"] =
        json!({"aws-rest-xml": {"xml_namespace": "urn:harbour", "bare_errors": true}});
    model
}

#[test]
fn names_in_xml() {
    let mut model = rest_xml();
    model.service["auth"]["sigv4"]["signs_path_as_sent"] = json!(true);
    model.service["auth"]["sigv4"]["sends_content_hash"] = json!(true);
    let namespace = json!({"uri": "urn:ship", "prefix": "s"});
    model.operation("MoorShip")["xml_root"] = json!({"name": "Moor", "namespace": namespace});
    model.member("MoorShipInput", "Name")["xml_attribute"] = json!(true);
    model.member("MoorShipInput", "Cargo")["xml_namespace"] = json!({"uri": "urn:cargo"});
    model.shape("Crates")["key_namespace"] = json!({"uri": "urn:key"});
    model.shape("Crates")["value_namespace"] = json!({"uri": "urn:value"});
    model.shape("Depths")["item_namespace"] = json!({"uri": "urn:flag"});
    let service = Service::parse(&model.sources()).unwrap_or_else(|faults| panic!("{faults}"));
    let protocol = AwsRestXml { xml_namespace: Some("urn:harbour".to_owned()), bare_errors: true };
    assert_eq!(service.protocol, Protocol::AwsRestXml(protocol));
    let Auth::SigV4 { signs_path_as_sent, sends_content_hash, .. } = service.auth else { panic!("SigV4") };
    assert!(signs_path_as_sent && sends_content_hash);
    let moor = &service.operations[1];
    let plain = |uri: &str| XmlNamespace { uri: uri.to_owned(), prefix: None };
    let own = XmlNamespace { uri: "urn:ship".to_owned(), prefix: Some("s".to_owned()) };
    assert_eq!(moor.xml_root, Some(XmlRoot { name: "Moor".to_owned(), namespace: Some(own) }));
    let [name, cargo, ..] = service.shape(moor.input).members() else { panic!("two members") };
    assert_eq!((name.xml_attribute, &cargo.xml_namespace), (true, &Some(plain("urn:cargo"))));
    let kinds: Vec<_> = service.shapes.iter().map(|shape| &shape.kind).collect();
    let is_map = |kind: &&&Kind| {
        matches!(kind, Kind::Map { key_namespace: Some(key), value_namespace: Some(value), .. }
            if (key, value) == (&plain("urn:key"), &plain("urn:value")))
    };
    let is_list = |kind: &&&Kind| matches!(kind, Kind::List { item_namespace: Some(item), .. } if *item == plain("urn:flag"));
    assert_eq!((kinds.iter().filter(is_map).count(), kinds.iter().filter(is_list).count()), (1, 1));
}

#[test]
fn broken_xml() {
    let broken = |break_it: &dyn Fn(&mut Model)| {
        let mut model = rest_xml();
        break_it(&mut model);
        model.faults()
    };
    let cargo = broken(&|m| m.member("MoorShipInput", "Cargo")["xml_attribute"] = json!(true));
    assert!(cargo.contains("MoorShipInput.members[1].xml_attribute: "), "{cargo}");
    assert!(cargo.ends_with("cannot be an attribute, use a text, number, boolean or time"), "{cargo}");
    assert_snapshot!(broken(&|m| m.operation("MoorShip")["xml_root"] = json!({"name": ""})), @"operations.json: MoorShip.xml_root.name: is missing or empty, fill it in");
    assert_snapshot!(broken(&|m| m.operation("MoorShip")["xml_root"] = json!({"name": "M", "namespace": {}})), @"operations.json: MoorShip.xml_root.namespace: lacks the key `uri`");
    for name in ["a b", "<a>", "1a", "-a", "a:b:c", ":a", "a/b", "a²", "ª", "µ", "a×"] {
        let fault = broken(&|m| m.member("MoorShipInput", "Name")["wire"] = json!(name));
        let expected =
            format!("shapes.json: MoorShipInput.members[0].wire: \"{name}\" cannot be a name in XML");
        // The examples have the member's old name.
        assert!(fault.contains(&expected), "{fault}");
    }
    for name in ["é", "e\u{301}", "名-1.2·x", "s:a"] {
        let fault = broken(&|m| m.member("MoorShipInput", "Name")["wire"] = json!(name));
        assert!(!fault.contains("cannot be a name in XML"), "{name}: {fault}");
    }
    let empty = broken(&|m| m.member("MoorShipInput", "Name")["wire"] = json!(""));
    let expected = "shapes.json: MoorShipInput.members[0].wire: is missing or empty, fill it in";
    assert!(empty.contains(expected), "{empty}");
    assert_snapshot!(broken(&|m| {
        m.operation("MoorShip")["xml_root"] = json!({"name": "M N", "namespace": {"uri": "urn:m", "prefix": "m:n"}});
        m.member("MoorShipInput", "Cargo")["xml_namespace"] = json!({"uri": "urn:c", "prefix": ""});
        m.shape("Crates")["value_name"] = json!("a&b");
        m.shape("Depths")["item"] = json!("a\"b");
    }), @r#"
    operations.json: MoorShip.xml_root.name: "M N" cannot be a name in XML, use letters, digits, "-", "_" and ".", first a letter
    operations.json: MoorShip.xml_root.namespace.prefix: "m:n" cannot be a prefix in XML, use letters and digits
    shapes.json: Crates.value_name: "a&b" cannot be a name in XML, use letters, digits, "-", "_" and ".", first a letter
    shapes.json: Depths.item: "a"b" cannot be a name in XML, use letters, digits, "-", "_" and ".", first a letter
    shapes.json: MoorShipInput.members[1].xml_namespace.prefix: "" cannot be a prefix in XML, use letters and digits
    "#);
}

/// Without a root of its own, the document of a request is named after its shape.
#[test]
fn roots_in_xml() {
    let faults = |input: &str, place: Option<&str>, root: Option<&str>| {
        let mut model = rest_xml();
        model.add_shape(json!({"name": input, "type": "structure", "doc": "A form.", "members": [
            {"name": "Form", "shape": "Crates", "doc": "What the form says."},
        ]}));
        let operation = model.operation("MoorShip");
        operation["input"] = json!(input);
        operation.as_object_mut().unwrap().remove("examples");
        if let Some(place) = place {
            model.member(input, "Form")["in"] = json!(place);
        }
        if let Some(root) = root {
            model.operation("MoorShip")["xml_root"] = json!({"name": root});
        }
        model.faults()
    };
    let fault =
        "operations.json: MoorShip: \"Form 3\" cannot be the root of requests, give it an \"xml_root\"";
    let contains = |faults: String| faults.contains(fault);
    assert!(contains(faults("Form 3", None, None)), "{}", faults("Form 3", None, None));
    assert!(!contains(faults("Form 3", None, Some("Form"))));
    assert!(!contains(faults("Form 3", Some("payload"), None)), "the payload names the root");
    let mut model = rest_xml();
    model.operation("MoorShip")["name"] = json!("Moor/Ship");
    let faults = model.faults();
    let fault = "operations.json: Moor/Ship.name: \"Moor/Ship\" cannot be a name in XML";
    assert!(faults.contains(fault), "{faults}");
}

#[test]
fn other_protocols_have_no_names_in_xml() {
    let mut model = rest();
    model.operation("MoorShip")["xml_root"] = json!({"name": "Moor"});
    model.member("MoorShipInput", "Name")["xml_attribute"] = json!(true);
    model.member("MoorShipInput", "Cargo")["xml_namespace"] = json!({"uri": "urn:cargo"});
    assert_snapshot!(model.faults(), @r#"
    operations.json: MoorShip.xml_root: is only for the protocol "aws-rest-xml", remove it
    shapes.json: MoorShipInput.members[0].xml_attribute: is only for the protocol "aws-rest-xml", remove it
    shapes.json: MoorShipInput.members[1].xml_namespace: is only for the protocol "aws-rest-xml", remove it
    "#);
}

#[test]
fn ec2() {
    let ec2 = |change: &dyn Fn(&mut Model)| {
        let mut model = Model::query();
        model.service["protocol"] =
            json!({"aws-ec2": {"xml_namespace": "urn:harbour", "request_names": {"Name": "ShipName"}}});
        change(&mut model);
        model
    };
    let faults = ec2(&|_| {}).faults();
    assert_snapshot!(faults, @r#"shapes.json: Crates: is a map, which requests of "aws-ec2" cannot represent, use another type"#);
    let unknown = ec2(&|model| model.service["protocol"]["aws-ec2"]["request_names"] = json!({"Nam": "N"}));
    assert_snapshot!(unknown.faults(), @r#"
    service.json: protocol.aws-ec2.request_names.Nam: is not the wire name of any member, remove or correct it
    shapes.json: Crates: is a map, which requests of "aws-ec2" cannot represent, use another type
    "#);
}
