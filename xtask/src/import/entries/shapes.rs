//! Entries of shapes.

use std::collections::BTreeSet;

use gatewright_model::Location;
use serde_json::Number;

use super::{DEPRECATED, Maker, named, namespace};
use crate::import::{
    json::{Json, Object},
    vendor::{Bounds, Kind, Member, Shape, location_entry, usual_time_format},
};

impl Maker<'_> {
    pub(super) fn shape(&mut self, name: &str, shape: &Shape) -> Object {
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
