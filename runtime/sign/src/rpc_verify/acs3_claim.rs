//! The signature in an `authorization` header of ACS3, and its verification.

use std::collections::BTreeSet;

use http::{HeaderName, header::AUTHORIZATION};

use crate::{
    acs3::{
        ALGORITHM, X_ACS_ACTION, X_ACS_CONTENT_SHA256, X_ACS_DATE, X_ACS_SECURITY_TOKEN,
        X_ACS_SIGNATURE_NONCE, X_ACS_VERSION, canonical_request, key, string_to_sign,
    },
    canonical::Signable,
    rpc_verify::{Identity, VerifyError, read_time},
    verify::repeated,
};
use crate::{
    crypto::{hex, sha256},
    identity::Credentials,
    percent::hex_value,
};

/// A parsed `authorization` header.
pub(super) struct Claim {
    pub(super) identity: Identity,
    names: Vec<String>,
    signature: Vec<u8>,
}

impl Claim {
    /// `None` if the request has no such header.
    pub(super) fn read(request: &Signable<'_>) -> Result<Option<Self>, VerifyError> {
        let Some(header) = request.headers.get(AUTHORIZATION) else { return Ok(None) };
        let parts = header.to_str().ok().and_then(|text| text.strip_prefix(ALGORITHM));
        let parts = parts.ok_or(VerifyError::Malformed)?;
        let part = |name: &str| {
            let mut parts = parts.split(',').filter_map(|part| part.trim().split_once('='));
            let (_, value) = parts.find(|(part, _)| *part == name).ok_or(VerifyError::Malformed)?;
            Ok(value.to_owned())
        };
        let header = |name: HeaderName| {
            let value = request.headers.get(name)?.to_str().ok()?;
            (!value.is_empty()).then(|| value.to_owned())
        };
        let need = |name: HeaderName, parameter| header(name).ok_or(VerifyError::Missing(parameter));
        need(X_ACS_ACTION, "Action")?;
        need(X_ACS_VERSION, "Version")?;
        header(X_ACS_CONTENT_SHA256).ok_or(VerifyError::Malformed)?;
        let nonce = need(X_ACS_SIGNATURE_NONCE, "SignatureNonce")?;
        let signed_at = read_time(&need(X_ACS_DATE, "Timestamp")?)?;
        let signed = part("SignedHeaders")?;
        if repeated(&signed).is_some() {
            return Err(VerifyError::Malformed);
        }
        let names: Vec<String> = signed.split(';').map(str::to_owned).collect();
        let signed: BTreeSet<&str> = signed.split(';').collect();
        // Headers that identify a request must be signed if they are present.
        let must = request.headers.keys().map(HeaderName::as_str);
        let mut must =
            must.filter(|name| matches!(*name, "host" | "content-type") || name.starts_with("x-acs-"));
        if !must.all(|name| signed.contains(name)) {
            return Err(VerifyError::Malformed);
        }
        let signature = bytes(&part("Signature")?).ok_or(VerifyError::Malformed)?;
        let token = header(X_ACS_SECURITY_TOKEN);
        let identity = Identity { access_key_id: part("Credential")?, signed_at, nonce, token };
        Ok(Some(Self { identity, names, signature }))
    }

    pub(super) fn check_signature(
        &self,
        request: &Signable<'_>,
        credentials: &Credentials,
    ) -> Result<(), VerifyError> {
        let names: Vec<_> = self.names.iter().map(String::as_str).collect();
        let canonical_request = canonical_request(request, &names, &hex(&sha256(request.body)));
        let string_to_sign = string_to_sign(&canonical_request).to_string();
        if key(credentials).verify(string_to_sign.as_bytes(), &self.signature) {
            return Ok(());
        }
        let canonical_request = Some(canonical_request.to_string());
        Err(VerifyError::Mismatch { string_to_sign, canonical_request })
    }
}

/// Parses hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks();
    let byte = |[high, low]: &[u8; 2]| Some(hex_value(*high)? << 4 | hex_value(*low)?);
    rest.is_empty().then(|| pairs.iter().map(byte).collect())?
}
