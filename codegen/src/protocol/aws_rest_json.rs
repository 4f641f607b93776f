//! AWS REST JSON.

use gatewright_model::{AwsRestJson, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{context::Context, literal::option};

impl Protocol for AwsRestJson {
    fn ty(&self) -> TokenStream {
        quote!(AwsRestJson)
    }

    fn settings(&self, _service: &Service) -> TokenStream {
        let accept = option(self.accept.as_ref());
        quote!(AwsRestJson { accept: #accept })
    }

    fn feature(&self) -> Option<&'static str> {
        Some("aws-rest-json")
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(rest_json::<super::#marker>(OPERATIONS))
    }

    fn ignores_case(&self) -> bool {
        false
    }

    fn frames_lists(&self) -> bool {
        false
    }
}
