//! `types/<name>.rs`: a structure, union or enum that members refer to.

use gatewright_model::{Kind, Member, Shape, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    codec, constraint_docs,
    context::Context,
    docs::{self, Docs},
    enums, errors,
    fields::Structure,
    naming, structure,
    types::{self, MemberType},
    validate,
};

/// The tokens of the file; empty for a shape without one.
pub(crate) fn file(context: &Context<'_>, id: ShapeId) -> TokenStream {
    let shape = context.shape(id);
    let docs = Docs::markdown(&format!("{}.", docs::code(&shape.name))).inner();
    let items = match &shape.kind {
        Kind::Structure { .. } => structure(context, id),
        Kind::Union { members } => union(context, id, members),
        Kind::Enum { values } => enums::open(&naming::ty(shape), &type_docs(shape), values),
        Kind::IntEnum { values } => enums::numbers(&naming::ty(shape), &type_docs(shape), values),
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document
        | Kind::List { .. }
        | Kind::Map { .. } => quote!(),
    };
    let wipe = context.wiped.contains(&id).then(|| wipe(shape));
    quote!(#docs #items #wipe)
}

fn type_docs(shape: &Shape) -> Docs {
    docs::deprecated(Docs::text(&shape.doc), shape.deprecated.as_ref())
        .and_alias(&shape.name, &naming::ty(shape))
}

fn structure(context: &Context<'_>, id: ShapeId) -> TokenStream {
    let structure = Structure::part(context, id);
    let docs = errors::members_docs(context, id, type_docs(context.shape(id)));
    let definition = structure::definition(context, &structure, &docs);
    let codec = codec::impls(context, &structure);
    let validate =
        context.service.validated_shapes().contains(&id).then(|| validate::structure(context, &structure));
    let members = errors::members(context, id);
    quote!(#definition #codec #validate #members)
}

/// How a value of the shape is overwritten, which is part of a secret.
fn wipe(shape: &Shape) -> TokenStream {
    let name = naming::ty(shape);
    let body = match &shape.kind {
        Kind::Structure { members } => {
            let fields = members.iter().map(|member| naming::field(&member.name));
            // A setter may be called `wipe`.
            quote!(#(Wipe::wipe(&mut self.#fields);)*)
        }
        Kind::Union { members } => {
            let variants = members.iter().map(|member| naming::variant(&member.name));
            quote! {
                match self {
                    #(Self::#variants(value) => value.wipe(),)*
                    Self::Unknown(_, value) => value.wipe(),
                }
            }
        }
        Kind::IntEnum { .. } => quote!(*self = Self::Unknown(0);),
        Kind::Enum { .. } => quote! {
            if let Self::Unknown(value) = self {
                value.wipe();
            }
            *self = Self::Unknown(String::new());
        },
        Kind::Boolean
        | Kind::Integer { .. }
        | Kind::Float { .. }
        | Kind::String { .. }
        | Kind::Blob { .. }
        | Kind::Timestamp { .. }
        | Kind::Document
        | Kind::List { .. }
        | Kind::Map { .. } => quote!(),
    };
    quote! {
        impl Wipe for #name {
            fn wipe(&mut self) {
                #body
            }
        }
    }
}

/// The type of a value that a union does not list.
pub(crate) fn unknown_ty(context: &Context<'_>, union: &Shape) -> TokenStream {
    if hides_unknown(context, union) { quote!(Secret<Document>) } else { quote!(Document) }
}

/// What a union does not list may be secret as well, if any of its members is.
fn hides_unknown(context: &Context<'_>, union: &Shape) -> bool {
    union.sensitive || union.members().iter().any(|member| context.service.is_sensitive(member.shape))
}

/// Exactly one of several members; a member that the model does not list is kept with its name.
fn union(context: &Context<'_>, id: ShapeId, members: &[Member]) -> TokenStream {
    let shape = context.shape(id);
    let (name, docs) = (naming::ty(shape), type_docs(shape));
    let title = name.to_string();
    let members: Vec<_> =
        members.iter().map(|member| (member, MemberType::new(context, member, shape.sensitive))).collect();
    let unknown = unknown_ty(context, shape);
    let blank = quote!(Document::Null);
    let blank = if hides_unknown(context, shape) { quote!(Secret::new(#blank)) } else { blank };
    let variants = members.iter().map(|(member, MemberType { ty, .. })| {
        let docs = constraint_docs::member(context, member);
        let variant = naming::variant(&member.name);
        quote!(#docs #variant(#ty))
    });
    let written = members.iter().map(|(member, ty)| {
        let (variant, wire) = (naming::variant(&member.name), &member.wire);
        let write = match types::encode_form(context, member, ty) {
            Some(form) => quote!(required_as::<#form, _>(#wire, value)),
            None => quote!(required(#wire, value)),
        };
        quote!(Self::#variant(value) => encode::structure(serializer)?.#write?.end())
    });
    let read = members.iter().map(|(member, ty)| {
        let (variant, wire) = (naming::variant(&member.name), &member.wire);
        let read = match types::decode_form(context, member, ty) {
            Some(form) => quote!(read_optional_as::<#form, _>(&mut value)),
            None => quote!(read(&mut value)),
        };
        quote!(#wire => {
            let mut value = None;
            member.#read?;
            value.map(Self::#variant)
        })
    });
    let has_type = members.iter().any(|(member, _)| member.wire == "__type");
    let skip_type = (!has_type).then(|| quote!("__type" => return member.skip(),));
    let deserialize = codec::deserialize(&name);
    let validate =
        context.service.validated_shapes().contains(&id).then(|| validate::union(context, &name, id));

    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A member that the model does not list: its name and value.
            Unknown(String, #unknown),
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#written,)*
                    Self::Unknown(name, value) => serializer.collect_map([(name, value)]),
                }
            }
        }

        #deserialize

        impl decode::Structure for #name {
            const NAME: &'static str = #title;

            fn blank() -> Self {
                Self::Unknown(String::new(), #blank)
            }

            fn member<'de, M: MapAccess<'de>>(
                &mut self,
                name: &str,
                member: decode::Member<'_, M>,
            ) -> Result<(), M::Error> {
                // Responses may contain other members that are null.
                let read = match name {
                    #(#read)*
                    #skip_type
                    _ => {
                        let mut value = None;
                        member.read(&mut value)?;
                        value.map(|value| Self::Unknown(name.to_owned(), value))
                    }
                };
                if let Some(read) = read {
                    *self = read;
                }
                Ok(())
            }
        }

        #validate
    }
}
