//! What leads where: requests, responses, recursion.

use std::collections::BTreeSet;

use crate::error::{Place, Report};
use crate::load::SHAPES;
use crate::{Kind, Operation, Shape, ShapeId};

/// Marks shapes by the operations that lead to them, and those that lead to themselves.
pub(super) fn mark(shapes: &mut [Shape], operations: &[Operation], report: &mut Report) {
    let inputs = closure(shapes, operations.iter().map(|operation| operation.input));
    let outputs = closure(shapes, operations.iter().map(|operation| operation.output));
    let recursive: BTreeSet<_> = (0..shapes.len())
        .map(ShapeId)
        .filter(|id| closure(shapes, references(&shapes[id.0])).contains(id))
        .collect();
    check_finite(shapes, report);
    check_named(shapes, report);
    for (index, shape) in shapes.iter_mut().enumerate() {
        let id = ShapeId(index);
        shape.in_input = inputs.contains(&id);
        shape.in_output = outputs.contains(&id);
        shape.recursive = recursive.contains(&id);
    }
}

/// These shapes and all that they lead to.
fn closure(shapes: &[Shape], from: impl IntoIterator<Item = ShapeId>) -> BTreeSet<ShapeId> {
    let mut found = BTreeSet::new();
    let mut ahead: Vec<_> = from.into_iter().collect();
    while let Some(id) = ahead.pop() {
        if found.insert(id) {
            ahead.extend(references(&shapes[id.0]));
        }
    }
    found
}

/// The shapes that a shape names.
pub(super) fn references(shape: &Shape) -> Vec<ShapeId> {
    match &shape.kind {
        Kind::List { member, .. } => vec![*member],
        Kind::Map { key, value, .. } => vec![*key, *value],
        Kind::Structure { members } | Kind::Union { members } => {
            members.iter().map(|member| member.shape).collect()
        }
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Enum { .. }
        | Kind::IntEnum { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document => Vec::new(),
    }
}

/// Reports shapes that have no value because it would have to hold itself.
fn check_finite(shapes: &[Shape], report: &mut Report) {
    let mut finite = vec![false; shapes.len()];
    loop {
        let next: Vec<_> = shapes.iter().map(|shape| has_value(shape, &finite)).collect();
        if next == finite {
            break;
        }
        finite = next;
    }
    for (shape, finite) in shapes.iter().zip(finite) {
        if !finite {
            let place = Place::file(SHAPES).key(&shape.name);
            report.fault(
                &place,
                "would have to hold itself without end, make a member on the way back optional or a list",
            );
        }
    }
}

/// Reports lists and maps that hold themselves without a structure or union in between: only those have a name in Rust.
fn check_named(shapes: &[Shape], report: &mut Report) {
    let is_container = |id: &ShapeId| matches!(shapes[id.0].kind, Kind::List { .. } | Kind::Map { .. });
    for id in (0..shapes.len()).map(ShapeId).filter(is_container) {
        let mut held = BTreeSet::new();
        let mut ahead = vec![id];
        while let Some(next) = ahead.pop() {
            let containers = references(&shapes[next.0]).into_iter().filter(is_container);
            ahead.extend(containers.filter(|inner| held.insert(*inner)));
        }
        if held.contains(&id) {
            let place = Place::file(SHAPES).key(&shapes[id.0].name);
            report.fault(&place, "holds itself, which no Rust type can say, put a structure in between");
        }
    }
}

/// Whether the shape has a value, given which others have.
fn has_value(shape: &Shape, finite: &[bool]) -> bool {
    match &shape.kind {
        Kind::Structure { members } => {
            members.iter().all(|member| !member.required || finite[member.shape.0])
        }
        // An empty one is reported as that.
        Kind::Union { members } => members.is_empty() || members.iter().any(|member| finite[member.shape.0]),
        Kind::List { member, length, .. } => length.min.is_none_or(|min| min == 0) || finite[member.0],
        Kind::Map { value, length, .. } => length.min.is_none_or(|min| min == 0) || finite[value.0],
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Enum { .. }
        | Kind::IntEnum { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document => true,
    }
}
