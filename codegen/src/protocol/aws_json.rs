//! AWS JSON.

use gatewright_model::{AwsJson, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::context::Context;

impl Protocol for AwsJson {
    fn ty(&self) -> TokenStream {
        quote!(AwsJson)
    }

    fn settings(&self, _service: &Service) -> TokenStream {
        let (content_type, target_prefix) =
            (format!("application/x-amz-json-{}", self.version), &self.target_prefix);
        quote!(AwsJson::new(#content_type, #target_prefix))
    }

    fn feature(&self) -> Option<&'static str> {
        None
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        let carriers = context.service.exceptions.iter().filter(|exception| exception.carries_code);
        let carriers = carriers.map(|exception| &exception.name);
        quote!(new::<super::#marker>(OPERATIONS, &[#(#carriers),*]))
    }

    fn ignores_case(&self) -> bool {
        false
    }

    fn frames_lists(&self) -> bool {
        false
    }
}
