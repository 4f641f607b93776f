//! A structure: the type, its constructor, its setters and its `Debug`.

use gatewright_model::Kind;
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    constraint_docs,
    context::Context,
    fields::{Field, Role, Structure},
    types::{self, Argument},
};

/// Clippy reports more arguments than this.
const MANY_ARGUMENTS: usize = 7;
/// Clippy reports more plain booleans than this.
const MANY_BOOLS: usize = 3;

/// The type with its own methods.
pub(crate) fn definition(context: &Context<'_>, structure: &Structure<'_>) -> TokenStream {
    let Structure { name, docs, fields, .. } = structure;
    let derives = derives(structure);
    let expects = expect_bools(context, structure);
    let fields = fields.iter().map(|field| {
        let docs = constraint_docs::member(context, field.member);
        let (name, ty) = (&field.name, field.full_ty());
        quote!(#docs pub #name: #ty)
    });
    let methods = methods(context, structure);
    let debug = structure.hides_something().then(|| debug(structure));

    quote! {
        #docs
        #[derive(#derives)]
        #[non_exhaustive]
        #expects
        pub struct #name {
            #(#fields),*
        }

        #methods
        #debug
    }
}

fn derives(structure: &Structure<'_>) -> TokenStream {
    let debug = (!structure.hides_something()).then(|| quote!(Debug,));
    let default = structure.has_default().then(|| quote!(Default,));
    quote!(Clone, #debug #default PartialEq)
}

fn expect_bools(context: &Context<'_>, structure: &Structure<'_>) -> Option<TokenStream> {
    let is_boolean = |field: &Field<'_>| matches!(context.shape(field.member.shape).kind, Kind::Boolean);
    let bools = structure.fields.iter().filter(|field| !field.optional && is_boolean(field));
    (bools.count() > MANY_BOOLS).then(|| {
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
    let (arguments, others): (Vec<&Field<'_>>, Vec<_>) =
        structure.fields.iter().partition(|field| field.argument);
    let what = match structure.role {
        Role::Request => "request",
        Role::Response => "response",
        Role::Part => "value",
    };
    if arguments.is_empty() {
        let (doc, default) = (format!(" Creates a {what} with no member set."), structure.default());
        return quote! {
            #[doc = #doc]
            #[inline]
            pub fn new() -> Self {
                #default
            }
        };
    }
    let doc = format!(" Creates a {what} from its required members.");
    let many = (arguments.len() > MANY_ARGUMENTS)
        .then(|| quote!(#[expect(clippy::too_many_arguments, reason = "the service requires them all")]));
    let parameters = arguments.iter().map(|field| {
        let (name, Argument { ty, .. }) = (&field.name, types::argument(context, field.member));
        quote!(#name: #ty)
    });
    let given = arguments.iter().map(|field| assigned(context, field));
    let rest = match (structure.has_default(), others.as_slice()) {
        (_, []) => quote!(),
        (true, _) => {
            let default = structure.default();
            quote!(..#default)
        }
        (false, others) => {
            let names = others.iter().map(|field| &field.name);
            quote!(#(#names: None),*)
        }
    };
    quote! {
        #[doc = #doc]
        #many
        #[inline]
        pub fn new(#(#parameters),*) -> Self {
            Self { #(#given,)* #rest }
        }
    }
}

/// `name: value`, or the short form for an argument that is the value.
fn assigned(context: &Context<'_>, field: &Field<'_>) -> TokenStream {
    let (name, argument) = (&field.name, types::argument(context, field.member));
    match (field.optional, &argument.conversion) {
        (true, _) => {
            let value = argument.value(name);
            quote!(#name: Some(#value))
        }
        (false, Some(value)) => quote!(#name: #value),
        (false, None) => quote!(#name),
    }
}

fn setter(context: &Context<'_>, field: &Field<'_>) -> TokenStream {
    let (name, argument) = (&field.name, types::argument(context, field.member));
    let (ty, value) = (&argument.ty, argument.value(name));
    let doc = format!(" Sets [`{name}`](field@Self::{name}).");
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

/// `Debug` that shows `***` for sensitive values.
fn debug(structure: &Structure<'_>) -> TokenStream {
    let name = &structure.name;
    let title = name.to_string();
    let fields = structure.fields.iter().map(|field| {
        let (name, title) = (&field.name, field.name.to_string());
        match (field.sensitive, field.optional) {
            (true, true) => quote!(.field(#title, &self.#name.as_ref().map(|_| "***"))),
            (true, false) => quote!(.field(#title, &"***")),
            (false, _) => quote!(.field(#title, &self.#name)),
        }
    });
    quote! {
        impl fmt::Debug for #name {
            #[inline]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(#title) #(#fields)* .finish()
            }
        }
    }
}
