//! The context of the passes: a service, and the names of what is generated for it.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{ErrorCode, Kind, Operation, Service, Shape, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    HOME,
    fields::Structure,
    framing::Framing,
    limits,
    naming::{self, Names},
    ordered::Ordered as _,
    package,
    protocol::{self, Protocol},
    types,
};

/// A service, with the names that its generated files share.
pub(crate) struct Context<'a> {
    pub(crate) service: &'a Service,
    /// Its operations by name.
    pub(crate) operations: BTreeMap<&'a str, &'a Operation>,
    /// The crate that contains the generated code, by the name that programs use.
    pub(crate) krate: Ident,
    /// Name of the service's module.
    pub(crate) module: Ident,
    /// Whether only requests and responses are generated, for the runtime's own use.
    pub(crate) in_runtime: bool,
    /// The marker type of the service.
    pub(crate) marker: Ident,
    /// Types that are parts of secrets.
    pub(crate) wiped: BTreeSet<ShapeId>,
    /// Names of the types of the service's module. Texts, since each comparison of two `Ident` makes texts of both.
    pub(crate) types: BTreeSet<String>,
    /// Names of constraints.
    pub(crate) limits: BTreeMap<ShapeId, Ident>,
    /// Structures of the members of errors, each with the names of its errors on the wire.
    pub(crate) error_shapes: BTreeMap<ShapeId, Vec<&'a str>>,
    /// Names around items of lists and entries of maps.
    pub(crate) framing: Framing<'a>,
}

impl<'a> Context<'a> {
    /// A service of the crate of committed services.
    pub(crate) fn new(service: &'a Service) -> Self {
        Self::of(service, HOME)
    }

    /// A service of the crate of this name.
    pub(crate) fn of(service: &'a Service, krate: &str) -> Self {
        let mut context = Self {
            service,
            operations: service
                .operations
                .iter()
                .map(|operation| (operation.name.as_str(), operation))
                .ordered(),
            krate: naming::krate(krate),
            module: naming::service(service),
            in_runtime: false,
            marker: naming::marker(service),
            wiped: BTreeSet::new(),
            types: BTreeSet::new(),
            limits: limits(service),
            error_shapes: service.error_shapes(),
            framing: Framing::default(),
        };
        context.framing = Framing::new(&context);
        context.wiped = wiped(&context);
        let types = type_names(&context);
        context.types = types.iter().map(Ident::to_string).ordered();
        context.marker = Names::besides(types).take(naming::marker(service));
        context.types.insert(context.marker.to_string());
        context
    }

    /// The part of a service that the runtime itself calls.
    pub(crate) fn in_runtime(service: &'a Service) -> Self {
        Self { in_runtime: true, ..Self::new(service) }
    }

    /// The error codes that become variants of an operation's error.
    pub(crate) fn codes_of(&self, operation: &'a Operation) -> impl Iterator<Item = &'a ErrorCode> {
        self.service.codes_of(operation).filter(|_| !self.in_runtime)
    }

    /// The model behind the generated files, for their first lines.
    pub(crate) fn origin(&self) -> String {
        if self.krate == HOME {
            format!("model/services/{}", self.service.name)
        } else {
            package::origin(std::slice::from_ref(self.service))
        }
    }

    /// The path of the service's module.
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

    /// Names of the members whose values are sensitive, at whatever depth: wire names, and names in requests that differ.
    pub(crate) fn sensitive_members(&self) -> BTreeSet<&'a str> {
        let shapes = self.service.reached_shapes().into_iter().map(|id| self.shape(id));
        let members = shapes.flat_map(|shape| shape.members().iter().map(move |member| (shape, member)));
        members
            .filter(|(shape, member)| shape.sensitive || self.service.is_sensitive(member.shape))
            .map(|(_, member)| member.wire.as_str())
            .flat_map(|wire| [Some(wire), self.protocol().request_name(wire)])
            .flatten()
            .ordered()
    }

    /// The types in the file of an operation; `fails` if its error has a type of its own.
    pub(crate) fn operation_types(&self, operation: &Operation, fails: bool) -> BTreeSet<Ident> {
        let (request, required) = Structure::request_types(self, operation);
        let response = naming::response(&operation.rust_name);
        let error = fails.then(|| naming::error(&operation.rust_name));
        [request, response].into_iter().chain(required).chain(error).ordered()
    }

    /// The types in the file of a shape.
    pub(crate) fn shape_types(&self, id: ShapeId) -> BTreeSet<Ident> {
        if let Kind::Structure { .. } = self.shape(id).kind {
            let (name, required) = Structure::part_types(self, id);
            [name].into_iter().chain(required).ordered()
        } else {
            [naming::ty(self.shape(id))].into()
        }
    }

    /// Shapes with a type and file of their own.
    pub(crate) fn own_files(&self) -> impl Iterator<Item = ShapeId> {
        self.service.used_shapes().iter().copied().filter(|id| self.shape(*id).is_type())
    }
}

fn type_names(context: &Context<'_>) -> BTreeSet<Ident> {
    let operations =
        context.service.operations.iter().flat_map(|operation| context.operation_types(operation, true));
    let shapes = context.own_files().flat_map(|id| context.shape_types(id));
    operations.chain(shapes).ordered()
}

/// Types within the secrets of the service.
fn wiped(context: &Context<'_>) -> BTreeSet<ShapeId> {
    let mut ahead = Vec::new();
    for id in context.service.reached_shapes() {
        let shape = context.shape(id);
        ahead.extend(types::is_secret(context, id).then_some(id));
        let members = shape.members().iter().filter(|_| shape.sensitive);
        ahead.extend(members.map(|member| member.shape));
    }
    let mut wiped = BTreeSet::new();
    while let Some(id) = ahead.pop() {
        if wiped.insert(id) {
            ahead.extend(context.shape(id).references());
        }
    }
    wiped
}

fn limits(service: &Service) -> BTreeMap<ShapeId, Ident> {
    let mut names = Names::besides([naming::word(limits::ANY)]);
    let constrained = service.validated_shapes().iter().copied().filter(|id| service.is_constrained(*id));
    constrained.map(|id| (id, names.take(naming::constant(&service.shape(id).rust_name)))).ordered()
}
