//! Shapes: references, constraints, patterns and examples.

use std::collections::BTreeMap;

use regex::Regex;

use super::constraints::{bounds, enum_values, float, int_enum_values, integer, pattern_of};
use super::values::{Rigor, fit, fit_member};
use super::{distinct, present, rust_names};
use crate::error::{Place, Report};
use crate::load::{Entry, List};
use crate::{IntegerWidth, Kind, Location, Member, MemberForm, Presence, Shape, ShapeId, raw};

/// The shapes in the order of the file, followed by a stand-in without a name for every unknown shape.
pub(super) struct Shapes {
    pub(super) list: Vec<Shape>,
    ids: BTreeMap<String, ShapeId>,
    complete: bool,
    patterns: BTreeMap<ShapeId, Regex>,
}

impl Shapes {
    pub(super) fn get(&self, id: ShapeId) -> &Shape {
        &self.list[id.0]
    }

    pub(super) fn pattern(&self, id: ShapeId) -> Option<&Regex> {
        self.patterns.get(&id)
    }

    /// The shape of this name, or the stand-in.
    pub(super) fn find(&self, place: &Place, name: &str, report: &mut Report) -> ShapeId {
        self.ids.get(name).copied().unwrap_or_else(|| {
            if self.complete {
                report.unknown(place, "shape", name, self.ids.keys().map(String::as_str));
            }
            self.stand_in()
        })
    }

    pub(super) fn stand_in(&self) -> ShapeId {
        ShapeId(self.list.len() - 1)
    }
}

impl Shape {
    /// Whether it could be read: the stand-in has no name.
    pub(super) fn is_known(&self) -> bool {
        !self.name.is_empty()
    }

    /// The member of this name.
    pub(super) fn member(&self, name: &str, place: &Place, report: &mut Report) -> Option<&Member> {
        let found = self.members().iter().find(|member| member.name == name);
        if found.is_none() && self.is_known() {
            let known = self.members().iter().map(|member| member.name.as_str());
            report.unknown(place, "member", name, known);
        }
        found
    }

    /// Whether its values contain other values.
    pub(super) fn is_compound(&self) -> bool {
        let is_structure = matches!(self.kind, Kind::Structure { .. } | Kind::Union { .. });
        is_structure || matches!(self.kind, Kind::Document | Kind::List { .. } | Kind::Map { .. })
    }
}

/// Most members of a structure: each is a level of the expression that writes it, and compilers have a limit.
const MEMBERS: usize = 1000;

pub(super) fn resolve(List { entries, complete, .. }: List<raw::Shape>, report: &mut Report) -> Shapes {
    let list = vec![stand_in(); entries.len() + 1];
    let mut shapes = Shapes { list, ids: BTreeMap::new(), complete, patterns: BTreeMap::new() };
    for (index, entry) in entries.iter().enumerate() {
        shapes.ids.entry(entry.name.clone()).or_insert(ShapeId(index));
    }

    let mut places = Vec::new();
    for (index, Entry { place, raw, .. }) in entries.into_iter().enumerate() {
        if let Some(raw::Shape { common, kind }) = raw {
            let id = ShapeId(index);
            let kind = resolve_kind(id, kind, &place, &mut shapes, report);
            let raw::Common { name, rust_name, doc, example, deprecated, sensitive, .. } = common;
            let rust_name = rust_names::own(rust_name, &name, &place, report);
            if let Some(why) = &deprecated {
                present(&place.key("deprecated"), why, report);
            }
            shapes.list[index] =
                Shape { name, rust_name, doc, kind, sensitive, deprecated, example, ..stand_in() };
            places.push((id, place));
        }
    }
    for (id, place) in &places {
        check_values(*id, place, &shapes, report);
    }
    shapes
}

fn stand_in() -> Shape {
    Shape {
        name: String::new(),
        rust_name: String::new(),
        doc: String::new(),
        kind: Kind::Document,
        sensitive: false,
        deprecated: None,
        example: None,
        in_input: false,
        in_output: false,
        recursive: false,
        depth: 1,
    }
}

fn resolve_kind(
    id: ShapeId,
    raw: raw::Kind,
    place: &Place,
    shapes: &mut Shapes,
    report: &mut Report,
) -> Kind {
    match raw {
        raw::Kind::Boolean {} => Kind::Boolean,
        raw::Kind::Byte(range) => integer(IntegerWidth::Byte, &range, place, report),
        raw::Kind::Short(range) => integer(IntegerWidth::Short, &range, place, report),
        raw::Kind::Integer(range) => integer(IntegerWidth::Integer, &range, place, report),
        raw::Kind::Long(range) => integer(IntegerWidth::Long, &range, place, report),
        raw::Kind::Float(range) => float(false, &range, place, report),
        raw::Kind::Double(range) => float(true, &range, place, report),
        raw::Kind::String { min_length, max_length, pattern, pattern_equivalent, pattern_unchecked } => {
            let length = bounds(place, ["min_length", "max_length"], min_length, max_length, report);
            let checked = pattern_of(place, pattern, pattern_equivalent, pattern_unchecked, report);
            let pattern = checked.map(|(pattern, regex)| {
                shapes.patterns.extend(regex.map(|regex| (id, regex)));
                pattern
            });
            Kind::String { length, pattern }
        }
        raw::Kind::Enum { values } => Kind::Enum { values: enum_values(place, values, report) },
        raw::Kind::IntEnum { values } => Kind::IntEnum { values: int_enum_values(place, values, report) },
        raw::Kind::Blob { min_length, max_length } => {
            Kind::Blob { length: bounds(place, ["min_length", "max_length"], min_length, max_length, report) }
        }
        raw::Kind::Timestamp { format } => Kind::Timestamp { format: format.unwrap_or_default() },
        raw::Kind::Document {} => Kind::Document,
        raw::Kind::List { member, item, item_namespace, min_items, max_items, sparse } => Kind::List {
            member: shapes.find(&place.key("member"), &member, report),
            item: item.inspect(|item| present(&place.key("item"), item, report)),
            item_namespace,
            length: bounds(place, ["min_items", "max_items"], min_items, max_items, report),
            sparse,
        },
        raw::Kind::Map {
            key,
            value,
            key_name,
            value_name,
            key_namespace,
            value_namespace,
            min_items,
            max_items,
            sparse,
        } => Kind::Map {
            key: shapes.find(&place.key("key"), &key, report),
            value: shapes.find(&place.key("value"), &value, report),
            key_name: key_name.inspect(|name| present(&place.key("key_name"), name, report)),
            value_name: value_name.inspect(|name| present(&place.key("value_name"), name, report)),
            key_namespace,
            value_namespace,
            length: bounds(place, ["min_items", "max_items"], min_items, max_items, report),
            sparse,
        },
        raw::Kind::Structure(raw::Members { members }) => {
            if members.len() > MEMBERS {
                let fault = format!(
                    "has {} members, at most {MEMBERS} can be written in Rust; group them in structures",
                    members.len()
                );
                report.fault(&place.key("members"), fault);
            }
            Kind::Structure { members: resolve_members(place, members, shapes, report) }
        }
        raw::Kind::Union(raw::Members { members }) => {
            if members.is_empty() {
                report.fault(&place.key("members"), "is empty, list the alternatives");
            }
            Kind::Union { members: resolve_members(place, members, shapes, report) }
        }
    }
}

fn resolve_members(
    place: &Place,
    members: Vec<raw::Member>,
    shapes: &Shapes,
    report: &mut Report,
) -> Vec<Member> {
    let place = place.key("members");
    let at = |index, key| place.index(index).key(key);
    let names = members.iter().enumerate();
    distinct(names.clone().map(|(index, member)| (at(index, "name"), member.name.as_str())), report);
    let wires = names.map(|(index, member)| match &member.wire {
        Some(wire) => (at(index, "wire"), wire.as_str()),
        None => (at(index, "name"), member.name.as_str()),
    });
    distinct(wires, report);

    let resolve = |(index, member): (usize, raw::Member)| {
        let place: Place = place.index(index);
        present(&place.key("name"), &member.name, report);
        if let Some(wire) = &member.wire {
            present(&place.key("wire"), wire, report);
        }
        if let Some(why) = &member.deprecated {
            present(&place.key("deprecated"), why, report);
        }
        let form = match (member.timestamp_format, member.json_text, member.flattened) {
            (None, false, false) => MemberForm::Plain,
            (Some(format), false, false) => MemberForm::Timestamp(format),
            (None, true, false) => MemberForm::JsonText,
            (None, false, true) => MemberForm::Flattened,
            (Some(_), _, true) | (Some(_), true, _) | (None, true, true) => {
                let fault =
                    "has more than one of \"timestamp_format\", \"json_text\" and \"flattened\", keep one";
                report.fault(&place, fault);
                MemberForm::Plain
            }
        };
        Member {
            shape: shapes.find(&place.key("shape"), &member.shape, report),
            wire: member.wire.unwrap_or_else(|| member.name.clone()),
            name: member.name,
            doc: member.doc,
            presence: match (member.client_token, member.required) {
                (true, _) => Presence::Token,
                (false, true) => Presence::Required,
                (false, false) => Presence::Optional,
            },
            default: member.default,
            deprecated: member.deprecated,
            form,
            location: member.location,
            xml_attribute: member.xml_attribute,
            xml_namespace: member.xml_namespace,
        }
    };
    members.into_iter().enumerate().map(resolve).collect()
}

/// Checks that need all shapes: kinds of referenced shapes, examples and defaults.
fn check_values(id: ShapeId, place: &Place, shapes: &Shapes, report: &mut Report) {
    let shape = shapes.get(id);
    if let Some(example) = &shape.example {
        fit(shapes, id, example, Rigor::Exact, &place.key("example"), report);
    }
    if let Kind::Map { key, .. } = shape.kind {
        let key = shapes.get(key);
        if key.is_known() && !matches!(key.kind, Kind::String { .. } | Kind::Enum { .. }) {
            report.fault(&place.key("key"), format!("\"{}\" is not text, use a string or enum", key.name));
        }
    }
    for (index, member) in shape.members().iter().enumerate() {
        let place = place.key("members").index(index);
        let target = shapes.get(member.shape);
        let is_alternative = matches!(shape.kind, Kind::Union { .. });
        if is_alternative && (member.presence != Presence::Optional || member.default.is_some()) {
            report.fault(&place, "is an alternative of a union, which cannot be required or have a default");
        }
        if !target.is_known() {
            continue;
        }
        if member.is_token() && !matches!(target.kind, Kind::String { .. }) {
            report.fault(
                &place.key("client_token"),
                format!("\"{}\" is not a string, which client tokens must be", target.name),
            );
        }
        let (key, fits, wrong) = match member.form {
            MemberForm::Plain => ("", true, ""),
            MemberForm::Timestamp(_) => {
                let is_time = |shape: &Shape| matches!(shape.kind, Kind::Timestamp { .. });
                let items =
                    if let Kind::List { member, .. } = target.kind { shapes.get(member) } else { target };
                ("timestamp_format", is_time(items), "is not a timestamp, remove it")
            }
            MemberForm::JsonText => {
                let wrong = "is text already, remove it or name a list, map or structure";
                let in_header = matches!(member.location, Some(Location::Header(_)));
                let fits = target.is_compound() || (in_header && matches!(target.kind, Kind::String { .. }));
                ("json_text", fits, wrong)
            }
            MemberForm::Flattened => {
                let fits = matches!(target.kind, Kind::List { .. } | Kind::Map { .. });
                ("flattened", fits, "is neither a list nor a map, remove it")
            }
        };
        if !fits {
            report.fault(&place.key(key), format!("\"{}\" {wrong}", target.name));
        }
        if let Some(default) = &member.default {
            fit_member(shapes, member, default, Rigor::Form, &place.key("default"), report);
        }
    }
}
