//! The fixture as it is.

use crate::fixture::Model;
use gatewright_model::{EndpointOutcome, Kind, Service, Shape};

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
    let ship = service.shapes.iter().find(|shape| shape.name == "Ship").unwrap();
    let Kind::Structure { members } = &ship.kind else { panic!("{ship:?}") };
    assert_eq!((members[1].name.as_str(), members[1].wire.as_str()), ("Flag", "flag"));
    let name = service.shape(members[4].shape);
    let Kind::String { pattern: Some(pattern), .. } = &name.kind else { panic!("{name:?}") };
    assert_eq!(
        (pattern.source.as_str(), pattern.checked.as_str()),
        ("^(?!X)[A-Z][a-z]+$", "^(?:^[A-WYZ][a-z]+$)$")
    );
}
