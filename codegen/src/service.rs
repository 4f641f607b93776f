//! `mod.rs` of a service, and the lists of its modules.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{Auth, Operation, Service};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    context::Context,
    docs::{self, Docs},
    example, literal, naming,
    ordered::Ordered as _,
    protocol, waiters,
};

/// The service's own module.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let service = context.service;
    let title = docs::escape(&service.title);
    let docs =
        Docs::markdown(&format!("Client for {title}, API version {}.", docs::escape(&service.version)))
            .and_text(&service.doc);
    let docs = match example::tour(context).filter(|_| !context.in_runtime) {
        Some(tour) => docs.and_example(&tour),
        None => docs,
    };
    let operations = service.operations.iter().flat_map(|operation| types_of(context, operation));
    let operations: BTreeSet<_> = operations.ordered();
    let shapes: BTreeSet<_> = context.own_files().flat_map(|id| context.shape_types(id)).ordered();
    let docs = contents(context, docs, !shapes.is_empty()).inner();
    let (visible, again) = visibility(context);
    let types = (!shapes.is_empty()).then(|| {
        quote!(
            #visible mod types;
        )
    });
    let shapes = (!shapes.is_empty()).then(|| quote!(#again pub use types::{#(#shapes),*};));
    let operations = (!operations.is_empty()).then(|| quote!(#again pub use operation::{#(#operations),*};));
    let limits = (!context.service.validated_shapes().is_empty()).then(|| {
        quote!(
            mod limits;
        )
    });
    let framing = (!context.framing.is_empty()).then(|| {
        quote!(
            mod framing;
        )
    });
    let waiters = waiters::all(service).next().map(|_| {
        quote!(
            mod waiters;
        )
    });
    let info = info(context, &TokenStream::new());
    let known_responses = known_responses(context);
    let (client, clients) = if context.in_runtime { (None, None) } else { client() };
    let errors = (!context.in_runtime).then(|| quote!(Error,));

    quote! {
        #docs

        #known_responses
        #client
        mod endpoints;
        #visible mod error;
        #framing
        #limits
        #visible mod operation;
        #types
        #waiters

        #clients
        pub use error::{#errors ErrorCode, Exception};
        #operations
        #shapes

        #info
    }
}

/// What the service's module holds, for its page. Lists of hundreds of types are on pages of their own.
fn contents(context: &Context<'_>, docs: Docs, has_types: bool) -> Docs {
    if context.in_runtime {
        return docs;
    }
    let types = has_types
        .then(|| "[`types`]: structures, unions and enums within requests and responses.".to_owned());
    let items = [
        "[`Client`]: a method per operation.".to_owned(),
        "[`operation`]: requests, responses and error codes, one module per operation.".to_owned(),
        "[`error`]: the [`Error`] of every call, [`ErrorCode`]s and [`Exception`]s, with causes and remedies.".to_owned(),
    ];
    let example = context.service.operations.first().map(|operation| {
        format!(
            "Requests, responses and types can also be imported from this module: `use {}::{}::{};`.",
            context.krate,
            context.module,
            naming::request(&operation.rust_name)
        )
    });
    docs.and("# Contents")
        .and_items(&items.into_iter().chain(types).collect::<Vec<_>>())
        .and(&example.unwrap_or_default())
}

/// Whether a module is public, and what hides the second path of an item from its documentation.
fn visibility(context: &Context<'_>) -> (Option<TokenStream>, Option<TokenStream>) {
    let public = !context.in_runtime;
    (public.then(|| quote!(pub)), public.then(|| quote!(#[doc(hidden)])))
}

/// The modules of the client and the fake, and their public items.
fn client() -> (Option<TokenStream>, Option<TokenStream>) {
    let modules = quote! {
        mod client;
        #[cfg(feature = "dynamic")]
        mod dynamic;
    };
    let public = quote! {
        pub use client::Client;
        #[cfg(feature = "dynamic")]
        pub use dynamic::OPERATIONS;
        #[cfg(feature = "fake")]
        pub use dynamic::FAKE;
    };
    (Some(modules), Some(public))
}

/// The module of known responses, if the service has one.
pub(crate) fn known_responses(context: &Context<'_>) -> Option<TokenStream> {
    context.service.known_responses.as_ref().map(|_| {
        quote!(
            mod known_responses;
        )
    })
}

/// The marker type and the facts about the service.
pub(crate) fn info(context: &Context<'_>, further: &TokenStream) -> TokenStream {
    let (service, marker) = (context.service, &context.marker);
    let title = docs::escape(&service.title);
    let marker_doc =
        literal::doc(&format!("Marker type of {title}. Has the service's protocol, endpoints and errors."));
    let families =
        (!service.code_families.is_empty()).then(|| quote!(.with_error_families(error::ERROR_FAMILIES)));
    let known_responses = service
        .known_responses
        .as_ref()
        .map(|_| quote!(.with_known_responses(&known_responses::KNOWN_RESPONSES)));
    let sensitive = context.sensitive_members();
    let sensitive = (!sensitive.is_empty()).then(|| {
        let names = sensitive.into_iter();
        quote!(.with_sensitive_members(&[#(#names),*]))
    });
    let (version, settings_id, title) = (&service.version, &service.settings_id, &service.title);
    let protocol = context.protocol();
    let (protocol, settings) = (protocol.ty(), protocol.settings(service));
    let auth = auth(&service.auth);

    quote! {
        #[doc = #marker_doc]
        #[derive(Debug)]
        #[non_exhaustive]
        pub struct #marker;

        impl Service for #marker {
            const INFO: &'static ServiceInfo = &ServiceInfo::new(
                #title,
                #version,
                #settings_id,
                #auth,
                &endpoints::RULES,
                error::EXCEPTIONS,
                error::ERROR_CODES,
            ) #families #known_responses #sensitive #further;
            type Protocol = #protocol;
            const PROTOCOL: #protocol = #settings;
            type Exception = Exception;
            type ErrorCode = ErrorCode;
        }
    }
}

fn auth(auth: &Auth) -> TokenStream {
    match auth {
        Auth::SigV4 {
            signing_name,
            window_minutes,
            ignores_expires,
            signs_path_as_sent,
            sends_content_hash,
        } => {
            let window = window_minutes.map(literal::integer);
            let window = window.map(|minutes| quote!(.with_window_minutes(#minutes)));
            let expires = ignores_expires.then(|| quote!(.ignoring_expires()));
            let path = signs_path_as_sent.then(|| quote!(.signing_path_as_sent()));
            let hash = sends_content_hash.then(|| quote!(.sending_content_hash()));
            quote!(Auth::sigv4(#signing_name) #window #expires #path #hash)
        }
        Auth::RpcV1 => quote!(Auth::RPC_V1),
    }
}

/// Features of the runtime that a service's client needs.
pub fn runtime_features(service: &Service) -> Vec<&'static str> {
    let protocol = (!protocol::of(service).is_always_built()).then(|| service.protocol.name());
    let auth = match service.auth {
        Auth::SigV4 { .. } => None,
        Auth::RpcV1 => Some("rpc-v1"),
    };
    let compresses = service.operations.iter().any(|operation| operation.request_compression.is_some());
    let compression = compresses.then_some("compression");
    protocol.into_iter().chain(auth).chain(compression).collect()
}

fn types_of<'a>(context: &Context<'a>, operation: &'a Operation) -> BTreeSet<Ident> {
    context.operation_types(operation, context.codes_of(operation).next().is_some())
}

/// `operation/mod.rs`.
pub(crate) fn operations(context: &Context<'_>) -> TokenStream {
    let docs = Docs::markdown("Requests, responses and error codes, one module per operation.").inner();
    let modules = context.service.operations.iter();
    let modules =
        modules.map(|operation| (naming::module(&operation.rust_name), types_of(context, operation)));
    let (visible, again) = visibility(context);
    modules_file(&docs, visible.as_ref(), again.as_ref(), &modules.ordered())
}

/// `types/mod.rs`.
pub(crate) fn shapes(context: &Context<'_>) -> TokenStream {
    let docs = Docs::markdown("Types within requests and responses.").inner();
    let modules =
        context.own_files().map(|id| (naming::module(&context.shape(id).rust_name), context.shape_types(id)));
    modules_file(&docs, None, None, &modules.ordered())
}

fn modules_file(
    docs: &TokenStream,
    visible: Option<&TokenStream>,
    again: Option<&TokenStream>,
    modules: &BTreeMap<Ident, BTreeSet<Ident>>,
) -> TokenStream {
    let names = modules.keys();
    let uses = modules.iter().map(|(module, types)| match types.iter().collect::<Vec<_>>().as_slice() {
        [ty] => quote!(#again pub use #module::#ty;),
        types => quote!(#again pub use #module::{#(#types),*};),
    });
    quote!(#docs #(#visible mod #names;)* #(#uses)*)
}
