//! The kinds of signatures, and their names in requests.

use crate::vendor::Vendor;

/// A kind of signature. Names of headers and parameters are in lower case.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "the entries of one table")]
pub struct SignatureKind {
    /// The algorithm, in strings to sign and before the parts of an `Authorization` header.
    pub algorithm: &'static str,
    /// The vendor whose services accept the signature.
    pub vendor: Vendor,
    /// Whether each signature needs a nonce.
    pub has_nonce: bool,
    /// Headers that signing sets, so that callers cannot set them.
    pub headers: &'static [&'static str],
    /// The header with the time of the signature.
    pub date: Option<&'static str>,
    /// Headers and parameters of queries that identify or authorize a caller.
    pub secrets: &'static [&'static str],
    /// Parameters of queries and forms that identify or authorize a caller.
    pub parameters: &'static [&'static str],
}

/// AWS Signature Version 4.
pub const SIGV4: &SignatureKind = &SignatureKind {
    algorithm: "AWS4-HMAC-SHA256",
    vendor: Vendor::Aws,
    has_nonce: false,
    headers: &["x-amz-date", "x-amz-security-token"],
    date: Some("x-amz-date"),
    secrets: &["x-amz-credential", "x-amz-s3session-token", "x-amz-security-token", "x-amz-signature"],
    parameters: &[],
};

/// The signature of RPC services in a header.
pub const ACS3: &SignatureKind = &SignatureKind {
    algorithm: "ACS3-HMAC-SHA256",
    vendor: Vendor::AlibabaCloud,
    has_nonce: true,
    headers: &["x-acs-content-sha256", "x-acs-date", "x-acs-security-token", "x-acs-signature-nonce"],
    date: Some("x-acs-date"),
    secrets: &["x-acs-security-token"],
    parameters: &[],
};

/// Version 1.0 of the signature of RPC services, in the query. The string to sign does not name its algorithm.
pub const RPC_V1: &SignatureKind = &SignatureKind {
    algorithm: "HMAC-SHA1",
    vendor: Vendor::AlibabaCloud,
    has_nonce: true,
    headers: &[],
    date: None,
    secrets: &[],
    parameters: &["accesskeyid", "securitytoken"],
};

/// All kinds of signatures.
pub const ALL: &[&SignatureKind] = &[SIGV4, ACS3, RPC_V1];

/// Whether the value of an `Authorization` header contains the parts of a signature.
pub fn is_in_header(authorization: &str) -> bool {
    let mut kinds = ALL.iter().filter(|names| !names.headers.is_empty());
    let first = authorization.split_once(' ').map(|(first, _)| first);
    first.is_some_and(|first| kinds.any(|names| names.algorithm.eq_ignore_ascii_case(first)))
}
