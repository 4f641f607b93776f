//! AWS EC2 query.

use gatewright_model::{self as model, AwsEc2, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{
    context::Context,
    diff::{Diff, Spot, code, rules},
};

impl Protocol for AwsEc2 {
    fn ty(&self) -> TokenStream {
        quote!(AwsEc2)
    }

    fn settings(&self, service: &Service) -> TokenStream {
        let (version, xml_namespace) = (&service.version, &self.xml_namespace);
        let names = self.request_names.iter().map(|(wire, name)| quote!((#wire, #name)));
        quote!(AwsEc2::new(#version, #xml_namespace, &[#(#names),*]))
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(ec2::<super::#marker>(OPERATIONS))
    }

    fn ignores_case(&self) -> bool {
        true
    }

    fn renames_in_requests(&self) -> bool {
        true
    }

    fn request_name(&self, wire: &str) -> Option<&str> {
        self.request_names.get(wire).map(String::as_str)
    }

    fn frames_lists(&self) -> bool {
        true
    }

    fn sends_version(&self) -> bool {
        true
    }

    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>) {
        let model::Protocol::AwsEc2(later) = later else { return };
        let Self { xml_namespace, request_names } = self;
        diff.differs(at, &rules::XML_NAMESPACE, code(xml_namespace), code(&later.xml_namespace));
        diff.entries(at, &rules::PROTOCOL_FACT, request_names, &later.request_names);
    }
}
