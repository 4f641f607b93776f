//! Makes all identifiers. Names come from [`gatewright_model::naming`], except for names that the templates themselves use in
//! every file.

use std::collections::BTreeSet;

use gatewright_model::{PartitionTable, Service, Shape, naming};
use proc_macro2::{Ident, Span};

use crate::{imports, ordered::Ordered as _};

/// Type of a shape.
pub(crate) fn ty(shape: &Shape) -> Ident {
    type_name(naming::ty(&shape.rust_name))
}

/// Marker type of a service.
pub(crate) fn marker(service: &Service) -> Ident {
    type_name(naming::ty(&service.name))
}

/// A crate, as its users name it.
pub(crate) fn krate(package: &str) -> Ident {
    ident(&package.replace('-', "_"))
}

/// Module of a service.
pub(crate) fn service(service: &Service) -> Ident {
    ident(&naming::module(&service.name))
}

/// Request type of an operation.
pub(crate) fn request(operation: &str) -> Ident {
    type_name(naming::request_ty(operation))
}

/// Response type of an operation.
pub(crate) fn response(operation: &str) -> Ident {
    type_name(naming::response_ty(operation))
}

/// Type whose fields are the required members of an operation's request, or of a shape.
pub(crate) fn required(name: &str) -> Ident {
    type_name(naming::required_ty(name))
}

/// Error type of an operation.
pub(crate) fn error(operation: &str) -> Ident {
    type_name(naming::error_ty(operation))
}

/// Module of an operation or shape.
pub(crate) fn module(name: &str) -> Ident {
    ident(&naming::module(name))
}

/// Field, setter, method or argument.
pub(crate) fn field(name: &str) -> Ident {
    ident(&naming::field(name))
}

/// Method of a client that waits.
pub(crate) fn wait_method(waiter: &str) -> Ident {
    ident(&naming::wait_method(waiter))
}

/// Variant of an enum.
pub(crate) fn variant(value: &str) -> Ident {
    ident(&naming::variant(value))
}

/// Static or constant.
pub(crate) fn constant(name: &str) -> Ident {
    ident(&naming::constant(name))
}

/// The private names of a module, each different from the others.
#[derive(Default)]
pub(crate) struct Names {
    taken: BTreeSet<Ident>,
}

impl Names {
    /// Starts with the names that a module already defines or imports.
    pub(crate) fn besides(taken: impl IntoIterator<Item = Ident>) -> Self {
        Self { taken: taken.into_iter().ordered() }
    }

    /// Takes a name, with a trailing `_` for each time that it was taken before.
    pub(crate) fn take(&mut self, mut name: Ident) -> Ident {
        while !self.taken.insert(name.clone()) {
            name = ident(&format!("{name}_"));
        }
        name
    }
}

/// The table of partitions.
pub(crate) fn table(table: &PartitionTable) -> Ident {
    ident(&naming::constant(&table.name))
}

/// A name that the templates themselves use gets a trailing `_`, as keywords do.
fn type_name(mut name: String) -> Ident {
    if imports::is_taken(&name) {
        name.push('_');
    }
    ident(&name)
}

/// An HTTP method, which is a constant in Rust.
pub(crate) fn method(name: &str) -> Ident {
    ident(name)
}

/// An identifier that is fixed in this crate.
pub(crate) fn word(word: &'static str) -> Ident {
    ident(word)
}

#[expect(clippy::disallowed_methods, reason = "the one place that makes identifiers")]
fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
