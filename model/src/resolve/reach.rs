//! Which operations use a shape, and which shapes are recursive.

use super::sizes;
use crate::error::{Place, Report};
use crate::load::SHAPES;
use crate::used::closure;
use crate::{Kind, Operation, Shape, ShapeId};

/// Maximum nesting of lists and maps without a structure or union in between: each is a level of a type in Rust.
const NESTED: usize = 16;

/// Marks shapes that requests, responses and errors use, and recursive ones. `sure` means that every operation and
/// shape could be read, so that an unused shape is a fault.
pub(super) fn mark(
    shapes: &mut [Shape],
    operations: &[Operation],
    of_errors: &[ShapeId],
    sure: bool,
    report: &mut Report,
) {
    let inputs = closure(shapes, operations.iter().map(|operation| operation.input));
    let outputs = operations.iter().map(|operation| operation.output);
    let outputs = closure(shapes, outputs.chain(of_errors.iter().copied()));
    let all: Vec<_> = shapes.iter().map(Shape::references).collect();
    let recursive = Components::of(&all).recursive;
    let depths = sizes::check(shapes, report);
    check_nesting(shapes, &all, report);
    for (index, shape) in shapes.iter_mut().enumerate() {
        let id = ShapeId(index);
        shape.in_input = inputs.contains(&id);
        shape.in_output = outputs.contains(&id);
        shape.recursive = recursive[index];
        shape.depth = depths[index];
    }
    // The stand-in is used by unknown references, whose intended shape may then seem unused.
    let is_reached = |shape: &Shape| shape.in_input || shape.in_output;
    if sure && shapes.iter().all(|shape| shape.is_known() || !is_reached(shape)) {
        for shape in shapes.iter().filter(|shape| shape.is_known() && !is_reached(shape)) {
            let place = Place::file(SHAPES).key(&shape.name);
            report.fault(&place, "is not used by any request, response or error, refer to it or remove it");
        }
    }
}

/// Reports lists and maps that contain themselves, or nest too deep, without a structure or union in between: only these have a
/// name in Rust.
fn check_nesting(shapes: &[Shape], references: &[Vec<ShapeId>], report: &mut Report) {
    let is_container = |id: &ShapeId| matches!(shapes[id.0].kind, Kind::List { .. } | Kind::Map { .. });
    let held = |index: usize| {
        let is_one = is_container(&ShapeId(index));
        references[index].iter().copied().filter(|id| is_one && is_container(id)).collect::<Vec<_>>()
    };
    let held: Vec<_> = (0..shapes.len()).map(held).collect();
    let Components { recursive, order } = Components::of(&held);
    let mut levels = vec![0_usize; shapes.len()];
    for index in order.into_iter().filter(|index| is_container(&ShapeId(*index))) {
        let place = || Place::file(SHAPES).key(&shapes[index].name);
        if recursive[index] {
            report.fault(
                &place(),
                "contains itself, which no Rust type can express, put a structure in between",
            );
            continue;
        }
        levels[index] = 1 + held[index].iter().map(|id| levels[id.0]).max().unwrap_or_default();
        if levels[index] == NESTED + 1 {
            let message = format!("nests more than {NESTED} lists and maps, put a structure in between");
            report.fault(&place(), message);
        }
    }
}

/// Cycles of a graph: Tarjan's strongly connected components, without recursion.
struct Components {
    /// Whether each node is part of a cycle.
    recursive: Vec<bool>,
    /// The nodes, each after the nodes that it refers to, except within a cycle.
    order: Vec<usize>,
}

impl Components {
    fn of(edges: &[Vec<ShapeId>]) -> Self {
        const NEW: usize = usize::MAX;
        let count = edges.len();
        let mut components = Self { recursive: vec![false; count], order: Vec::with_capacity(count) };
        let (mut number, mut lowest) = (vec![NEW; count], vec![NEW; count]);
        let (mut open, mut is_open) = (Vec::new(), vec![false; count]);
        let mut next = 0;
        for root in 0..count {
            // Nodes of the current path, each with the number of edges that were followed.
            let mut way = if number[root] == NEW { vec![(root, 0)] } else { Vec::new() };
            while let Some((node, followed)) = way.pop() {
                if followed == 0 {
                    (number[node], lowest[node]) = (next, next);
                    next += 1;
                    open.push(node);
                    is_open[node] = true;
                } else {
                    // Returned from the previous edge.
                    let ShapeId(target) = edges[node][followed - 1];
                    if is_open[target] {
                        lowest[node] = lowest[node].min(lowest[target]);
                    }
                }
                if let Some(ShapeId(target)) = edges[node].get(followed) {
                    components.recursive[node] |= *target == node;
                    way.push((node, followed + 1));
                    if number[*target] == NEW {
                        way.push((*target, 0));
                    }
                    continue;
                }
                if lowest[node] == number[node] {
                    components.close(node, &mut open, &mut is_open);
                }
            }
        }
        components
    }

    /// Takes the component of a node from the open ones.
    fn close(&mut self, node: usize, open: &mut Vec<usize>, is_open: &mut [bool]) {
        let start = open.iter().rposition(|other| *other == node).unwrap_or_default();
        let members = open.split_off(start);
        for member in &members {
            is_open[*member] = false;
            self.recursive[*member] |= members.len() > 1;
        }
        self.order.extend(members);
    }
}
