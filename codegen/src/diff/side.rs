//! One of the two models that are compared.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{Operation, Service, Shape, ShapeId};
use proc_macro2::TokenStream;

use crate::{context::Context, fields::Structure, ordered::Ordered as _};

/// A model on its way to Rust, with the operations that use each shape.
pub(super) struct Side<'a> {
    pub(super) service: &'a Service,
    pub(super) context: Context<'a>,
    users: BTreeMap<ShapeId, BTreeSet<&'a str>>,
}

impl<'a> Side<'a> {
    pub(super) fn new(service: &'a Service) -> Self {
        let mut users: BTreeMap<ShapeId, BTreeSet<&str>> = BTreeMap::new();
        for operation in &service.operations {
            let errors = service.exceptions_of(operation).map(|exception| exception.shape);
            let errors = errors.chain(service.codes_of(operation).map(|code| code.shape)).flatten();
            let mut ahead: Vec<_> = [operation.input, operation.output].into_iter().chain(errors).collect();
            while let Some(id) = ahead.pop() {
                if users.entry(id).or_default().insert(&operation.name) {
                    ahead.extend(service.shape(id).references());
                }
            }
        }
        Self { service, context: Context::new(service), users }
    }

    /// Names of the operations that use a shape.
    pub(super) fn users(&self, id: ShapeId) -> impl Iterator<Item = &'a str> {
        self.users.get(&id).into_iter().flatten().copied()
    }

    pub(super) fn shape(&self, id: ShapeId) -> &'a Shape {
        self.service.shape(id)
    }

    /// Shapes that members refer to, by name.
    pub(super) fn reached(&self) -> BTreeMap<&'a str, ShapeId> {
        self.service.used_shapes().iter().map(|id| (self.shape(*id).name.as_str(), *id)).ordered()
    }

    pub(super) fn request(&self, operation: &'a Operation) -> Structure<'a> {
        Structure::request(&self.context, operation)
    }

    pub(super) fn response(&self, operation: &'a Operation) -> Structure<'a> {
        Structure::response(&self.context, operation)
    }

    pub(super) fn part(&self, id: ShapeId) -> Structure<'a> {
        Structure::part(&self.context, id)
    }

    /// Whether requests contain the shape.
    pub(super) fn is_sent(&self, id: ShapeId) -> bool {
        self.service.input_shapes().contains(&id)
    }
}

/// A type as people write it: tokens print with spaces between them.
pub(super) fn text(ty: &TokenStream) -> String {
    ty.to_string().replace(' ', "").replace(',', ", ")
}
