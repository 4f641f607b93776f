//! `framing.rs`: names around the items of lists and the entries of maps.

use std::collections::BTreeSet;

use gatewright_model::{Kind, ShapeId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{context::Context, docs::Docs, naming};

/// The file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let docs = if frames(context).is_empty() {
        "Names of the wrappers around the items of lists."
    } else {
        "Names around the items of lists and the entries of maps."
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
    let frames = frames(context).into_iter().map(|frame| {
        let (name, doc, frame) = (frame.name(), frame.doc(), frame.tokens());
        quote! {
            #[doc = #doc]
            pub(super) struct #name;

            impl ListFrame for #name {
                const FRAME: Frame = #frame;
            }
        }
    });
    quote!(#docs #(#items)* #(#frames)*)
}

/// Whether there is such a file.
pub(crate) fn is_there(context: &Context<'_>) -> bool {
    !names(context).is_empty() || !frames(context).is_empty()
}

/// Names of wrappers.
fn names<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let name = |id: &_| {
        if let Kind::List { item, .. } = &context.shape(*id).kind { item.as_deref() } else { None }
    };
    context.reached.iter().filter(|_| !context.protocol().frames_lists()).filter_map(name).collect()
}

/// Path of a name's type.
pub(crate) fn path(item: &str) -> TokenStream {
    let name = naming::variant(item);
    quote!(framing::#name)
}

/// Names around items or entries that differ from the protocol's own.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Frame<'a> {
    /// `None` if items and entries have the name of the whole.
    wrapper: Option<&'a str>,
    /// Names of key and value in an entry.
    entry: Option<(&'a str, &'a str)>,
}

impl Frame<'_> {
    /// Path of its type.
    pub(crate) fn path(&self) -> TokenStream {
        let name = self.name();
        quote!(framing::#name)
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

    fn tokens(&self) -> TokenStream {
        let frame =
            self.wrapper.map_or_else(|| quote!(Frame::FLAT), |wrapper| quote!(Frame::within(#wrapper)));
        let entries = self.entry.map(|(key, value)| quote!(.with_entries(#key, #value)));
        quote!(#frame #entries)
    }
}

/// The frame of a list or map that has one of its own.
pub(crate) fn frame<'a>(context: &Context<'a>, id: ShapeId, flattened: bool) -> Option<Frame<'a>> {
    if !context.protocol().frames_lists() {
        return None;
    }
    match &context.shape(id).kind {
        Kind::List { .. } if flattened => Some(Frame { wrapper: None, entry: None }),
        Kind::List { item, .. } => Some(Frame { wrapper: Some(item.as_deref()?), entry: None }),
        Kind::Map { key_name, value_name, .. } => {
            let wrapper = (!flattened).then_some("entry");
            let names = (key_name.as_deref(), value_name.as_deref());
            let entry = Some((names.0.unwrap_or("key"), names.1.unwrap_or("value")));
            (flattened || names != (None, None)).then_some(Frame { wrapper, entry })
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

/// The frames of every member, and of what lists and maps hold.
fn frames<'a>(context: &Context<'a>) -> BTreeSet<Frame<'a>> {
    let operations = context.service.operations.iter();
    let roots = operations.flat_map(|operation| [operation.input, operation.output]);
    let shapes: BTreeSet<_> = roots.chain(context.reached.iter().copied()).collect();
    let of = |id: &ShapeId| {
        let shape = context.shape(*id);
        let elements = shape.elements().into_iter().map(|id| (id, false));
        let members = shape.members().iter().map(|member| (member.shape, member.flattened));
        elements.chain(members).collect::<Vec<_>>()
    };
    shapes.iter().flat_map(of).filter_map(|(id, flattened)| frame(context, id, flattened)).collect()
}
