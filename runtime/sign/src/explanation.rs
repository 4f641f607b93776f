//! The texts that a signature is computed from.

use std::{fmt, ops::Range};

use zeroize::Zeroize as _;

use super::{
    canonical::{self, Covered},
    sigv4::{ALGORITHM, Scope},
    stamp::Stamp,
    texts::{CanonicalRequest, SignedTexts, StringToSign, lossy},
};
use crate::{
    crypto::{hex, sha256},
    mask::mask,
};

/// Canonical request and string to sign, consecutive in one buffer.
pub(super) struct Texts {
    buffer: Vec<u8>,
    canonical_end: usize,
    header_names: Range<usize>,
    scope: Range<usize>,
}

impl Texts {
    pub(super) fn new(covered: &Covered<'_>, stamp: &Stamp, scope: &Scope<'_>) -> Self {
        let mut buffer = Vec::with_capacity(1024);
        let header_names = canonical::write(&mut buffer, covered);
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

    /// The names of the signed headers: `host;x-amz-date`.
    pub(super) fn header_names(&self) -> &[u8] {
        self.buffer.get(self.header_names.clone()).unwrap_or_default()
    }

    /// The credential scope: `20120910/us-east-1/storagegateway/aws4_request`.
    pub(super) fn scope(&self) -> &[u8] {
        self.buffer.get(self.scope.clone()).unwrap_or_default()
    }

    /// The texts as parts.
    pub(super) fn explain(&self, covered: &Covered<'_>, stamp: &Stamp, signature: &[u8; 64]) -> Explanation {
        let hash = self.buffer.len() - signature.len()..;
        let explanation = Explanation {
            canonical_request: CanonicalRequest::of(covered),
            string_to_sign: StringToSign {
                algorithm: Some(ALGORITHM.to_owned()),
                time: Some(lossy(stamp.as_bytes())),
                scope: Some(lossy(self.scope())),
                hash: self.buffer.get(hash).map(lossy),
            },
            signature: lossy(signature),
        };
        debug_assert_eq!(
            format!("{}{}", explanation.canonical_request, explanation.string_to_sign),
            lossy(&self.buffer),
            "the parts make up what is signed"
        );
        explanation
    }
}

/// Omits the texts, which may contain the session token.
impl Drop for Texts {
    fn drop(&mut self) {
        self.buffer.zeroize();
    }
}

/// The texts that a signature was computed from, in the specification's terms.
///
/// The canonical request contains the session token if the signature covers it; `Debug` omits the token.
#[derive(Clone, PartialEq, Eq)]
pub struct Explanation {
    pub(super) canonical_request: CanonicalRequest,
    pub(super) string_to_sign: StringToSign,
    pub(super) signature: String,
}

impl Explanation {
    /// The text of the canonical request. May contain the session token.
    pub fn canonical_request(&self) -> &CanonicalRequest {
        &self.canonical_request
    }

    /// The canonical request with `***` instead of tokens and other secrets, for logs.
    pub fn redacted_canonical_request(&self) -> String {
        mask(&self.canonical_request.to_string())
    }

    /// The text of the string to sign.
    pub fn string_to_sign(&self) -> &StringToSign {
        &self.string_to_sign
    }

    /// The signature, in lower-case hexadecimal digits.
    pub fn signature(&self) -> &str {
        &self.signature
    }
}

impl From<Explanation> for SignedTexts {
    fn from(explanation: Explanation) -> Self {
        Self::new(explanation.canonical_request, Some(explanation.string_to_sign))
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("canonical_request", &self.redacted_canonical_request())
            .field("string_to_sign", &mask(&self.string_to_sign.to_string()))
            .field("signature", &self.signature)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(canonical_request: &str, redacted: &str) {
        let explanation = Explanation {
            canonical_request: CanonicalRequest::read(canonical_request),
            string_to_sign: StringToSign::default(),
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
        check("GET / host:h x-api-key:hush host;x-api-key hash", "GET\n/\n\nhost:h\nx-api-key:***");
        check(
            "GET\n/\na=1&x-amz-credential=hush%2F2012&b=2\nreferer:http://h/?X-Amz-Signature=hush",
            "GET\n/\na=1&x-amz-credential=***&b=2\nreferer:http://h/?X-Amz-Signature=***",
        );
    }
}
