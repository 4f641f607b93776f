//! The list of services for tools that choose one by its name.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{Crate, HOME, context::Context, naming};

/// The file; `services` defines `Service` and `client`.
pub(crate) fn file(krate: Crate<'_>, model: &str) -> TokenStream {
    let name = naming::krate(krate.name);
    let modules = krate.services.iter().map(naming::service);
    let entries = krate.services.iter().map(|service| {
        let context = Context::of(service, HOME);
        let (name, module, marker) = (&service.name, &context.module, &context.marker);
        // Calls by method and path are of another kind.
        let client = if context.protocol().files().is_some() {
            quote!(None)
        } else {
            quote!(Some(client::<#module::#marker>))
        };
        quote!(Service { name: #name, fake: &#module::FAKE, client: #client })
    });
    quote! {
        //! Every service, sorted by name.

        use #name::{#(#modules),*};

        use crate::services::{Service, client};

        /// What the tools' command lines name the models with, after a blank; nothing for the committed ones.
        pub(crate) const MODEL: &str = #model;

        pub(crate) const SERVICES: &[Service] = &[#(#entries),*];
    }
}
