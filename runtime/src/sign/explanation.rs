//! The texts that a signature is computed from.

use std::{borrow::Cow, fmt, ops::Range};

use zeroize::Zeroize as _;

use super::{
    canonical::{self, Signable},
    headers::SignedHeaders,
    sigv4::{ALGORITHM, Scope, Settings},
    stamp::Stamp,
};
use crate::{
    crypto::{hex, sha256},
    mask::mask,
    secrets::Secrets,
};

/// Canonical request and string to sign, one after the other in one buffer.
pub(super) struct Texts {
    buffer: Vec<u8>,
    canonical_end: usize,
    header_names: Range<usize>,
    scope: Range<usize>,
}

impl Texts {
    pub(super) fn new(
        request: &Signable<'_>,
        headers: &SignedHeaders<'_>,
        payload_hash: &[u8; 64],
        stamp: &Stamp,
        scope: &Scope<'_>,
        settings: Settings,
    ) -> Self {
        let mut buffer = Vec::with_capacity(1024);
        let header_names = canonical::write(&mut buffer, request, headers, payload_hash, settings);
        let hash = hex(&sha256(&buffer));
        let canonical_end = buffer.len();
        for part in [ALGORITHM.as_bytes(), b"\n", stamp.as_bytes(), b"\n"] {
            buffer.extend_from_slice(part);
        }
        let start = buffer.len();
        scope.write(&mut buffer, stamp);
        let scope = start..buffer.len();
        buffer.push(b'\n');
        buffer.extend_from_slice(&hash);
        Self { buffer, canonical_end, header_names, scope }
    }

    pub(super) fn string_to_sign(&self) -> &[u8] {
        self.buffer.get(self.canonical_end..).unwrap_or_default()
    }

    /// `host;x-amz-date`.
    pub(super) fn header_names(&self) -> &[u8] {
        self.buffer.get(self.header_names.clone()).unwrap_or_default()
    }

    /// `20120910/us-east-1/storagegateway/aws4_request`.
    pub(super) fn scope(&self) -> &[u8] {
        self.buffer.get(self.scope.clone()).unwrap_or_default()
    }

    pub(super) fn explain(&self, signature: &[u8; 64]) -> Explanation {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Explanation {
            canonical_request: text(self.buffer.get(..self.canonical_end).unwrap_or_default()),
            string_to_sign: text(self.string_to_sign()),
            signature: text(signature),
        }
    }
}

/// The session token may be among them.
impl Drop for Texts {
    fn drop(&mut self) {
        self.buffer.zeroize();
    }
}

/// What a signature was computed from, in the terms of the specification.
///
/// The canonical request holds the session token where that is signed; `Debug` shows it without.
#[derive(Clone, PartialEq, Eq)]
pub struct Explanation {
    canonical_request: String,
    string_to_sign: String,
    signature: String,
}

impl Explanation {
    /// Texts that were written down, with the signature left empty.
    pub(crate) fn from_texts(canonical_request: String, string_to_sign: String) -> Self {
        Self { canonical_request, string_to_sign, signature: String::new() }
    }

    /// The same without these secrets.
    pub(crate) fn without(self, secrets: &Secrets) -> Self {
        let concealed = |text: String| match secrets.conceal_text(&text) {
            Cow::Owned(concealed) => concealed,
            Cow::Borrowed(_) => text,
        };
        Self {
            canonical_request: concealed(self.canonical_request),
            string_to_sign: concealed(self.string_to_sign),
            signature: self.signature,
        }
    }

    #[cfg(feature = "rpc-v1")]
    pub(super) fn with_signature(mut self, signature: String) -> Self {
        self.signature = signature;
        self
    }

    /// Method, path, query, headers, their names and the payload's hash, a line each. May hold the session token.
    pub fn canonical_request(&self) -> &str {
        &self.canonical_request
    }

    /// The canonical request with `***` for tokens and other secrets, fit for logs.
    pub fn redacted_canonical_request(&self) -> String {
        mask(&self.canonical_request)
    }

    /// Algorithm, time, credential scope and the canonical request's hash, a line each.
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }

    /// The signature, in lower-case hexadecimal digits.
    pub fn signature(&self) -> &str {
        &self.signature
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("canonical_request", &self.redacted_canonical_request())
            .field("string_to_sign", &mask(&self.string_to_sign))
            .field("signature", &self.signature)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Explanation;

    #[track_caller]
    fn check(canonical_request: &str, redacted: &str) {
        let explanation = Explanation {
            canonical_request: canonical_request.to_owned(),
            string_to_sign: String::new(),
            signature: String::new(),
        };
        assert_eq!(explanation.redacted_canonical_request(), redacted);
        assert!(!format!("{explanation:?}").contains("hush"));
    }

    #[test]
    fn session_tokens_are_masked() {
        check(
            "GET\n/\n\nhost:h\nx-amz-security-token:hush+/=\n\nhost\nhash",
            "GET\n/\n\nhost:h\nx-amz-security-token:***\n\nhost\nhash",
        );
        check(
            "GET\n/\nX-Amz-Security-Token=hush&X-Amz-SignedHeaders=host\nhost:h\n\nhost\nhash",
            "GET\n/\nX-Amz-Security-Token=***&X-Amz-SignedHeaders=host\nhost:h\n\nhost\nhash",
        );
        check("GET\n/\nX-Amz-Security-Token=hush\nhost:h", "GET\n/\nX-Amz-Security-Token=***\nhost:h");
        check("GET\n/\n\nhost:h\n\nhost\nhash", "GET\n/\n\nhost:h\n\nhost\nhash");
    }

    #[test]
    fn other_secrets_are_masked_wherever_they_stand() {
        check("GET\n/\n\nCookie: a=hush\nhost:h", "GET\n/\n\nCookie:***\nhost:h");
        check("GET / host:h x-api-key:hush host;x-api-key hash", "GET / host:h x-api-key:***");
        check(
            "GET\n/\na=1&x-amz-credential=hush%2F2012&b=2\nreferer:http://h/?X-Amz-Signature=hush",
            "GET\n/\na=1&x-amz-credential=***&b=2\nreferer:http://h/?X-Amz-Signature=***",
        );
    }
}
