//! AWS JSON.

use gatewright_model::{self as model, AwsJson, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{
    context::Context,
    diff::{Diff, Spot, code, rules},
};

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

    fn is_always_built(&self) -> bool {
        true
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

    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>) {
        let model::Protocol::AwsJson(later) = later else { return };
        let Self { version, target_prefix, query_compatible } = self;
        diff.differs(at, &rules::PROTOCOL_FACT, code(version), code(&later.version));
        diff.differs(at, &rules::PROTOCOL_FACT, code(target_prefix), code(&later.target_prefix));
        let rules = [&rules::QUERY_CODES, &rules::NO_QUERY_CODES];
        diff.gained_or_lost(at, rules, *query_compatible, later.query_compatible);
    }
}
