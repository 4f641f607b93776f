//! Aliyun RPC.

use gatewright_model::{self as model, AliyunRpc, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{
    context::Context,
    diff::{Diff, Spot, rules},
    literal,
};

impl Protocol for AliyunRpc {
    fn ty(&self) -> TokenStream {
        quote!(AliyunRpc)
    }

    fn settings(&self, service: &Service) -> TokenStream {
        let (version, success) = (&service.version, literal::option(self.success.as_ref()));
        quote!(AliyunRpc::new(#version, #success))
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(rpc::<super::#marker>(OPERATIONS))
    }

    fn ignores_case(&self) -> bool {
        true
    }

    fn sends_version(&self) -> bool {
        true
    }

    fn compare(&self, later: &model::Protocol, at: &Spot, diff: &mut Diff<'_>) {
        let model::Protocol::AliyunRpc(later) = later else { return };
        let Self { success } = self;
        diff.options_differ(at, &rules::PROTOCOL_FACT, success.as_ref(), later.success.as_ref());
    }
}
