//! The fixture as it is.

use std::collections::BTreeSet;

use crate::fixture::Model;
use gatewright_model::{EndpointOutcome, Kind, PageKey, PageToken, Pagination, Service, Shape, ShapeId};

fn harbour() -> Service {
    Service::parse(&Model::whole().sources()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn names(service: &Service, of: impl Fn(&Shape) -> bool) -> String {
    let names: Vec<_> =
        service.shapes.iter().filter(|shape| of(shape)).map(|shape| shape.name.as_str()).collect();
    names.join(" ")
}

#[test]
fn reach() {
    let service = harbour();
    insta::assert_snapshot!(names(&service, |shape| shape.in_input), @"Cargo Count Crates Day ListShipsInput MoorShipInput Name Papers Token Tons");
    insta::assert_snapshot!(names(&service, |shape| shape.in_output), @"Berth Crew Depth Depths Flag Grade ListShipsOutput Log MoorShipOutput Name Seaworthy Ship Ships Tide Token");
    insta::assert_snapshot!(names(&service, |shape| shape.recursive), @"Ship");
    insta::assert_snapshot!(names(&service, |shape| shape.sensitive), @"Papers");
}

#[test]
fn used_shapes_follow_the_operations() {
    let named = |service: &Service, ids: &BTreeSet<ShapeId>| {
        let names: Vec<_> = ids.iter().map(|id| service.shape(*id).name.clone()).collect();
        names.join(" ")
    };
    let service = harbour();
    insta::assert_snapshot!(named(&service, service.used_shapes()), @"Berth Cargo Count Crates Crew Day Depth Depths Flag Grade Log Name Papers Seaworthy Ship Ships Tide Token Tons");
    insta::assert_snapshot!(named(&service, service.input_shapes()), @"Cargo Count Crates Day Name Papers Token Tons");
    insta::assert_snapshot!(named(&service, service.validated_shapes()), @"Cargo Count Crates Name Papers");
    let all = service.shapes.len();
    assert_eq!(service.reached_shapes().len(), all);

    let part = service.with_operations(|name| name == "ListShips");
    insta::assert_snapshot!(named(&part, part.used_shapes()), @"Count Depth Depths Flag Grade Log Name Seaworthy Ship Ships Token");
    insta::assert_snapshot!(named(&part, part.input_shapes()), @"Count Token");
    insta::assert_snapshot!(named(&part, part.validated_shapes()), @"Count");
    insta::assert_snapshot!(named(&part, &part.reached_shapes()), @"Count Depth Depths Flag Grade ListShipsInput ListShipsOutput Log Name Seaworthy Ship Ships Token");
    assert_eq!(part.shapes.len(), all);
}

#[test]
fn shapes_are_validated_for_what_is_inside() {
    let validated = |change: fn(&mut Model)| {
        let mut model = Model::whole();
        change(&mut model);
        let service = Service::parse(&model.sources()).unwrap_or_else(|faults| panic!("{faults}"));
        let names = service.validated_shapes().iter().map(|id| service.shape(*id).name.clone());
        names.collect::<Vec<_>>().join(" ")
    };
    insta::assert_snapshot!(validated(|m| remove(m, "Crates", "max_items")), @"Cargo Count Crates Name Papers");
    insta::assert_snapshot!(validated(|m| {
        remove(m, "Crates", "max_items");
        for key in ["min_length", "max_length", "pattern", "pattern_equivalent"] {
            remove(m, "Name", key);
        }
    }), @"Cargo Count Papers");
    // A response may lack a ship's name, and therefore a request, too.
    insta::assert_snapshot!(validated(|m| {
        *m.member("MoorShipInput", "Once") = serde_json::json!({"name": "Once", "shape": "Ship"});
    }), @"Cargo Count Crates Depth Depths Flag Name Papers Ship");
}

fn remove(model: &mut Model, shape: &str, key: &str) {
    assert!(model.shape(shape).as_object_mut().unwrap().remove(key).is_some(), "{shape} has no {key}");
}

#[test]
fn endpoints() {
    let endpoints = harbour().endpoints;
    let prefixes: Vec<_> =
        endpoints.partitions.list().iter().flat_map(|partition| &partition.region_prefixes).collect();
    assert_eq!(prefixes, ["north", "south", "up-elbe"]);
    assert_eq!(endpoints.regions, ["north-east-1", "north-sea"]);
    assert_eq!(endpoints.rules[0].then, EndpointOutcome::Custom);
}

#[test]
fn references_and_names() {
    let service = harbour();
    let moor = &service.operations[1];
    assert_eq!(service.shape(moor.input).name, "MoorShipInput");
    assert_eq!(service.codes_of(moor).map(|code| code.value.as_str()).collect::<Vec<_>>(), ["BerthTaken"]);
    let list = &service.operations[0];
    assert_eq!(service.codes_of(list).count(), 0);
    let exceptions = service.exceptions_of(list).map(|exception| exception.name.as_str());
    assert_eq!(exceptions.collect::<Vec<_>>(), ["Fog", "Storm"]);
    let Some(Pagination { items: Some(items), by: PageKey::Token { tokens, more: None } }) = &list.pagination
    else {
        panic!("{:?}", list.pagination)
    };
    let [PageToken { input, output }] = &tokens[..] else { panic!("{tokens:?}") };
    assert_eq!(
        (input.name.as_str(), output[0].to_string(), items.to_string()),
        ("Marker", "Marker".into(), "Ships".into())
    );
    assert_eq!(service.shape(items.end().shape).name, "Ships");
    let ship = service.shapes.iter().find(|shape| shape.name == "Ship").unwrap();
    let Kind::Structure { members } = &ship.kind else { panic!("{ship:?}") };
    assert_eq!((members[1].name.as_str(), members[1].wire.as_str()), ("Flag", "flag"));
    let name = service.shape(members[4].shape);
    let Kind::String { pattern: Some(pattern), .. } = &name.kind else { panic!("{name:?}") };
    assert_eq!(
        (pattern.source.as_str(), pattern.checked.as_deref()),
        ("^(?!X)[A-Z][a-z]+$", Some("^(?:^[A-WYZ][a-z]+$)$"))
    );
}
