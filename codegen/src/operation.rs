//! `operation/<name>.rs`: the request, response and error of an operation.

use std::collections::BTreeMap;

use gatewright_model::{Checksum, Compression, ErrorCode, HostPart, Kind, Member, Operation, Shape};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    codec,
    context::Context,
    docs::{self, Docs},
    fields::Structure,
    http, literal, naming,
    ordered::Ordered as _,
    pages, structure,
    types::MemberType,
    validate,
};

/// The tokens of the file.
pub(crate) fn file(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let docs = Docs::markdown(&format!(
        "{}: {}",
        docs::code(&operation.name),
        lower_first(&docs::escape(&operation.doc))
    ))
    .inner();
    let request = request(context, operation);
    let response = response(context, operation);
    let implementation = implementation(context, operation);
    let paginated = pages::implementation(context, operation);
    let codes: Vec<_> = context.codes_of(operation).collect();
    let error = (!codes.is_empty()).then(|| error(context, operation, &codes));

    quote!(#docs #request #implementation #paginated #response #error)
}

/// `Lists gateways.` gives `lists gateways.`, but `NFS …` stays.
pub(crate) fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    match (characters.next(), characters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => text.to_owned(),
    }
}

fn request(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let error = naming::error(&operation.rust_name);
    let links = codes(context, operation, &error.to_string());
    let known = links.map(|links| format!("Error codes: [`{error}`], which has {links}."));
    let docs = docs(context, operation, "Request of", context.shape(operation.input))
        .and(&known.unwrap_or_default());
    let structure = Structure::request(context, operation);
    let docs = docs.and_alias(&context.shape(operation.input).name, &structure.name);
    let definition = structure::definition(context, &structure, &docs);
    let codec = codec::impls(context, &structure);
    let validate = validate::structure(context, &structure);
    quote!(#definition #codec #validate)
}

fn response(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let docs = docs(context, operation, "Response of", context.shape(operation.output));
    let structure = Structure::response(context, operation);
    let docs = docs.and_alias(&context.shape(operation.output).name, &structure.name);
    let definition = structure::definition(context, &structure, &docs);
    let codec = codec::impls(context, &structure);
    quote!(#definition #codec)
}

/// Links to the variants for the known error codes of an operation, in the enum at this path.
pub(crate) fn codes(context: &Context<'_>, operation: &Operation, path: &str) -> Option<String> {
    let link = |code: &ErrorCode| {
        let variant = naming::variant(&code.rust_name);
        format!("[`{variant}`]({path}::{variant})")
    };
    let codes: Vec<_> =
        context.service.codes_of(operation).filter(|_| !context.in_runtime).map(link).collect();
    (!codes.is_empty()).then(|| codes.join(", "))
}

fn docs(context: &Context<'_>, operation: &Operation, what: &str, shape: &Shape) -> Docs {
    let (module, method) = (&context.module, naming::field(&operation.rust_name));
    let of = if context.in_runtime {
        docs::code(&operation.name)
    } else {
        format!("[`Client::{method}`](crate::{module}::Client::{method})")
    };
    Docs::markdown(&format!("{what} {of}.")).and_text(&shape.doc)
}

fn implementation(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let (name, marker) = (naming::request(&operation.rust_name), &context.marker);
    let response = naming::response(&operation.rust_name);
    let info = info(context, operation);
    let label = host_label(context, operation);
    let fill = client_token(context, operation).map(|member| {
        let field = naming::field(&member.name);
        let is_secret = MemberType::new(context, member, context.shape(operation.input).sensitive).secret;
        let token = if is_secret { quote!(|| Secret::new(token())) } else { quote!(token) };
        quote! {
            #[inline]
            fn fill_client_token(&mut self, token: &dyn Fn() -> String) {
                self.#field.get_or_insert_with(#token);
            }
        }
    });

    quote! {
        impl Operation for #name {
            const INFO: &'static OperationInfo = &#info;
            type Service = #marker;
            type Output = #response;
            #label
            #fill
        }
    }
}

/// The facts about an operation that do not depend on its types.
fn info(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let wire = &operation.name;
    let repeatable = operation.is_repeatable().then(|| quote!(.repeatable()));
    let is_empty = context.shape(operation.output).members().is_empty();
    let empty = is_empty.then(|| quote!(.with_empty_output()));
    let get = operation.accepts_get.then(|| quote!(.accepting_get()));
    let unsigned = operation.unsigned.then(|| quote!(.unsigned()));
    let prefix = host_prefix(operation);
    let wrapper = operation.result_wrapper.as_ref().map(|wrapper| quote!(.with_result_wrapper(#wrapper)));
    let compressed = operation.request_compression.map(|Compression::Gzip| quote!(.compressed()));
    let checksum = operation.request_checksum.map(|Checksum::Crc32| quote!(.with_checksum()));
    let token = client_token(context, operation).map(|member| {
        let wire = &member.wire;
        quote!(.with_client_token(#wire))
    });
    let new = match &operation.http {
        Some(http) => {
            let (target, details) = (http::target(http), http::details(context, operation, http));
            quote!(OperationInfo::http(#wire, #target) #details)
        }
        None => quote!(OperationInfo::new(#wire)),
    };
    quote!(#new #prefix #repeatable #empty #get #unsigned #compressed #checksum #wrapper #token)
}

fn host_prefix(operation: &Operation) -> Option<TokenStream> {
    let part = |part: &HostPart| match part {
        HostPart::Text(text) => quote!(HostPart::Text(#text)),
        HostPart::Member(Member { wire, .. }) => quote!(HostPart::Member(#wire)),
    };
    let parts = operation.host_prefix.iter().map(part);
    (!operation.host_prefix.is_empty()).then(|| quote!(.with_host_prefix(&[#(#parts),*])))
}

/// The function that reads members which are parts of the host name.
fn host_label(context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
    let labels = operation.host_prefix.iter().filter_map(|part| match part {
        HostPart::Member(member) => Some(member),
        HostPart::Text(_) => None,
    });
    let labels: BTreeMap<_, _> = labels.map(|member| (&member.wire, member)).ordered();
    let arms = labels.into_iter().map(|(wire, member)| {
        let field = naming::field(&member.name);
        let is_secret = MemberType::new(context, member, context.shape(operation.input).sensitive).secret;
        let value = if is_secret { quote!(self.#field.expose()) } else { quote!(self.#field) };
        let is_enum = matches!(context.shape(member.shape).kind, Kind::Enum { .. });
        match (is_enum, is_secret) {
            (true, _) => quote!(#wire => Some(#value.as_str())),
            (false, true) => quote!(#wire => Some(#value)),
            (false, false) => quote!(#wire => Some(&#value)),
        }
    });
    let arms: Vec<_> = arms.collect();
    (!arms.is_empty()).then(|| {
        quote! {
            #[inline]
            fn host_label(&self, member: &str) -> Option<&str> {
                match member {
                    #(#arms,)*
                    _ => None,
                }
            }
        }
    })
}

fn client_token<'a>(context: &Context<'a>, operation: &Operation) -> Option<&'a Member> {
    context.shape(operation.input).members().iter().find(|member| member.is_token())
}

fn error(context: &Context<'_>, operation: &Operation, codes: &[&ErrorCode]) -> TokenStream {
    let (name, request, marker) =
        (naming::error(&operation.rust_name), naming::request(&operation.rust_name), &context.marker);
    let doc = literal::doc(&format!("Operation error codes known for [`{request}`]."));
    let variants: Vec<_> = codes.iter().map(|code| naming::variant(&code.rust_name)).collect();
    let docs = codes.iter().map(|code| code_docs(code));

    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[allow(clippy::exhaustive_enums, reason = "a match over the codes of one operation is complete")]
        pub enum #name {
            #(#docs #variants,)*
            /// A code that the model does not list for this operation.
            Other(ErrorCode),
        }

        impl OperationError for #name {
            type Service = #marker;

            #[inline]
            fn from_code(code: &ErrorCode) -> Self {
                match code {
                    #(ErrorCode::#variants => Self::#variants,)*
                    other => Self::Other(other.clone()),
                }
            }
        }
    }
}

/// What a code means, and a link to its message, causes and remedies.
fn code_docs(ErrorCode { rust_name, doc, .. }: &ErrorCode) -> Docs {
    Docs::markdown(&format!("{} See [`ErrorCode::{}`].", docs::escape(doc), naming::variant(rust_name)))
}
