//! AWS REST JSON.

use std::collections::BTreeMap;

use gatewright_model::{self as model, AwsRestJson, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{
    context::Context,
    diff::{Diff, Spot, rules},
    ordered::Ordered as _,
};

impl Protocol for AwsRestJson {
    fn ty(&self) -> TokenStream {
        quote!(AwsRestJson)
    }

    fn settings(&self, _service: &Service) -> TokenStream {
        let headers = sent(&self.headers);
        let headers = headers.iter().map(|(name, value)| quote!((#name, #value)));
        quote!(AwsRestJson::new(&[#(#headers),*]))
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(rest_json::<super::#marker>(OPERATIONS))
    }

    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>) {
        let model::Protocol::AwsRestJson(later) = later else { return };
        let Self { headers } = self;
        diff.entries(at, &rules::REQUEST_HEADER, &sent(headers), &sent(&later.headers));
    }
}

/// Headers with their names as they are sent.
fn sent(headers: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).ordered()
}
