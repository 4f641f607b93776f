//! `dynamic.rs`: every operation by name, with a sample response that satisfies the model.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    context::Context,
    docs::Docs,
    errors, literal,
    naming::{self, Names},
    sample, sample_rules,
};

/// The tokens of the file.
pub(crate) fn file(context: &Context<'_>) -> TokenStream {
    let docs = Docs::markdown("Operations chosen by name at run time.").inner();
    let operations = &context.service.operations;
    let mut taken = Names::besides(["FAKE", "OPERATIONS"].map(naming::word));
    let names: Vec<_> =
        operations.iter().map(|operation| taken.take(naming::constant(&operation.rust_name))).collect();
    let requests = operations.iter().map(|operation| naming::request(&operation.rust_name));
    let samples: Vec<_> = operations.iter().map(|operation| sample::response(context, operation)).collect();
    let rules = operations.iter().zip(&samples).map(|(operation, sample)| {
        let rules = sample_rules::of(context, operation, sample);
        (!rules.is_empty()).then(|| quote!(.with_sample_rules(&[#(#rules),*])))
    });
    let responses = samples.iter().map(|sample| literal::raw(&sample.to_string()));
    let fake = context.protocol().fake(context);
    let members = context.error_shapes.keys().map(|&id| {
        let sample = literal::raw(&sample::error(context, id).to_string());
        let ty = naming::ty(context.shape(id));
        quote!(gatewright_fake::FakeErrorMembers::new::<super::#ty>(#sample))
    });
    let members: Vec<_> = members.collect();
    let members = (!members.is_empty()).then(|| quote!(.with_error_members(&[#(#members),*])));

    let statuses = errors::statuses_without_row(context.service);
    let statuses = (!statuses.is_empty()).then(|| {
        let statuses = statuses.into_iter().map(|(wire, status)| {
            let status = literal::integer(status);
            quote!((#wire, #status))
        });
        quote!(.with_statuses(&[#(#statuses),*]))
    });

    quote! {
        #docs

        /// All operations of the service, for tools that choose one by name.
        pub static OPERATIONS: &[DynamicOperation] = &[#(DynamicOperation::new::<#requests>(#names) #rules),*];

        /// A fake of the service within the process, for tests.
        #[cfg(feature = "fake")]
        pub static FAKE: gatewright_fake::FakeService =
            gatewright_fake::FakeService::#fake #members #statuses;

        #(const #names: &str = #responses;)*
    }
}
