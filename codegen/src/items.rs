//! `items.rs`: names of what stands around the items of lists and the entries of maps.

use std::collections::BTreeSet;

use gatewright_model::{Kind, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    context::{self, Context},
    docs::Docs,
    naming,
};

/// The file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let docs = if layouts(context).is_empty() {
        "Names of the wrappers around the items of lists."
    } else {
        "What stands around the items of lists and the entries of maps."
    };
    let docs = Docs::markdown(docs).inner();
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
    let layouts = layouts(context).into_iter().map(|layout| {
        let (name, doc, tag) = (layout.name(), layout.doc(), layout.tag());
        quote! {
            #[doc = #doc]
            pub(super) struct #name;

            impl Layout for #name {
                const TAG: &'static str = #tag;
            }
        }
    });
    quote!(#docs #(#items)* #(#layouts)*)
}

/// Whether the file has something to say.
pub(crate) fn are_there(context: &Context<'_>) -> bool {
    !names(context).is_empty() || !layouts(context).is_empty()
}

/// Names of wrappers.
fn names<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
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
    context.reached.iter().filter(|_| !context.protocol().frames_lists()).filter_map(name).collect()
}

/// Where a name stands as a type.
pub(crate) fn path(item: &str) -> TokenStream {
    let name = naming::variant(item);
    quote!(items::#name)
}

/// What stands around items or entries, where it is not the protocol's own.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Layout<'a> {
    /// None where items and entries stand under the name of the whole.
    wrapper: Option<&'a str>,
    /// Names of key and value in an entry.
    entry: Option<(&'a str, &'a str)>,
}

impl Layout<'_> {
    /// Where it stands as a type.
    pub(crate) fn path(&self) -> TokenStream {
        let name = self.name();
        quote!(items::#name)
    }

    fn name(&self) -> Ident {
        let around = self.wrapper.map_or_else(|| "Flat".to_owned(), |wrapper| format!("In {wrapper}"));
        let (key, value) = self.entry.unwrap_or_default();
        naming::variant(format!("{around} {key} {value}").trim_end())
    }

    fn doc(&self) -> String {
        let around = self.wrapper.map_or_else(|| "nothing".to_owned(), |wrapper| format!("`{wrapper}`"));
        match self.entry {
            Some((key, value)) => format!(" Entries within {around}, of `{key}` and `{value}`."),
            None => format!(" Items within {around}."),
        }
    }

    fn tag(&self) -> String {
        let (key, value) = self.entry.unwrap_or_default();
        format!("$gatewright::Laid:{}:{key}:{value}", self.wrapper.unwrap_or_default())
    }
}

/// The layout of a list or map that has one of its own.
pub(crate) fn layout<'a>(context: &Context<'a>, id: ShapeId, flattened: bool) -> Option<Layout<'a>> {
    if !context.protocol().frames_lists() {
        return None;
    }
    match &context.shape(id).kind {
        Kind::List { .. } if flattened => Some(Layout { wrapper: None, entry: None }),
        Kind::List { item, .. } => Some(Layout { wrapper: Some(item.as_deref()?), entry: None }),
        Kind::Map { key_name, value_name, .. } => {
            let wrapper = (!flattened).then_some("entry");
            let names = (key_name.as_deref(), value_name.as_deref());
            let entry = Some((names.0.unwrap_or("key"), names.1.unwrap_or("value")));
            (flattened || names != (None, None)).then_some(Layout { wrapper, entry })
        }
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Enum { .. }
        | Kind::IntEnum { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document
        | Kind::Structure { .. }
        | Kind::Union { .. } => None,
    }
}

/// Those of every member, and of what lists and maps hold.
fn layouts<'a>(context: &Context<'a>) -> BTreeSet<Layout<'a>> {
    let operations = context.service.operations.iter();
    let roots = operations.flat_map(|operation| [operation.input, operation.output]);
    let shapes: BTreeSet<_> = roots.chain(context.reached.iter().copied()).collect();
    let of = |id: &ShapeId| {
        let shape = context.shape(*id);
        let elements = context::elements(shape).into_iter().map(|id| (id, false));
        let members = context::members(shape).iter().map(|member| (member.shape, member.flattened));
        elements.chain(members).collect::<Vec<_>>()
    };
    shapes.iter().flat_map(of).filter_map(|(id, flattened)| layout(context, id, flattened)).collect()
}
