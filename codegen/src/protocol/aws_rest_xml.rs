//! AWS REST XML.

use gatewright_model::{self as model, AwsRestXml, Operation, Service, XmlNamespace, XmlRoot};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{
    context::Context,
    diff::{Diff, Spot, rules},
};

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

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(rest_xml::<super::#marker>(OPERATIONS))
    }

    fn frames_lists(&self) -> bool {
        true
    }

    fn sends_empty_payload(&self) -> bool {
        false
    }

    /// Of requests with a body in XML.
    fn root(&self, context: &Context<'_>, operation: &Operation) -> Option<XmlRoot> {
        let shape = operation.document(|id| context.shape(id))?;
        let unnamed = || XmlRoot { name: shape.name.clone(), namespace: None };
        let XmlRoot { name, namespace } = operation.xml_root.clone().unwrap_or_else(unnamed);
        let usual = || self.xml_namespace.clone().map(|uri| XmlNamespace { uri, prefix: None });
        Some(XmlRoot { name, namespace: namespace.or_else(usual) })
    }

    fn xml_root(&self, context: &Context<'_>, operation: &Operation) -> Option<TokenStream> {
        let XmlRoot { name, namespace } = self.root(context, operation)?;
        let namespace = match namespace {
            Some(XmlNamespace { uri, prefix }) => {
                let prefix = prefix.unwrap_or_default();
                quote!(Some((#prefix, #uri)))
            }
            None => quote!(None),
        };
        Some(quote!(.with_xml_root(protocol::XmlRoot { name: #name, namespace: #namespace })))
    }

    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>) {
        let model::Protocol::AwsRestXml(later) = later else { return };
        let Self { xml_namespace, bare_errors } = self;
        let namespaces = (xml_namespace.as_ref(), later.xml_namespace.as_ref());
        diff.options_differ(at, &rules::XML_NAMESPACE, namespaces.0, namespaces.1);
        if *bare_errors != later.bare_errors {
            diff.add(at, &rules::ERROR_ROOT, None, None);
        }
    }
}
