//! A structure: the type, its constructor and its setters.
//!
//! A constructor takes no argument if no member is required, the member itself if one is, and otherwise a struct that names
//! them, so that arguments are never swapped and their order means nothing.

use gatewright_model::Kind;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    constraint_docs,
    context::Context,
    docs::Docs,
    fields::{Field, Role, Structure},
    literal,
    types::{self, Argument},
};

/// Clippy reports more plain booleans than this.
const MANY_BOOLS: usize = 3;

/// The type with its own methods.
pub(crate) fn definition(context: &Context<'_>, structure: &Structure<'_>, docs: &Docs) -> TokenStream {
    let Structure { name, fields, .. } = structure;
    let default = structure.has_default().then(|| quote!(Default,));
    let expects = expect_bools(context, &fields.iter().filter(|field| !field.optional).collect::<Vec<_>>());
    let fields = fields.iter().map(|field| {
        let (name, ty) = (&field.name, field.full_ty());
        let docs = constraint_docs::member(context, field.member).and_alias(&field.member.wire, name);
        quote!(#docs pub #name: #ty)
    });
    let methods = methods(context, structure);
    let required = structure.required.as_ref().map(|required| self::required(context, structure, required));

    quote! {
        #docs
        #[derive(Clone, Debug, #default PartialEq)]
        #[non_exhaustive]
        #expects
        pub struct #name {
            #(#fields),*
        }

        #methods
        #required
    }
}

/// The type that names the arguments of the constructor. A new one must not be forgotten: the type is exhaustive, and has no
/// default.
fn required(context: &Context<'_>, structure: &Structure<'_>, required: &Ident) -> TokenStream {
    let (name, arguments) = (&structure.name, structure.arguments());
    let docs = literal::doc(&format!("Required members of [`{name}`], for its constructor."));
    let expects = expect_bools(context, &arguments);
    let fields = arguments.iter().map(|field| {
        let docs = constraint_docs::meaning(context, field.member);
        let (name, ty) = (&field.name, types::unboxed(context, field));
        quote!(#docs pub #name: #ty)
    });
    quote! {
        #[doc = #docs]
        #[derive(Clone, Debug)]
        #expects
        pub struct #required {
            #(#fields),*
        }
    }
}

fn expect_bools(context: &Context<'_>, fields: &[&Field<'_>]) -> Option<TokenStream> {
    let is_boolean = |field: &&&Field<'_>| {
        !field.ty.secret && matches!(context.shape(field.member.shape).kind, Kind::Boolean)
    };
    (fields.iter().filter(is_boolean).count() > MANY_BOOLS).then(|| {
        quote!(#[expect(clippy::struct_excessive_bools, reason = "the members of the service's structure")])
    })
}

fn methods(context: &Context<'_>, structure: &Structure<'_>) -> TokenStream {
    let name = &structure.name;
    let constructor = constructor(context, structure);
    // Within its own crate, fields are set directly.
    let set = structure.fields.iter().filter(|_| !context.in_runtime);
    let setters = set.map(|field| setter(context, field));
    quote! {
        impl #name {
            #constructor
            #(#setters)*
        }
    }
}

fn constructor(context: &Context<'_>, structure: &Structure<'_>) -> TokenStream {
    let what = match structure.role {
        Role::Request => "request",
        Role::Response => "response",
        Role::Part => "value",
    };
    let arguments = structure.arguments();
    let (members, parameter, given): (_, _, Vec<_>) = match (arguments.as_slice(), &structure.required) {
        ([argument], _) => {
            let (name, passed) = (&argument.name, Argument::new(context, argument));
            let ty = &passed.ty;
            ("its required member", quote!(#name: #ty), vec![assigned(argument, passed.conversion)])
        }
        (several, Some(required)) => {
            let assigned = |field: &&Field<'_>| {
                let name = &field.name;
                let value = quote!(required.#name);
                assigned(field, Some(types::boxed(field, &value).unwrap_or(value)))
            };
            ("its required members", quote!(required: #required), several.iter().map(assigned).collect())
        }
        (_, None) => {
            let doc = literal::doc(&format!("Creates a {what} with no member set."));
            let default = structure.default();
            return quote! {
                #[doc = #doc]
                #[inline]
                pub fn new() -> Self {
                    #default
                }
            };
        }
    };
    let doc = literal::doc(&format!("Creates a {what} from {members}."));
    let others: Vec<_> =
        structure.fields.iter().filter(|field| !field.argument).map(|field| &field.name).collect();
    let rest = match (structure.has_default(), others.as_slice()) {
        (_, []) => quote!(),
        (true, _) => {
            let default = structure.default();
            quote!(..#default)
        }
        (false, others) => quote!(#(#others: None),*),
    };
    quote! {
        #[doc = #doc]
        #[inline]
        pub fn new(#parameter) -> Self {
            Self { #(#given,)* #rest }
        }
    }
}

/// `name: value`, or the short form for an argument that is the value; `None` if the argument needs no conversion.
fn assigned(field: &Field<'_>, value: Option<TokenStream>) -> TokenStream {
    let name = &field.name;
    match (field.optional, value) {
        (true, value) => {
            let value = value.unwrap_or_else(|| quote!(#name));
            quote!(#name: Some(#value))
        }
        (false, Some(value)) => quote!(#name: #value),
        (false, None) => quote!(#name),
    }
}

fn setter(context: &Context<'_>, field: &Field<'_>) -> TokenStream {
    let (name, argument) = (&field.name, Argument::new(context, field));
    let (ty, value) = (&argument.ty, argument.value(name));
    let doc = literal::doc(&format!("Sets [`{name}`](field@Self::{name})."));
    let deprecated = field.member.deprecated.as_ref().map(|why| quote!(#[deprecated(note = #why)]));
    let value = if field.optional { quote!(Some(#value)) } else { value };
    quote! {
        #[doc = #doc]
        #[must_use]
        #deprecated
        #[inline]
        pub fn #name(mut self, #name: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}
