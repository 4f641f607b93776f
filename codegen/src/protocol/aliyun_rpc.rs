//! Aliyun RPC.

use gatewright_model::{AliyunRpc, Service};
use proc_macro2::TokenStream;
use quote::quote;

use super::Protocol;
use crate::{context::Context, literal};

impl Protocol for AliyunRpc {
    fn ty(&self) -> TokenStream {
        quote!(AliyunRpc)
    }

    fn settings(&self, service: &Service) -> TokenStream {
        let (version, success) = (&service.version, literal::option(self.success.as_ref()));
        quote!(AliyunRpc::new(#version, #success))
    }

    fn feature(&self) -> Option<&'static str> {
        Some("aliyun-rpc")
    }

    fn fake(&self, context: &Context<'_>) -> TokenStream {
        let marker = &context.marker;
        quote!(rpc::<super::#marker>(OPERATIONS))
    }

    fn ignores_case(&self) -> bool {
        true
    }

    fn frames_lists(&self) -> bool {
        false
    }
}
