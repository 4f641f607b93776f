//! Shapes and their members.

use std::collections::BTreeMap;

use gatewright_model::{Location, XmlNamespace};
use serde_json::{Map, Value};

use super::{
    Reader,
    ast::{PRELUDE, merge_objects},
    has, members, namespace, of, unknown,
};
use crate::import::vendor::{Bounds, Error, Kind, Member, Retry, Shape, Subject, XmlRoot, capital};

impl Reader<'_> {
    /// Names of members in requests of EC2 that are not their wire names with a capital.
    pub(super) fn request_names(&self) -> BTreeMap<String, String> {
        let named = self.shapes.values().flat_map(members).filter_map(|(name, member)| {
            let wire = self.xml_name(member).unwrap_or_else(|| name.clone());
            let name = of(member, "aws.protocols#ec2QueryName").as_str()?;
            (name != capital(&wire)).then(|| (wire, name.to_owned()))
        });
        named.collect()
    }

    /// A shape that a single member bounds.
    pub(super) fn constrained(&mut self, target: &str, facts: &Value) -> Result<Shape, String> {
        let mut shape = self.raw(target)?;
        if let Some(shape) = shape.as_object_mut() {
            merge_objects(shape, "traits", facts);
        }
        let name = self.name(target);
        self.kind_of(&shape, &name, &mut Vec::new())
    }

    pub(super) fn shape(
        &mut self,
        id: &str,
        name: &str,
        made: &mut Vec<(String, String, Value)>,
    ) -> Result<Shape, String> {
        let shape = self.raw(id)?;
        self.kind_of(&shape, name, made)
    }

    /// The root element of requests with this input, if their body is XML.
    pub(super) fn xml_root(&self, input: &str, service: &Value) -> Option<XmlRoot> {
        let root = xml_root(input, |id| self.shapes.get(id))?;
        let namespace = root.namespace.or_else(|| namespace(service));
        Some(XmlRoot { shape: self.name(&root.shape), namespace, ..root })
    }

    fn raw(&self, id: &str) -> Result<Value, String> {
        if let Some((_, ty)) = PRELUDE.iter().find(|(known, _)| *known == id) {
            return Ok(Value::Object(Map::from_iter([("type".to_owned(), (*ty).into())])));
        }
        self.shapes.get(id).cloned().ok_or_else(|| format!("has no shape {id}"))
    }

    fn kind_of(
        &mut self,
        shape: &Value,
        name: &str,
        made: &mut Vec<(String, String, Value)>,
    ) -> Result<Shape, String> {
        const KNOWN: [&str; 14] = [
            // Members say it again.
            "default",
            "deprecated",
            "enum",
            "enumValue",
            "error",
            "httpError",
            "length",
            "pattern",
            "range",
            "retryable",
            "sensitive",
            "sparse",
            "streaming",
            "timestampFormat",
        ];
        for lost in unknown(shape, &KNOWN) {
            self.losses.shape(format!("trait {lost} of shapes"), name);
        }
        for part in ["member", "key", "value"] {
            for lost in unknown(&shape[part], &["length", "pattern", "range"]) {
                self.losses.shape(format!("trait {lost} of members of lists and maps"), name);
            }
        }
        if ["enum", "intEnum"].iter().any(|ty| shape["type"] == *ty) {
            let values = members(shape).flat_map(|(_, value)| unknown(value, &["enumValue"]));
            for lost in values {
                self.losses.shape(format!("trait {lost} of values"), name);
            }
        }
        let bounds = |name: &str| {
            let bounds = of(shape, name);
            Bounds { min: bounds["min"].as_number().cloned(), max: bounds["max"].as_number().cloned() }
        };
        let (length, range) = (bounds("length"), bounds("range"));
        let number = |ty| Kind::Number { ty, min: range.min.clone(), max: range.max.clone() };
        let kind = match shape["type"].as_str().unwrap_or_default() {
            "boolean" => Kind::Boolean,
            "byte" => number("byte"),
            "short" => number("short"),
            "integer" => number("integer"),
            "long" => number("long"),
            "float" => number("float"),
            "double" => number("double"),
            "string" => {
                let values = of(shape, "enum").as_array().into_iter().flatten();
                let values: Vec<_> =
                    values.filter_map(|value| value["value"].as_str()).map(str::to_owned).collect();
                if values.is_empty() {
                    Kind::String { length, pattern: of(shape, "pattern").as_str().map(str::to_owned) }
                } else {
                    Kind::Enum(values)
                }
            }
            "enum" => {
                let value = |(name, member): (&String, &Value)| {
                    of(member, "enumValue").as_str().unwrap_or(name).to_owned()
                };
                Kind::Enum(members(shape).map(value).collect())
            }
            "intEnum" => {
                let value = |(name, member): (&String, &Value)| {
                    Some((name.clone(), of(member, "enumValue").as_number()?.clone()))
                };
                Kind::IntEnum(members(shape).filter_map(value).collect())
            }
            "blob" => Kind::Blob { length, streaming: has(shape, "streaming") },
            "timestamp" => Kind::Timestamp { format: self.timestamp_format(shape, name) },
            "document" => Kind::Document,
            "list" | "set" => Kind::List {
                member: self.target(&shape["member"], name, "Member", made),
                item: self.xml_name(&shape["member"]),
                item_namespace: self.namespace(&shape["member"]),
                length,
                sparse: has(shape, "sparse"),
                flattened: false,
            },
            "map" => Kind::Map {
                key: self.target(&shape["key"], name, "Key", made),
                value: self.target(&shape["value"], name, "Value", made),
                names: [self.xml_name(&shape["key"]), self.xml_name(&shape["value"])],
                namespaces: [self.namespace(&shape["key"]), self.namespace(&shape["value"])],
                length,
                sparse: has(shape, "sparse"),
                flattened: false,
            },
            "union" if has(shape, "streaming") => Kind::EventStream,
            ty @ ("structure" | "union") => {
                let mut read = Vec::new();
                for (member, value) in members(shape) {
                    read.push(self.member(name, member, value, made));
                }
                if ty == "union" { Kind::Union(read) } else { Kind::Structure(read) }
            }
            ty => return Err(format!("shape {name} has the type {ty:?}, which ours do not have")),
        };
        let error = has(shape, "error").then(|| error(shape));
        Ok(Shape { kind, sensitive: has(shape, "sensitive"), deprecated: has(shape, "deprecated"), error })
    }

    fn timestamp_format(&mut self, shape: &Value, name: &str) -> Option<&'static str> {
        match of(shape, "timestampFormat").as_str()? {
            "date-time" => Some("date-time"),
            "epoch-seconds" => Some("epoch-seconds"),
            "http-date" => Some("http-date"),
            other => {
                self.losses.shape(format!("timestamp format {other}"), name);
                None
            }
        }
    }

    fn xml_name(&self, member: &Value) -> Option<String> {
        of(member, "xmlName").as_str().filter(|_| self.xml).map(str::to_owned)
    }

    /// The namespace that an element declares, of a member or of its shape; forms have none.
    fn namespace(&self, member: &Value) -> Option<XmlNamespace> {
        let target = self.shapes.get(member["target"].as_str().unwrap_or_default());
        namespace(member).or_else(|| namespace(target?)).filter(|_| self.xml && !self.query)
    }

    /// Name of the shape that a member refers to: a shape of its own if the member bounds it further.
    fn target(
        &self,
        member: &Value,
        shape: &str,
        name: &str,
        made: &mut Vec<(String, String, Value)>,
    ) -> String {
        const BOUNDS: [&str; 3] = ["length", "pattern", "range"];
        let target = member["target"].as_str().unwrap_or_default();
        if !BOUNDS.iter().any(|bound| has(member, bound)) {
            return self.name(target);
        }
        let traits = BOUNDS.iter().filter(|bound| has(member, bound));
        let traits = traits.map(|bound| (format!("smithy.api#{bound}"), of(member, bound).clone()));
        let traits = Value::Object(traits.collect());
        let own = format!("{shape}{}{}", capital(name), self.name(target));
        made.push((
            own.clone(),
            target.to_owned(),
            Value::Object(Map::from_iter([("traits".to_owned(), traits)])),
        ));
        own
    }

    fn member(
        &mut self,
        shape: &str,
        name: &str,
        member: &Value,
        made: &mut Vec<(String, String, Value)>,
    ) -> Member {
        const KNOWN: [&str; 11] = [
            "default",
            "deprecated",
            "eventHeader",
            "eventPayload",
            "hostLabel",
            "idempotencyToken",
            "length",
            "pattern",
            "range",
            "required",
            "timestampFormat",
        ];
        for lost in unknown(member, &KNOWN) {
            self.losses.shape(format!("trait {lost} of members"), shape);
        }
        if let Some(parameter) = of(member, "smithy.rules#contextParam")["name"].as_str() {
            let subjects = self.parameters.entry(parameter.to_owned()).or_default();
            subjects.insert(Subject::Shape(shape.to_owned()));
        }
        let target = self.shapes.get(member["target"].as_str().unwrap_or_default()).unwrap_or(&Value::Null);
        let media_type = of(target, "mediaType").as_str();
        let outside = location(member, media_type).filter(|_| self.rest);
        let json_name =
            of(member, "jsonName").as_str().filter(|_| self.rest && !self.xml && outside.is_none());
        let wire = self.xml_name(member).or(json_name.map(str::to_owned)).filter(|wire| wire != name);
        Member {
            name: name.to_owned(),
            wire,
            shape: self.target(member, shape, name, made),
            required: has(member, "required"),
            client_token: has(member, "idempotencyToken"),
            deprecated: has(member, "deprecated"),
            flattened: has(member, "xmlFlattened") && self.xml,
            // Its shape says it.
            streaming: false,
            xml_attribute: has(member, "xmlAttribute") && self.xml,
            xml_namespace: self.namespace(member).filter(|_| outside.is_none()),
            default: Some(of(member, "default").clone()).filter(|default| !default.is_null()),
            timestamp_format: self.timestamp_format(member, shape),
            json_header: matches!(outside, Some(Location::Header(_)))
                && media_type == Some("application/json"),
            location: outside,
        }
    }
}

/// The location of a member outside of the body.
pub(crate) fn location(member: &Value, media_type: Option<&str>) -> Option<Location> {
    let text = |name: &str| of(member, name).as_str().map(str::to_owned);
    let flagged = [
        ("httpLabel", Location::Label),
        ("httpQueryParams", Location::QueryMap),
        ("httpResponseCode", Location::StatusCode),
    ];
    let named = text("httpHeader").map(Location::Header);
    let named = named.or_else(|| text("httpQuery").map(Location::Query));
    let named = named.or_else(|| text("httpPrefixHeaders").map(Location::PrefixHeaders));
    let flagged = || flagged.into_iter().find(|(name, _)| has(member, name)).map(|(_, location)| location);
    let payload = || {
        has(member, "httpPayload").then(|| match media_type {
            Some(media_type) => Location::PayloadOfType(media_type.to_owned()),
            None => Location::Payload,
        })
    };
    named.or_else(flagged).or_else(payload)
}

/// The root element of requests with this input, if their body is XML; its shape is named by its id.
pub(crate) fn xml_root<'a>(input: &str, shape: impl Fn(&str) -> Option<&'a Value>) -> Option<XmlRoot> {
    let structure = shape(input)?;
    let payload = members(structure).map(|(_, member)| member).find(|member| has(member, "httpPayload"));
    let (member, id) = match payload {
        Some(member) => (member, member["target"].as_str()?),
        None if members(structure).all(|(_, member)| location(member, None).is_some()) => return None,
        None => (&Value::Null, input),
    };
    let target = shape(id)?;
    if !["list", "map", "structure", "union"].contains(&target["type"].as_str()?) {
        return None;
    }
    let named = [member, target].into_iter().find_map(|of_it| of(of_it, "xmlName").as_str());
    let name = named.unwrap_or_else(|| id.rsplit('#').next().unwrap_or(id)).to_owned();
    Some(XmlRoot { name, shape: id.to_owned(), namespace: namespace(member).or_else(|| namespace(target)) })
}

fn error(shape: &Value) -> Error {
    let query = of(shape, "aws.protocols#awsQueryError");
    let status = |value: &Value| value.as_u64().and_then(|status| status.try_into().ok());
    let is_server = of(shape, "error") == "server";
    Error {
        code: query["code"].as_str().map(str::to_owned),
        status: status(&query["httpResponseCode"])
            .or_else(|| status(of(shape, "httpError")))
            .or(is_server.then_some(500)),
        retry: has(shape, "retryable").then(|| {
            if of(shape, "retryable")["throttling"] == true { Retry::Throttling } else { Retry::Transient }
        }),
    }
}
