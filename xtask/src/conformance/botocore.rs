//! Conversion of botocore's models.

use std::collections::BTreeSet;

use gatewright_model::Location;
use serde_json::{Map, Value, json};

use crate::import::{botocore, location_entry, usual_time_format};

use super::model::{
    DOC, Exception, Model, Operation, Protocol, Refusal, compressed, namespace_entry, only, root_entry,
    wanted, without_checksum,
};

/// Converts the model of a case; also returns the operation's name.
pub(super) fn convert(model: &Value) -> Result<(String, Model), Refusal> {
    let (metadata, operation) = (&model["metadata"], &model["operation"]);
    let name = wanted(operation["name"].as_str(), "operation.name")?;
    let shapes = wanted(model["shapes"].as_object(), "shapes")?;
    let shape_of = |way: &str| operation[way]["shape"].as_str().map(str::to_owned);
    let exceptions: BTreeSet<_> = operation["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|error| error["shape"].as_str().map(str::to_owned))
        .collect();
    // Cases about responses omit all of these keys.
    let text = |key: &str, or: &str| metadata[key].as_str().unwrap_or(or).to_owned();
    let protocol = if metadata["protocol"] == "query" {
        Protocol::Query { api_version: text("apiVersion", "2000-01-01") }
    } else if metadata["protocol"] == "ec2" {
        Protocol::Ec2 {
            api_version: text("apiVersion", "2000-01-01"),
            names: botocore::request_names(&model["shapes"]),
        }
    } else if metadata["protocol"] == "rest-json" {
        Protocol::RestJson
    } else if metadata["protocol"] == "rest-xml" {
        Protocol::RestXml
    } else {
        Protocol::Json { version: text("jsonVersion", "1.1"), target_prefix: text("targetPrefix", "NotSaid") }
    };
    let is_query = protocol.is_query();
    without_checksum(operation["httpChecksumRequired"] == true)?;
    let entry = operation;
    let operation = Operation {
        input: shape_of("input"),
        // A case about a response without output is about no output.
        output: shape_of("output").or_else(|| {
            (protocol.is_rest() && operation.get("input").is_none()).then(|| format!("{name}NoOutput"))
        }),
        idempotent: operation["idempotent"] == true,
        compressed: compressed(operation.get("requestcompression"))?,
        http: protocol.is_rest().then(|| {
            let http = &operation["http"];
            let mut uri = http["requestUri"].as_str().unwrap_or("/").to_owned();
            let input = operation["input"]["shape"].as_str().map_or(&Value::Null, |input| &shapes[input]);
            botocore::name_labels(&mut uri, &input["members"]);
            json!({
                "method": http["method"].as_str().unwrap_or("POST"),
                "uri": uri,
                "status": http["responseCode"].as_u64().unwrap_or(200),
            })
        }),
        host_prefix: operation["endpoint"]["hostPrefix"].as_str().map(str::to_owned),
        result_wrapper: operation["output"]["resultWrapper"].as_str().filter(|_| is_query).map(str::to_owned),
        xml_root: match protocol {
            Protocol::RestXml => botocore::xml_root(operation, &model["shapes"]).as_ref().map(root_entry),
            Protocol::Json { .. } | Protocol::Query { .. } | Protocol::Ec2 { .. } | Protocol::RestJson => {
                None
            }
        },
        exceptions: if is_query { BTreeSet::new() } else { exceptions.clone() },
    };

    let mut converted =
        Model { protocol, operations: [(name.to_owned(), operation)].into(), ..Model::default() };
    let outputs = converted.operations.values().filter_map(|operation| operation.output.clone());
    for name in outputs.filter(|name| !shapes.contains_key(name)).collect::<Vec<_>>() {
        let empty = json!({ "name": name, "doc": DOC, "type": "structure", "members": [] });
        converted.shapes.insert(name, empty);
    }
    for (name, foreign) in shapes {
        let payload = entry["input"]["payload"].as_str();
        let shape = Foreign { shapes, protocol: &converted.protocol, payload }.shape(name, foreign)?;
        if exceptions.contains(name) || foreign["exception"] == true {
            let status = foreign["error"]["httpStatusCode"].as_u64().unwrap_or(400);
            let status = wanted(u16::try_from(status).ok(), "status that is one")?;
            let code = foreign["error"]["code"].as_str().filter(|_| is_query).unwrap_or(name);
            let has_members = shape["members"].as_array().is_some_and(|members| !members.is_empty());
            let shape = has_members.then(|| name.clone());
            converted.exceptions.insert(code.to_owned(), Exception { status, shape });
        }
        converted.shapes.insert(name.clone(), shape);
    }
    Ok((name.to_owned(), converted))
}

/// Keys of shapes, with the keys that change nothing on the wire.
const KEYS: [&str; 13] = [
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
    "exception",
    "error",
];

/// The shapes of a case.
struct Foreign<'a> {
    shapes: &'a Map<String, Value>,
    protocol: &'a Protocol,
    /// The member that is the body, if the operation names it.
    payload: Option<&'a str>,
}

impl Foreign<'_> {
    /// Keys with a meaning: XML has more, some of which have no effect on the wire if namespaces are ignored.
    fn known<'k>(&self, keys: &[&'k str]) -> Vec<&'k str> {
        const XML: [&str; 6] =
            ["flattened", "locationName", "LocationName", "queryName", "xmlAttribute", "xmlNamespace"];
        const REST: [&str; 8] =
            ["locationName", "location", "payload", "required", "min", "max", "pattern", "deprecated"];
        let xml = XML.iter().filter(|_| self.protocol.has_xml_names());
        let rest = REST.iter().filter(|_| self.protocol.is_rest());
        keys.iter().chain(xml).chain(rest).copied().collect()
    }

    fn shape(&self, name: &str, foreign: &Value) -> Result<Value, Refusal> {
        let keys = wanted(foreign.as_object(), "shape that is an object")?;
        only(keys.keys(), &self.known(&KEYS), &format!("shape {name}"))?;
        let ty = wanted(foreign["type"].as_str(), "type of a shape")?;
        let mut shape = Map::new();
        shape.insert("name".to_owned(), name.into());
        shape.insert("doc".to_owned(), DOC.into());
        let ours = match ty {
            // A single character is text on the wire.
            "character" => "string",
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
                let structure = foreign;
                let foreign = wanted(foreign["members"].as_object(), "members of a structure")?;
                let members: Result<Vec<_>, _> =
                    foreign.iter().map(|(name, member)| self.member(name, member, structure)).collect();
                shape.insert("members".to_owned(), members?.into());
            }
            "enum" => {
                let values = wanted(foreign["enum"].as_array(), "values of an enum")?;
                let values: Vec<_> = values.iter().map(|value| json!({ "value": value })).collect();
                shape.insert("values".to_owned(), values.into());
            }
            "timestamp" => {
                let format = timestamp_format(foreign)?.unwrap_or(self.protocol.timestamp_format());
                shape.insert("format".to_owned(), format.into());
            }
            "list" => {
                shape.insert("member".to_owned(), foreign["member"]["shape"].clone());
                // Items of a flattened list have the member's own name.
                if let Some(item) =
                    foreign["member"].get("locationName").filter(|_| foreign["flattened"] != true)
                {
                    shape.insert("item".to_owned(), item.clone());
                }
                shape.extend(self.namespace("item_namespace", &foreign["member"]));
            }
            "map" => {
                for (part, named) in [("key", "key_name"), ("value", "value_name")] {
                    shape.insert(part.to_owned(), foreign[part]["shape"].clone());
                    if let Some(name) = foreign[part].get("locationName") {
                        shape.insert(named.to_owned(), name.clone());
                    }
                    shape.extend(self.namespace(&format!("{part}_namespace"), &foreign[part]));
                }
            }
            _ => {}
        }
        Ok(shape.into())
    }

    fn member(&self, name: &str, foreign: &Value, structure: &Value) -> Result<Value, Refusal> {
        let keys = wanted(foreign.as_object(), "member that is an object")?;
        // `jsonvalue` has a meaning in headers only; in a body, the value is a plain string.
        let known =
            ["shape", "locationName", "timestampFormat", "idempotencyToken", "jsonvalue", "hostLabel"];
        only(keys.keys(), &self.known(&known), &format!("member {name}"))?;
        let target = foreign["shape"].as_str().map_or(&Value::Null, |target| &self.shapes[target]);
        let is_flattened = foreign["flattened"] == true || target["flattened"] == true;
        let mut member = Map::new();
        member.insert("name".to_owned(), name.into());
        member.insert("shape".to_owned(), foreign["shape"].clone());
        // The name of a flattened list may be set on its items.
        let has_items_name = match self.protocol {
            Protocol::Ec2 { .. } => false,
            Protocol::RestXml => target["flattened"] == true,
            Protocol::Json { .. } | Protocol::Query { .. } | Protocol::RestJson => is_flattened,
        };
        let at_items = || target["member"].get("locationName").filter(|_| has_items_name);
        let location = self.location(name, foreign, structure);
        let wire = foreign.get("locationName").or_else(at_items).filter(|_| location.is_none());
        if let Some(wire) = wire {
            member.insert("wire".to_owned(), wire.clone());
        }
        if foreign["xmlAttribute"] == true {
            member.insert("xml_attribute".to_owned(), true.into());
        } else if location.is_none() {
            member.extend(self.namespace("xml_namespace", foreign));
        }
        if is_flattened {
            member.insert("flattened".to_owned(), true.into());
        }
        let item = target["member"]["shape"].as_str().map_or(&Value::Null, |item| &self.shapes[item]);
        let has_own = [target, item].iter().any(|shape| shape.get("timestampFormat").is_some());
        let is_time = [target, item].iter().any(|shape| shape["type"] == "timestamp");
        let usual = location.as_ref().and_then(usual_time_format);
        let usual = usual.filter(|_| is_time && !has_own);
        if let Some(format) = timestamp_format(foreign)?.or(usual) {
            member.insert("timestamp_format".to_owned(), format.into());
        }
        if location == Some(Location::Label) {
            member.insert("required".to_owned(), true.into());
        }
        if foreign["jsonvalue"] == true && matches!(location, Some(Location::Header(_))) {
            member.insert("json_text".to_owned(), true.into());
        }
        if let Some(location) = &location {
            member.insert("in".to_owned(), location_entry(location));
        }
        if foreign["idempotencyToken"] == true {
            member.insert("client_token".to_owned(), true.into());
        }
        // Other members have no such traits, and labels are always required.
        if foreign["hostLabel"] == true {
            member.insert("required".to_owned(), true.into());
        }
        Ok(member.into())
    }
}

impl Foreign<'_> {
    /// The entry for the namespace of an element, of a member or of its shape.
    fn namespace(&self, key: &str, member: &Value) -> Option<(String, Value)> {
        let target = member["shape"].as_str().map(|target| &self.shapes[target]);
        let found = botocore::namespace(member).or_else(|| botocore::namespace(target?));
        let found = found.filter(|_| matches!(self.protocol, Protocol::RestXml));
        found.map(|namespace| (key.to_owned(), namespace_entry(&namespace)))
    }

    /// The location of a member outside of the body.
    fn location(&self, name: &str, member: &Value, structure: &Value) -> Option<Location> {
        if !self.protocol.is_rest() {
            return None;
        }
        if structure["payload"] == name || self.payload == Some(name) {
            return Some(Location::Payload);
        }
        let target = &self.shapes[member["shape"].as_str()?];
        let of = |key: &str| member[key].as_str().or_else(|| target[key].as_str());
        let named = || of("locationName").unwrap_or(name).to_owned();
        Some(match of("location")? {
            "uri" => Location::Label,
            "querystring" if target["type"] == "map" => Location::QueryMap,
            "querystring" => Location::Query(named()),
            "header" => Location::Header(named()),
            "headers" => Location::PrefixHeaders(of("locationName").unwrap_or_default().to_owned()),
            _ => Location::StatusCode,
        })
    }
}

fn timestamp_format(foreign: &Value) -> Result<Option<&'static str>, Refusal> {
    match foreign.get("timestampFormat").map(|format| format.as_str().unwrap_or_default()) {
        None => Ok(None),
        Some("iso8601") => Ok(Some("date-time")),
        Some("rfc822") => Ok(Some("http-date")),
        Some("unixTimestamp") => Ok(Some("epoch-seconds")),
        Some(format) => Err(Refusal::Malformed(format!("timestampFormat {format} is not one of botocore's"))),
    }
}

#[cfg(test)]
mod tests {
    use gatewright_model::{HostPart, Service};
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
            "Oops": { "type": "structure", "members": { "Why": { "shape": "Text" } }, "exception": true },
            "Text": { "type": "string" },
            "Time": { "type": "timestamp", "timestampFormat": "iso8601" },
            "Many": { "type": "list", "member": { "shape": "Kind" } },
            "Kind": { "type": "string", "enum": ["a", "1"] },
            "Any": { "type": "structure", "document": true },
        });
        let (name, model) = convert(&case(&operation, &shapes)).unwrap();
        assert_eq!(name, "Put");
        let shape = Some("Oops".to_owned());
        assert_eq!(model.exceptions, [("Oops".to_owned(), Exception { status: 400, shape })].into());

        let service = Service::parse(&model.sources("case")).unwrap();
        let operation = &service.operations[0];
        let exceptions = service.exceptions_of(operation).map(|exception| exception.name.as_str());
        assert_eq!(exceptions.collect::<Vec<_>>(), ["Oops"]);
        assert_eq!(service.shape(operation.output).name, "PutNoOutput");
    }

    #[test]
    fn hosts_and_wrappers_are_kept() {
        let member = json!({ "shape": "Text", "hostLabel": true });
        let shapes = json!({
            "In": { "type": "structure", "members": { "Name": member } }, "Out": { "type": "structure", "members": {} },
            "Text": { "type": "string" },
        });
        let operation = json!({
            "name": "Put", "input": { "shape": "In" }, "output": { "shape": "Out", "resultWrapper": "Put_Result" },
            "endpoint": { "hostPrefix": "data-{Name}." },
        });
        let mut case = case(&operation, &shapes);
        case["metadata"] = json!({ "protocol": "query", "apiVersion": "2020-01-08" });
        let service = Service::parse(&convert(&case).unwrap().1.sources("case")).unwrap();
        let parts = ["data-", "."].map(|text| HostPart::Text(text.to_owned()));
        let [before, after] = parts;
        let name = service.shape(service.operations[0].input).members()[0].clone();
        assert_eq!(name.name, "Name");
        assert_eq!(service.operations[0].host_prefix, [before, HostPart::Member(name), after]);
        assert_eq!(service.operations[0].result_wrapper.as_deref(), Some("Put_Result"));
    }

    #[test]
    fn layouts_of_xml_are_kept() {
        let shapes = json!({
            "In": { "type": "structure", "members": {
                "Flat": { "shape": "Named" },
                "List": { "shape": "List" },
                "Map": { "shape": "Map", "flattened": true },
                "When": { "shape": "Time" },
            } },
            "Named": { "type": "list", "member": { "shape": "Text", "locationName": "Foo" }, "flattened": true },
            "List": { "type": "list", "member": { "shape": "Text", "locationName": "item" } },
            "Map": { "type": "map", "key": { "shape": "Text", "locationName": "K" }, "value": { "shape": "Text" } },
            "Oops": { "type": "structure", "members": {}, "exception": true, "error": { "code": "Oh" } },
            "Text": { "type": "string" },
            "Time": { "type": "timestamp" },
        });
        let operation = json!({ "name": "Put", "input": { "shape": "In" }, "errors": [{ "shape": "Oops" }] });
        let mut case = case(&operation, &shapes);
        case["metadata"] = json!({ "protocol": "query", "apiVersion": "2020-01-08" });
        let (_, model) = convert(&case).unwrap();
        let members = &model.shapes["In"]["members"];
        assert_eq!(members[0], json!({ "name": "Flat", "shape": "Named", "wire": "Foo", "flattened": true }));
        assert_eq!(members[2], json!({ "name": "Map", "shape": "Map", "flattened": true }));
        assert_eq!(
            (&model.shapes["List"]["item"], &model.shapes["Map"]["key_name"]),
            (&"item".into(), &"K".into())
        );
        assert_eq!(
            (&model.shapes["Time"]["format"], model.shapes["Named"].get("item")),
            (&"date-time".into(), None)
        );
        let service = Service::parse(&model.sources("case")).unwrap();
        assert_eq!((service.version.as_str(), service.error_codes[0].value.as_str()), ("2020-01-08", "Oh"));
    }

    #[test]
    fn what_has_no_counterpart_is_named() {
        let compressed = json!({ "name": "Put", "requestcompression": { "encodings": ["br"] } });
        let refusal = convert(&case(&compressed, &json!({}))).unwrap_err();
        let expected = "compressed requests without gzip: the model format has none";
        assert_eq!(refusal, Refusal::Inexpressible(expected.to_owned()));

        let summed = json!({ "name": "Put", "httpChecksumRequired": true });
        let refusal = convert(&case(&summed, &json!({}))).unwrap_err();
        assert_eq!(refusal, without_checksum(true).unwrap_err());

        let streamed = json!({ "Body": { "type": "blob", "streaming": true } });
        let refusal = convert(&case(&json!({ "name": "Put" }), &streamed)).unwrap_err();
        assert_eq!(
            refusal,
            Refusal::Inexpressible("streaming of shape Body: the model format has no such thing".to_owned())
        );
    }
}
