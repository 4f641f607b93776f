//! Waiters: resolved ones, and reports about broken ones.

use gatewright_model::{
    Comparison, Expected, Expression, Matcher, PathStep, Quantity, Service, Waiter, WaiterState,
};
use insta::assert_snapshot;
use serde_json::json;

use crate::fixture::Model;

#[track_caller]
fn broken(break_it: impl FnOnce(&mut serde_json::Value)) -> String {
    let mut model = Model::whole();
    break_it(model.waiter("ShipMoored"));
    model.faults()
}

fn parsed(model: &Model) -> Waiter {
    let service = Service::parse(&model.sources()).unwrap_or_else(|faults| panic!("{faults}"));
    service.operations.iter().find_map(|operation| operation.waiters.first()).unwrap().clone()
}

fn path<const N: usize>(steps: [PathStep; N]) -> Expression {
    Expression::Path(steps.into())
}

fn member(name: &str) -> PathStep {
    PathStep::Member(name.to_owned())
}

#[test]
fn paths_are_in_names_on_the_wire() {
    let waiter = parsed(&Model::whole());
    let Waiter { min_delay, max_delay, max_wait, .. } = waiter;
    assert_eq!((min_delay, max_delay, max_wait), (5, 60, Some(600)));
    let [all, any, single, error, fails, status] = waiter.acceptors.as_slice() else { panic!("{waiter:?}") };
    assert_eq!(
        all.matcher,
        Matcher::Output {
            text: "Ships[].Flag".to_owned(),
            expression: path([member("Ships"), PathStep::Items, member("flag")]),
            quantity: Quantity::All,
            expected: Expected::Text("DK".to_owned()),
        }
    );
    assert_eq!(all.state, WaiterState::Success);
    let poor = Expression::Compare(
        Box::new(path([member("Grade")])),
        Comparison::Greater,
        Box::new(Expression::Number(1)),
    );
    let Matcher::Output { expression, quantity: Quantity::Any, .. } = &any.matcher else { panic!("{any:?}") };
    assert_eq!(*expression, path([member("Ships"), PathStep::Where(poor), member("Towing"), member("Name")]));
    let Matcher::Output { quantity: Quantity::Is, expected, .. } = &single.matcher else {
        panic!("{single:?}")
    };
    assert_eq!(*expected, Expected::Boolean(true));
    // An alias of the exception, and its name.
    assert_eq!(error.matcher, Matcher::Error(vec!["Fog".to_owned(), "Haze".to_owned()]));
    assert_eq!(fails.matcher, Matcher::Succeeds(false));
    assert_eq!(status.matcher, Matcher::Status(200));
}

#[test]
fn delays_have_defaults() {
    let delays = |min: Option<u64>, max: Option<u64>| {
        let mut model = Model::whole();
        let waiter = model.waiter("ShipMoored").as_object_mut().unwrap();
        for (key, value) in [("min_delay", min), ("max_delay", max), ("max_wait", None)] {
            waiter.remove(key);
            waiter.extend(value.map(|value| (key.to_owned(), json!(value))));
        }
        let waiter = parsed(&model);
        assert_eq!(waiter.max_wait, None);
        (waiter.min_delay, waiter.max_delay)
    };
    assert_eq!(delays(None, None), (2, 120));
    assert_eq!(delays(Some(300), None), (300, 300));
    assert_eq!(delays(Some(7), Some(9)), (7, 9));
}

#[test]
fn wrappers_of_lists_are_steps() {
    let mut model = Model::rpc();
    model.waiters = json!({"$schema": "../../schema/waiters.json", "waiters": [{
        "name": "TripOver",
        "operation": "ListTrips",
        "acceptors": [{"state": "success", "path": "length(Trips) > `0`", "is": true}]
    }]});
    let waiter = parsed(&model);
    let Matcher::Output { expression, .. } = &waiter.acceptors[0].matcher else { panic!("{waiter:?}") };
    let Expression::Compare(left, ..) = expression else { panic!("{expression:?}") };
    assert_eq!(**left, Expression::Length(Box::new(path([member("Trips"), member("Trip")]))));
}

#[test]
fn faults() {
    assert_snapshot!(broken(|w| w["operation"] = json!("ListShip")), @r#"waiters.json: ShipMoored.operation: unknown operation "ListShip", did you mean "ListShips"?"#);
    assert_snapshot!(broken(|w| w["name"] = json!("shipMoored")), @r#"waiters.json: shipMoored.name: "shipMoored" is not a waiter's name, use letters and digits, first a capital"#);
    assert_snapshot!(broken(|w| w["min_delay"] = json!(0)), @"waiters.json: ShipMoored.min_delay: is 0, expected at least 1 second");
    assert_snapshot!(broken(|w| w["max_delay"] = json!(4)), @r#"waiters.json: ShipMoored.max_delay: is 4, less than "min_delay", 5"#);
    assert_snapshot!(broken(|w| w["max_wait"] = json!(0)), @"waiters.json: ShipMoored.max_wait: is 0, expected at least 1 second");
    assert_snapshot!(broken(|w| w["deprecated"] = json!("")), @"waiters.json: ShipMoored.deprecated: is missing or empty, fill it in");
    assert_snapshot!(broken(|w| w["acceptors"] = json!([])), @r#"waiters.json: ShipMoored.acceptors: have no condition with the state "success"; add one"#);
    assert_snapshot!(broken(|w| w["acceptors"][0] = json!({"state": "done", "status": 200})), @"waiters.json: ShipMoored.acceptors[0].state: unknown value `done`, expected one of `success`, `failure`, `retry`");
    assert_snapshot!(broken(|w| w["acceptors"][5]["error"] = json!("Fog")), @r#"waiters.json: ShipMoored.acceptors[5]: must have exactly one condition: "path" with "is", "all" or "any", or one of "error", "succeeds" and "status""#);
    assert_snapshot!(broken(|w| w["acceptors"][0]["any"] = json!("DK")), @r#"waiters.json: ShipMoored.acceptors[0]: must have exactly one condition: "path" with "is", "all" or "any", or one of "error", "succeeds" and "status""#);
    assert_snapshot!(broken(|w| w["acceptors"][5]["status"] = json!(99)), @"waiters.json: ShipMoored.acceptors[5].status: 99 is not an HTTP status, use 100 to 599");
    assert_snapshot!(broken(|w| w["acceptors"][3]["error"] = json!(" ")), @"waiters.json: ShipMoored.acceptors[3].error: is missing or empty, fill it in");
    assert_snapshot!(broken(|w| w["acceptors"][0]["all"] = json!(1)), @"waiters.json: ShipMoored.acceptors[0]: expects 1, which is not a text, true or false");
}

#[test]
fn faults_of_paths() {
    let path = |path: &str| broken(|w| w["acceptors"][0]["path"] = json!(path));
    assert_snapshot!(path("Ship[].Flag"), @r#"waiters.json: ShipMoored.acceptors[0].path: unknown member "Ship", did you mean "Ships"?"#);
    assert_snapshot!(path("Ships.Flag"), @"waiters.json: ShipMoored.acceptors[0].path: `Ships.Flag` looks for Flag in something without members");
    assert_snapshot!(path("Ships[].Flag[]"), @"waiters.json: ShipMoored.acceptors[0].path: `Ships[].Flag[]` has [] after something that is not a list");
    assert_snapshot!(path("Ships[].Seaworthy"), @"waiters.json: ShipMoored.acceptors[0].path: `Ships[].Seaworthy` gives values that are not texts, but a text is expected");
    assert_snapshot!(path("Ships[].Depths[?Name]"), @"waiters.json: ShipMoored.acceptors[0].path: `Ships[].Depths[?Name]` looks into several lists or maps, use [] alone for that");
    assert_snapshot!(path("Ships.*"), @"waiters.json: ShipMoored.acceptors[0].path: `Ships.*` has .* after something that is not a map");
    assert_snapshot!(path("Marker"), @r#"waiters.json: ShipMoored.acceptors[0].path: `Marker` gives a single value, use "is""#);
    assert_snapshot!(path("Ships[?Name == `1`].Name"), @"waiters.json: ShipMoored.acceptors[0].path: `Ships[?Name == `1`].Name` compares values of different types");
    assert_snapshot!(path(&format!("Ships{}", " || Ships".repeat(101))), @"waiters.json: ShipMoored.acceptors[0].path: `Ships || Ships || Ships || Ships || Ship…` has more than 100 `&&` and `||`; give several acceptors");
    assert_snapshot!(path("Ships[0].Name"), @"waiters.json: ShipMoored.acceptors[0].path: `Ships[0].Name` has unsupported syntax, beginning with `[0].Name`");
    assert_snapshot!(broken(|w| w["acceptors"][2]["path"] = json!("Ships[].Seaworthy")), @r#"waiters.json: ShipMoored.acceptors[2].path: `Ships[].Seaworthy` gives several values, use "all" or "any""#);
    assert_snapshot!(broken(|w| w["acceptors"][2]["path"] = json!("length(Ships)")), @"waiters.json: ShipMoored.acceptors[2].path: `length(Ships)` gives neither true nor false, but one of them is expected");
}

#[test]
fn names_that_clash() {
    let mut model = Model::whole();
    let waiters = model.waiters["waiters"].as_array_mut().unwrap();
    let mut other = waiters[0].clone();
    other["name"] = json!("Shipmoored");
    waiters.push(other);
    assert_snapshot!(model.faults(), @r#"waiters.json: Shipmoored: "Shipmoored"  is listed twice, if case is ignored; rename one"#);

    let mut model = Model::whole();
    model.operation("MoorShip")["rust_name"] = json!("WaitUntilShipMoored");
    assert_snapshot!(model.faults(), @r#"waiters.json: ShipMoored: "ShipMoored" becomes the method wait_until_ship_moored in Rust, and so does "MoorShip"; give it a "rust_name""#);
}
