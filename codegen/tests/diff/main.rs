//! Changes of a model, tested one at a time.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

#[path = "../fixtures/model.rs"]
mod model;
mod mutation;
mod oracle;

use std::collections::BTreeSet;

use gatewright_codegen::{
    diff::{RULES, changes},
    generate,
};
use serde_json::{Value, json};

#[test]
fn every_change_is_judged() {
    let mutations = mutation::all();
    let judged = mutations
        .iter()
        .map(|mutation| format!("{}\n{}", mutation.name, mutation::lines(&mutation.changes())));
    insta::assert_snapshot!(judged.collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_rule_is_tried() {
    // A whole service is tried below.
    let mut tried = BTreeSet::from(["service-added", "service-removed", "in-runtime"]);
    for mutation in mutation::all() {
        tried.extend(mutation.changes().iter().map(|change| change.rule.id));
    }
    let untried: Vec<_> = RULES.iter().map(|rule| rule.id).filter(|id| !tried.contains(id)).collect();
    assert!(untried.is_empty(), "no line of mutations.json tries {untried:?}");
    let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len(), "rules have names of their own");
}

#[test]
fn services_come_and_go() {
    let service = mutation::parse(&mutation::fixture()).unwrap();
    let all = std::slice::from_ref(&service);
    assert_eq!(changes(all, all), []);
    insta::assert_snapshot!(mutation::lines(&changes(&[], all)), @"  addition/addition service-added: the service: new service");
    insta::assert_snapshot!(mutation::lines(&changes(all, &[])), @"  breaking/breaking service-removed: the service: service removed");
}

#[test]
fn a_type_named_like_the_service_renames_its_marker() {
    let fixture = mutation::fixture();
    let mut new = fixture.clone();
    let part = json!({"name": "SmallService", "type": "structure", "doc": "A part.", "members": []});
    new["shapes"].as_array_mut().unwrap().push(part);
    let input = new["shapes"].as_array_mut().unwrap().iter_mut().find(|shape| shape["name"] == "DoInput");
    let member = json!({"name": "Clash", "shape": "SmallService"});
    input.unwrap()["members"].as_array_mut().unwrap().push(member);
    let [old, new] = [fixture, new].map(|model| [mutation::parse(&model).unwrap()]);
    insta::assert_snapshot!(mutation::lines(&changes(&old, &new)));
}

/// Every single value of the fixture is changed, removed, and moved. Whatever then generates other files is a change.
#[test]
fn no_change_of_generated_files_goes_unreported() {
    let fixture = mutation::fixture();
    let old = mutation::parse(&fixture).unwrap();
    let files = generate(&old);
    let (mut sound, mut unreported) = (0, Vec::new());
    for (what, model) in variations(&fixture) {
        // Many variations are broken models.
        let Ok(new) = mutation::parse(&model) else { continue };
        sound += 1;
        let found = changes(std::slice::from_ref(&old), std::slice::from_ref(&new));
        if found.is_empty() && generate(&new) != files {
            unreported.push(what);
        }
        let back = changes(std::slice::from_ref(&new), std::slice::from_ref(&old));
        assert_eq!(found.is_empty(), back.is_empty(), "{found:?} {back:?}");
    }
    assert!(sound > 300, "{sound} variations are sound models");
    assert!(unreported.is_empty(), "{unreported:#?}");
}

/// The model with one value changed, one entry or key removed, or two neighbors exchanged.
fn variations(model: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut ahead = vec![String::new()];
    while let Some(path) = ahead.pop() {
        let with = |edit: &dyn Fn(&mut Value)| {
            let mut model = model.clone();
            edit(model.pointer_mut(&path).unwrap());
            model
        };
        let mut vary = |what: &str, edit: &dyn Fn(&mut Value)| {
            found.push((format!("{path}: {what}"), with(edit)));
        };
        match model.pointer(&path).unwrap() {
            Value::Object(object) => {
                for key in object.keys() {
                    ahead.push(format!("{path}/{key}"));
                    vary(&format!("without {key}"), &|value| {
                        value.as_object_mut().unwrap().remove(key);
                    });
                }
                for key in
                    ["sensitive", "required", "read_only", "idempotent", "sparse", "unsigned", "flattened"]
                {
                    vary(key, &|value| value[key] = json!(true));
                }
                for key in ["doc", "wire", "deprecated", "item", "message", "version", "example", "default"] {
                    vary(key, &|value| value[key] = json!("Else."));
                }
                for key in ["min", "max_length", "max_items", "max"] {
                    vary(key, &|value| value[key] = json!(1));
                }
            }
            Value::Array(list) => {
                for index in 0..list.len() {
                    ahead.push(format!("{path}/{index}"));
                    vary(&format!("without {index}"), &|value| {
                        drop(value.as_array_mut().unwrap().remove(index));
                    });
                    if index > 0 {
                        vary(&format!("{index} first"), &|value| {
                            value.as_array_mut().unwrap().swap(index - 1, index);
                        });
                    }
                }
            }
            Value::String(text) => {
                vary("another text", &|value| *value = format!("{text}x").into());
                for other in ["Any", "Name", "Names", "Count", "Level", "Color", "Part", "Day", "server"] {
                    vary(other, &|value| *value = other.into());
                }
            }
            Value::Number(number) => {
                let number = number.as_i64().unwrap();
                vary("larger", &|value| *value = (number + 1).into());
                vary("smaller", &|value| *value = (number - 1).into());
            }
            Value::Bool(fact) => vary("not", &|value| *value = (!fact).into()),
            Value::Null => {}
        }
    }
    found
}
