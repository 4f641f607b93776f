//! AWS REST JSON.

use gatewright_model::{self as model, AwsRestJson, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{
    context::Context,
    diff::{Diff, Spot, rules},
    literal::option,
};

impl Protocol for AwsRestJson {
    fn ty(&self) -> TokenStream {
        quote!(AwsRestJson)
    }

    fn settings(&self, _service: &Service) -> TokenStream {
        let accept = option(self.accept.as_ref());
        quote!(AwsRestJson { accept: #accept })
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(rest_json::<super::#marker>(OPERATIONS))
    }

    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>) {
        let model::Protocol::AwsRestJson(later) = later else { return };
        let Self { accept } = self;
        diff.options_differ(at, &rules::PROTOCOL_FACT, accept.as_ref(), later.accept.as_ref());
    }
}
