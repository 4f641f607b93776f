//! Shapes and their members.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{Location, XmlNamespace};
use serde_json::{Map, Value};

use super::{Reader, flag, location, namespace, pairs, reference, unknown};
use crate::import::vendor::{Bounds, Error, Kind, Member, Retry, Shape, Subject, capital};

impl Reader {
    pub(super) fn shape(&mut self, name: &str, shape: &Value) -> Result<Shape, String> {
        self.check_shape(name, shape);
        let number = |key: &str| shape[key].as_number().cloned();
        let length = Bounds { min: number("min"), max: number("max") };
        let ty = shape["type"].as_str().unwrap_or_default();
        let kind = match ty {
            "boolean" => Kind::Boolean,
            "byte" => Kind::Number { ty: "byte", min: length.min, max: length.max },
            "short" => Kind::Number { ty: "short", min: length.min, max: length.max },
            "integer" => Kind::Number { ty: "integer", min: length.min, max: length.max },
            "long" => Kind::Number { ty: "long", min: length.min, max: length.max },
            "float" => Kind::Number { ty: "float", min: length.min, max: length.max },
            "double" => Kind::Number { ty: "double", min: length.min, max: length.max },
            "string" | "character" => match shape["enum"].as_array() {
                Some(values) if !values.is_empty() => {
                    Kind::Enum(values.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                }
                _ => Kind::String { length, pattern: shape["pattern"].as_str().map(str::to_owned) },
            },
            "blob" => Kind::Blob { length, streaming: flag(shape, "streaming") },
            "timestamp" => Kind::Timestamp { format: self.timestamp_format(name, shape) },
            "list" => Kind::List {
                member: reference(&shape["member"]),
                item: location(&shape["member"]).filter(|_| self.xml),
                item_namespace: self.namespace(&shape["member"]),
                length,
                sparse: flag(shape, "sparse"),
                flattened: flag(shape, "flattened") && self.xml,
            },
            "map" => Kind::Map {
                key: reference(&shape["key"]),
                value: reference(&shape["value"]),
                names: [&shape["key"], &shape["value"]].map(|one| location(one).filter(|_| self.xml)),
                namespaces: [&shape["key"], &shape["value"]].map(|one| self.namespace(one)),
                length,
                sparse: flag(shape, "sparse"),
                flattened: flag(shape, "flattened") && self.xml,
            },
            "structure" if flag(shape, "eventstream") => Kind::EventStream,
            "structure" if flag(shape, "document") => Kind::Document,
            "structure" => {
                let required = shape["required"].as_array().into_iter().flatten();
                let required: BTreeSet<_> = required.filter_map(Value::as_str).collect();
                let members = pairs(&shape["members"]);
                let payload = shape["payload"].as_str().filter(|_| self.rest);
                let members = members.map(|(member, value)| {
                    let required = required.contains(member.as_str());
                    let mut read = self.member(name, member, value, required);
                    if payload == Some(member) {
                        read.location = Some(Location::Payload);
                        // The root of the document declares it.
                        read.xml_namespace = None;
                    }
                    read
                });
                let members = members.collect();
                if flag(shape, "union") { Kind::Union(members) } else { Kind::Structure(members) }
            }
            ty => return Err(format!("shape {name} has the unknown type {ty:?}")),
        };
        let error = flag(shape, "exception").then(|| error(shape));
        Ok(Shape { kind, sensitive: flag(shape, "sensitive"), deprecated: flag(shape, "deprecated"), error })
    }

    /// Reports what a shape has and we do not know.
    fn check_shape(&mut self, name: &str, shape: &Value) {
        const KNOWN: [&str; 28] = [
            "type",
            "documentation",
            "deprecated",
            "deprecatedMessage",
            "deprecatedSince",
            "sensitive",
            // Every member of a response is optional.
            "box",
            "min",
            "max",
            "pattern",
            "enum",
            "timestampFormat",
            "member",
            "key",
            "value",
            "flattened",
            "sparse",
            "members",
            "required",
            "union",
            "document",
            "eventstream",
            "event",
            "exception",
            "error",
            "fault",
            "retryable",
            "synthetic",
        ];
        // Nothing that queries or JSON depend on: older names, and the order of elements.
        const UNUSED: [&str; 4] = ["locationName", "wrapper", "xmlNamespace", "xmlOrder"];
        const REST: [&str; 2] = ["payload", "streaming"];
        let in_rest = |key: &&str| !self.rest || !REST.contains(key);
        for key in unknown(shape, &KNOWN).filter(|key| !UNUSED.contains(key)).filter(in_rest) {
            self.losses.shape(format!("{key} of shapes"), name);
        }
        let subject = Subject::Shape(name.to_owned());
        for part in ["member", "key", "value"] {
            let known = ["documentation", "jsonvalue", "locationName", "shape", "xmlNamespace"];
            self.check_keys(&shape[part], &known, "members of lists and maps", &subject);
        }
        // Status or `fault` says who is to blame.
        self.check_keys(&shape["error"], &["code", "httpStatusCode", "senderFault"], "errors", &subject);
        self.check_keys(&shape["retryable"], &["throttling"], "retryable errors", &subject);
    }

    fn timestamp_format(&mut self, name: &str, value: &Value) -> Option<&'static str> {
        match value["timestampFormat"].as_str()? {
            "iso8601" => Some("date-time"),
            "unixTimestamp" => Some("epoch-seconds"),
            "rfc822" => Some("http-date"),
            other => {
                self.losses.shape(format!("timestamp format {other}"), name);
                None
            }
        }
    }

    fn member(&mut self, shape: &str, name: &str, value: &Value, required: bool) -> Member {
        const KNOWN: [&str; 14] = [
            "shape",
            // Prefixes of hosts name the members that they hold.
            "hostLabel",
            "documentation",
            "box",
            "deprecated",
            "deprecatedMessage",
            "deprecatedSince",
            "idempotencyToken",
            "contextParam",
            "locationName",
            "flattened",
            "timestampFormat",
            // JSON as text: text.
            "jsonvalue",
            "eventpayload",
        ];
        const REST: [&str; 2] = ["location", "streaming"];
        const XML: [&str; 2] = ["xmlAttribute", "xmlNamespace"];
        let is_read = |key: &&str| {
            *key == "queryName" || (self.rest && REST.contains(key)) || (self.xml && XML.contains(key))
        };
        for key in unknown(value, &KNOWN).filter(|key| !is_read(key)) {
            self.losses.shape(format!("{key} of members"), shape);
        }
        let outside = self.location(name, value);
        if let Some(parameter) = value["contextParam"]["name"].as_str() {
            let subjects = self.parameters.entry(parameter.to_owned()).or_default();
            subjects.insert(Subject::Shape(shape.to_owned()));
        }
        Member {
            name: name.to_owned(),
            wire: location(value).filter(|wire| wire != name && outside.is_none()),
            shape: reference(value),
            required: required || matches!(outside, Some(Location::Label)),
            client_token: flag(value, "idempotencyToken"),
            deprecated: flag(value, "deprecated"),
            flattened: flag(value, "flattened") && self.xml,
            streaming: flag(value, "streaming"),
            xml_attribute: flag(value, "xmlAttribute"),
            xml_namespace: self.namespace(value).filter(|_| outside.is_none()),
            default: None,
            timestamp_format: self.timestamp_format(shape, value),
            json_header: flag(value, "jsonvalue") && matches!(outside, Some(Location::Header(_))),
            location: outside,
        }
    }

    /// The namespace that an element declares, of a member or of its shape; forms have none.
    fn namespace(&self, value: &Value) -> Option<XmlNamespace> {
        let target = self.namespaces.get(&reference(value));
        namespace(value).or_else(|| target.cloned()).filter(|_| self.xml && !self.query)
    }

    /// The location of a member outside of the body.
    fn location(&self, name: &str, value: &Value) -> Option<Location> {
        let named = || location(value).unwrap_or_else(|| name.to_owned());
        Some(match value["location"].as_str().filter(|_| self.rest)? {
            "uri" => Location::Label,
            "querystring" if self.maps.contains(&reference(value)) => Location::QueryMap,
            "querystring" => Location::Query(named()),
            "header" => Location::Header(named()),
            "headers" => Location::PrefixHeaders(location(value).unwrap_or_default()),
            _ => Location::StatusCode,
        })
    }
}

/// Names of members in requests of EC2 that are not their wire names with a capital.
pub(crate) fn request_names(shapes: &Value) -> BTreeMap<String, String> {
    let members = pairs(shapes).flat_map(|(_, shape)| pairs(&shape["members"]));
    let named = members.filter_map(|(name, member)| {
        let wire = location(member).unwrap_or_else(|| name.clone());
        let name = member["queryName"].as_str()?;
        (name != capital(&wire)).then(|| (wire, name.to_owned()))
    });
    named.collect()
}

fn error(shape: &Value) -> Error {
    let facts = &shape["error"];
    let given = facts["httpStatusCode"].as_u64().and_then(|status| status.try_into().ok());
    Error {
        code: facts["code"].as_str().map(str::to_owned),
        status: given.or_else(|| flag(shape, "fault").then_some(500)),
        retry: shape["retryable"].as_object().map(|retry: &Map<_, _>| {
            let throttling = retry.get("throttling").and_then(Value::as_bool) == Some(true);
            if throttling { Retry::Throttling } else { Retry::Transient }
        }),
    }
}
