//! `framing.rs`: names around the items of lists and the entries of maps, and namespaces of elements.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{Kind, MemberForm, ShapeId, XmlNamespace};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    context::Context,
    docs::{self, Docs},
    literal,
    naming::{self, Names},
    ordered::Ordered as _,
};

/// Names around the items of lists and the entries of maps, and namespaces, each with its type.
#[derive(Default)]
pub(crate) struct Framing<'a> {
    /// Types of wrappers, by their names.
    items: BTreeMap<&'a str, Ident>,
    frames: BTreeMap<Frame<'a>, Ident>,
    /// Types of namespaces that elements declare.
    namespaces: BTreeMap<&'a XmlNamespace, Ident>,
}

impl<'a> Framing<'a> {
    pub(crate) fn new(context: &Context<'a>) -> Self {
        // On the wire, names may differ only in case or punctuation.
        let mut names = Names::besides(["Frame", "ItemName", "ListFrame", "XmlNamespace"].map(naming::word));
        let items =
            items(context).into_iter().map(|item| (item, names.take(naming::variant(item)))).ordered();
        let frames = frames(context).into_iter().map(|frame| {
            let name = names.take(frame.name());
            (frame, name)
        });
        let frames = frames.ordered();
        let namespaces = namespaces(context).into_iter().map(|namespace| {
            let name = names.take(namespace_name(namespace));
            (namespace, name)
        });
        Self { items, frames, namespaces: namespaces.ordered() }
    }

    /// Whether the service needs no such file.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty() && self.frames.is_empty() && self.namespaces.is_empty()
    }

    /// Path of the type of a wrapper's name.
    pub(crate) fn item(&self, item: &str) -> TokenStream {
        let name = &self.items[item];
        quote!(framing::#name)
    }

    /// Path of the type of a namespace.
    pub(crate) fn namespace(&self, namespace: &XmlNamespace) -> TokenStream {
        let name = &self.namespaces[namespace];
        quote!(framing::#name)
    }

    /// Path of the type of a frame.
    pub(crate) fn frame(&self, frame: &Frame<'_>) -> TokenStream {
        let name = &self.frames[frame];
        quote!(framing::#name)
    }
}

/// The name of a namespace's type: of its prefix, or else of the last word of its URI.
fn namespace_name(namespace: &XmlNamespace) -> Ident {
    let mut words = namespace.uri.rsplit(|char: char| !char.is_ascii_alphanumeric());
    let named = |word: &&str| word.starts_with(|char: char| char.is_ascii_alphabetic());
    let word = namespace.prefix.as_deref().or_else(|| words.find(named)).unwrap_or_default();
    naming::variant(&format!("{word} namespace"))
}

/// The tokens of the file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let Framing { items, frames, namespaces } = &context.framing;
    let docs = match (frames.is_empty(), namespaces.is_empty()) {
        (true, true) => "Names of the wrappers around the items of lists.",
        (false, true) => "Names around the items of lists and the entries of maps.",
        (_, false) => "Names around the items of lists and the entries of maps, and namespaces of elements.",
    };
    let docs = Docs::markdown(docs).inner();
    let items = items.iter().map(|(item, name)| {
        let doc = literal::doc(&format!("Items in {}.", docs::code(item)));
        quote! {
            #[doc = #doc]
            pub(super) struct #name;

            impl ItemName for #name {
                const NAME: &'static str = #item;
            }
        }
    });
    let frames = frames.iter().map(|(frame, name)| {
        let (doc, frame) = (literal::doc(&frame.doc()), frame.tokens());
        quote! {
            #[doc = #doc]
            pub(super) struct #name;

            impl ListFrame for #name {
                const FRAME: Frame = #frame;
            }
        }
    });
    let namespaces = namespaces.iter().map(|(XmlNamespace { uri, prefix }, name)| {
        let doc = literal::doc(&format!("The namespace {}.", docs::code(uri)));
        let prefix = prefix.as_deref().unwrap_or_default();
        quote! {
            #[doc = #doc]
            pub(super) struct #name;

            impl XmlNamespace for #name {
                const PREFIX: &'static str = #prefix;
                const URI: &'static str = #uri;
            }
        }
    });
    quote!(#docs #(#items)* #(#frames)* #(#namespaces)*)
}

/// Namespaces that elements of members, items, keys and values declare.
fn namespaces<'a>(context: &Context<'a>) -> BTreeSet<&'a XmlNamespace> {
    let of = |id: &ShapeId| {
        let shape = context.shape(*id);
        let members = shape.members().iter().map(|member| &member.xml_namespace);
        let parts = match &shape.kind {
            Kind::List { item_namespace, .. } => vec![item_namespace],
            Kind::Map { key_namespace, value_namespace, .. } => vec![key_namespace, value_namespace],
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
            | Kind::Union { .. } => Vec::new(),
        };
        members.chain(parts).flatten().collect::<Vec<_>>()
    };
    context.service.reached_shapes().iter().flat_map(of).ordered()
}

/// Names of wrappers.
fn items<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let name = |id: &_| {
        if let Kind::List { item, .. } = &context.shape(*id).kind { item.as_deref() } else { None }
    };
    context
        .service
        .used_shapes()
        .iter()
        .filter(|_| !context.protocol().frames_lists())
        .filter_map(name)
        .ordered()
}

/// Names around items or entries that differ from the protocol's own.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Frame<'a> {
    /// `None` if items and entries have the name of the list or map.
    wrapper: Option<&'a str>,
    /// Names of key and value in an entry.
    entry: Option<(&'a str, &'a str)>,
}

impl Frame<'_> {
    fn name(&self) -> Ident {
        let around = self.wrapper.map_or_else(|| "Flat".to_owned(), |wrapper| format!("In {wrapper}"));
        let (key, value) = self.entry.unwrap_or_default();
        naming::variant(format!("{around} {key} {value}").trim_end())
    }

    fn doc(&self) -> String {
        let wrapper = self.wrapper.map(|wrapper| format!("in {}", docs::code(wrapper)));
        let wrapper = wrapper.unwrap_or_else(|| "without a wrapper".to_owned());
        match self.entry {
            Some((key, value)) => {
                format!("Entries {wrapper}, with {} and {}.", docs::code(key), docs::code(value))
            }
            None => format!("Items {wrapper}."),
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
pub(crate) fn frame<'a>(context: &Context<'a>, id: ShapeId, form: MemberForm) -> Option<Frame<'a>> {
    if !context.protocol().frames_lists() {
        return None;
    }
    let flattened = form == MemberForm::Flattened;
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

/// The frames of all members, and of items and entries.
fn frames<'a>(context: &Context<'a>) -> BTreeSet<Frame<'a>> {
    let shapes = context.service.reached_shapes();
    let of = |id: &ShapeId| {
        let shape = context.shape(*id);
        let elements = shape.elements().into_iter().map(|id| (id, MemberForm::Plain));
        let members = shape.members().iter().map(|member| (member.shape, member.form));
        elements.chain(members).collect::<Vec<_>>()
    };
    shapes.iter().flat_map(of).filter_map(|(id, form)| frame(context, id, form)).ordered()
}
