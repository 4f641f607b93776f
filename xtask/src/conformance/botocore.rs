//! Models as botocore writes them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::model::{DOC, Model, Operation, Refusal, only, wanted};

/// Translates the model of a case; gives the operation's name too.
pub(super) fn convert(model: &Value) -> Result<(String, Model), Refusal> {
    let (metadata, operation) = (&model["metadata"], &model["operation"]);
    if operation.get("endpoint").is_some() {
        return Err(Refusal::Inexpressible("a host prefix: the model format has none".to_owned()));
    }
    let name = wanted(operation["name"].as_str(), "operation.name")?;
    let shapes = wanted(model["shapes"].as_object(), "shapes")?;
    let shape_of = |way: &str| operation[way]["shape"].as_str().map(str::to_owned);
    let exceptions: BTreeSet<_> = operation["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|error| error["shape"].as_str().map(str::to_owned))
        .collect();
    let operation = Operation {
        input: shape_of("input"),
        output: shape_of("output"),
        idempotent: operation["idempotent"] == true,
        exceptions: exceptions.clone(),
    };

    let mut converted = Model {
        // Cases about responses alone leave both out.
        version: metadata["jsonVersion"].as_str().unwrap_or("1.1").to_owned(),
        target_prefix: metadata["targetPrefix"].as_str().unwrap_or("NotSaid").to_owned(),
        operations: [(name.to_owned(), operation)].into(),
        ..Model::default()
    };
    for (name, foreign) in shapes {
        if exceptions.contains(name) || foreign["exception"] == true {
            let status = foreign["error"]["httpStatusCode"].as_u64().unwrap_or(400);
            let status = wanted(u16::try_from(status).ok(), "status that is one")?;
            converted.exceptions.insert(name.clone(), status);
        } else {
            converted.shapes.insert(name.clone(), shape(name, foreign)?);
        }
    }
    Ok((name.to_owned(), converted))
}

/// Keys of shapes, and those of them that change nothing on the wire.
const KEYS: [&str; 11] = [
    "type",
    "members",
    "member",
    "key",
    "value",
    "enum",
    "union",
    "document",
    "timestampFormat",
    "box",
    "fault",
];

fn shape(name: &str, foreign: &Value) -> Result<Value, Refusal> {
    let keys = wanted(foreign.as_object(), "shape that is an object")?;
    only(keys.keys(), &KEYS, &format!("shape {name}"))?;
    let ty = wanted(foreign["type"].as_str(), "type of a shape")?;
    let mut shape = Map::new();
    shape.insert("name".to_owned(), name.into());
    shape.insert("doc".to_owned(), DOC.into());
    let ours = match ty {
        "structure" if foreign["document"] == true => "document",
        "structure" if foreign["union"] == true => "union",
        "string" if foreign.get("enum").is_some() => "enum",
        "boolean" | "byte" | "short" | "integer" | "long" | "float" | "double" | "string" | "blob"
        | "timestamp" | "list" | "map" | "structure" => ty,
        _ => return Err(Refusal::Inexpressible(format!("type {ty}: the model format has no such type"))),
    };
    shape.insert("type".to_owned(), ours.into());
    match ours {
        "structure" | "union" => {
            let foreign = wanted(foreign["members"].as_object(), "members of a structure")?;
            let members: Result<Vec<_>, _> =
                foreign.iter().map(|(name, foreign)| member(name, foreign)).collect();
            shape.insert("members".to_owned(), members?.into());
        }
        "enum" => {
            let values = wanted(foreign["enum"].as_array(), "values of an enum")?;
            let values: Vec<_> = values.iter().map(|value| json!({ "value": value })).collect();
            shape.insert("values".to_owned(), values.into());
        }
        "timestamp" => {
            if let Some(format) = timestamp_format(foreign)? {
                shape.insert("format".to_owned(), format.into());
            }
        }
        "list" => drop(shape.insert("member".to_owned(), foreign["member"]["shape"].clone())),
        "map" => {
            shape.insert("key".to_owned(), foreign["key"]["shape"].clone());
            shape.insert("value".to_owned(), foreign["value"]["shape"].clone());
        }
        _ => {}
    }
    Ok(shape.into())
}

fn member(name: &str, foreign: &Value) -> Result<Value, Refusal> {
    let keys = wanted(foreign.as_object(), "member that is an object")?;
    // `jsonvalue` has a meaning in headers alone; in a body it is the string that it looks like.
    let known = ["shape", "locationName", "timestampFormat", "idempotencyToken", "jsonvalue"];
    only(keys.keys(), &known, &format!("member {name}"))?;
    let mut member = Map::new();
    member.insert("name".to_owned(), name.into());
    member.insert("shape".to_owned(), foreign["shape"].clone());
    if let Some(wire) = foreign.get("locationName") {
        member.insert("wire".to_owned(), wire.clone());
    }
    if let Some(format) = timestamp_format(foreign)? {
        member.insert("timestamp_format".to_owned(), format.into());
    }
    if foreign["idempotencyToken"] == true {
        member.insert("client_token".to_owned(), true.into());
    }
    Ok(member.into())
}

fn timestamp_format(foreign: &Value) -> Result<Option<&'static str>, Refusal> {
    match foreign.get("timestampFormat").map(|format| format.as_str().unwrap_or_default()) {
        None => Ok(None),
        Some("iso8601") => Ok(Some("date-time")),
        Some("rfc822") => Ok(Some("http-date")),
        Some("unixTimestamp") => Ok(Some("epoch-seconds")),
        Some(format) => Err(Refusal::Malformed(format!("timestampFormat {format} is none of botocore's"))),
    }
}

#[cfg(test)]
mod tests {
    use gatewright_model::Service;
    use serde_json::json;

    use super::*;

    fn case(operation: &Value, shapes: &Value) -> Value {
        let metadata = json!({ "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Target" });
        json!({ "format": "botocore", "metadata": metadata, "operation": operation, "shapes": shapes })
    }

    #[test]
    fn a_model_becomes_one_of_ours() {
        let operation = json!({ "name": "Put", "input": { "shape": "In" }, "errors": [{ "shape": "Oops" }] });
        let shapes = json!({
            "In": { "type": "structure", "members": {
                "Token": { "shape": "Text", "idempotencyToken": true },
                "When": { "shape": "Time", "timestampFormat": "rfc822", "locationName": "when" },
                "Many": { "shape": "Many" },
                "Any": { "shape": "Any" },
            } },
            "Oops": { "type": "structure", "members": {}, "exception": true },
            "Text": { "type": "string" },
            "Time": { "type": "timestamp", "timestampFormat": "iso8601" },
            "Many": { "type": "list", "member": { "shape": "Kind" } },
            "Kind": { "type": "string", "enum": ["a", "1"] },
            "Any": { "type": "structure", "document": true },
        });
        let (name, model) = convert(&case(&operation, &shapes)).unwrap();
        assert_eq!(name, "Put");
        assert_eq!(model.exceptions, [("Oops".to_owned(), 400)].into());
        assert!(!model.shapes.contains_key("Oops"));

        let service = Service::parse(&model.sources("case")).unwrap();
        let operation = &service.operations[0];
        assert_eq!(operation.exceptions, ["Oops"]);
        assert_eq!(service.shape(operation.output).name, "PutNoOutput");
    }

    #[test]
    fn what_has_no_counterpart_is_named() {
        let prefixed = json!({ "name": "Put", "endpoint": { "hostPrefix": "data-" } });
        let refusal = convert(&case(&prefixed, &json!({}))).unwrap_err();
        assert_eq!(refusal, Refusal::Inexpressible("a host prefix: the model format has none".to_owned()));

        let streamed = json!({ "Body": { "type": "blob", "streaming": true } });
        let refusal = convert(&case(&json!({ "name": "Put" }), &streamed)).unwrap_err();
        assert_eq!(
            refusal,
            Refusal::Inexpressible("streaming of shape Body: the model format has no such thing".to_owned())
        );
    }
}
