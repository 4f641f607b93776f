//! Models that are large, deep or wide: read in linear time, or refused, without a crash.

use std::fmt::Write as _;

use gatewright_model::{Service, Sources};
use serde_json::{Value, json};

use crate::fixture::Model;

const MANY: usize = 30_000;

/// The fixture with further shapes, the first of which is part of a response.
fn sources(shapes: impl IntoIterator<Item = Value>) -> Sources {
    let mut model = Model::whole();
    let mut shapes = shapes.into_iter().peekable();
    let first = shapes.peek().unwrap()["name"].clone();
    model.shape("MoorShipOutput")["members"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "Far", "shape": first}));
    let list = model.shapes["shapes"].as_array_mut().unwrap();
    list.extend(shapes);
    list.sort_by_cached_key(|shape| shape["name"].as_str().map(str::to_owned));
    model.sources()
}

fn name(index: usize) -> String {
    format!("Zone{index:06}")
}

/// A chain of structures, each with members of the next.
fn chain(length: usize, members: usize, required: bool) -> Sources {
    sources((0..length).map(|index| {
        let next = if index + 1 < length { name(index + 1) } else { "Flag".to_owned() };
        let member = |member| json!({"name": format!("M{member}"), "shape": next, "required": required});
        let members: Vec<_> = (0..members).map(member).collect();
        json!({"name": name(index), "type": "structure", "doc": "A zone.", "members": members})
    }))
}

/// The number of faults, and the first.
fn first(sources: &Sources) -> String {
    let faults = Service::parse(sources).unwrap_err().0;
    let mut text = format!("{}: ", faults.len());
    let fault = &faults[0];
    write!(text, "{}: {}", fault.path, fault.message).unwrap();
    text
}

#[test]
fn long_chains_are_fine() {
    let service = Service::parse(&chain(MANY, 1, false)).unwrap_or_else(|faults| panic!("{faults}"));
    assert!(
        service.shapes.len() > MANY && service.shapes.iter().all(|shape| shape.in_output || shape.in_input)
    );
}

#[test]
fn values_that_nest_too_deep_are_refused() {
    insta::assert_snapshot!(first(&chain(MANY, 1, true)), @"1: Zone029900: nests more than 100 levels even in its smallest value, make a member on the way optional");
    assert!(Service::parse(&chain(99, 1, true)).is_ok());
}

#[test]
fn values_that_are_too_large_are_refused() {
    assert!(Service::parse(&chain(60, 2, false)).is_ok());
    insta::assert_snapshot!(first(&chain(60, 2, true)), @"1: Zone000043: takes 1310718 bytes even in its smallest value, at most 1048576; lower a minimum or make members optional");
    let long = json!({"name": name(0), "type": "string", "min_length": u64::MAX});
    insta::assert_snapshot!(first(&sources([long])), @"1: Zone000000: takes 18446744073709551615 bytes even in its smallest value, at most 1048576; lower a minimum or make members optional");
    let many = json!({"name": name(0), "type": "list", "member": "Flag", "min_items": 1_000_000_000});
    insta::assert_snapshot!(first(&sources([many])), @"1: Zone000000: takes 9000000002 bytes even in its smallest value, at most 1048576; lower a minimum or make members optional");
}

/// The compiler runs out of its stack with some thousands.
#[test]
fn structures_with_too_many_members_are_refused() {
    let wide = |count: usize| {
        let members: Vec<_> = (0..count).map(|index| json!({"name": name(index), "shape": "Flag"})).collect();
        sources([json!({"name": name(0), "type": "structure", "doc": "Wide.", "members": members})])
    };
    assert!(Service::parse(&wide(1000)).is_ok());
    insta::assert_snapshot!(first(&wide(1001)), @"1: Zone000000.members: has 1001 members, at most 1000 can be written in Rust; group them in structures");
}

#[test]
fn lists_of_lists_end() {
    let lists = |length| {
        sources((0..length).map(|index| {
            let next = if index + 1 < length { name(index + 1) } else { "Flag".to_owned() };
            json!({"name": name(index), "type": "list", "member": next})
        }))
    };
    assert!(Service::parse(&lists(16)).is_ok());
    insta::assert_snapshot!(first(&lists(MANY)), @"1: Zone029983: nests more than 16 lists and maps, put a structure in between");
    // In a circle.
    let circle =
        |length: usize| {
            sources((0..length).map(
                |index| json!({"name": name(index), "type": "list", "member": name((index + 1) % length)}),
            ))
        };
    insta::assert_snapshot!(first(&circle(MANY)), @"30000: Zone000000: contains itself, which no Rust type can express, put a structure in between");
}

/// Every name is compared with every other only as long as suggestions are useful.
#[test]
fn names_that_nothing_has_end() {
    let unknown = sources(
        (0..MANY / 4)
            .map(|index| json!({"name": name(index), "type": "list", "member": format!("{}x", name(index))})),
    );
    insta::assert_snapshot!(first(&unknown), @r#"7500: Zone000000.member: unknown shape "Zone000000x", did you mean "Zone000000"?"#);
}
