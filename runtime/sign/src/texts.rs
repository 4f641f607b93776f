//! The texts that signatures are computed from, split into their parts.

use std::{collections::BTreeMap, fmt};

use super::canonical::Covered;
use crate::{
    crypto::{hex, sha256},
    mask::{MASK, mask},
};

/// The canonical request and string to sign of one signature, as far as known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedTexts {
    /// The canonical request. In version 1.0 of RPC services, it has no headers and no payload.
    pub canonical_request: Option<CanonicalRequest>,
    /// The string to sign. `None` if the signature is computed from the canonical request itself, or if no text is
    /// known.
    pub string_to_sign: Option<StringToSign>,
}

impl SignedTexts {
    /// No known texts.
    pub const NONE: Self = Self { canonical_request: None, string_to_sign: None };

    /// The texts of one signature.
    pub fn new(canonical_request: CanonicalRequest, string_to_sign: Option<StringToSign>) -> Self {
        Self { canonical_request: Some(canonical_request), string_to_sign }
    }

    /// The hash in the string to sign, of the canonical request.
    pub fn written_hash(&self) -> Option<&str> {
        self.string_to_sign.as_ref()?.hash.as_deref()
    }

    /// A part of the credential scope: date, region, service or terminator.
    pub fn scope(&self, index: usize) -> Option<&str> {
        self.string_to_sign.as_ref()?.scope.as_ref()?.split('/').nth(index)
    }

    /// The hash of the canonical request.
    pub fn computed_hash(&self) -> Option<String> {
        self.canonical_request.as_ref().and_then(CanonicalRequest::hash)
    }

    /// Whether both hashes are known and differ.
    pub fn disagree(&self) -> bool {
        let hashes = self.written_hash().zip(self.computed_hash());
        hashes.is_some_and(|(written, computed)| written != computed)
    }

    /// Replaces each value by the result of `change`. The first argument of `change` is the name of the value's header,
    /// if the value has one.
    #[must_use]
    pub fn map(self, change: impl Fn(Option<&str>, &str) -> String) -> Self {
        Self {
            canonical_request: self.canonical_request.map(|canonical| canonical.map(&change)),
            string_to_sign: self.string_to_sign.map(|text| text.map(&change)),
        }
    }
}

/// The canonical request: everything that a signature covers. Client and service both compute the same form.
///
/// Contains the session token if the signature covers it. The last parts are `None` if a pasted text ends before them.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CanonicalRequest {
    /// Method.
    pub method: String,
    /// Path, encoded as the signature requires it.
    pub path: String,
    /// Query, encoded and sorted.
    pub query: String,
    /// Headers, as names and values.
    pub headers: Vec<(String, String)>,
    /// Whether an empty line follows the headers, as it must.
    pub has_empty_line: bool,
    /// Names of the headers, joined by `;`.
    pub names: Option<String>,
    /// Hash of the payload.
    pub payload_hash: Option<String>,
}

impl CanonicalRequest {
    /// Builds the canonical request.
    pub(super) fn of(covered: &Covered<'_>) -> Self {
        let (path, query) = covered.path_and_query();
        Self {
            method: covered.request.method.to_owned(),
            path,
            query,
            headers: covered.headers.lines(),
            has_empty_line: true,
            names: Some(lossy(&covered.headers.names())),
            payload_hash: Some(lossy(covered.payload_hash)),
        }
    }

    /// Whether the text is complete. Only a complete text shows that a header was missing in the request.
    pub fn is_complete(&self) -> bool {
        self.payload_hash.is_some()
    }

    /// The value of a header; the case of the name does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(header, _)| header.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Values by lower-case names; lines with the same name are joined.
    pub fn header_values(&self) -> BTreeMap<String, String> {
        let mut values: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &self.headers {
            let joined = values.entry(name.trim().to_ascii_lowercase());
            joined
                .and_modify(|joined| {
                    joined.push(',');
                    joined.push_str(value);
                })
                .or_insert_with(|| value.clone());
        }
        values
    }

    /// The hash of the text; `None` if a secret in the text was masked or the end is missing.
    fn hash(&self) -> Option<String> {
        let text = self.to_string();
        let is_known = self.is_complete() && !text.contains(MASK);
        is_known.then(|| lossy(&hex(&sha256(text.as_bytes()))))
    }

    fn map(self, change: &dyn Fn(Option<&str>, &str) -> String) -> Self {
        let headers = self.headers.into_iter().map(|(name, value)| {
            let changed = change(Some(&name), &value);
            (name, changed)
        });
        Self {
            method: change(None, &self.method),
            path: change(None, &self.path),
            query: change(None, &self.query),
            headers: headers.collect(),
            ..self
        }
    }
}

/// The text that is hashed or signed.
impl fmt::Display for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}", self.method, self.path, self.query)?;
        for (name, value) in &self.headers {
            write!(f, "\n{name}:{value}")?;
        }
        if self.has_empty_line && self.names.is_some() {
            f.write_str("\n")?;
        }
        for line in [&self.names, &self.payload_hash].into_iter().flatten() {
            write!(f, "\n{line}")?;
        }
        Ok(())
    }
}

/// The parts of a string to sign. `None` for parts that the kind of signature, or a pasted text, does not have.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StringToSign {
    /// `AWS4-HMAC-SHA256`.
    pub algorithm: Option<String>,
    /// `20120910T000000Z`.
    pub time: Option<String>,
    /// `20120910/us-east-1/storagegateway/aws4_request`.
    pub scope: Option<String>,
    /// Hash of the canonical request.
    pub hash: Option<String>,
}

impl StringToSign {
    fn map(self, change: &dyn Fn(Option<&str>, &str) -> String) -> Self {
        let change = |part: Option<String>| part.map(|part| change(None, &part));
        let [algorithm, time, scope, hash] = [self.algorithm, self.time, self.scope, self.hash].map(change);
        Self { algorithm, time, scope, hash }
    }
}

/// The text that is signed.
impl fmt::Display for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = vec![&self.algorithm, &self.time, &self.scope, &self.hash];
        let is_unscoped = self.time.is_none() && self.scope.is_none();
        if is_unscoped && self.hash.as_deref().is_some_and(is_payload_hash) {
            parts.drain(1..3);
        }
        while parts.pop_if(|last| last.is_none()).is_some() {}
        for (index, part) in parts.into_iter().enumerate() {
            write!(f, "{}{}", if index == 0 { "" } else { "\n" }, part.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }
}

/// Omits secrets.
impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", mask(&self.to_string()))
    }
}

/// Omits secrets.
impl fmt::Debug for StringToSign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", mask(&self.to_string()))
    }
}

/// Whether a line is the hash of a payload, or a constant that replaces it.
pub(super) fn is_payload_hash(line: &str) -> bool {
    let digits = line.len() == 64 && line.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits || line.starts_with("UNSIGNED-PAYLOAD") || line.starts_with("STREAMING-")
}

pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// Saved texts are read back as the same parts.
    #[track_caller]
    fn check(canonical_request: &str, string_to_sign: &str) {
        let texts = SignedTexts::read(canonical_request, string_to_sign);
        let text = |part: Option<String>| part.unwrap_or_default();
        let canonical_text = text(texts.canonical_request.as_ref().map(ToString::to_string));
        let string_text = text(texts.string_to_sign.as_ref().map(ToString::to_string));
        let again = SignedTexts::read(&canonical_text, &string_text);
        assert_eq!(again, texts, "{canonical_text:?} {string_text:?}");
    }

    #[test]
    fn texts_of_every_shape_are_read_as_they_are_written() {
        for end in ["", "\n", "\nhost", &format!("\nhost\n{HASH}"), &format!("\nhost\n{HASH}'. See also")] {
            check(&format!("GET\n/\na=1&b=2\nhost:h\nx-amz-date:20120910T000000Z\n{end}"), "");
        }
        check("GET", "");
        check("GET / a=1 host:h x:a b host;x UNSIGNED-PAYLOAD", "");
        check("GET / a b", "");
        check("GET\n/\n\nno colon\nhost:h\nwrapped", "");
        check(&format!("GET\n/\n\nhost:h\nhost\n{HASH}"), "");
        for string_to_sign in [
            "AWS4-HMAC-SHA256\n20120910T000000Z\n20120910/r/s/aws4_request\nabc",
            "AWS4-HMAC-SHA256 20120910T000000Z 20120910/r/s/aws4_request abc'. See also",
            &format!("ACS3-HMAC-SHA256\n{HASH}"),
            "ACS3-HMAC-SHA256\nabc",
            "AWS4-HMAC-SHA256\n\n\nabc",
            "AWS4-HMAC-SHA256\n\nscope",
            "a b\n \nc",
            "a",
        ] {
            check("", string_to_sign);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_as_it_is_written(canonical_request in "GET[A-Za-z0-9:;=&/' \n\r.-]{0,80}", string in "[A-Z0-9/' \n]{0,60}") {
            check(&canonical_request, &string);
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let texts = SignedTexts::read("GET\n/\n\nx-amz-security-token:hush\n\nx-amz-security-token\nabc", "");
        assert!(!format!("{texts:?}").contains("hush"), "{texts:?}");
    }
}
