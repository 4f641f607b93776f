//! `client.rs`: the client, a method an operation.

use gatewright_model::{Compression, Operation};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    context::Context,
    digest,
    docs::{self, Docs},
    example, naming,
};

/// The file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let marker = &context.marker;
    let title = docs::escape(&context.service.title);
    let docs = Docs::markdown(&format!("The client of {title}.")).inner();
    let client_docs = Docs::markdown(&format!(
        "Calls {title}. Cheap to clone; clones share connections, credentials and retry budget."
    ));
    let methods = context.service.operations.iter().map(|operation| method(context, operation));

    quote! {
        #docs

        #client_docs
        #[derive(Clone, Debug)]
        pub struct Client {
            client: gatewright_runtime::Client,
        }

        impl Client {
            /// A client set up from the environment and the shared profile files.
            ///
            /// # Errors
            /// A setting that is missing, or that cannot be used.
            #[expect(clippy::unused_async, reason = "a source of settings that takes time changes no caller")]
            pub async fn from_env() -> Result<Self, BuildError> {
                Self::builder().build()
            }

            /// Sets up a client: what is not set comes from the environment and the shared profile files.
            #[inline]
            pub fn builder() -> ClientBuilder<Self> {
                ClientBuilder::new()
            }

            #(#methods)*
        }

        impl ServiceClient for Client {
            type Service = #marker;

            #[inline]
            fn from_client(client: gatewright_runtime::Client) -> Self {
                Self { client }
            }
        }

        /// What calls of operations chosen by name are made with.
        impl AsRef<gatewright_runtime::Client> for Client {
            #[inline]
            fn as_ref(&self) -> &gatewright_runtime::Client {
                &self.client
            }
        }
    }
}

fn method(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let (name, request) = (naming::field(&operation.name), naming::request(&operation.name));
    let docs = docs(context, operation);
    let deprecated = operation.deprecated.as_ref().map(|why| quote!(#[deprecated(note = #why)]));
    quote! {
        #docs
        #deprecated
        #[inline]
        pub fn #name(&self, request: #request) -> Call<#request> {
            self.client.call(request)
        }
    }
}

fn docs(context: &Context<'_>, operation: &Operation) -> Docs {
    let has_token = context.shape(operation.input).members().iter().any(|member| member.client_token);
    let mut facts = vec![if operation.read_only {
        "Changes nothing at the service: retried after any passing failure."
    } else if operation.idempotent {
        "Sent twice, it leaves the service as sent once: retried after any passing failure."
    } else if has_token {
        "Its client token makes it safe to send twice: retried after any passing failure, with the same token."
    } else {
        "Sent twice, it may be executed twice: retried only where the service cannot have executed it."
    }];
    if operation.unsigned {
        facts.push("Sent without credentials and signature.");
    }
    let host =
        format!("Sent to the endpoint's host with `{}` before its name.", digest::host_prefix(operation));
    if !operation.host_prefix.is_empty() {
        facts.push(&host);
    }
    if let Some(Compression::Gzip) = operation.request_compression {
        facts.push("Sent compressed by gzip, where its request is large.");
    }
    if operation.pagination.is_some() || operation.numbered_pages.is_some() {
        facts.push("Comes in pages: [`Call::pages`] and [`Call::items`] fetch them all.");
    }
    let codes: Vec<_> = context
        .service
        .codes_of(operation)
        .map(|code| {
            let variant = naming::variant(&code.value);
            format!("[`{variant}`](super::ErrorCode::{variant})")
        })
        .collect();
    let codes =
        if codes.is_empty() { String::new() } else { format!("Known error codes: {}.", codes.join(", ")) };
    let docs = Docs::text(&operation.doc).and(&facts.join(" ")).and(&codes);
    let docs = docs::deprecated(docs, operation.deprecated.as_ref());
    match example::call(context, operation) {
        Some(example) if operation.deprecated.is_none() => docs.and_example(&example),
        Some(_) | None => docs,
    }
}
