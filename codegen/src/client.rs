//! `client.rs`: the client, with one method per operation.

use gatewright_model::{Checksum, Compression, Member, Operation};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    context::Context,
    digest,
    docs::{self, Docs},
    example, naming, operation, waiters,
};

/// The tokens of the file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let marker = &context.marker;
    let title = docs::escape(&context.service.title);
    let docs = Docs::markdown(&format!("Client of {title}.")).inner();
    let client_docs = Docs::markdown(&format!(
        "Client of {title}. Cheap to clone; clones share connections, credentials and the retry budget."
    ));
    let methods = context.service.operations.iter().map(|operation| method(context, operation));
    let waits = waiters::methods(context).into_values();

    quote! {
        #docs

        #client_docs
        #[derive(Clone, Debug)]
        pub struct Client {
            client: gatewright_runtime::Client,
        }

        impl Client {
            /// Creates a client configured from the environment and the shared profile files.
            ///
            /// # Errors
            /// Fails if a setting is missing or invalid.
            #[expect(clippy::unused_async, reason = "sources of settings may await later without a new signature")]
            pub async fn from_env() -> Result<Self, BuildError> {
                Self::builder().build()
            }

            /// Returns a builder. Settings that are not set come from the environment and the shared profile files.
            #[inline]
            pub fn builder() -> ClientBuilder<Self> {
                ClientBuilder::new()
            }

            #(#methods)*
            #(#waits)*
        }

        impl ServiceClient for Client {
            type Service = #marker;

            #[inline]
            fn from_client(client: gatewright_runtime::Client) -> Self {
                Self { client }
            }
        }

        /// The underlying client. It gives access to endpoint, region, clock offset, retry tokens, and calls of operations chosen by name.
        impl AsRef<gatewright_runtime::Client> for Client {
            #[inline]
            fn as_ref(&self) -> &gatewright_runtime::Client {
                &self.client
            }
        }
    }
}

fn method(context: &Context<'_>, operation: &Operation) -> TokenStream {
    let (name, request) = (naming::field(&operation.rust_name), naming::request(&operation.rust_name));
    let docs = docs(context, operation).and_alias(&operation.name, &name);
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
    let has_token = context.shape(operation.input).members().iter().any(Member::is_token);
    let mut facts = vec![if operation.read_only {
        "Read-only: retried after any transient failure."
    } else if operation.idempotent {
        "Idempotent: retried after any transient failure."
    } else if has_token {
        "Idempotent by its client token: retried after any transient failure, with the same token."
    } else {
        "Not idempotent: retried only if the service cannot have executed the request."
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
        facts.push("Large requests are compressed with gzip.");
    }
    if let Some(Checksum::Crc32) = operation.request_checksum {
        facts.push(
            "Sent with a CRC-32 of the body, unless a header has a checksum or names another algorithm.",
        );
    }
    facts.extend(operation.pagination.as_ref().map(|pagination| {
        if pagination.items.is_some() {
            "Paginated: [`Call::pages`] and [`Call::items`] fetch all pages."
        } else {
            "Paginated: [`Call::pages`] fetches all pages."
        }
    }));
    let [request, response, error] =
        [naming::request, naming::response, naming::error].map(|name| name(&operation.rust_name));
    let codes = operation::codes(context, operation, "super::ErrorCode");
    let types = format!("Request: [`{request}`]. Response: [`{response}`](super::{response}).");
    let codes = codes.map(|codes| format!("Error codes: [`{error}`](super::{error}), which has {codes}."));
    let docs = Docs::text(&operation.doc).and(&facts.join(" ")).and(&types).and(&codes.unwrap_or_default());
    let docs = docs::deprecated(docs, operation.deprecated.as_ref());
    match example::call(context, operation) {
        Some(example) if operation.deprecated.is_none() => docs.and_example(&example),
        Some(_) | None => docs,
    }
}
