//! The shapes of a model as one map: with their mixins, applied traits, and names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{has, list};
use crate::import::vendor::capital;

/// The shapes with what their mixins have, and the traits that are applied elsewhere.
pub(super) fn flattened(shapes: Map<String, Value>) -> BTreeMap<String, Value> {
    let (applied, shapes): (Map<_, _>, Map<_, _>) =
        shapes.into_iter().partition(|(_, shape)| shape["type"] == "apply");
    let mut shapes: BTreeMap<String, Value> = shapes.into_iter().collect();
    let ids: Vec<_> = shapes.keys().cloned().collect();
    for id in ids {
        let with_mixins = mixed(&id, &shapes, 0);
        shapes.insert(id, with_mixins);
    }
    shapes.retain(|_, shape| !has(shape, "mixin"));
    for (id, apply) in applied {
        let (id, member) = id.split_once('$').map_or((id.as_str(), None), |(id, member)| (id, Some(member)));
        let target = shapes.get_mut(id).and_then(|shape| match member {
            None => Some(shape),
            Some(member @ ("member" | "key" | "value")) if shape.get(member).is_some() => {
                shape.get_mut(member)
            }
            Some(member) => shape.get_mut("members")?.get_mut(member),
        });
        if let Some(target) = target.and_then(Value::as_object_mut) {
            merge_objects(target, "traits", &apply);
        }
    }
    shapes
}

/// Deeper than mixins nest.
const MIXINS: usize = 16;

fn mixed(id: &str, shapes: &BTreeMap<String, Value>, depth: usize) -> Value {
    let own = shapes.get(id).cloned().unwrap_or_default();
    let mixins: Vec<_> =
        list(&own, "mixins").filter_map(|mixin| mixin["target"].as_str()).map(str::to_owned).collect();
    if mixins.is_empty() || depth == MIXINS {
        return own;
    }
    let mut whole = Map::new();
    for mixin in mixins {
        let mixin = mixed(&mixin, shapes, depth + 1);
        merge_objects(&mut whole, "members", &mixin);
        merge_objects(&mut whole, "traits", &mixin);
    }
    if let Some(Value::Object(traits)) = whole.get_mut("traits") {
        traits.remove("smithy.api#mixin");
    }
    merge_objects(&mut whole, "members", &own);
    merge_objects(&mut whole, "traits", &own);
    let mut own = own;
    if let Some(own) = own.as_object_mut() {
        own.extend(whole);
    }
    own
}

/// Adds the object at a key of `from` to the one at the same key of `to`.
pub(super) fn merge_objects(to: &mut Map<String, Value>, key: &str, from: &Value) {
    if let Some(from) = from[key].as_object() {
        let entry = to.entry(key).or_insert_with(|| Value::Object(Map::new()));
        if let Some(entry) = entry.as_object_mut() {
            for (key, value) in from {
                // A member that a mixin has too keeps what the mixin says of it.
                match (entry.get_mut(key).and_then(Value::as_object_mut), value) {
                    (Some(known), Value::Object(_)) if key != "traits" && value.get("traits").is_some() => {
                        merge_objects(known, "traits", value);
                    }
                    _ => {
                        entry.insert(key.clone(), value.clone());
                    }
                }
            }
        }
    }
}

/// Names of shapes by their ids: without namespace, as far as that is clear, or as the service renames them.
pub(super) fn names(shapes: &BTreeMap<String, Value>, service: &Value) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut taken = BTreeSet::new();
    // Shapes of the prelude go last, they are only named if they are referred to.
    let prelude = PRELUDE.iter().map(|(id, _)| (*id).to_owned());
    for id in shapes.keys().cloned().chain(prelude) {
        let (namespace, local) = id.split_once('#').unwrap_or(("", &id));
        let local = service["rename"][&id].as_str().unwrap_or(local);
        let mut name = local.to_owned();
        while !taken.insert(name.clone()) {
            name = format!("{}{name}", capital(namespace.rsplit('.').next().unwrap_or_default()));
        }
        names.insert(id, name);
    }
    names
}

/// Shapes that every model has.
pub(super) const PRELUDE: &[(&str, &str)] = &[
    ("smithy.api#Blob", "blob"),
    ("smithy.api#Boolean", "boolean"),
    ("smithy.api#Byte", "byte"),
    ("smithy.api#Document", "document"),
    ("smithy.api#Double", "double"),
    ("smithy.api#Float", "float"),
    ("smithy.api#Integer", "integer"),
    ("smithy.api#Long", "long"),
    ("smithy.api#PrimitiveBoolean", "boolean"),
    ("smithy.api#PrimitiveByte", "byte"),
    ("smithy.api#PrimitiveDouble", "double"),
    ("smithy.api#PrimitiveFloat", "float"),
    ("smithy.api#PrimitiveInteger", "integer"),
    ("smithy.api#PrimitiveLong", "long"),
    ("smithy.api#PrimitiveShort", "short"),
    ("smithy.api#Short", "short"),
    ("smithy.api#String", "string"),
    ("smithy.api#Timestamp", "timestamp"),
];
