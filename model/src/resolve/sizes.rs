//! The size of the smallest value of a shape: one must exist, and programs must be able to hold it.

use std::collections::VecDeque;

use serde_json::Value;

use crate::error::{Place, Report};
use crate::load::SHAPES;
use crate::{Bounds, Kind, Shape, ShapeId};

/// Levels that a smallest value may nest. Readers of JSON refuse more than 127.
const DEEPEST: usize = 100;

/// Bytes, about, that a smallest value may take.
const LARGEST: u64 = 1 << 20;

/// The smallest value of a shape.
#[derive(Clone, Copy, Debug)]
struct Smallest {
    depth: usize,
    bytes: u64,
}

/// Levels of each shape's smallest value. Reports shapes without one, because it would have to contain itself, and shapes
/// whose smallest value is too deep or too large.
pub(super) fn check(shapes: &[Shape], report: &mut Report) -> Vec<usize> {
    let smallest = smallest(shapes);
    let exceeds = |id: &ShapeId| smallest[id.0].is_none_or(|value| value.bytes > LARGEST);
    for (shape, value) in shapes.iter().zip(&smallest) {
        let message = match value {
            None => {
                "would contain itself without end, make a member of the cycle optional or a list".to_owned()
            }
            // One fault, not one for each shape that holds this one.
            Some(value) if value.depth == DEEPEST + 1 => {
                format!(
                    "nests more than {DEEPEST} levels even in its smallest value, make a member on the way optional"
                )
            }
            Some(value) if value.bytes > LARGEST && !needs(shape).iter().any(exceeds) => {
                format!(
                    "takes {} bytes even in its smallest value, at most {LARGEST}; lower a minimum or make members optional",
                    value.bytes
                )
            }
            Some(_) => continue,
        };
        report.fault(&Place::file(SHAPES).key(&shape.name), message);
    }
    smallest.into_iter().map(|value| value.map_or(1, |value| value.depth)).collect()
}

/// Shapes become known level by level: each with the last shape that its value needs, a union with the first.
fn smallest(shapes: &[Shape]) -> Vec<Option<Smallest>> {
    let mut known = vec![None; shapes.len()];
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); shapes.len()];
    let mut missing = Vec::with_capacity(shapes.len());
    let mut ahead = VecDeque::new();
    for (index, shape) in shapes.iter().enumerate() {
        let needs = needs(shape);
        for id in &needs {
            users[id.0].push(index);
        }
        missing.push(if is_choice(shape) { needs.len().min(1) } else { needs.len() });
        if needs.is_empty() {
            ahead.push_back((index, 1));
        }
    }
    while let Some((index, depth)) = ahead.pop_front() {
        if known[index].is_some() {
            continue;
        }
        known[index] = Some(Smallest { depth, bytes: bytes(&shapes[index], &known) });
        for user in &users[index] {
            missing[*user] = missing[*user].saturating_sub(1);
            if missing[*user] == 0 && known[*user].is_none() {
                ahead.push_back((*user, depth + 1));
            }
        }
    }
    known
}

/// The shapes that a value needs; a union needs only one of its shapes.
fn needs(shape: &Shape) -> Vec<ShapeId> {
    match &shape.kind {
        Kind::Structure { members } => {
            members.iter().filter(|member| member.is_required()).map(|member| member.shape).collect()
        }
        Kind::List { length, .. } | Kind::Map { length, .. } if minimum(*length) == 0 => Vec::new(),
        Kind::Union { .. } | Kind::List { .. } | Kind::Map { .. } => shape.references(),
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

fn is_choice(shape: &Shape) -> bool {
    matches!(shape.kind, Kind::Union { .. })
}

fn minimum(length: Bounds<u64>) -> u64 {
    length.min.unwrap_or_default()
}

/// Approximate bytes of the smallest value, given the bytes of the values that it needs.
fn bytes(shape: &Shape, known: &[Option<Smallest>]) -> u64 {
    let needed = needs(shape);
    let of_needed = needed.iter().filter_map(|id| known[id.0]).map(|value| value.bytes);
    let example = shape.example.as_ref().and_then(Value::as_str).map_or(0, str::len) as u64;
    match &shape.kind {
        Kind::Structure { .. } => of_needed.fold(2, u64::saturating_add),
        Kind::Union { .. } => of_needed.min().unwrap_or_default().saturating_add(2),
        Kind::List { length, .. } | Kind::Map { length, .. } => {
            of_needed.fold(1, u64::saturating_add).saturating_mul(minimum(*length)).saturating_add(2)
        }
        Kind::String { length, .. } => minimum(*length).max(example),
        Kind::Blob { length } => minimum(*length).saturating_mul(2).max(example),
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::Enum { .. }
        | Kind::IntEnum { .. }
        | Kind::Timestamp { .. }
        | Kind::Document => 8,
    }
}
