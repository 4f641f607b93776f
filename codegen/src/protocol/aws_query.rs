//! AWS query.

use gatewright_model::{AwsQuery, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::context::Context;

impl Protocol for AwsQuery {
    fn ty(&self) -> TokenStream {
        quote!(AwsQuery)
    }

    fn settings(&self, service: &Service) -> TokenStream {
        let (version, xml_namespace) = (&service.version, &self.xml_namespace);
        quote!(AwsQuery::new(#version, #xml_namespace))
    }

    fn feature(&self) -> Option<&'static str> {
        Some("aws-query")
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(query::<super::#marker>(OPERATIONS))
    }

    fn ignores_case(&self) -> bool {
        false
    }

    fn frames_lists(&self) -> bool {
        true
    }
}
