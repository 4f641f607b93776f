//! `items.rs`: the names of what wraps the items of lists.

use std::collections::BTreeSet;

use gatewright_model::Kind;
use proc_macro2::TokenStream;
use quote::quote;

use crate::{context::Context, docs::Docs, naming};

/// The file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let docs = Docs::markdown("Names of the wrappers around the items of lists.").inner();
    let items = names(context).into_iter().map(|item| {
        let (name, doc) = (naming::variant(item), format!(" `{item}`."));
        quote! {
            #[doc = #doc]
            pub(super) struct #name;

            impl ItemName for #name {
                const NAME: &'static str = #item;
            }
        }
    });
    quote!(#docs #(#items)*)
}

/// The names, if there are any.
pub(crate) fn names<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let name = |id: &_| match &context.shape(*id).kind {
        Kind::List { item, .. } => item.as_deref(),
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Enum { .. }
        | Kind::IntEnum { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document
        | Kind::Map { .. }
        | Kind::Structure { .. }
        | Kind::Union { .. } => None,
    };
    context.reached.iter().filter_map(name).collect()
}

/// Where a name stands as a type.
pub(crate) fn path(item: &str) -> TokenStream {
    let name = naming::variant(item);
    quote!(items::#name)
}
