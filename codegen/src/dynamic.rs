//! `dynamic.rs`: every operation by name, with a sample response that satisfies the model.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    context::Context,
    docs::Docs,
    literal,
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
    let errors = context.service.error_shapes().into_keys().map(|id| {
        let sample = literal::raw(&sample::error(context, id).to_string());
        let ty = naming::ty(context.shape(id));
        quote!(gatewright_fake::FakeErrorMembers::new::<super::#ty>(#sample))
    });
    let errors: Vec<_> = errors.collect();
    let errors = (!errors.is_empty()).then(|| quote!(.with_error_members(&[#(#errors),*])));

    quote! {
        #docs

        /// All operations of the service, for tools that choose one by name.
        pub static OPERATIONS: &[DynamicOperation] = &[#(DynamicOperation::new::<#requests>(#names) #rules),*];

        /// A fake of the service within the process, for tests.
        #[cfg(feature = "fake")]
        pub static FAKE: gatewright_fake::FakeService =
            gatewright_fake::FakeService::#fake #errors;

        #(const #names: &str = #responses;)*
    }
}
