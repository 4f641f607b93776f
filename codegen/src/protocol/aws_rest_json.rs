//! AWS REST JSON.

use gatewright_model::{self as model, AwsRestJson, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{
    context::Context,
    diff::{Diff, Spot, rules},
};

impl Protocol for AwsRestJson {
    fn ty(&self) -> TokenStream {
        quote!(AwsRestJson)
    }

    fn settings(&self, _service: &Service) -> TokenStream {
        let headers = self.headers.iter().map(|(name, value)| {
            let name = name.to_ascii_lowercase();
            quote!((#name, #value))
        });
        quote!(AwsRestJson::new(&[#(#headers),*]))
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(rest_json::<super::#marker>(OPERATIONS))
    }

    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>) {
        let model::Protocol::AwsRestJson(later) = later else { return };
        let Self { headers } = self;
        if *headers != later.headers {
            diff.add(at, &rules::PROTOCOL_FACT, None, None);
        }
    }
}
