//! Features of RPC services only, valid and broken.

use crate::fixture::Model;
use gatewright_model::{
    AliyunRpc, Auth, EndpointCondition, Kind, MemberForm, PageKey, Pagination, Protocol, Service,
};
use insta::assert_snapshot;
use serde_json::json;

fn ferry() -> Service {
    Service::parse(&Model::rpc().sources()).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The faults of the ferry after it was broken.
#[track_caller]
fn broken(break_it: impl FnOnce(&mut Model)) -> String {
    let mut model = Model::rpc();
    break_it(&mut model);
    model.faults()
}

#[test]
fn whole() {
    let service = ferry();
    assert_eq!(service.protocol, Protocol::AliyunRpc(AliyunRpc { success: Some("Success".into()) }));
    assert_eq!(service.auth, Auth::RpcV1);
    assert_eq!(service.endpoints.regions, ["elbe", "weser"]);
    assert_eq!(service.endpoints.rules[1].when, [EndpointCondition::Vpc, EndpointCondition::RegionSet]);
    let list = &service.operations[1];
    assert!(list.accepts_get && !service.operations[0].accepts_get);
    let Some(Pagination { items: Some(items), by: PageKey::Number { page, total: Some(total) } }) =
        &list.pagination
    else {
        panic!("{:?}", list.pagination)
    };
    assert_eq!([page, total, items.end()].map(|member| member.name.as_str()), ["Page", "Total", "Trips"]);
}

#[test]
fn shapes() {
    let service = ferry();
    let items = service.shapes.iter().filter_map(|shape| match &shape.kind {
        Kind::List { item: Some(item), .. } => Some((shape.name.as_str(), item.as_str())),
        _ => None,
    });
    assert_eq!(items.collect::<Vec<_>>(), [("Trips", "Trip")]);
    let Kind::Structure { members } = &service.shape(service.operations[0].input).kind else {
        panic!("an input is a structure")
    };
    assert_eq!(
        members.iter().map(|member| member.form).collect::<Vec<_>>(),
        [MemberForm::Plain, MemberForm::JsonText]
    );
}

#[test]
fn families_are_not_codes() {
    let service = ferry();
    let codes: Vec<_> = service.error_codes.iter().map(|code| (code.value.as_str(), code.status)).collect();
    assert_eq!(codes, [("Full", Some(400)), ("Throttling", Some(400))]);
    let families: Vec<_> = service.code_families.iter().map(|code| code.value.as_str()).collect();
    assert_eq!(families, ["Throttling"]);

    assert_snapshot!(broken(|m| m.code("Throttling*")["aliases"] = json!(["Slow."])), @"error-codes.json: Throttling*: is a family of codes, remove its aliases and operations");
    assert_snapshot!(broken(|m| m.code("Throttling*")["operations"] = json!(["BookTrip"])), @"error-codes.json: Throttling*: is a family of codes, remove its aliases and operations");
    assert_snapshot!(broken(|m| m.code("Full")["status"] = json!(200)), @"error-codes.json: Full.status: 200 is not the status of an error, expected 400 to 599");
    assert_snapshot!(broken(|m| m.code("Throttling*")["value"] = json!("*")), @r#"
    error-codes.json: *: "*" comes after "Throttling", sort the list
    error-codes.json: *: matches every code, put a prefix before the *
    "#);
}

#[test]
fn protocol_and_auth() {
    assert_snapshot!(broken(|m| m.service["auth"] = json!({"sigv4": {"signing_name": "ferry"}})), @r#"service.json: auth.sigv4: does not sign requests of "aliyun-rpc", give "rpc-v1""#);
    assert_snapshot!(broken(|m| m.service["auth"] = json!({"rpc-v2": {}})), @"service.json: auth: unknown value `rpc-v2`, did you mean `rpc-v1`? (expected `sigv4` or `rpc-v1`)");
    assert_snapshot!(broken(|m| m.service["auth"]["rpc-v1"]["key"] = json!("&")), @"service.json: auth.rpc-v1.key: unknown key `key`, this type takes none");
    assert_snapshot!(broken(|m| m.service["protocol"]["aliyun-rpc"]["succes"] = json!("Success")), @"service.json: protocol.aliyun-rpc.succes: unknown key `succes`, did you mean `success`? (expected `success`)");
    assert_snapshot!(broken(|m| m.service["protocol"]["aliyun-rpc"]["success"] = json!("Succes")), @r#"service.json: protocol.aliyun-rpc.success: no response has a member "Succes", remove or correct it"#);
    assert_snapshot!(broken(|m| m.member("BookTripOutput", "Success")["shape"] = json!("Text")), @r#"shapes.json: BookTripOutput.members[0].shape: "Text" is not a boolean, but "Success" reports success"#);
    assert_snapshot!(broken(|m| m.operation("BookTrip")["request_compression"] = json!("gzip")), @r#"operations.json: BookTrip.request_compression: is only for the protocols "aws-ec2", "aws-json", "aws-query", "aws-rest-json" and "aws-rest-xml", remove it"#);
    assert_snapshot!(broken(|m| m.service["protocol"] = json!({"aws-json": {"version": "1.1", "target_prefix": "Ferry"}})), @r#"
    operations.json: ListTrips.accepts_get: is only for the protocol "aliyun-rpc", remove it
    service.json: auth.rpc-v1: does not sign requests of "aws-json", give "sigv4"
    shapes.json: BookTripInput.members[1].json_text: is only for the protocols "aliyun-rpc", "aws-rest-json" and "aws-rest-xml", remove it
    shapes.json: Trips.item: is only for the protocols "aliyun-rpc", "aws-ec2", "aws-query" and "aws-rest-xml", remove it
    "#);
}

#[test]
fn parameters() {
    assert_snapshot!(broken(|m| m.member("BookTripInput", "Wishes")["json_text"] = json!(false)), @r#"shapes.json: BookTripInput.members[1].shape: "Wishes" cannot be written as parameters, give the member "json_text": true"#);
    assert_snapshot!(broken(|m| m.shape("Cars")["member"] = json!("Wishes")), @r#"
    shapes.json: Car: is not used by any request, response or error, refer to it or remove it
    shapes.json: Cars.member: "Wishes" cannot be written as parameters, give the member "json_text": true
    "#);
    assert_snapshot!(broken(|m| m.member("Car", "Plate")["shape"] = json!("Wishes")), @r#"shapes.json: Car.members[0].shape: "Wishes" cannot be written as parameters, give the member "json_text": true"#);
    assert_snapshot!(broken(|m| m.member("Car", "Plate")["json_text"] = json!(true)), @r#"shapes.json: Car.members[0].json_text: "Text" is text already, remove it or name a list, map or structure"#);
}

#[test]
fn names_of_parameters() {
    assert_snapshot!(broken(|m| m.member("BookTripInput", "Wishes")["wire"] = json!("SignatureNonce")), @r#"shapes.json: BookTripInput.members[1]: "SignatureNonce" is a parameter of every request already, remove it"#);
    assert_snapshot!(broken(|m| m.member("ListTripsInput", "Size")["wire"] = json!("Version")), @r#"shapes.json: ListTripsInput.members[1]: "Version" is a parameter of every request already, remove it"#);
    // A nested member's name follows its parents' names.
    let mut within = Model::rpc();
    within.member("Car", "Plate")["wire"] = json!("Action");
    Service::parse(&within.sources()).unwrap();
}

#[test]
fn responses() {
    assert_snapshot!(broken(|m| m.shape("Cars")["item"] = json!("Car")), @"shapes.json: Cars.item: wraps items of responses, but is not part of any response; remove it");
    assert_snapshot!(broken(|m| m.shape("Trips")["item"] = json!("")), @"shapes.json: Trips.item: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| m.member("ListTripsOutput", "Stops")["wire"] = json!("trips")), @r#"shapes.json: ListTripsOutput.members[3]: "Trips" and "trips" differ only in case, which is ignored in responses; remove one"#);
}

#[test]
fn numbered_pages() {
    let paged =
        |key: &str, member: &str| broken(|m| m.operation("ListTrips")["numbered_pages"][key] = json!(member));
    assert_snapshot!(paged("page", "Pages"), @r#"operations.json: ListTrips.numbered_pages.page: unknown member "Pages", did you mean "Page"?"#);
    assert_snapshot!(paged("total", "Trips"), @r#"operations.json: ListTrips.numbered_pages.total: "Trips" is not a whole number, name a member that is"#);
    assert_snapshot!(paged("items", "Total"), @r#"operations.json: ListTrips.numbered_pages.items: "Total" is not a list, name a member that is"#);
    assert_snapshot!(broken(|m| m.member("ListTripsInput", "Size")["shape"] = json!("Text")), @r#"operations.json: ListTrips.numbered_pages.size: "Size" is not a whole number, name a member that is"#);
    assert_snapshot!(broken(|m| {
        m.member("ListTripsInput", "Size")["shape"] = json!("Text");
        let operation = m.operation("ListTrips");
        operation["pagination"] = json!({"input_token": "Size", "output_token": "Success", "items": "Trips"});
        operation["numbered_pages"] = json!({"page": "Page", "items": "Trips"});
    }), @r#"
    operations.json: ListTrips.numbered_pages: excludes "pagination", keep one of them
    operations.json: ListTrips.pagination.output_token: "Success" is not a string, whole number, enum or map, name a member that is
    "#);
}

#[test]
fn regions() {
    let regions = |regions| broken(|m| m.service["endpoints"]["regions"] = regions);
    assert_snapshot!(regions(json!(["weser", "elbe"])), @r#"service.json: endpoints.regions[1]: "elbe" comes after "weser", sort the list"#);
    assert_snapshot!(regions(json!(["elbe", 3])), @"service.json: endpoints.regions: is not a list of texts, list the names of the regions");
    assert_snapshot!(regions(json!("elbe")), @"service.json: endpoints.regions: is neither a list of regions nor an object of such lists by partition");
}
