//! Enums whose unknown values are kept.

use gatewright_model::EnumValue;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    docs::{self, Docs},
    literal, naming,
};

/// A value of an enum of texts.
pub(crate) struct Variant<'a> {
    pub(crate) wire: &'a str,
    /// Name that the variant's is made of.
    pub(crate) rust_name: &'a str,
    pub(crate) aliases: &'a [String],
    pub(crate) docs: Docs,
}

/// An enum of texts on the wire.
pub(crate) fn open(name: &Ident, docs: &Docs, values: &[EnumValue]) -> TokenStream {
    let variants = values.iter().map(|EnumValue { wire, rust_name, doc, aliases }| {
        let docs =
            if doc.is_empty() { Docs::markdown(&format!("{}.", docs::code(wire))) } else { Docs::text(doc) };
        let docs = docs.and_alias(wire, &naming::variant(rust_name));
        Variant { wire, rust_name, aliases, docs }
    });
    texts(name, docs, &variants.collect::<Vec<_>>())
}

/// An enum of texts, from its variants.
pub(crate) fn texts(name: &Ident, docs: &Docs, variants: &[Variant<'_>]) -> TokenStream {
    let names: Vec<_> = variants.iter().map(|variant| naming::variant(variant.rust_name)).collect();
    let variant_docs = variants.iter().map(|variant| &variant.docs);
    let wires: Vec<_> = variants.iter().map(|variant| variant.wire).collect();
    let spellings = variants.iter().map(|Variant { wire, aliases, .. }| quote!(#wire #(| #aliases)*));
    // Clippy reports a match with a single arm.
    let (as_str, from) = if variants.is_empty() {
        (quote!(let Self::Unknown(value) = self; value), quote!(Self::Unknown(value.to_owned())))
    } else {
        let as_str = quote! {
            match self {
                #(Self::#names => #wires,)*
                Self::Unknown(value) => value,
            }
        };
        let from = quote! {
            match value {
                #(#spellings => Self::#names,)*
                _ => Self::Unknown(value.to_owned()),
            }
        };
        (as_str, from)
    };

    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #names,)*
            /// A value that the model does not list, as received.
            Unknown(String),
        }

        impl #name {
            /// Returns the value on the wire.
            #[inline]
            pub fn as_str(&self) -> &str {
                #as_str
            }
        }

        impl From<&str> for #name {
            #[inline]
            fn from(value: &str) -> Self {
                #from
            }
        }

        gatewright_runtime::wire_name!(#name);
    }
}

/// An enum of integers on the wire.
pub(crate) fn numbers(name: &Ident, docs: &Docs, values: &[(String, i32)]) -> TokenStream {
    let names: Vec<_> = values.iter().map(|(name, _)| naming::variant(name)).collect();
    let numbers: Vec<_> = values.iter().map(|(_, number)| literal::integer(number)).collect();
    let variant_docs =
        values.iter().map(|(name, number)| Docs::markdown(&format!("{}, {number}.", docs::code(name))));

    quote! {
        #docs
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #names,)*
            /// A value that the model does not list, as received.
            Unknown(i32),
        }

        impl From<i32> for #name {
            #[inline]
            fn from(value: i32) -> Self {
                match value {
                    #(#numbers => Self::#names,)*
                    _ => Self::Unknown(value),
                }
            }
        }

        impl From<#name> for i32 {
            #[inline]
            fn from(value: #name) -> Self {
                match value {
                    #(#name::#names => #numbers,)*
                    #name::Unknown(value) => value,
                }
            }
        }

        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i32(i32::from(*self))
            }
        }

        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                i32::deserialize(deserializer).map(Self::from)
            }
        }
    }
}
