//! AWS query.

use gatewright_model::{self as model, AwsQuery, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{
    context::Context,
    diff::{Diff, Spot, code, rules},
};

impl Protocol for AwsQuery {
    fn ty(&self) -> TokenStream {
        quote!(AwsQuery)
    }

    fn settings(&self, service: &Service) -> TokenStream {
        let (version, xml_namespace) = (&service.version, &self.xml_namespace);
        quote!(AwsQuery::new(#version, #xml_namespace))
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(query::<super::#marker>(OPERATIONS))
    }

    fn frames_lists(&self) -> bool {
        true
    }

    fn sends_version(&self) -> bool {
        true
    }

    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>) {
        let model::Protocol::AwsQuery(later) = later else { return };
        let Self { xml_namespace } = self;
        diff.differs(at, &rules::XML_NAMESPACE, code(xml_namespace), code(&later.xml_namespace));
    }
}
