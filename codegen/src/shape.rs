//! `shape/<name>.rs`: a structure, union or enum that members refer to.

use gatewright_model::{Kind, Member, Shape, ShapeId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    codec, constraint_docs,
    context::Context,
    docs::{self, Docs},
    enums,
    fields::{Role, Structure},
    naming, structure, types, validate,
};

/// The tokens of the file; empty for a shape without one.
pub(crate) fn file(context: &Context<'_>, id: ShapeId) -> TokenStream {
    let shape = context.shape(id);
    let docs = Docs::markdown(&format!("`{}`.", shape.name)).inner();
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
    quote!(#docs #items)
}

fn type_docs(shape: &Shape) -> Docs {
    docs::deprecated(Docs::text(&shape.doc), shape.deprecated.as_ref())
}

fn structure(context: &Context<'_>, id: ShapeId) -> TokenStream {
    let shape = context.shape(id);
    let structure = Structure::new(context, naming::ty(shape), type_docs(shape), shape, Role::Part);
    let definition = structure::definition(context, &structure);
    let codec = codec::impls(context, &structure);
    let validate =
        context.service.validated_shapes().contains(&id).then(|| validate::structure(context, &structure));
    quote!(#definition #codec #validate)
}

/// Exactly one of several members; a member that the model does not list is kept with its name.
fn union(context: &Context<'_>, id: ShapeId, members: &[Member]) -> TokenStream {
    let shape = context.shape(id);
    let (name, docs) = (naming::ty(shape), type_docs(shape));
    let title = name.to_string();
    let hides = shape.sensitive || members.iter().any(|member| context.service.is_sensitive(member.shape));
    let derives = if hides { quote!(Clone, PartialEq) } else { quote!(Clone, Debug, PartialEq) };
    let variants = members.iter().map(|member| {
        let docs = constraint_docs::member(context, member);
        let (variant, ty) = (naming::variant(&member.name), member_ty(context, member));
        quote!(#docs #variant(#ty))
    });
    let written = members.iter().map(|member| {
        let (variant, wire) = (naming::variant(&member.name), &member.wire);
        let write = match types::encode_form(context, member) {
            Some(form) => quote!(required_as::<#form, _>(#wire, value)),
            None => quote!(required(#wire, value)),
        };
        quote!(Self::#variant(value) => encode::structure(serializer)?.#write?.end())
    });
    let read = members.iter().map(|member| {
        let (variant, wire) = (naming::variant(&member.name), &member.wire);
        let read = match types::decode_form(context, member) {
            Some(form) => quote!(read_optional_as::<#form, _>(&mut value)),
            None => quote!(read(&mut value)),
        };
        quote!(#wire => {
            let mut value = None;
            member.#read?;
            value.map(Self::#variant)
        })
    });
    let debug = hides.then(|| debug(context, shape, members));
    let deserialize = codec::deserialize(&name);
    let validate =
        context.service.validated_shapes().contains(&id).then(|| validate::union(context, &name, id));

    quote! {
        #docs
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A member that the model does not list: its name and value.
            Unknown(String, Document),
        }

        #debug

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
                Self::Unknown(String::new(), Document::Null)
            }

            fn member<'de, M: MapAccess<'de>>(
                &mut self,
                name: &str,
                member: decode::Member<'_, M>,
            ) -> Result<(), M::Error> {
                // Responses may contain other members that are null.
                let read = match name {
                    #(#read)*
                    "__type" => return member.skip(),
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

fn member_ty(context: &Context<'_>, member: &Member) -> TokenStream {
    let ty = types::ty(context, member.shape);
    if types::is_boxed(context, member.shape) { quote!(Box<#ty>) } else { ty }
}

fn debug(context: &Context<'_>, shape: &Shape, members: &[Member]) -> TokenStream {
    let name = naming::ty(shape);
    let arms = members.iter().map(|member| {
        let (variant, title) = (naming::variant(&member.name), naming::variant(&member.name).to_string());
        if shape.sensitive || context.service.is_sensitive(member.shape) {
            quote!(Self::#variant(_) => f.debug_tuple(#title).field(&"***").finish())
        } else {
            quote!(Self::#variant(value) => f.debug_tuple(#title).field(value).finish())
        }
    });
    quote! {
        impl fmt::Debug for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    #(#arms,)*
                    Self::Unknown(name, _) => f.debug_tuple("Unknown").field(name).field(&"***").finish(),
                }
            }
        }
    }
}
