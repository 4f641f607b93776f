//! Converts a vendor's model to the format of our files, without additions by people: see `fill`.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{Location, XmlNamespace};
use serde_json::Number;

use super::{
    added, endpoints,
    files::Model,
    json::{Json, Object},
    pages,
    vendor::{
        Bounds, Http, Kind, Losses, Member, Operation, Protocol, Retry, Shape, Vendor, XmlRoot,
        location_entry, usual_time_format,
    },
    waiters,
};

/// The files for a vendor's model of a service called `name`, and facts that they cannot express.
pub(super) fn of(vendor: &Vendor, name: &str, losses: &mut Losses) -> Model {
    let mut maker = Maker { vendor, losses };
    let left_out = maker.streams();
    let kept = || vendor.operations.iter().filter(|(name, _)| !left_out.contains(name.as_str()));
    let mut shapes = BTreeMap::new();
    let operations = kept().map(|(name, operation)| maker.operation(name, operation, &mut shapes)).collect();
    let ends = kept().flat_map(|(_, operation)| [&operation.input, &operation.output]).flatten();
    for name in vendor.reached(ends.map(String::as_str)) {
        if let Some(shape) = vendor.shapes.get(name) {
            shapes.insert(name.to_owned(), maker.shape(name, shape));
        }
    }
    let errors = kept().flat_map(|(name, operation)| operation.errors.iter().map(move |error| (name, error)));
    let mut raised: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (operation, error) in errors {
        raised.entry(error).or_default().insert(operation);
    }
    let (exceptions, error_codes) = maker.errors(&raised);
    let of_errors = exceptions.iter().chain(&error_codes).filter_map(|error| error.text("shape"));
    for name in vendor.reached(of_errors) {
        if let (false, Some(shape)) = (shapes.contains_key(name), vendor.shapes.get(name)) {
            shapes.insert(name.to_owned(), maker.shape(name, shape));
        }
    }
    let waiters = waiters::of(vendor, |operation| !left_out.contains(operation), maker.losses);
    let service = maker.service(name);
    Model { service, operations, shapes: shapes.into_values().collect(), exceptions, error_codes, waiters }
}

struct Maker<'a> {
    vendor: &'a Vendor,
    losses: &'a mut Losses,
}

/// Why operations, shapes and members are not to be used; vendors' reasons are documentation.
pub(super) const DEPRECATED: &str = "Deprecated by the vendor.";

fn named(name: &str) -> Object {
    let mut entry = Object::default();
    entry.set("name", name);
    entry
}

impl<'a> Maker<'a> {
    fn service(&mut self, name: &str) -> Object {
        let Vendor { title, version, settings_id, signing_name, signs_as_sent, protocol, .. } = self.vendor;
        let mut service = Object::default();
        service.set("name", name);
        service.set("title", title.as_str());
        service.set("version", version.as_str());
        service.set("settings_id", settings_id.as_str());
        let protocol = match protocol {
            Protocol::Unknown => Json::Null,
            Protocol::AwsJson { version, target_prefix, query_compatible } => {
                let mut facts = Object::default();
                facts.0.push(("version".to_owned(), version.as_str().into()));
                facts.0.push(("target_prefix".to_owned(), target_prefix.as_str().into()));
                facts.0.extend(query_compatible.then(|| ("query_compatible".to_owned(), true.into())));
                [("aws-json", Json::from(facts))].into()
            }
            Protocol::AwsQuery { xml_namespace } => {
                [("aws-query", Json::from([("xml_namespace", xml_namespace.as_str())]))].into()
            }
            Protocol::AwsEc2 { xml_namespace, request_names } => {
                let mut facts = Object::default();
                facts.0.push(("xml_namespace".to_owned(), xml_namespace.as_str().into()));
                if !request_names.is_empty() {
                    let names = request_names.iter().map(|(wire, name)| (wire.clone(), name.as_str().into()));
                    facts.0.push(("request_names".to_owned(), Object(names.collect()).into()));
                }
                [("aws-ec2", Json::from(facts))].into()
            }
            Protocol::AwsRestJson => {
                let mut facts = Object::default();
                let headers = added::headers(settings_id, version);
                if !headers.0.is_empty() {
                    facts.0.push(("headers".to_owned(), headers.into()));
                }
                [("aws-rest-json", Json::from(facts))].into()
            }
            Protocol::AwsRestXml { bare_errors } => {
                let mut facts = Object::default();
                let namespace = shared_namespace(self.vendor).map(|namespace| namespace.uri.as_str());
                facts.0.extend(namespace.map(|uri| ("xml_namespace".to_owned(), uri.into())));
                facts.0.extend(bare_errors.then(|| ("bare_errors".to_owned(), true.into())));
                [("aws-rest-xml", Json::from(facts))].into()
            }
        };
        service.set("protocol", protocol);
        let mut sigv4 = Object::default();
        sigv4.0.push(("signing_name".to_owned(), signing_name.as_str().into()));
        if *signs_as_sent {
            let flags = ["signs_path_as_sent", "sends_content_hash"];
            sigv4.0.extend(flags.map(|flag| (flag.to_owned(), true.into())));
        }
        service.set("auth", [("sigv4", Json::from(sigv4))]);
        let rules = endpoints::rules(self.vendor, self.losses);
        service.set("endpoints", [("rules", rules), ("partitions", "aws".into())]);
        service
    }

    /// Operations with event streams or bodies of any length, which are left out.
    fn streams(&mut self) -> BTreeSet<&'a str> {
        let vendor = self.vendor;
        let mut left_out = BTreeSet::new();
        for (name, operation) in &vendor.operations {
            let ends = [&operation.input, &operation.output].into_iter().flatten().map(String::as_str);
            let reached = vendor.reached(ends);
            let shapes = || reached.iter().filter_map(|name| vendor.shapes.get(*name));
            let is_stream = |shape: &Shape| {
                matches!(shape.kind, Kind::Blob { streaming: true, .. })
                    || shape.members().iter().any(|member| member.streaming)
            };
            let what = if shapes().any(|shape| matches!(shape.kind, Kind::EventStream)) {
                "event streams"
            } else if shapes().any(is_stream) {
                "bodies of any length"
            } else {
                continue;
            };
            self.losses.operation(format!("{what}: the operations are left out"), name);
            left_out.insert(name.as_str());
        }
        left_out
    }

    fn operation(
        &mut self,
        name: &str,
        operation: &Operation,
        shapes: &mut BTreeMap<String, Object>,
    ) -> Object {
        let vendor = self.vendor;
        // Our operations have both structures.
        let mut structure = |given: &Option<String>, end: &str| {
            given.clone().unwrap_or_else(|| {
                let taken = |name: &String| vendor.shapes.contains_key(name);
                let names = [format!("{name}{end}"), format!("{name}Empty{end}")];
                let name = names.into_iter().find(|name| !taken(name)).unwrap_or_default();
                let mut empty = named(&name);
                empty.set("type", "structure");
                empty.set("members", Json::List(Vec::new()));
                shapes.insert(name.clone(), empty);
                name
            })
        };
        let mut entry = named(name);
        entry.set("input", structure(&operation.input, "Input"));
        entry.set("output", structure(&operation.output, "Output"));
        if !vendor.protocol.is_query() {
            let exceptions: BTreeSet<_> = operation.errors.iter().map(String::as_str).collect();
            if !exceptions.is_empty() {
                entry.set("exceptions", exceptions.into_iter().collect::<Json>());
            }
        }
        if operation.read_only {
            entry.set("read_only", true);
        } else if is_read_only(name) {
            entry.set("read_only", "by-name");
        }
        entry.set_flag("idempotent", operation.idempotent);
        entry.set_flag("unsigned", operation.unsigned);
        entry.set_some("http", operation.http.as_ref().map(http));
        entry.set_some("host_prefix", operation.host_prefix.as_deref());
        entry.set_some("result_wrapper", operation.result_wrapper.as_deref());
        entry.set_some("xml_root", operation.xml_root.as_ref().and_then(|root| xml_root(root, vendor)));
        entry.set_some("request_compression", operation.compressed.then_some("gzip"));
        entry.set_some("request_checksum", operation.has_checksum.then_some("crc32"));
        entry.set_some("deprecated", operation.deprecated.then_some(DEPRECATED));
        entry.set_some("pagination", pages::of(self.vendor, name, operation, self.losses));
        entry
    }

    fn shape(&mut self, name: &str, shape: &Shape) -> Object {
        let mut entry = named(name);
        match &shape.kind {
            Kind::Boolean => entry.set("type", "boolean"),
            Kind::Number { ty, min, max } => {
                entry.set("type", *ty);
                self.number(name, &mut entry, ty, "min", min.as_ref());
                self.number(name, &mut entry, ty, "max", max.as_ref());
            }
            Kind::String { length, pattern } => {
                entry.set("type", "string");
                self.length(name, &mut entry, ["min_length", "max_length"], length);
                entry.set_some("pattern", pattern.as_deref());
            }
            Kind::Enum(values) => {
                entry.set("type", "enum");
                let values: BTreeSet<_> = values.iter().collect();
                let values = values.into_iter().map(|value| Json::from([("value", value.as_str())]));
                entry.set("values", values.collect::<Json>());
            }
            Kind::IntEnum(values) => {
                entry.set("type", "int-enum");
                let value = |(name, value): &(String, Number)| {
                    Json::from([("name", Json::from(name.as_str())), ("value", value.clone().into())])
                };
                entry.set("values", values.iter().map(value).collect::<Json>());
            }
            Kind::Blob { length, .. } => {
                entry.set("type", "blob");
                self.length(name, &mut entry, ["min_length", "max_length"], length);
            }
            Kind::Timestamp { format } => {
                entry.set("type", "timestamp");
                let default = self.vendor.protocol.has_xml_names().then_some("date-time");
                entry.set_some("format", format.or(default).filter(|format| *format != "epoch-seconds"));
            }
            Kind::Document | Kind::EventStream => entry.set("type", "document"),
            Kind::List { member, item, item_namespace, length, sparse, flattened } => {
                entry.set("type", "list");
                entry.set("member", member.as_str());
                // The items of a flattened list have the name of the member that it is.
                entry.set_some("item", item.as_deref().filter(|_| !flattened));
                entry.set_some("item_namespace", item_namespace.as_ref().map(namespace));
                entry.set_flag("sparse", *sparse);
                self.length(name, &mut entry, ["min_items", "max_items"], length);
            }
            Kind::Map {
                key,
                value,
                names: [key_name, value_name],
                namespaces: [of_key, of_value],
                length,
                sparse,
                ..
            } => {
                entry.set("type", "map");
                entry.set("key", key.as_str());
                // Error codes have such a key too, elsewhere.
                entry.0.push(("value".to_owned(), value.as_str().into()));
                entry.set_some("key_name", key_name.as_deref());
                entry.set_some("value_name", value_name.as_deref());
                entry.set_some("key_namespace", of_key.as_ref().map(namespace));
                entry.set_some("value_namespace", of_value.as_ref().map(namespace));
                entry.set_flag("sparse", *sparse);
                self.length(name, &mut entry, ["min_items", "max_items"], length);
            }
            Kind::Structure(members) | Kind::Union(members) => {
                let is_union = matches!(shape.kind, Kind::Union(_));
                entry.set("type", if is_union { "union" } else { "structure" });
                entry.set("members", self.members(name, members, is_union));
            }
        }
        self.check_flattened(name, shape);
        entry.set_flag("sensitive", shape.sensitive);
        entry.set_some("deprecated", shape.deprecated.then_some(DEPRECATED));
        entry
    }

    /// Required members first, each part by name: vendors' orders change.
    fn members(&mut self, name: &str, members: &[Member], is_union: bool) -> Json {
        // An earlier form of a member that is a list now.
        let has_heir = |member: &Member| {
            let wire = |member: &Member| member.wire.clone().unwrap_or_else(|| member.name.clone());
            let is_heir = |other: &Member| other.name != member.name && wire(other) == wire(member);
            member.deprecated && member.location.is_none() && members.iter().any(is_heir)
        };
        if members.iter().any(has_heir) {
            self.losses
                .shape("deprecated members with the name of another on the wire: they are left out", name);
        }
        let mut members: Vec<_> = members.iter().filter(|member| !has_heir(member)).collect();
        members.sort_by_key(|member| (!member.required || is_union, &member.name));
        let in_body = members.iter().filter(|member| member.location.is_none());
        let in_body: BTreeSet<_> =
            in_body.map(|member| member.wire.as_deref().unwrap_or(&member.name)).collect();
        let own_wire = |member: &Member| {
            // A member of the body has the name on the wire.
            let place = match member.location.as_ref()? {
                Location::Label => "Path",
                Location::Query(_) | Location::QueryMap => "Query",
                Location::Header(_) | Location::PrefixHeaders(_) => "Header",
                Location::Payload | Location::PayloadOfType(_) | Location::StatusCode => "Outside",
            };
            in_body.contains(member.name.as_str()).then(|| format!("{}In{place}", member.name))
        };
        let entry = |member: &&Member| {
            let mut entry = self.member(name, member, is_union);
            entry.set_some("wire", own_wire(member));
            entry
        };
        members.iter().map(entry).collect()
    }

    fn member(&mut self, of: &str, member: &Member, is_union: bool) -> Object {
        let mut entry = named(&member.name);
        let target = self.vendor.shapes.get(&member.shape);
        let target = target.map(|shape| &shape.kind);
        let flattened = member.flattened
            || matches!(target, Some(Kind::List { flattened: true, .. } | Kind::Map { flattened: true, .. }));
        let of_items = match target {
            Some(Kind::List { item, flattened: true, .. }) => item.clone(),
            Some(Kind::List { item, .. }) if flattened && self.vendor.protocol.is_query() => item.clone(),
            _ => None,
        };
        let wire = of_items.or_else(|| member.wire.clone()).filter(|wire| *wire != member.name);
        entry.set_some("wire", wire);
        entry.set("shape", member.shape.as_str());
        entry.set_flag("required", member.required && !is_union);
        let is_text = matches!(target, Some(Kind::String { .. }));
        entry.set_flag("client_token", member.client_token && is_text && !is_union);
        if let Some(default) = member.default.as_ref().filter(|_| !is_union) {
            if fits(default, target) {
                entry.set("default", default.clone());
            } else {
                self.losses.shape("defaults of times, bytes and documents", of);
            }
        }
        entry.set_some("timestamp_format", member.timestamp_format.or_else(|| self.outside_format(member)));
        entry.set_flag("json_text", member.json_header && is_text);
        entry.set_some("in", member.location.as_ref().map(location_entry));
        entry.set_flag("flattened", flattened);
        entry.set_flag("xml_attribute", member.xml_attribute);
        entry.set_some("xml_namespace", member.xml_namespace.as_ref().map(namespace));
        entry.set_some("deprecated", member.deprecated.then_some(DEPRECATED));
        entry
    }

    /// The format of times outside of the body, if neither member nor shape has one.
    fn outside_format(&self, member: &Member) -> Option<&'static str> {
        let kind = |name: &str| self.vendor.shapes.get(name).map(|shape| &shape.kind);
        let items = match kind(&member.shape)? {
            Kind::List { member, .. } => kind(member)?,
            other => other,
        };
        let is_bare = matches!(items, Kind::Timestamp { format: None });
        member.location.as_ref().filter(|_| is_bare).and_then(usual_time_format)
    }

    /// Only members say that they are flattened.
    fn check_flattened(&mut self, name: &str, shape: &Shape) {
        if matches!(shape.kind, Kind::List { .. } | Kind::Map { .. }) {
            let is_flattened = |name: &&str| {
                let shape = self.vendor.shapes.get(*name).map(|shape| &shape.kind);
                matches!(shape, Some(Kind::List { flattened: true, .. } | Kind::Map { flattened: true, .. }))
            };
            if shape.references().iter().any(is_flattened) {
                self.losses.shape("flattened lists and maps within lists and maps", name);
            }
        }
    }

    fn length(&mut self, name: &str, entry: &mut Object, keys: [&str; 2], bounds: &Bounds) {
        for (key, bound) in keys.into_iter().zip([&bounds.min, &bounds.max]) {
            match bound.as_ref().map(whole) {
                Some(Some(bound)) if bound >= 0 => entry.set(key, Json::Number(bound.into())),
                Some(_) => self.losses.shape("bounds of lengths that are not sizes", name),
                None => {}
            }
        }
    }

    fn number(&mut self, name: &str, entry: &mut Object, ty: &str, key: &str, bound: Option<&Number>) {
        let Some(bound) = bound else { return };
        let width = match ty {
            "byte" => i64::from(i8::MIN)..=i64::from(i8::MAX),
            "short" => i64::from(i16::MIN)..=i64::from(i16::MAX),
            "integer" => i64::from(i32::MIN)..=i64::from(i32::MAX),
            "long" => i64::MIN..=i64::MAX,
            _ => return entry.set(key, bound.clone()),
        };
        match whole(bound) {
            // A bound beyond the type bounds nothing.
            Some(bound) if width.contains(&bound) => entry.set(key, Json::Number(bound.into())),
            Some(_) => {}
            None => self.losses.shape("bounds of whole numbers that are not whole", name),
        }
    }

    /// Whether the client reads the member from all errors: message, code, and code and details within `error`.
    fn is_of_every_error(&self, member: &Member) -> bool {
        let within = || self.vendor.shapes.get(&member.shape).map(Shape::members).unwrap_or_default();
        match &*member.name.to_ascii_lowercase() {
            "message" | "code" | "errormessage" => true,
            "error" => {
                let members: Vec<_> = within().iter().map(|member| member.name.as_str()).collect();
                members.contains(&"errorCode")
                    && members.iter().all(|name| ["errorCode", "errorDetails"].contains(name))
            }
            _ => false,
        }
    }

    /// Exceptions, or in queries error codes: the code is all that they have there.
    fn errors(&mut self, raised: &BTreeMap<&str, BTreeSet<&str>>) -> (Vec<Object>, Vec<Object>) {
        let vendor = self.vendor;
        let is_query = vendor.protocol.is_query();
        let errors = raised.iter().filter_map(|(name, operations)| {
            let shape = vendor.shapes.get(*name)?;
            Some((*name, shape, operations))
        });
        let mut exceptions: BTreeMap<&str, Object> = BTreeMap::new();
        let mut codes: BTreeMap<&str, (Object, BTreeSet<&str>)> = BTreeMap::new();
        let mut aliases = BTreeSet::new();
        for (name, shape, operations) in errors {
            let facts = shape.error.as_ref();
            let code = facts.and_then(|facts| facts.code.as_deref());
            let status = facts.and_then(|facts| facts.status);
            let mut entry = Object::default();
            let has_members = shape.members().iter().any(|member| !self.is_of_every_error(member));
            entry.set_some("shape", has_members.then_some(name));
            let is_error = |status: &u16| (400..=599).contains(status);
            if status.is_some_and(|status| !is_error(&status)) {
                self.losses.shape("statuses of errors that are not from 400 to 599", name);
            }
            entry.set_some("status", status.filter(is_error));
            entry.set_some(
                "category",
                facts.and_then(|facts| facts.retry).map(|retry| match retry {
                    Retry::Transient => "transient",
                    Retry::Throttling => "throttling",
                }),
            );
            if is_query {
                let value = code.unwrap_or(name);
                entry.set("value", value);
                let (known, users) = codes.entry(value).or_insert_with(|| (entry.clone(), BTreeSet::new()));
                if *known != entry {
                    self.losses.shape("other facts of an error that has the code of another", name);
                }
                users.extend(operations);
            } else {
                entry.set("name", name);
                if let Some(alias) = code.filter(|code| *code != name) {
                    if raised.contains_key(alias) || !aliases.insert(alias) {
                        self.losses.shape("second names that several exceptions have", name);
                    } else {
                        entry.set("aliases", [alias].into_iter().collect::<Json>());
                    }
                }
                exceptions.insert(name, entry);
            }
        }
        let codes = codes.into_values().map(|(mut entry, operations)| {
            entry.set("operations", operations.into_iter().collect::<Json>());
            entry
        });
        (exceptions.into_values().collect(), codes.collect())
    }
}

/// The namespace of all roots, if they have one and the same.
fn shared_namespace(vendor: &Vendor) -> Option<&XmlNamespace> {
    let mut roots = vendor.operations.values().filter_map(|operation| operation.xml_root.as_ref());
    let namespace = roots.next()?.namespace.as_ref().filter(|namespace| namespace.prefix.is_none())?;
    roots.all(|root| root.namespace.as_ref() == Some(namespace)).then_some(namespace)
}

/// A root that is not the usual one of its shape.
fn xml_root(root: &XmlRoot, vendor: &Vendor) -> Option<Json> {
    let own = root.namespace.as_ref().filter(|namespace| Some(*namespace) != shared_namespace(vendor));
    if root.name == root.shape && own.is_none() {
        return None;
    }
    let mut entry = Object::default();
    entry.0.push(("name".to_owned(), root.name.as_str().into()));
    entry.0.extend(own.map(|own| ("namespace".to_owned(), namespace(own))));
    Some(entry.into())
}

fn namespace(XmlNamespace { uri, prefix }: &XmlNamespace) -> Json {
    let mut entry = Object::default();
    entry.0.push(("uri".to_owned(), uri.as_str().into()));
    entry.0.extend(prefix.as_deref().map(|prefix| ("prefix".to_owned(), prefix.into())));
    entry.into()
}

fn http(http: &Http) -> Json {
    let mut entry = Object::default();
    entry.0.push(("method".to_owned(), http.method.as_str().into()));
    entry.0.push(("uri".to_owned(), http.uri.as_str().into()));
    let status = http.status.filter(|status| (201..=299).contains(status));
    entry.0.extend(status.map(|status| ("status".to_owned(), Json::Number(status.into()))));
    entry.into()
}

/// Whether operations of such a name change nothing, as far as vendors keep to their own conventions.
fn is_read_only(name: &str) -> bool {
    ["BatchDescribe", "BatchGet", "Describe", "Get", "List"].iter().any(|verb| {
        let rest = name.strip_prefix(verb);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(|next: char| next.is_ascii_uppercase()))
    })
}

/// The number, if it is whole.
fn whole(number: &Number) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    let from_float = |float: f64| (float.fract() == 0.0 && float.abs() < 9e18).then_some(float as i64);
    number.as_i64().or_else(|| number.as_f64().and_then(from_float))
}

/// Whether a default is a plain or empty value of the shape.
fn fits(default: &serde_json::Value, target: Option<&Kind>) -> bool {
    match target {
        Some(Kind::Boolean) => default.is_boolean(),
        Some(Kind::Number { .. } | Kind::IntEnum(_)) => default.is_number(),
        Some(Kind::String { .. } | Kind::Enum(_)) => default.is_string(),
        // They have no other defaults.
        Some(Kind::List { .. }) => default.as_array().is_some_and(Vec::is_empty),
        Some(Kind::Map { .. }) => default.as_object().is_some_and(serde_json::Map::is_empty),
        _ => false,
    }
}
