//! Rules for the responses of fakes.

use gatewright_model::{SamplePart, SamplePiece, SampleRule, SampleValue, Service, TimestampFormat};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::fixture::Model;

/// The fixture, where mooring a ship gives it a key and a name.
fn model(rules: Value) -> Model {
    let mut model = Model::whole();
    let members = [json!({"name": "Key", "shape": "Key"}), json!({"name": "Name", "shape": "Token"})];
    model.shape("MoorShipOutput")["members"].as_array_mut().unwrap().extend(members);
    let key = json!({"name": "Key", "type": "structure", "doc": "Opens a lock.", "members": [
        {"name": "End", "shape": "Day"},
        {"name": "Id", "shape": "Token"},
        {"name": "Secret", "shape": "Token"},
        {"name": "Token", "shape": "Token"}
    ]});
    let shapes = model.shapes["shapes"].as_array_mut().unwrap();
    let at = shapes.iter().position(|shape| shape["name"].as_str().unwrap() > "Key").unwrap();
    shapes.insert(at, key);
    model.operation("MoorShip")["examples"] = json!([]);
    model.operation("MoorShip")["sample"] = rules;
    model
}

fn issued() -> Value {
    json!({"at": "Key", "issued": {
        "access_key_id": "Id", "secret_access_key": "Secret", "session_token": "Token", "expiration": "End",
        "default_lifetime": 60
    }})
}

#[test]
fn rules_are_resolved() {
    let rules = json!([
        issued(),
        {"at": "Name", "text": "ship:{Name:1}/{Name/}{caller.Key.Id}"},
        {"at": "Berth", "only_with": ["Cargo"]}
    ]);
    let service = Service::parse(&model(rules).sources()).unwrap_or_else(|faults| panic!("{faults}"));
    let [key, name, berth] = service.operations[1].sample.as_slice() else { panic!() };
    assert_eq!(key.at, ["Key"]);
    let SampleValue::Issued { expiration, lifetime, default_lifetime, .. } = &key.value else {
        panic!("{key:?}")
    };
    assert_eq!(
        (expiration, lifetime, default_lifetime),
        (&("End".into(), TimestampFormat::DateTime), &None, &60)
    );
    let request = |part| SamplePiece::Request("Name".into(), part);
    let pieces = vec![
        SamplePiece::Literal("ship:".into()),
        request(SamplePart::Colon(1)),
        SamplePiece::Literal("/".into()),
        request(SamplePart::LastSlash),
        SamplePiece::Caller(vec!["Key".into(), "Id".into()], SamplePart::Whole),
    ];
    assert_eq!(name, &SampleRule { at: vec!["Name".into()], value: SampleValue::Text(pieces) });
    assert_eq!(berth.value, SampleValue::OnlyWith(vec!["Cargo".into()]));
}

#[test]
fn broken_rules_are_reported() {
    let broken = |rule: Value| model(json!([rule])).faults();
    let mut lasting = issued();
    lasting["issued"]["lifetime"] = json!("Name");
    lasting["issued"]["expiration"] = json!("Ende");
    let faults = [
        broken(json!({"at": "Key.Idd", "text": "x"})),
        broken(json!({"at": "Key", "text": "x"})),
        broken(json!({"at": "Name"})),
        broken(json!({"at": "Name", "text": "x", "only_with": ["Name"]})),
        broken(json!({"at": "Name", "text": "{Nam}"})),
        broken(json!({"at": "Name", "text": "{Name:x}"})),
        broken(json!({"at": "Name", "text": "{Name"})),
        broken(json!({"at": "Name", "text": "{caller.Key.Id}"})),
        broken(json!({"at": "Name", "only_with": ["Cargos"]})),
        broken(lasting.clone()),
        {
            lasting["issued"]["expiration"] = json!("End");
            broken(lasting)
        },
    ];
    assert_snapshot!(faults.join("\n"), @r#"
    operations.json: MoorShip.sample[0].at: unknown member "Idd", did you mean "Id"?
    operations.json: MoorShip.sample[0].text: "Key" is not a text, give the place of one
    operations.json: MoorShip.sample[0]: needs exactly one of "text", "issued" and "only_with"
    operations.json: MoorShip.sample[0]: needs exactly one of "text", "issued" and "only_with"
    operations.json: MoorShip.sample[0].text: unknown member "Nam", did you mean "Name"?
    operations.json: MoorShip.sample[0].text: "x" is not a number of colons, give one
    operations.json: MoorShip.sample[0].text: has a brace that does not end, add "}"
    operations.json: MoorShip.sample[0].text: no response that issues credentials has "Key.Id", correct the path
    operations.json: MoorShip.sample[0].only_with[0]: unknown member "Cargos", did you mean "Cargo"?
    operations.json: MoorShip.sample[0].issued.expiration: unknown member "Ende", did you mean "End"?
    operations.json: MoorShip.sample[0].issued.lifetime: "Name" is not a whole number, name a member that is
    "#);
}
