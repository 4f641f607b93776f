//! The signatures of RPC services, as clients use them.

use crate::{
    Auth, SignedTexts, acs3,
    auth::{Scheme, Signing},
    rpc_text::{ACS3, RPC_V1, canonical_request},
    rpc_v1,
    sigv4::SignError,
    vendor::Vendor,
    wire::Request,
};

impl Auth {
    /// Signature version 1.0 of RPC services, in the query: [`rpc_v1`](crate::rpc_v1).
    pub const RPC_V1: Self = Self::of(&RpcV1);

    /// ACS3-HMAC-SHA256, in a header: [`acs3`](crate::acs3).
    pub const ACS3: Self = Self::of(&Acs3);
}

/// 128 bits in hexadecimal digits.
fn random_nonce(random: &dyn Fn(&mut [u8])) -> String {
    let mut bytes = [0; 16];
    random(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}

#[derive(Debug)]
struct RpcV1;

impl RpcV1 {
    fn signer<'a>(signing: &Signing<'a>) -> rpc_v1::Signer<'a> {
        rpc_v1::Signer::new(signing.credentials, signing.time, signing.nonce)
    }
}

impl Scheme for RpcV1 {
    fn algorithm(&self) -> &'static str {
        RPC_V1
    }

    fn vendor(&self) -> Vendor {
        Vendor::AlibabaCloud
    }

    fn nonce(&self, random: &dyn Fn(&mut [u8])) -> String {
        random_nonce(random)
    }

    fn sign(&self, signing: &Signing<'_>, request: &mut Request) -> Result<(), SignError> {
        Self::signer(signing).sign(request)
    }

    fn explain(&self, signing: &Signing<'_>, request: &Request) -> Result<SignedTexts, SignError> {
        let query = Self::signer(signing).explain(request)?.canonical_query().to_owned();
        Ok(SignedTexts::new(canonical_request(request.method().as_str(), query), None))
    }
}

#[derive(Debug)]
struct Acs3;

impl Acs3 {
    fn signer<'a>(signing: &Signing<'a>) -> acs3::Signer<'a> {
        acs3::Signer::new(signing.credentials, signing.time, signing.nonce)
    }
}

impl Scheme for Acs3 {
    fn algorithm(&self) -> &'static str {
        ACS3
    }

    fn vendor(&self) -> Vendor {
        Vendor::AlibabaCloud
    }

    fn nonce(&self, random: &dyn Fn(&mut [u8])) -> String {
        random_nonce(random)
    }

    fn sign(&self, signing: &Signing<'_>, request: &mut Request) -> Result<(), SignError> {
        Self::signer(signing).sign(request)
    }

    fn explain(&self, signing: &Signing<'_>, request: &Request) -> Result<SignedTexts, SignError> {
        Ok(Self::signer(signing).explain(request)?.into())
    }
}
