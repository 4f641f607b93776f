//! The seam between calls and signatures.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use super::{
    canonical::Signable,
    sigv4::{self, Scope, SignError, SigningKeys},
    texts::SignedTexts,
};
use crate::{identity::Credentials, transport::Request, vendor::Vendor};

/// How requests are signed: what a service asks for, or what a client chooses of several that the service takes.
///
/// Only those that are named somewhere are linked.
#[derive(Clone, Copy, Debug)]
pub struct Auth {
    scheme: &'static dyn Scheme,
    signing_name: &'static str,
    window: Duration,
    ignores_expires: bool,
}

impl Auth {
    /// AWS Signature Version 4, in a header: [`sigv4`]. The signing name is the service in the credential scope: `lambda`.
    pub const fn sigv4(signing_name: &'static str) -> Self {
        Self { signing_name, ..Self::of(&SigV4) }
    }

    const fn of(scheme: &'static dyn Scheme) -> Self {
        Self { scheme, signing_name: "", window: Duration::from_mins(5), ignores_expires: false }
    }

    /// Sets how far a signature's time may be from the service's: five minutes unless set.
    #[must_use]
    pub const fn with_window_minutes(mut self, minutes: u64) -> Self {
        self.window = Duration::from_mins(minutes);
        self
    }

    /// Bounds the life of presigned URLs by the window alone: the service does not read `X-Amz-Expires`.
    #[must_use]
    pub const fn ignoring_expires(mut self) -> Self {
        self.ignores_expires = true;
        self
    }

    /// Signature version 1.0 of RPC services, in the query: [`rpc_v1`](super::rpc_v1).
    #[cfg(feature = "rpc-v1")]
    pub const RPC_V1: Self = Self::of(&RpcV1);

    /// ACS3-HMAC-SHA256, in a header: [`acs3`](super::acs3).
    #[cfg(feature = "acs3")]
    pub const ACS3: Self = Self::of(&Acs3);

    /// Its name on the wire: `AWS4-HMAC-SHA256`.
    pub(crate) fn algorithm(self) -> &'static str {
        self.scheme.algorithm()
    }

    /// Whose services take it.
    pub(crate) fn vendor(self) -> Vendor {
        self.scheme.vendor()
    }

    /// The service in the credential scope; empty where signatures have none.
    pub const fn signing_name(self) -> &'static str {
        self.signing_name
    }

    /// How far a signature's time may be from the service's.
    #[cfg(feature = "fake")]
    pub(crate) fn window(self) -> Duration {
        self.window
    }

    /// Whether the life of presigned URLs is bounded by the window alone.
    #[cfg(feature = "fake")]
    pub(crate) fn ignores_expires(self) -> bool {
        self.ignores_expires
    }

    /// Whether signatures are for one region and service.
    pub(crate) fn has_scope(self) -> bool {
        !self.signing_name.is_empty()
    }

    /// A number for one attempt, to be used once; empty, and nothing drawn, where signatures have none.
    pub(crate) fn nonce(self, random: &dyn Fn(&mut [u8])) -> String {
        self.scheme.nonce(random)
    }

    pub(crate) fn sign(self, signing: &Signing<'_>, request: &mut Request) -> Result<(), SignError> {
        self.scheme.sign(signing, request)
    }

    /// The texts that the signature of a signed request was computed from.
    pub(crate) fn explain(self, signing: &Signing<'_>, request: &Request) -> Result<SignedTexts, SignError> {
        self.scheme.explain(signing, request)
    }
}

/// What an attempt is signed with; each kind of signature takes what it needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signing<'a> {
    pub(crate) credentials: &'a Credentials,
    pub(crate) scope: Scope<'a>,
    pub(crate) time: SystemTime,
    #[cfg_attr(not(feature = "rpc-v1"), expect(dead_code, reason = "one kind of signature has no nonce"))]
    pub(crate) nonce: &'a str,
    pub(crate) keys: &'a SigningKeys,
}

/// A kind of signature.
trait Scheme: fmt::Debug + Send + Sync {
    fn algorithm(&self) -> &'static str;

    fn vendor(&self) -> Vendor;

    fn nonce(&self, _random: &dyn Fn(&mut [u8])) -> String {
        String::new()
    }

    fn sign(&self, signing: &Signing<'_>, request: &mut Request) -> Result<(), SignError>;

    fn explain(&self, signing: &Signing<'_>, request: &Request) -> Result<SignedTexts, SignError>;
}

#[derive(Debug)]
struct SigV4;

impl SigV4 {
    fn signer<'a>(signing: &Signing<'a>) -> sigv4::Signer<'a> {
        sigv4::Signer::new(signing.credentials, signing.scope, signing.time).keys(signing.keys)
    }
}

impl Scheme for SigV4 {
    fn algorithm(&self) -> &'static str {
        "AWS4-HMAC-SHA256"
    }

    fn vendor(&self) -> Vendor {
        Vendor::Aws
    }

    fn sign(&self, signing: &Signing<'_>, request: &mut Request) -> Result<(), SignError> {
        Self::signer(signing).sign(request)
    }

    fn explain(&self, signing: &Signing<'_>, request: &Request) -> Result<SignedTexts, SignError> {
        Ok(Self::signer(signing).explain(&Signable::of(request))?.into())
    }
}

/// 128 bits in hexadecimal digits.
#[cfg(feature = "rpc-v1")]
fn random_nonce(random: &dyn Fn(&mut [u8])) -> String {
    let mut bytes = [0; 16];
    random(&mut bytes);
    format!("{:032x}", u128::from_be_bytes(bytes))
}

#[cfg(feature = "rpc-v1")]
#[derive(Debug)]
struct RpcV1;

#[cfg(feature = "rpc-v1")]
impl RpcV1 {
    fn signer<'a>(signing: &Signing<'a>) -> super::rpc_v1::Signer<'a> {
        super::rpc_v1::Signer::new(signing.credentials, signing.time, signing.nonce)
    }
}

#[cfg(feature = "rpc-v1")]
impl Scheme for RpcV1 {
    fn algorithm(&self) -> &'static str {
        "HMAC-SHA1"
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
        Ok(SignedTexts::new(super::rpc_v1::canonical_request(request.method().as_str(), query), None))
    }
}

#[cfg(feature = "acs3")]
#[derive(Debug)]
struct Acs3;

#[cfg(feature = "acs3")]
impl Acs3 {
    fn signer<'a>(signing: &Signing<'a>) -> super::acs3::Signer<'a> {
        super::acs3::Signer::new(signing.credentials, signing.time, signing.nonce)
    }
}

#[cfg(feature = "acs3")]
impl Scheme for Acs3 {
    fn algorithm(&self) -> &'static str {
        "ACS3-HMAC-SHA256"
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
