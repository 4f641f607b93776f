//! The list of services for programs with the verbs of `gatewright-cli`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{Crate, HOME, context::Context, naming};

/// The file, for the crate of committed services and for programs with other services.
pub(crate) fn file(krate: Crate<'_>) -> TokenStream {
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
        use gatewright_cli::services::{Service, client};

        /// The services, each with its fake and its client.
        pub const SERVICES: &[Service] = &[#(#entries),*];
    }
}
