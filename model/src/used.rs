//! Which shapes the operations of a service use, and queries about shapes that need the whole service.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Bounds, Kind, Member, Operation, Service, Shape, ShapeId};

/// Sets of shapes that the operations of a service use.
#[derive(Clone, Debug, Default)]
pub(crate) struct UsedShapes {
    used: BTreeSet<ShapeId>,
    inputs: BTreeSet<ShapeId>,
    pub(crate) validated: BTreeSet<ShapeId>,
}

impl Service {
    /// The shape behind a reference.
    pub fn shape(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.0]
    }

    /// Shapes of errors, and shapes that members of requests and responses refer to, directly or through others.
    pub fn used_shapes(&self) -> &BTreeSet<ShapeId> {
        &self.used.used
    }

    /// Shapes that members of requests refer to, directly or through others.
    pub fn input_shapes(&self) -> &BTreeSet<ShapeId> {
        &self.used.inputs
    }

    /// Input shapes with a constraint, of their own or of a shape inside.
    pub fn validated_shapes(&self) -> &BTreeSet<ShapeId> {
        &self.used.validated
    }

    /// Requests and responses, and the shapes that they use.
    pub fn reached_shapes(&self) -> BTreeSet<ShapeId> {
        let messages = self.operations.iter().flat_map(|operation| [operation.input, operation.output]);
        messages.chain(self.used.used.iter().copied()).collect()
    }

    /// Whether a value can break a constraint of the shape itself.
    pub fn is_constrained(&self, id: ShapeId) -> bool {
        let shape = self.shape(id);
        match &shape.kind {
            Kind::Integer { width: _, range } => range.min.is_some() || range.max.is_some(),
            Kind::Float { double: _, range } => range.min.is_some() || range.max.is_some(),
            Kind::String { length, pattern } => {
                is_bounded(*length) || pattern.as_ref().is_some_and(|pattern| pattern.checked.is_some())
            }
            Kind::Blob { length } | Kind::List { length, .. } | Kind::Map { length, .. } => {
                is_bounded(*length)
            }
            Kind::Enum { .. } => self.protocol.closes_enums(),
            Kind::Boolean
            | Kind::IntEnum { .. }
            | Kind::Timestamp { .. }
            | Kind::Document
            | Kind::Structure { .. }
            | Kind::Union { .. } => false,
        }
    }

    /// Whether values of a shape are sensitive: the shape is declared so, or is a list or map of sensitive values.
    pub fn is_sensitive(&self, id: ShapeId) -> bool {
        let shape = self.shape(id);
        shape.sensitive || shape.elements().into_iter().any(|id| self.is_sensitive(id))
    }

    /// Finds the shapes that the operations use.
    pub(crate) fn find_used(&mut self) {
        let used = |of: fn(&Operation) -> ShapeId| {
            let messages = self.operations.iter().map(|operation| self.shape(of(operation)));
            closure(&self.shapes, messages.flat_map(Shape::references))
        };
        let inputs = used(|operation| operation.input);
        let errors = closure(&self.shapes, self.error_shapes().into_keys());
        let used = &(&inputs | &used(|operation| operation.output)) | &errors;
        self.used = UsedShapes { validated: self.validated(&inputs), used, inputs };
    }

    fn validated(&self, inputs: &BTreeSet<ShapeId>) -> BTreeSet<ShapeId> {
        let mut users: BTreeMap<ShapeId, Vec<ShapeId>> = BTreeMap::new();
        for id in inputs {
            for inner in self.shape(*id).references() {
                users.entry(inner).or_default().push(*id);
            }
        }
        let own = |id: &ShapeId| self.is_constrained(*id) || self.shape(*id).needs_members();
        let mut ahead: Vec<_> = inputs.iter().copied().filter(own).collect();
        let mut validated = BTreeSet::new();
        while let Some(id) = ahead.pop() {
            if validated.insert(id) {
                ahead.extend(users.get(&id).into_iter().flatten());
            }
        }
        validated
    }
}

impl Shape {
    /// Whether a required member can be left out in Rust.
    fn needs_members(&self) -> bool {
        !self.is_only_sent() && self.members().iter().any(Member::is_required)
    }
}

fn is_bounded(length: Bounds<u64>) -> bool {
    length.min.is_some_and(|min| min > 0) || length.max.is_some()
}

/// These shapes and all shapes that they refer to, directly or through others.
pub(crate) fn closure(shapes: &[Shape], from: impl IntoIterator<Item = ShapeId>) -> BTreeSet<ShapeId> {
    let mut found = BTreeSet::new();
    let mut ahead: Vec<_> = from.into_iter().collect();
    while let Some(id) = ahead.pop() {
        if found.insert(id) {
            ahead.extend(shapes[id.0].references());
        }
    }
    found
}
