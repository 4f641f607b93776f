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
    pub const RPC_V1: Self = Self::of(&VERSION_1);

    /// ACS3-HMAC-SHA256, in a header: [`acs3`](crate::acs3).
    pub const ACS3: Self = Self::of(&HEADER);
}

static VERSION_1: Rpc = Rpc {
    algorithm: RPC_V1,
    sign: |signing, request| version_1(signing).sign(request),
    explain: |signing, request| {
        let query = version_1(signing).explain(request)?.canonical_query().to_owned();
        Ok(SignedTexts::new(canonical_request(request.method().as_str(), query), None))
    },
};

static HEADER: Rpc = Rpc {
    algorithm: ACS3,
    sign: |signing, request| header(signing).sign(request),
    explain: |signing, request| Ok(header(signing).explain(request)?.into()),
};

fn version_1<'a>(signing: &Signing<'a>) -> rpc_v1::Signer<'a> {
    rpc_v1::Signer::new(signing.credentials, signing.time, signing.nonce)
}

fn header<'a>(signing: &Signing<'a>) -> acs3::Signer<'a> {
    acs3::Signer::new(signing.credentials, signing.time, signing.nonce)
}

/// A signature of RPC services, each of which has a nonce.
#[derive(Debug)]
struct Rpc {
    algorithm: &'static str,
    sign: fn(&Signing<'_>, &mut Request) -> Result<(), SignError>,
    explain: fn(&Signing<'_>, &Request) -> Result<SignedTexts, SignError>,
}

impl Scheme for Rpc {
    fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    fn vendor(&self) -> Vendor {
        Vendor::AlibabaCloud
    }

    /// 128 bits in hexadecimal digits.
    fn nonce(&self, random: &dyn Fn(&mut [u8])) -> String {
        let mut bytes = [0; 16];
        random(&mut bytes);
        format!("{:032x}", u128::from_be_bytes(bytes))
    }

    fn sign(&self, signing: &Signing<'_>, request: &mut Request) -> Result<(), SignError> {
        (self.sign)(signing, request)
    }

    fn explain(&self, signing: &Signing<'_>, request: &Request) -> Result<SignedTexts, SignError> {
        (self.explain)(signing, request)
    }
}
