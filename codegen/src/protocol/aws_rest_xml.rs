//! AWS REST XML.

use gatewright_model::{AwsRestXml, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::context::Context;

impl Protocol for AwsRestXml {
    fn ty(&self) -> TokenStream {
        quote!(AwsRestXml)
    }

    fn settings(&self, _service: &Service) -> TokenStream {
        let namespace = match &self.xml_namespace {
            Some(namespace) => quote!(Some(#namespace)),
            None => quote!(None),
        };
        let bare_errors = self.bare_errors.then(|| quote!(.with_bare_errors()));
        quote!(AwsRestXml::new(#namespace) #bare_errors)
    }

    fn feature(&self) -> Option<&'static str> {
        Some("aws-rest-xml")
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(rest_xml::<super::#marker>(OPERATIONS))
    }

    fn ignores_case(&self) -> bool {
        false
    }

    fn frames_lists(&self) -> bool {
        true
    }
}
