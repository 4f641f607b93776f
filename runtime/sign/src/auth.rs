//! The kinds of signatures, as one type for calls.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use super::{
    canonical::Signable,
    settings::{ContentHash, PathEncoding, PathNormalization, Settings},
    sigv4::{self, Scope, SignError, SigningKeys},
    texts::SignedTexts,
};
use crate::{
    identity::Credentials,
    signatures::{SIGV4, SignatureKind},
    vendor::Vendor,
    wire::Request,
};

/// How requests are signed. A service's default, or a client's choice from the signatures that the service accepts.
///
/// Only kinds that a program refers to are linked.
#[derive(Clone, Copy, Debug)]
pub struct Auth {
    scheme: &'static dyn Scheme,
    signing_name: &'static str,
    pub(super) window: Duration,
    pub(super) ignores_expires: bool,
    settings: Settings,
}

impl Auth {
    /// AWS Signature Version 4, in a header: [`sigv4`]. The signing name is the service in the credential scope: `lambda`.
    pub const fn sigv4(signing_name: &'static str) -> Self {
        Self { signing_name, ..Self::of(&SigV4) }
    }

    pub(super) const fn of(scheme: &'static dyn Scheme) -> Self {
        Self {
            scheme,
            signing_name: "",
            window: Duration::from_secs(5 * 60),
            ignores_expires: false,
            settings: Settings::USUAL,
        }
    }

    /// Sets the largest difference between a signature's time and the service's; default: five minutes.
    #[must_use]
    pub const fn with_window_minutes(mut self, minutes: u64) -> Self {
        self.window = Duration::from_secs(minutes * 60);
        self
    }

    /// Lets presigned URLs expire with this window alone: the service does not read `X-Amz-Expires`.
    #[must_use]
    pub const fn ignoring_expires(mut self) -> Self {
        self.ignores_expires = true;
        self
    }

    /// Signs paths as they are sent: neither normalized nor encoded once more.
    #[must_use]
    pub const fn signing_path_as_sent(mut self) -> Self {
        self.settings.encoding = PathEncoding::Single;
        self.settings.normalization = PathNormalization::AsIs;
        self
    }

    /// Sends the hash of the body in the header `x-amz-content-sha256`. A value that the caller set is replaced.
    /// Presigned URLs cover no body, unless the caller set the header.
    #[must_use]
    pub const fn sending_content_hash(mut self) -> Self {
        self.settings.content_hash = ContentHash::Sent;
        self
    }

    /// How the service's signatures differ from the default.
    pub const fn settings(self) -> Settings {
        self.settings
    }

    /// The name of the signature on the wire: `AWS4-HMAC-SHA256`.
    pub fn algorithm(self) -> &'static str {
        self.scheme.kind().algorithm
    }

    /// The vendor whose services accept the signature.
    pub fn vendor(self) -> Vendor {
        self.scheme.kind().vendor
    }

    /// The service in the credential scope. Empty if the kind of signature has no scope.
    pub const fn signing_name(self) -> &'static str {
        self.signing_name
    }

    /// Whether a signature is valid for one region and service only.
    pub fn has_scope(self) -> bool {
        !self.signing_name.is_empty()
    }

    /// A nonce for one attempt: 128 bits in hexadecimal digits. If the kind of signature has none, the nonce is empty and no
    /// randomness is used.
    pub fn nonce(self, random: &dyn Fn(&mut [u8])) -> String {
        if !self.scheme.kind().has_nonce {
            return String::new();
        }
        let mut bytes = [0; 16];
        random(&mut bytes);
        format!("{:032x}", u128::from_be_bytes(bytes))
    }

    /// Signs a request.
    ///
    /// # Errors
    /// [`SignError`] if the request cannot be brought into the form of a signature.
    pub fn sign(self, signing: &Signing<'_>, request: &mut Request) -> Result<(), SignError> {
        self.scheme.sign(self.settings, signing, request)
    }

    /// Completes a request that is sent without a signature. Some services require a time even then.
    ///
    /// # Errors
    /// [`SignError`] if the request cannot be completed.
    pub fn stamp(self, time: SystemTime, request: &mut Request) -> Result<(), SignError> {
        self.scheme.stamp(time, request)
    }

    /// The texts that the signature of a signed request was computed from.
    ///
    /// # Errors
    /// [`SignError`] if the request cannot be brought into the form of a signature.
    pub fn explain(self, signing: &Signing<'_>, request: &Request) -> Result<SignedTexts, SignError> {
        self.scheme.explain(self.settings, signing, request)
    }
}

/// The arguments of a signature; each kind uses those that apply.
#[derive(Clone, Copy, Debug)]
pub struct Signing<'a> {
    /// The identity.
    pub credentials: &'a Credentials,
    /// The region and service that the signature is valid for.
    pub scope: Scope<'a>,
    /// The time of the signature.
    pub time: SystemTime,
    /// A nonce, from [`Auth::nonce`].
    pub nonce: &'a str,
    /// Keys derived for earlier signatures.
    pub keys: &'a SigningKeys,
}

/// A kind of signature.
pub(super) trait Scheme: fmt::Debug + Send + Sync {
    fn kind(&self) -> &'static SignatureKind;

    fn sign(&self, settings: Settings, signing: &Signing<'_>, request: &mut Request)
    -> Result<(), SignError>;

    /// Adds what a request needs without a signature.
    fn stamp(&self, _time: SystemTime, _request: &mut Request) -> Result<(), SignError> {
        Ok(())
    }

    fn explain(
        &self,
        settings: Settings,
        signing: &Signing<'_>,
        request: &Request,
    ) -> Result<SignedTexts, SignError>;
}

#[derive(Debug)]
struct SigV4;

impl SigV4 {
    fn signer<'a>(settings: Settings, signing: &Signing<'a>) -> sigv4::Signer<'a> {
        let signer = sigv4::Signer::new(signing.credentials, signing.scope, signing.time);
        signer.settings(settings).keys(signing.keys)
    }
}

impl Scheme for SigV4 {
    fn kind(&self) -> &'static SignatureKind {
        SIGV4
    }

    fn sign(
        &self,
        settings: Settings,
        signing: &Signing<'_>,
        request: &mut Request,
    ) -> Result<(), SignError> {
        Self::signer(settings, signing).sign(request)
    }

    fn explain(
        &self,
        settings: Settings,
        signing: &Signing<'_>,
        request: &Request,
    ) -> Result<SignedTexts, SignError> {
        Ok(Self::signer(settings, signing).explain(&Signable::of(request))?.into())
    }
}

#[cfg(all(test, feature = "rpc-v1"))]
mod tests {
    use super::*;
    use crate::{Secret, mask, percent::read_query, wire::headers};

    #[test]
    fn whatever_a_signature_adds_is_in_the_table_of_names() {
        let credentials =
            Credentials::new("id", Secret::new("secret")).with_session_token(Secret::new("token"));
        let (keys, time) = (SigningKeys::default(), SystemTime::UNIX_EPOCH);
        let scope = Scope { region: "us-east-1", service: "service" };
        for auth in [Auth::sigv4("service"), Auth::ACS3, Auth::RPC_V1] {
            let nonce = auth.nonce(&|_| {});
            let signing = Signing { credentials: &credentials, scope, time, nonce: &nonce, keys: &keys };
            let mut request = Request::default();
            *request.uri_mut() = "https://example.com/".parse().unwrap();
            auth.sign(&signing, &mut request).unwrap();
            for (name, value) in request.headers() {
                let set = headers::parse(name.as_str(), "value", None);
                assert!(set.is_err(), "callers can set {name} of {auth:?}");
                assert!(value != "token" || mask::is_secret(name.as_str()), "{name} of {auth:?} is shown");
            }
            for (name, value) in read_query(request.uri().query().unwrap_or_default()) {
                let name = String::from_utf8(name).unwrap();
                let is_secret = mask::is_secret(&name);
                assert!(![b"id".as_slice(), b"token"].contains(&&*value) || is_secret, "{name} is shown");
            }
        }
    }
}
