//! Shapes, with and without a type of their own in Rust.

use gatewright_model::{EnumValue, Kind, Member, Shape, ShapeId};

use super::{Diff, Place, Spot, code, matched, rules, side::text};
use crate::{naming, shape, types::MemberType};

impl<'a> Diff<'a> {
    pub(super) fn shapes(&mut self) {
        for (_, ids) in matched(self.old.reached(), self.new.reached()) {
            match ids {
                (Some(old), Some(new)) => {
                    let at = self.spot([old, new]);
                    self.shape(&at, [old, new]);
                }
                (None, Some(new)) => {
                    let at =
                        Spot { place: place(self.new.shape(new)), operations: users(self.new.users(new)) };
                    if self.new.shape(new).is_type() {
                        self.add(&at, &rules::TYPE_ADDED, None, code(word(&self.new.shape(new).kind)));
                    }
                }
                (Some(old), None) => {
                    let at =
                        Spot { place: place(self.old.shape(old)), operations: users(self.old.users(old)) };
                    if self.old.shape(old).is_type() {
                        self.add(&at, &rules::TYPE_REMOVED, code(word(&self.old.shape(old).kind)), None);
                    }
                }
                (None, None) => {}
            }
        }
    }

    fn spot(&self, [old, new]: [ShapeId; 2]) -> Spot {
        let operations = users(self.old.users(old).chain(self.new.users(new)));
        Spot { place: place(self.new.shape(new)), operations }
    }

    fn shape(&mut self, at: &Spot, ids: [ShapeId; 2]) {
        let [old, new] = [self.old.shape(ids[0]), self.new.shape(ids[1])];
        if old.is_type() && new.is_type() && naming::ty(old) != naming::ty(new) {
            let [old, new] = [old, new].map(|shape| code(&naming::ty(shape)));
            self.add(at, &rules::RENAMED, old, new);
        }
        match (&old.kind, &new.kind) {
            (Kind::Structure { .. }, Kind::Structure { .. }) => {
                let structures = [self.old.part(ids[0]), self.new.part(ids[1])];
                self.structure(at, &structures, ids);
            }
            (Kind::Union { members: before }, Kind::Union { members: after }) => {
                self.facts(at, ids);
                let is_sent = self.are_sent(ids);
                self.alternatives(at, is_sent, [old, new], before, after);
            }
            (Kind::Enum { values: before }, Kind::Enum { values: after }) => {
                self.facts(at, ids);
                self.values(at, &naming::ty(new).to_string(), before, after);
            }
            (Kind::IntEnum { values: before }, Kind::IntEnum { values: after }) => {
                self.facts(at, ids);
                self.numbers(at, &naming::ty(new).to_string(), before, after);
            }
            (before, after) if old.is_type() && new.is_type() => {
                self.add(at, &rules::TYPE_KIND, code(word(before)), code(word(after)));
            }
            (before, _) if old.is_type() => {
                self.add(&at.at(place(old)), &rules::TYPE_REMOVED, code(word(before)), None);
            }
            (_, after) if new.is_type() => self.add(at, &rules::TYPE_ADDED, None, code(word(after))),
            _ => {
                self.facts(at, ids);
                for (before, after) in old.elements().into_iter().zip(new.elements()) {
                    self.retargeted(at, self.are_sent(ids), [before, after]);
                }
            }
        }
    }

    fn values(&mut self, at: &Spot, ty: &str, before: &'a [EnumValue], after: &'a [EnumValue]) {
        let by_wire = |values: &'a [EnumValue]| values.iter().map(|value| (value.wire.as_str(), value));
        for (wire, values) in matched(by_wire(before), by_wire(after)) {
            let name = values.1.or(values.0).map_or(wire, |value| &value.rust_name);
            let at = at.at(Place::Variant { ty: ty.to_owned(), variant: naming::variant(name).to_string() });
            match values {
                (Some(before), Some(after)) => {
                    let EnumValue { wire: _, rust_name, doc, aliases } = before;
                    self.renamed(&at, rust_name, &after.rust_name);
                    self.texts(&at, doc, &after.doc);
                    self.names(&at, [&rules::ALIAS_ADDED, &rules::ALIAS_REMOVED], aliases, &after.aliases);
                }
                (None, Some(_)) => self.add(&at, &rules::VALUE_ADDED, None, code(wire)),
                (Some(_), None) => self.add(&at, &rules::VALUE_REMOVED, code(wire), None),
                (None, None) => {}
            }
        }
        let wires = |values: &'a [EnumValue]| values.iter().map(|value| value.wire.as_str());
        self.order(at, &rules::VALUE_ORDER, wires(before), wires(after));
    }

    fn numbers(&mut self, at: &Spot, ty: &str, before: &'a [(String, i32)], after: &'a [(String, i32)]) {
        let by_name =
            |values: &'a [(String, i32)]| values.iter().map(|(name, number)| (name.as_str(), number));
        for (name, numbers) in matched(by_name(before), by_name(after)) {
            let at = at.at(Place::Variant { ty: ty.to_owned(), variant: naming::variant(name).to_string() });
            match numbers {
                (Some(before), Some(after)) => {
                    self.differs(&at, &rules::VALUE_NUMBER, code(before), code(after));
                }
                (None, Some(after)) => self.add(&at, &rules::VALUE_ADDED, None, code(after)),
                (Some(before), None) => self.add(&at, &rules::VALUE_REMOVED, code(before), None),
                (None, None) => {}
            }
        }
        let names = |values: &'a [(String, i32)]| values.iter().map(|(name, _)| name.as_str());
        self.order(at, &rules::VALUE_ORDER, names(before), names(after));
    }

    fn alternatives(
        &mut self,
        at: &Spot,
        is_sent: bool,
        unions: [&Shape; 2],
        before: &'a [Member],
        after: &'a [Member],
    ) {
        let ty = naming::ty(unions[1]).to_string();
        let by_name = |members: &'a [Member]| members.iter().map(|member| (member.name.as_str(), member));
        for (name, members) in matched(by_name(before), by_name(after)) {
            let at = at.at(Place::Variant { ty: ty.clone(), variant: naming::variant(name).to_string() });
            let sides = [(&self.old, unions[0], members.0), (&self.new, unions[1], members.1)];
            let [old, new] = sides.map(|(side, union, member)| {
                let ty = MemberType::new(&side.context, member?, union.sensitive).ty;
                Some(code(&text(&ty)))
            });
            match members {
                (Some(before), Some(after)) => {
                    if old != new {
                        self.add(&at, &rules::MEMBER_WIRE_TYPE, old, new);
                    }
                    self.member(&at, is_sent, before, after);
                }
                (None, Some(_)) => self.add(&at, &rules::ALTERNATIVE_ADDED, None, new),
                (Some(_), None) => self.add(&at, &rules::ALTERNATIVE_REMOVED, old, None),
                (None, None) => {}
            }
        }
        let [old, new] = [(&self.old, unions[0]), (&self.new, unions[1])]
            .map(|(side, union)| code(&text(&shape::unknown_ty(&side.context, union))));
        let of_unknown = Place::Variant { ty, variant: "Unknown".to_owned() };
        self.differs(&at.at(of_unknown), &rules::MEMBER_TYPE, old, new);
        let names = |members: &'a [Member]| members.iter().map(|member| member.name.as_str());
        self.order(at, &rules::ORDER, names(before), names(after));
    }

    /// Whether requests of both models contain the shapes.
    fn are_sent(&self, ids: [ShapeId; 2]) -> bool {
        self.old.is_sent(ids[0]) && self.new.is_sent(ids[1])
    }

    /// The facts of both shapes that do not depend on their types.
    pub(super) fn facts(&mut self, at: &Spot, ids: [ShapeId; 2]) {
        self.facts_if_sent(at, self.are_sent(ids), ids);
    }

    /// The same; `is_sent` if requests contain them at this place.
    fn facts_if_sent(&mut self, at: &Spot, is_sent: bool, ids: [ShapeId; 2]) {
        let [old, new] = [self.old.shape(ids[0]), self.new.shape(ids[1])];
        let Shape {
            name: _,
            rust_name: _,
            doc,
            kind,
            sensitive,
            deprecated,
            example,
            // They follow from the shapes around.
            in_input: _,
            in_output: _,
            recursive: _,
            depth: _,
        } = old;
        self.texts(at, doc, &new.doc);
        self.deprecations(at, deprecated.as_ref(), new.deprecated.as_ref());
        let rules = [&rules::SENSITIVE, &rules::SENSITIVE_NO_MORE];
        self.gained_or_lost(at, rules, *sensitive, new.sensitive);
        if *example != new.example {
            self.add(at, &rules::EXAMPLE, None, None);
        }
        self.constraints(at, is_sent, [kind, &new.kind]);
    }

    /// Another shape of the same type; its own facts are compared where the shape is used.
    pub(super) fn retargeted(&mut self, at: &Spot, is_sent: bool, ids: [ShapeId; 2]) {
        let [old, new] = [self.old.shape(ids[0]), self.new.shape(ids[1])];
        // A type of its own is compared by itself; another one is another type.
        if old.name == new.name || old.is_type() || new.is_type() {
            return;
        }
        self.facts_if_sent(at, is_sent, ids);
        for (before, after) in old.elements().into_iter().zip(new.elements()) {
            self.retargeted(at, is_sent, [before, after]);
        }
    }
}

fn users<'n>(users: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut all: Vec<_> = users.map(str::to_owned).collect();
    all.sort();
    all.dedup();
    all
}

fn place(shape: &Shape) -> Place {
    if shape.is_type() {
        Place::Type(naming::ty(shape).to_string())
    } else {
        Place::Shape(shape.name.clone())
    }
}

fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean => "boolean",
        Kind::Integer { .. } => "integer",
        Kind::Float { .. } => "float",
        Kind::String { .. } => "string",
        Kind::Enum { .. } => "enum",
        Kind::IntEnum { .. } => "enum of numbers",
        Kind::Blob { .. } => "blob",
        Kind::Timestamp { .. } => "timestamp",
        Kind::Document => "document",
        Kind::List { .. } => "list",
        Kind::Map { .. } => "map",
        Kind::Structure { .. } => "structure",
        Kind::Union { .. } => "union",
    }
}
