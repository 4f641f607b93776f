//! Conversion of models in Smithy's JSON AST. <https://smithy.io/2.0/spec/json-ast.html>

use std::collections::BTreeMap;

use gatewright_model::Location;
use serde_json::{Map, Value, json};

use crate::import::{XmlRoot, capital, location_entry, smithy, usual_time_format};

use super::model::{
    DOC, Exception, Model, Operation, Protocol, Refusal, compressed, namespace_entry, only, root_entry,
    wanted, without_checksum,
};

/// Converts the model of a case; also returns the operation's name.
pub(super) fn convert(model: &Value) -> Result<(String, Model), Refusal> {
    let (id, service) = (text(model, "operation")?, text(model, "service")?);
    let foreign = Foreign(wanted(model["shapes"].as_object(), "shapes")?);
    let operation = foreign.shape(id)?;
    without_checksum(trait_of(operation, "httpChecksumRequired").is_some())?;

    let protocol = protocol(service, foreign.shape(service)?);
    let known = ["endpoint", "idempotent", "readonly", "externalDocumentation", "requestCompression"];
    let more = match &protocol {
        Protocol::Query { .. } | Protocol::Ec2 { .. } => "xmlName",
        Protocol::RestJson | Protocol::RestXml => "http",
        Protocol::Json { .. } => "idempotent",
    };
    check_traits(operation, &[&known[..], &[more]].concat(), id)?;
    let way = |way: &str| operation[way].as_str().filter(|id| *id != "smithy.api#Unit");
    let mut converted = Converted { model: Model { protocol, ..Model::default() }, ids: BTreeMap::new() };
    for id in [way("input"), way("output")].into_iter().flatten() {
        converted.reach(id, foreign)?;
    }
    let mut ours = Operation {
        input: way("input").map(|id| local(id).to_owned()),
        output: way("output").map(|id| local(id).to_owned()),
        idempotent: trait_of(operation, "idempotent").is_some(),
        compressed: compressed(trait_of(operation, "requestCompression"))?,
        host_prefix: trait_of(operation, "endpoint")
            .and_then(|endpoint| endpoint["hostPrefix"].as_str())
            .map(str::to_owned),
        http: trait_of(operation, "http").filter(|_| converted.model.protocol.is_rest()).map(|http| {
            json!({ "method": http["method"], "uri": http["uri"], "status": http.get("code").unwrap_or(&json!(200)) })
        }),
        xml_root: way("input").filter(|_| converted.model.protocol == Protocol::RestXml).and_then(|input| {
            let root = smithy::xml_root(input, |id| foreign.0.get(id))?;
            let of_service = || smithy::namespace(foreign.0.get(service)?);
            Some(root_entry(&XmlRoot { namespace: root.namespace.clone().or_else(of_service), ..root }))
        }),
        ..Operation::default()
    };
    for error in operation["errors"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let shape = foreign.shape(error)?;
        let has_members = members(shape).next().is_some();
        let name = converted.reach(error, foreign)?.as_str().map(str::to_owned);
        let query =
            converted.model.protocol.is_query().then(|| shape["traits"].get("aws.protocols#awsQueryError"));
        if query.is_none() {
            ours.exceptions.insert(local(error).to_owned());
        }
        let code = query.flatten().and_then(|query| query["code"].as_str()).unwrap_or(local(error));
        let exception = Exception { status: status(shape)?, shape: name.filter(|_| has_members) };
        converted.model.exceptions.insert(code.to_owned(), exception);
    }
    converted.model.operations.insert(local(id).to_owned(), ours);
    Ok((local(id).to_owned(), converted.model))
}

fn protocol(id: &str, service: &Value) -> Protocol {
    let speaks = |protocol: &str| service["traits"].get(format!("aws.protocols#{protocol}")).is_some();
    if speaks("awsQuery") {
        return Protocol::Query {
            api_version: service["version"].as_str().unwrap_or("2000-01-01").to_owned(),
        };
    }
    if speaks("ec2Query") {
        return Protocol::Ec2 {
            api_version: service["version"].as_str().unwrap_or("2000-01-01").to_owned(),
            names: BTreeMap::new(),
        };
    }
    if speaks("restJson1") {
        return Protocol::RestJson;
    }
    if speaks("restXml") {
        return Protocol::RestXml;
    }
    let version = if speaks("awsJson1_0") { "1.0" } else { "1.1" };
    Protocol::Json { version: version.to_owned(), target_prefix: local(id).to_owned() }
}

/// The shapes of a case, by id.
#[derive(Clone, Copy)]
struct Foreign<'a>(&'a Map<String, Value>);

impl<'a> Foreign<'a> {
    fn shape(self, id: &str) -> Result<&'a Value, Refusal> {
        wanted(self.0.get(id), &format!("shape {id}"))
    }
}

/// Our shapes have no namespaces: ids distinguish shapes with the same name.
struct Converted {
    model: Model,
    ids: BTreeMap<String, String>,
}

impl Converted {
    /// Adds a shape and all shapes that it uses, and returns its name.
    fn reach(&mut self, id: &str, foreign: Foreign<'_>) -> Result<Value, Refusal> {
        let name = match self.ids.get(local(id)) {
            Some(known) if known != id => id.replace(['.', '#'], "_"),
            Some(_) | None => local(id).to_owned(),
        };
        if self.ids.insert(name.clone(), id.to_owned()).is_some() {
            return Ok(name.into());
        }
        let shape = match id.strip_prefix("smithy.api#") {
            Some("Timestamp") => {
                let format = self.model.protocol.timestamp_format();
                json!({ "name": name, "doc": DOC, "type": "timestamp", "format": format })
            }
            Some("Unit") => json!({ "name": name, "doc": DOC, "type": "structure", "members": [] }),
            Some(prelude) => json!({ "name": name, "doc": DOC, "type": prelude.to_lowercase() }),
            None => self.shape(&name, foreign.shape(id)?, foreign)?,
        };
        self.model.shapes.insert(name.clone(), shape);
        Ok(name.into())
    }

    fn shape(&mut self, name: &str, shape: &Value, foreign: Foreign<'_>) -> Result<Value, Refusal> {
        self.check_traits(shape, &["error", "httpError", "sparse", "timestampFormat"], &["xmlName"], name)?;
        let ty = text(shape, "type")?;
        let mut ours = Map::new();
        let mut put = |key: &str, value: Value| drop(ours.insert(key.to_owned(), value));
        put("name", name.into());
        put("doc", DOC.into());
        put("type", if ty == "intEnum" { "int-enum" } else { ty }.into());
        match ty {
            "structure" | "union" => {
                let members = members(shape).map(|(name, member)| self.member(name, member, foreign));
                put("members", members.collect::<Result<Vec<_>, _>>()?.into());
            }
            "enum" => {
                let values = members(shape).map(|(name, member)| {
                    let value =
                        trait_of(member, "enumValue").cloned().unwrap_or_else(|| name.as_str().into());
                    json!({ "value": value })
                });
                put("values", values.collect());
            }
            "intEnum" => {
                let value = |member| trait_of(member, "enumValue");
                let values =
                    members(shape).map(|(name, member)| json!({ "name": name, "value": value(member) }));
                put("values", values.collect());
            }
            "list" => {
                put("member", self.target(&shape["member"], foreign)?);
                if let Some(item) = self.xml_name(&shape["member"]) {
                    put("item", item.clone());
                }
                if let Some(namespace) = self.namespace(&shape["member"], foreign) {
                    put("item_namespace", namespace);
                }
            }
            "map" => {
                for (part, named) in [("key", "key_name"), ("value", "value_name")] {
                    put(part, self.target(&shape[part], foreign)?);
                    if let Some(name) = self.xml_name(&shape[part]) {
                        put(named, name.clone());
                    }
                    if let Some(namespace) = self.namespace(&shape[part], foreign) {
                        put(&format!("{part}_namespace"), namespace);
                    }
                }
            }
            "boolean" | "byte" | "short" | "integer" | "long" | "float" | "double" | "string" | "blob"
            | "timestamp" | "document" => {}
            _ => return Err(Refusal::Inexpressible(format!("type {ty}: the model format has no such type"))),
        }
        if trait_of(shape, "sparse").is_some() {
            put("sparse", true.into());
        }
        if ty == "timestamp" {
            let usual = || self.model.protocol.timestamp_format().into();
            put("format", trait_of(shape, "timestampFormat").cloned().unwrap_or_else(usual));
        }
        Ok(ours.into())
    }

    fn member(&mut self, name: &str, member: &Value, foreign: Foreign<'_>) -> Result<Value, Refusal> {
        // JSON 1.0 and 1.1 ignore `jsonName`: members use their own names.
        let known = ["jsonName", "timestampFormat", "idempotencyToken", "hostLabel", "clientOptional"];
        let is_rest = self.model.protocol.is_rest();
        let without = |value: &&Value| value.is_null();
        let no_default = trait_of(member, "default").filter(without).map(|_| "default");
        let rest = LOCATIONS.iter().chain(&["required"]).copied().filter(|_| is_rest);
        let known: Vec<_> = known.into_iter().chain(no_default).chain(rest).collect();
        let in_xml = ["xmlAttribute", "xmlName", "xmlFlattened", "httpHeader"];
        self.check_traits(member, &known, &in_xml, name)?;
        let mut ours = Map::new();
        let mut put = |key: &str, value: Value| drop(ours.insert(key.to_owned(), value));
        put("name", name.into());
        put("shape", self.target(member, foreign)?);
        let target = foreign.0.get(text(member, "target")?);
        let media_type = target.and_then(|target| trait_of(target, "mediaType")).and_then(Value::as_str);
        let location = smithy::location(member, media_type).filter(|_| is_rest);
        let has_json_names = self.model.protocol == Protocol::RestJson && location.is_none();
        let json_name = trait_of(member, "jsonName").filter(|_| has_json_names);
        if let Some(wire) = self.xml_name(member).or(json_name) {
            put("wire", wire.clone());
        }
        let wire = self.xml_name(member).and_then(Value::as_str).unwrap_or(name).to_owned();
        let request_name = member["traits"]["aws.protocols#ec2QueryName"].as_str();
        if let (Protocol::Ec2 { names, .. }, Some(own)) = (&mut self.model.protocol, request_name)
            && own != capital(&wire)
        {
            names.insert(wire, own.to_owned());
        }
        if trait_of(member, "xmlAttribute").is_some() {
            put("xml_attribute", true.into());
        } else if let Some(namespace) = self.namespace(member, foreign).filter(|_| location.is_none()) {
            put("xml_namespace", namespace);
        }
        if trait_of(member, "xmlFlattened").is_some() {
            put("flattened", true.into());
        }
        let item = target.and_then(|target| foreign.0.get(target["member"]["target"].as_str()?));
        let mut shapes = [Some(member), target, item].into_iter().flatten();
        let own = shapes.find_map(|shape| trait_of(shape, "timestampFormat"));
        let is_time = |shape: Option<&Value>, id: &Value| {
            shape.map_or(id == "smithy.api#Timestamp", |shape| shape["type"] == "timestamp")
        };
        let times = is_time(target, &member["target"])
            || target.is_some_and(|target| is_time(item, &target["member"]["target"]));
        let usual = location.as_ref().and_then(usual_time_format).map(Value::from);
        let usual = usual.filter(|_| times && own.is_none());
        if let Some(format) = trait_of(member, "timestampFormat").cloned().or(usual) {
            put("timestamp_format", format);
        }
        if location == Some(Location::Label) {
            put("required", true.into());
        }
        if matches!(location, Some(Location::Header(_))) && media_type == Some("application/json") {
            put("json_text", true.into());
        }
        if let Some(location) = &location {
            put("in", location_entry(location));
        }
        if trait_of(member, "idempotencyToken").is_some() {
            put("client_token", true.into());
        }
        if trait_of(member, "hostLabel").is_some() {
            put("required", true.into());
        }
        Ok(ours.into())
    }

    /// The namespace that an element declares, of a member or of its shape.
    fn namespace(&self, member: &Value, foreign: Foreign<'_>) -> Option<Value> {
        let target = member["target"].as_str().and_then(|target| foreign.0.get(target));
        let found = smithy::namespace(member).or_else(|| smithy::namespace(target?));
        found.filter(|_| self.model.protocol == Protocol::RestXml).as_ref().map(namespace_entry)
    }

    /// The name of a member, item, key or value in XML.
    fn xml_name<'a>(&self, of: &'a Value) -> Option<&'a Value> {
        trait_of(of, "xmlName").filter(|_| self.model.protocol.has_xml_names())
    }

    /// Refuses traits that are neither known, nor without effect; XML has more of both.
    fn check_traits(&self, shape: &Value, known: &[&str], in_xml: &[&str], of: &str) -> Result<(), Refusal> {
        let xml = in_xml.iter().chain(&["xmlNamespace"]).filter(|_| self.model.protocol.has_xml_names());
        check_traits(shape, &known.iter().chain(xml).copied().collect::<Vec<_>>(), of)
    }

    fn target(&mut self, reference: &Value, foreign: Foreign<'_>) -> Result<Value, Refusal> {
        self.reach(text(reference, "target")?, foreign)
    }
}

/// Traits of members outside of the body.
const LOCATIONS: [&str; 7] = [
    "httpLabel",
    "httpQuery",
    "httpQueryParams",
    "httpHeader",
    "httpPrefixHeaders",
    "httpPayload",
    "httpResponseCode",
];

fn members(shape: &Value) -> impl Iterator<Item = (&String, &Value)> {
    shape["members"].as_object().into_iter().flatten()
}

fn trait_of<'a>(shape: &'a Value, name: &str) -> Option<&'a Value> {
    shape["traits"].get(format!("smithy.api#{name}"))
}

/// Refuses traits that are neither in `known` nor without effect on the wire.
fn check_traits(shape: &Value, known: &[&str], of: &str) -> Result<(), Refusal> {
    const NO_EFFECT: [&str; 7] =
        ["input", "output", "tags", "uniqueItems", "mediaType", "length", "paginated"];
    // A root that is itself the only member is read in any case.
    const OTHERS: [&str; 3] = [
        "aws.protocols#ec2QueryName",
        "aws.protocols#awsQueryError",
        "aws.customizations#s3UnwrappedXmlOutput",
    ];
    let known = known.iter().chain(&NO_EFFECT).map(|name| format!("smithy.api#{name}"));
    let known: Vec<_> = known.chain(OTHERS.map(str::to_owned)).collect();
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    only(shape["traits"].as_object().into_iter().flat_map(Map::keys), &known, of)
}

fn status(error: &Value) -> Result<u16, Refusal> {
    let usual = if trait_of(error, "error").is_some_and(|blame| blame == "server") { 500 } else { 400 };
    let status = trait_of(error, "httpError").and_then(Value::as_u64).unwrap_or(usual);
    wanted(u16::try_from(status).ok(), "status that is one")
}

fn text<'a>(of: &'a Value, key: &str) -> Result<&'a str, Refusal> {
    wanted(of[key].as_str(), key)
}

/// A name without its namespace.
fn local(id: &str) -> &str {
    id.rsplit('#').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use gatewright_model::Service;

    use super::*;

    fn case(operation: &Value, shapes: &Value) -> Value {
        let mut shapes = shapes.clone();
        shapes["a#Service"] = json!({ "type": "service", "traits": { "aws.protocols#awsJson1_1": {} } });
        shapes["a#Put"] = operation.clone();
        json!({ "format": "smithy", "service": "a#Service", "operation": "a#Put", "shapes": shapes })
    }

    #[test]
    fn a_model_becomes_one_of_ours() {
        let operation = json!({ "type": "operation", "input": "a#In", "errors": ["a#Oops"] });
        let date = json!({ "smithy.api#timestampFormat": "http-date", "smithy.api#jsonName": "when" });
        let one = json!({ "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": 1 } });
        let shapes = json!({
            "a#In": { "type": "structure", "members": {
                "Token": { "target": "smithy.api#String", "traits": { "smithy.api#idempotencyToken": {} } },
                "When": { "target": "smithy.api#Timestamp", "traits": date },
                "Many": { "target": "b#Many" },
            } },
            "a#Oops": { "type": "structure", "traits": { "smithy.api#error": "server" }, "members": {
                "Why": { "target": "smithy.api#String" },
            } },
            "b#Many": { "type": "list", "member": { "target": "b#Kind" }, "traits": { "smithy.api#sparse": {} } },
            "b#Kind": { "type": "intEnum", "members": { "ONE": one } },
        });
        let (name, model) = convert(&case(&operation, &shapes)).unwrap();
        assert_eq!(name, "Put");
        let shape = Some("Oops".to_owned());
        assert_eq!(model.exceptions, [("Oops".to_owned(), Exception { status: 500, shape })].into());
        assert_eq!(model.shapes["Many"]["sparse"], true);
        assert_eq!(
            model.shapes["In"]["members"][2],
            json!({
                "name": "When", "shape": "Timestamp", "timestamp_format": "http-date",
            })
        );
        Service::parse(&model.sources("case")).unwrap();
    }

    #[test]
    fn what_has_no_counterpart_is_named() {
        let shapes = json!({ "a#In": { "type": "structure", "members": {
            "Body": { "target": "smithy.api#Blob", "traits": { "smithy.api#httpPayload": {} } },
        } } });
        let refusal = convert(&case(&json!({ "type": "operation", "input": "a#In" }), &shapes)).unwrap_err();
        let expected = "smithy.api#httpPayload of Body: the model format has no such thing";
        assert_eq!(refusal, Refusal::Inexpressible(expected.to_owned()));

        let summed = json!({ "type": "operation", "traits": { "smithy.api#httpChecksumRequired": {} } });
        let refusal = convert(&case(&summed, &json!({}))).unwrap_err();
        assert_eq!(refusal, without_checksum(true).unwrap_err());
    }
}
