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
        let query_compatible = self.query_compatible.then(|| quote!(.query_compatible()));
        quote!(AwsJson::new(#content_type, #target_prefix) #query_compatible)
    }

    fn feature(&self) -> Option<&'static str> {
        None
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        let carriers = context.service.exceptions.iter().filter(|exception| exception.carries_code);
        let carriers = carriers.map(|exception| &exception.name);
        let query_codes = self.query_compatible.then(|| {
            let exceptions = context.service.exceptions.iter();
            let codes =
                exceptions.filter_map(|exception| Some((&exception.name, exception.aliases.first()?)));
            let codes = codes.map(|(name, code)| quote!((#name, #code)));
            quote!(.with_query_codes(&[#(#codes),*]))
        });
        quote!(new::<super::#marker>(OPERATIONS, &[#(#carriers),*]) #query_codes)
    }

    fn ignores_case(&self) -> bool {
        false
    }

    fn frames_lists(&self) -> bool {
        false
    }
}
