//! `lib.rs` of the generated crate.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    Crate,
    context::Context,
    docs::{self, Docs},
    example, naming,
};

/// The tokens of the file.
pub(crate) fn file(Crate { name, services, readme, guides }: Crate<'_>) -> TokenStream {
    let list: Vec<_> = services
        .iter()
        .map(|service| format!("[`mod@{}`]: {}", naming::service(service), docs::escape(&service.doc)))
        .collect();
    let docs = Docs::markdown("Cloud clients generated from a model of operations and errors.")
        .and(
            "One module per service. The feature that enables it has the same name, with `-` instead of `_`:",
        )
        .and_items(&list);
    let largest = services.iter().max_by_key(|service| example::current(service).count());
    let tour = largest.and_then(|service| example::tour(&Context::of(service, name)));
    let docs = tour.iter().fold(docs, |docs, tour| docs.and_example(tour));
    let docs = if guides.is_some() { docs.and("# Guides") } else { docs }.inner();
    let modules = services.iter().map(|service| {
        let (feature, module) = (&service.name, naming::service(service));
        quote! {
            #[cfg(feature = #feature)]
            pub mod #module;
        }
    });

    // Pages of documentation: the way to the guides and the table of features, whose links are the guides' own.
    let pages = guides.map(|folder| {
        let page = |name: &str| format!("{folder}/{name}.md");
        let pages = ["index", "links", "features"].map(page);
        quote!(#(#![cfg_attr(doc, doc = include_str!(#pages))])*)
    });
    // The examples of the README are compiled as doctests.
    let readme = readme.map(|path| {
        quote! {
            #[cfg(doctest)]
            #[doc = include_str!(#path)]
            struct Readme;
        }
    });

    let guides = guides.map(|folder| {
        let module = format!("{folder}/mod.rs");
        quote! {
            #[cfg(doc)]
            #[path = #module]
            pub mod guide;
        }
    });
    let features = services.iter().map(|service| &service.name);

    quote! {
        #docs
        #pages
        #![cfg_attr(docsrs, feature(doc_cfg))]
        #![cfg_attr(
            not(all(#(feature = #features),*)),
            allow(rustdoc::broken_intra_doc_links, reason = "a module is missing if its feature is off")
        )]
        #![deny(missing_docs, clippy::exhaustive_enums, clippy::indexing_slicing)]
        #![forbid(unsafe_code)]
        #![allow(clippy::doc_markdown, reason = "names of products, and of the members of a service, are words here")]
        #![allow(
            clippy::approx_constant,
            clippy::fn_params_excessive_bools,
            clippy::iter_not_returning_iterator,
            clippy::just_underscores_and_digits,
            clippy::large_enum_variant,
            clippy::match_same_arms,
            clippy::module_inception,
            clippy::needless_pass_by_value,
            clippy::pub_underscore_fields,
            clippy::should_implement_trait,
            clippy::similar_names,
            clippy::too_many_lines,
            clippy::type_complexity,
            clippy::unreadable_literal,
            clippy::used_underscore_binding,
            clippy::used_underscore_items,
            clippy::wrong_self_convention,
            reason = "sizes, names and numbers are the service's"
        )]

        #(#modules)*

        #guides

        pub use gatewright_runtime::{
            BoxFuture, BuildError, Call, Category, Client as BaseClient, ClientBuilder, Document, Error, ErrorMembers, Explanation, Operation,
            OperationError, PagesRead, Paginated, Secret, Service, ServiceClient, ServiceErrorCode, ServiceInfo, Wipe, WireError, WireName, WithMetadata,
            bytes, codec::Blob, context, credentials, endpoint, error, hook, http, protocol, retry, settings,
            time::Timestamp, transport, validate, wait,
        };

        #[doc(inline)]
        pub use gatewright_runtime::{explain, sign};

        #[cfg(feature = "async-driver")]
        pub use gatewright_runtime::{Items, Pages};

        #[cfg(feature = "blocking-driver")]
        pub use gatewright_runtime::{BlockingItems, BlockingPages};

        #[cfg(feature = "dynamic")]
        pub use gatewright_runtime::dynamic;

        #[cfg(feature = "fake")]
        #[doc(inline)]
        pub use gatewright_fake as fake;

        #readme
    }
}
