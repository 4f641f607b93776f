//! What the passes know of a service beyond its model: which shapes are emitted, and under which names.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{Bounds, ErrorCode, Kind, Operation, Service, Shape, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    framing::Framing,
    limits,
    naming::{self, Names},
    protocol::{self, Protocol},
};

/// A service on its way to Rust.
pub(crate) struct Context<'a> {
    pub(crate) service: &'a Service,
    /// Its module.
    pub(crate) module: Ident,
    /// Whether only its requests and responses are made, for the runtime's own use.
    pub(crate) in_runtime: bool,
    /// The type that stands for it.
    pub(crate) marker: Ident,
    /// Types of its module.
    pub(crate) types: BTreeSet<Ident>,
    /// Shapes that members refer to.
    pub(crate) reached: BTreeSet<ShapeId>,
    /// Those that requests lead to.
    pub(crate) asked: BTreeSet<ShapeId>,
    /// Those of `asked` that have something to check.
    pub(crate) checked: BTreeSet<ShapeId>,
    /// Names of constraints.
    pub(crate) limits: BTreeMap<ShapeId, Ident>,
    /// Names around items of lists and entries of maps.
    pub(crate) framing: Framing<'a>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(service: &'a Service) -> Self {
        let asked = closure(service, service.operations.iter().map(|operation| operation.input));
        let answered = closure(service, service.operations.iter().map(|operation| operation.output));
        let mut context = Self {
            service,
            module: naming::service(service),
            in_runtime: false,
            marker: naming::marker(service),
            types: BTreeSet::new(),
            reached: asked.union(&answered).copied().collect(),
            checked: BTreeSet::new(),
            limits: BTreeMap::new(),
            framing: Framing::default(),
            asked,
        };
        context.checked = checked(&context);
        context.limits = limits(&context);
        context.framing = Framing::new(&context);
        context.types = types(&context);
        context.marker = Names::besides(context.types.iter().cloned()).take(naming::marker(service));
        context.types.insert(context.marker.clone());
        context
    }

    /// The part of a service that the runtime itself calls. Its constraints are the service's to check.
    pub(crate) fn in_runtime(service: &'a Service) -> Self {
        let mut context = Self { in_runtime: true, ..Self::new(service) };
        context.checked.clear();
        context.limits.clear();
        context
    }

    /// The error codes that an operation has a variant for each.
    pub(crate) fn codes_of(&self, operation: &'a Operation) -> impl Iterator<Item = &'a ErrorCode> {
        self.service.codes_of(operation).filter(|_| !self.in_runtime)
    }

    /// The path of its module.
    pub(crate) fn path(&self) -> TokenStream {
        match &self.service.in_runtime {
            Some(part) if self.in_runtime => {
                let module = part.module.iter().map(|part| naming::module(part));
                quote!(crate #(::#module)*)
            }
            _ => {
                let module = &self.module;
                quote!(crate::#module)
            }
        }
    }

    pub(crate) fn protocol(&self) -> &'a dyn Protocol {
        protocol::of(self.service)
    }

    pub(crate) fn shape(&self, id: ShapeId) -> &'a Shape {
        self.service.shape(id)
    }

    /// Whether values of a shape are kept out of `Debug`: it is declared so, or it is a list or map of what is.
    pub(crate) fn is_sensitive(&self, id: ShapeId) -> bool {
        let shape = self.shape(id);
        shape.sensitive || shape.elements().into_iter().any(|id| self.is_sensitive(id))
    }

    /// Wire names of the members whose values are sensitive, at whatever depth.
    pub(crate) fn sensitive_members(&self) -> BTreeSet<&'a str> {
        let operations =
            self.service.operations.iter().flat_map(|operation| [operation.input, operation.output]);
        let structures = self.reached.iter().copied().chain(operations).map(|id| self.shape(id));
        let members = structures.flat_map(|shape| shape.members().iter().map(move |member| (shape, member)));
        members
            .filter(|(shape, member)| shape.sensitive || self.is_sensitive(member.shape))
            .map(|(_, member)| member.wire.as_str())
            .collect()
    }

    /// Shapes with a type and file of their own.
    pub(crate) fn own_files(&self) -> impl Iterator<Item = ShapeId> {
        self.reached.iter().copied().filter(|id| is_type(self.shape(*id)))
    }

    /// Whether a value can break a constraint of the shape itself.
    fn is_constrained(&self, shape: &Shape) -> bool {
        match &shape.kind {
            Kind::Integer { range, .. } => range.min.is_some() || range.max.is_some(),
            Kind::Float { range, .. } => range.min.is_some() || range.max.is_some(),
            Kind::String { length, pattern } => is_bounded(*length) || pattern.is_some(),
            Kind::Blob { length } | Kind::List { length, .. } | Kind::Map { length, .. } => {
                is_bounded(*length)
            }
            Kind::Enum { values } => !values.is_empty() && self.protocol().closes_enums(),
            Kind::Boolean
            | Kind::IntEnum { .. }
            | Kind::Timestamp { .. }
            | Kind::Document
            | Kind::Structure { .. }
            | Kind::Union { .. } => false,
        }
    }
}

fn types(context: &Context<'_>) -> BTreeSet<Ident> {
    let operations = context.service.operations.iter().flat_map(|Operation { name, .. }| {
        [naming::request(name), naming::response(name), naming::error(name)]
    });
    let shapes = context.own_files().map(|id| naming::ty(context.shape(id)));
    operations.chain(shapes).collect()
}

/// Whether a shape becomes a type of its own in Rust.
fn is_type(shape: &Shape) -> bool {
    match shape.kind {
        Kind::Enum { .. } | Kind::IntEnum { .. } | Kind::Structure { .. } | Kind::Union { .. } => true,
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document
        | Kind::List { .. }
        | Kind::Map { .. } => false,
    }
}

/// Whether required members of a structure are plain fields: a response may lack what its model requires.
pub(crate) fn is_plain(shape: &Shape) -> bool {
    shape.in_input && !shape.in_output
}

/// The shapes that these structures lead to, themselves only where something refers to them.
fn closure(service: &Service, roots: impl Iterator<Item = ShapeId>) -> BTreeSet<ShapeId> {
    let mut found = BTreeSet::new();
    let mut ahead: Vec<_> = roots.flat_map(|root| service.shape(root).references()).collect();
    while let Some(id) = ahead.pop() {
        if found.insert(id) {
            ahead.extend(service.shape(id).references());
        }
    }
    found
}

/// The shapes with a constraint, their own or of something inside them.
fn checked(context: &Context<'_>) -> BTreeSet<ShapeId> {
    let mut users: BTreeMap<ShapeId, Vec<ShapeId>> = BTreeMap::new();
    for id in &context.asked {
        for inner in context.shape(*id).references() {
            users.entry(inner).or_default().push(*id);
        }
    }
    let own = |id: &ShapeId| context.is_constrained(context.shape(*id)) || needs_members(context.shape(*id));
    let mut ahead: Vec<_> = context.asked.iter().copied().filter(own).collect();
    let mut checked = BTreeSet::new();
    while let Some(id) = ahead.pop() {
        if checked.insert(id) {
            ahead.extend(users.get(&id).into_iter().flatten());
        }
    }
    checked
}

/// Whether a required member can be left out in Rust.
fn needs_members(shape: &Shape) -> bool {
    !is_plain(shape) && shape.members().iter().any(|member| member.required)
}

fn is_bounded(length: Bounds<u64>) -> bool {
    length.min.is_some_and(|min| min > 0) || length.max.is_some()
}

fn limits(context: &Context<'_>) -> BTreeMap<ShapeId, Ident> {
    let mut names = Names::besides([naming::word(limits::ANY)]);
    let constrained = context.checked.iter().copied().filter(|id| context.is_constrained(context.shape(*id)));
    constrained.map(|id| (id, names.take(naming::constant(&context.shape(id).name)))).collect()
}
