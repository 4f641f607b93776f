//! Implementations of serde's traits for a structure, without its derive macros.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    context::Context,
    fields::{Field, Role, Structure},
    types::{self, Argument},
};

/// `Serialize`, `Deserialize` and `decode::Structure`.
pub(crate) fn impls(context: &Context<'_>, structure: &Structure<'_>) -> TokenStream {
    let name = &structure.name;
    let written = structure.fields.iter().map(|field| written(context, field));
    // Requests are read only by calls of operations by name and by fakes.
    let is_read = !(context.in_runtime && structure.role == Role::Request);
    let deserialize = is_read.then(|| deserialize(name));
    let decode = is_read.then(|| decode(context, structure));

    quote! {
        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::structure(serializer)? #(#written?)* .end()
            }
        }

        #deserialize
        #decode
    }
}

/// `Deserialize` through `decode::Structure`.
pub(crate) fn deserialize(name: &Ident) -> TokenStream {
    quote! {
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::structure(deserializer)
            }
        }
    }
}

fn written(context: &Context<'_>, field: &Field<'_>) -> TokenStream {
    let (name, wire) = (&field.name, &field.member.wire);
    match (types::encode_form(context, field.member, &field.ty), field.optional) {
        (None, false) => quote!(.required(#wire, &self.#name)),
        (None, true) => quote!(.optional(#wire, &self.#name)),
        (Some(form), false) => quote!(.required_as::<#form, _>(#wire, &self.#name)),
        (Some(form), true) => quote!(.optional_as::<#form, _>(#wire, &self.#name)),
    }
}

fn decode(context: &Context<'_>, structure: &Structure<'_>) -> TokenStream {
    let name = &structure.name;
    let title = name.to_string();
    let required: Vec<_> =
        structure.fields.iter().filter(|field| !field.optional).map(|field| &field.member.wire).collect();
    let required =
        (!required.is_empty()).then(|| quote!(const REQUIRED: &'static [&'static str] = &[#(#required),*];));
    let members = members(context, structure);
    let blank = blank(context, structure);
    let member = member(context, structure);

    quote! {
        impl decode::Structure for #name {
            const NAME: &'static str = #title;
            #required
            #members

            #[inline]
            fn blank() -> Self {
                #blank
            }

            #member
        }
    }
}

/// Names of members, if they are found by other names as well.
fn members(context: &Context<'_>, structure: &Structure<'_>) -> Option<TokenStream> {
    let protocol = context.protocol();
    let is_lenient =
        protocol.ignores_case() && (structure.role != Role::Request || protocol.renames_in_requests());
    let wires = structure.fields.iter().map(|field| &field.member.wire);
    (is_lenient && !structure.fields.is_empty())
        .then(|| quote!(const MEMBERS: &'static [&'static str] = &[#(#wires),*];))
}

fn blank(context: &Context<'_>, structure: &Structure<'_>) -> TokenStream {
    if structure.has_default() {
        return structure.default();
    }
    let arguments = structure.arguments();
    match (&structure.required, arguments.as_slice()) {
        (Some(required), several) => {
            let names = several.iter().map(|field| &field.name);
            let blanks = several.iter().map(|field| types::blank(context, field));
            quote!(Self::new(#required { #(#names: #blanks),* }))
        }
        (None, single) => {
            let blank = single.iter().map(|field| Argument::new(context, field).blank);
            quote!(Self::new(#(#blank),*))
        }
    }
}

fn member(context: &Context<'_>, structure: &Structure<'_>) -> TokenStream {
    if structure.fields.is_empty() {
        return quote! {
            fn member<'de, M: MapAccess<'de>>(
                &mut self,
                _name: &str,
                member: decode::Member<'_, M>,
            ) -> Result<(), M::Error> {
                member.skip()
            }
        };
    }
    let arms = structure.fields.iter().map(|field| {
        let (name, wire) = (&field.name, &field.member.wire);
        match (types::decode_form(context, field.member, &field.ty), field.optional) {
            (None, _) => quote!(#wire => member.read(&mut self.#name)),
            (Some(form), false) => quote!(#wire => member.read_as::<#form, _>(&mut self.#name)),
            (Some(form), true) => quote!(#wire => member.read_optional_as::<#form, _>(&mut self.#name)),
        }
    });
    quote! {
        fn member<'de, M: MapAccess<'de>>(
            &mut self,
            name: &str,
            member: decode::Member<'_, M>,
        ) -> Result<(), M::Error> {
            match name {
                #(#arms,)*
                _ => member.skip(),
            }
        }
    }
}
