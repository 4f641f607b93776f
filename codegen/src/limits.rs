//! `limits.rs`: the constraints that requests are validated against, each written once.

use gatewright_model::{Bounds, Kind, Pattern, ShapeId};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::{
    context::Context,
    docs::{self, Docs},
    literal,
};

/// Name of the constraint without limits.
pub(crate) const ANY: &str = "ANY";

/// The tokens of the file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let docs = Docs::markdown("Constraints of scalars, lists and maps, named after their shapes.").inner();
    let any = has_any(context).then(|| {
        quote! {
            /// No limit.
            pub(super) const ANY: Bounds<usize> = Bounds { min: None, max: None };
        }
    });
    let limits = context.limits.iter().map(|(id, name)| {
        let shape = context.shape(*id);
        let doc = literal::doc(&format!("Constraint of {}.", docs::code(&shape.name)));
        let item = limit(name, &shape.kind);
        quote!(#[doc = #doc] #item)
    });
    quote!(#docs #any #(#limits)*)
}

/// Path of a shape's constraint.
pub(crate) fn path(context: &Context<'_>, id: ShapeId) -> TokenStream {
    match context.limits.get(&id) {
        Some(name) => quote!(limits::#name),
        None => quote!(limits::ANY),
    }
}

/// Whether a list or map is checked only for its items or entries.
fn has_any(context: &Context<'_>) -> bool {
    let unlimited = context.service.validated_shapes().iter().filter(|id| !context.limits.contains_key(id));
    unlimited
        .map(|id| &context.shape(*id).kind)
        .any(|kind| matches!(kind, Kind::List { .. } | Kind::Map { .. }))
}

fn limit(name: &proc_macro2::Ident, kind: &Kind) -> TokenStream {
    match kind {
        Kind::Integer { width: _, range } => {
            let bounds = bounds(*range, literal::integer);
            quote!(pub(super) const #name: Bounds<i64> = #bounds;)
        }
        Kind::Float { double: _, range } => {
            let bounds = bounds(*range, literal::float);
            quote!(pub(super) const #name: Bounds<f64> = #bounds;)
        }
        Kind::String { length, pattern } => {
            let length = self::length(*length);
            let pattern = literal::option(pattern.as_ref().and_then(|Pattern { source, checked }| {
                let (source, checked) = (literal::raw(source), literal::raw(checked.as_ref()?));
                Some(quote!(Pattern::new(#source, #checked)))
            }));
            quote! {
                pub(super) static #name: Text =
                    Text { length: #length, pattern: #pattern };
            }
        }
        Kind::Blob { length } | Kind::List { length, .. } | Kind::Map { length, .. } => {
            let length = self::length(*length);
            quote!(pub(super) const #name: Bounds<usize> = #length;)
        }
        Kind::Enum { values } => {
            let values = values.iter().map(|value| &value.wire);
            quote!(pub(super) const #name: &[&str] = &[#(#values),*];)
        }
        Kind::Boolean
        | Kind::IntEnum { .. }
        | Kind::Timestamp { .. }
        | Kind::Document
        | Kind::Structure { .. }
        | Kind::Union { .. } => quote!(),
    }
}

/// A lower bound of zero is dropped, because no length is below it.
fn length(Bounds { min, max }: Bounds<u64>) -> TokenStream {
    bounds(Bounds { min: min.filter(|min| *min > 0), max }, literal::integer)
}

fn bounds<T, L: ToTokens>(Bounds { min, max }: Bounds<T>, literal: impl Fn(T) -> L) -> TokenStream {
    let bound = |bound: Option<T>| literal::option(bound.map(&literal));
    let (min, max) = (bound(min), bound(max));
    quote!(Bounds { min: #min, max: #max })
}
