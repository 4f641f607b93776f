//! `schema.json` and the loader agree on what a file may hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use boon::{Compiler, SchemaIndex, Schemas};
use gatewright_model::PartitionTable;
use serde_json::{Value, json};

use crate::fixture::Model;
use crate::services::folders;

fn schema() -> Value {
    serde_json::from_str(include_str!("../../schema.json")).unwrap()
}

/// Every definition of the schema, compiled. Fails if the schema is not one.
static DEFINITIONS: LazyLock<(Schemas, BTreeMap<String, SchemaIndex>)> = LazyLock::new(|| {
    let (mut schemas, mut compiler, schema) = (Schemas::new(), Compiler::new(), schema());
    compiler.add_resource("schema.json", schema.clone()).unwrap();
    let names = schema["$defs"].as_object().unwrap().keys();
    let definitions = names.map(|name| {
        let index = compiler.compile(&format!("schema.json#/$defs/{name}"), &mut schemas);
        (name.clone(), index.unwrap_or_else(|fault| panic!("{name}: {fault}")))
    });
    let definitions = definitions.collect();
    (schemas, definitions)
});

/// The verdict of the schema on a file of this definition.
fn validate(definition: &str, file: &Value) -> Result<(), String> {
    let (schemas, definitions) = &*DEFINITIONS;
    schemas.validate(file, definitions[definition]).map_err(|fault| fault.to_string())
}

#[test]
fn models_are_valid() {
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").canonicalize().unwrap();
    for folder in folders() {
        for definition in
            ["service", "operations", "shapes", "exceptions", "error-codes", "waiters", "known-responses"]
        {
            let path = folder.join(definition).with_extension("json");
            if ["waiters", "known-responses"].contains(&definition) && !path.exists() {
                continue;
            }
            let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            validate(definition, &file).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
            let named = folder.join(file["$schema"].as_str().unwrap()).canonicalize().unwrap();
            assert_eq!(named, schemas.join(definition).with_extension("json"), "{}", path.display());
        }
    }
}

#[test]
fn shared_tables_are_valid_and_known_by_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("partitions");
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let file = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
            validate("partitions", &file).unwrap();
            path.file_stem().unwrap().to_str().unwrap().to_owned()
        })
        .collect();
    names.sort();
    let tables = PartitionTable::all().unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(tables.iter().map(|table| &table.name).collect::<Vec<_>>(), names.iter().collect::<Vec<_>>());
    assert_eq!(schema()["$defs"]["endpoints"]["properties"]["partitions"]["oneOf"][0]["enum"], json!(names));
}

#[test]
fn texts_of_explanations_are_valid() {
    let text = include_str!("../../explanations/common.json");
    validate("explanations", &serde_json::from_str(text).unwrap()).unwrap();
}

#[test]
fn the_fixtures_are_valid() {
    for model in [Model::whole(), Model::rpc(), Model::raw_http()] {
        for (definition, file) in model.files() {
            validate(definition, file).unwrap();
        }
    }
}

/// Models outside of this repository name the schemas by their own path, which the loader accepts, too.
#[test]
fn the_path_of_a_schema_depends_on_the_folder() {
    for (definition, file) in Model::whole().files() {
        let with = |path: &str| {
            let mut file = file.clone();
            file["$schema"] = json!(path);
            validate(definition, &file)
        };
        with(&format!("../../../gatewright/model/schema/{definition}.json")).unwrap();
        assert!(with("../../schema/other.json").is_err(), "{definition}");
    }
}

/// Puts an unknown key into an object of the model, and compares the keys that the loader then names with the keys of the
/// schema. The schema must refuse the file too.
#[track_caller]
fn check(place: impl FnOnce(&mut Model) -> &mut Value, expected: BTreeSet<String>) {
    check_in(Model::whole(), place, expected);
}

#[track_caller]
fn check_in(mut model: Model, place: impl FnOnce(&mut Model) -> &mut Value, mut expected: BTreeSet<String>) {
    place(&mut model)["kraken"] = json!(true);

    let faults = model.faults();
    let fault = faults
        .lines()
        .find(|line| line.contains("unknown key `kraken`"))
        .unwrap_or_else(|| panic!("{faults}"));
    let keys: BTreeSet<_> = fault.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    expected.insert("kraken".into());
    assert_eq!(keys, expected, "{fault}");

    let refused =
        model.files().iter().filter(|(definition, file)| validate(definition, file).is_err()).count();
    assert_eq!(refused, 1, "the schema must refuse exactly one file of: {fault}");
}

/// The keys that a definition of the schema lists, without those that the loader reads on its own.
fn keys(definition: &Value) -> BTreeSet<String> {
    let keys = definition["properties"].as_object().unwrap().keys();
    keys.filter(|key| *key != "$schema").cloned().collect()
}

#[test]
fn entries_have_the_same_keys() {
    let schema = schema();
    let keys = |definition: &str| keys(&schema["$defs"][definition]);
    check(|m| &mut m.service, keys("service"));
    check(|m| &mut m.service["auth"]["sigv4"], keys("sigv4"));
    check(|m| &mut m.service["error_body"], keys("error-body"));
    check(|m| &mut m.service["endpoints"], keys("endpoints"));
    check(|m| m.rule(0), keys("endpoint-rule"));
    check(|m| m.partition(0), keys("partition"));
    check(|m| m.operation("ListShips"), keys("operation"));
    check(|m| &mut m.operation("ListShips")["pagination"], keys("pagination"));
    check(|m| &mut m.operation("MoorShip")["examples"][0], keys("example"));
    check(|m| m.member("Ship", "Flag"), keys("member"));
    check(|m| m.member("Cargo", "Coal"), keys("member"));
    check(|m| &mut m.shape("Flag")["values"][0], keys("enum-value"));
    check(|m| &mut m.shape("Grade")["values"][0], keys("int-enum-value"));
    check(|m| m.exception("Fog"), keys("exception"));
    check(|m| m.code("Flooded"), keys("error-code"));
    check(|m| m.waiter("ShipMoored"), keys("waiter"));
    check(|m| &mut m.waiter("ShipMoored")["acceptors"][0], keys("acceptor"));
    check(|m| m.response("fog"), keys("known-response"));
    check(|m| &mut m.response("fog")["when"][0], keys("when"));
    check(|m| &mut m.response("berth-taken")["example"], keys("known-response-example"));
    check(|m| &mut m.response("berth-taken")["example"]["request"], keys("example-request"));
    check(|m| &mut m.known_responses["sources"][0], keys("known-response-source"));
    check_in(Model::rpc(), |m| &mut m.service["auth"]["rpc-v1"], keys("rpc-v1"));
    check_in(Model::raw_http(), |m| m.host(0), keys("host"));
    check_in(Model::rpc(), |m| &mut m.operation("ListTrips")["numbered_pages"], keys("numbered-pages"));
    for protocol in schema["$defs"]["protocol"]["properties"].as_object().unwrap().keys() {
        let mut model = Model::whole();
        model.service["protocol"] = json!({ protocol: {} });
        check_in(model, |m| &mut m.service["protocol"][protocol], keys(protocol));
    }
}

/// The kinds of shapes that the loader knows.
fn kinds() -> BTreeSet<String> {
    let mut model = Model::whole();
    model.shape("Token")["type"] = json!("kraken");
    let faults = model.faults();
    let (_, known) = faults.split_once("unknown value `kraken`").unwrap_or_else(|| panic!("{faults}"));
    known.lines().next().unwrap().split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn shapes_have_the_same_keys() {
    let schema = schema();
    let shape = &schema["$defs"]["shape"];
    let kinds = kinds();
    let listed: BTreeSet<String> =
        serde_json::from_value(shape["properties"]["type"]["enum"].clone()).unwrap();
    assert_eq!(listed, kinds, "`type` of shapes in schema.json, and `Kind` in raw/shape.rs");

    for kind in kinds {
        let whole = Model::whole();
        let example = whole.shapes["shapes"].as_array().unwrap().iter().find(|shape| shape["type"] == *kind);
        let name = example.unwrap_or_else(|| panic!("the fixture has no {kind}"))["name"].as_str().unwrap();
        let own = shape["allOf"].as_array().unwrap().iter().filter(|case| {
            case["if"]["properties"]["type"]["enum"].as_array().unwrap().contains(&json!(kind))
        });
        let keys = own.flat_map(|case| {
            let definition = case["then"]["$ref"].as_str().unwrap().trim_start_matches("#/$defs/");
            keys(&schema["$defs"][definition])
        });
        check(|m| m.shape(name), keys.collect());
    }
}

/// The keys that all shapes share are named by no fault of the loader, so they are tried one by one.
#[test]
fn shapes_share_the_same_keys() {
    for key in keys(&schema()["$defs"]["shape"]) {
        let mut model = Model::whole();
        model.shape("Token")[&key] = match key.as_str() {
            "type" => json!("string"),
            "sensitive" => json!(true),
            _ => json!("Token"),
        };
        gatewright_model::Service::parse(&model.sources()).unwrap_or_else(|faults| panic!("{key}: {faults}"));
    }
}
