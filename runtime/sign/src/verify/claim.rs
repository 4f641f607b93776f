//! The signature that a request contains, in its `authorization` header or its query.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{
    HeaderMap,
    header::{AUTHORIZATION, DATE},
};

use crate::{
    canonical::Signable,
    sigv4::{ALGORITHM, Scope, SessionToken, Settings, X_AMZ_DATE, X_AMZ_SECURITY_TOKEN},
    stamp::Stamp,
    verify::{VerifyError, repeated},
};
use crate::{
    crypto::sha256,
    percent::{decode_query, hex_value},
};

/// A signature as it was received.
pub(super) struct Claim {
    pub(super) access_key_id: String,
    /// Day, region, service and terminator.
    scope: [String; 4],
    pub(super) stamp: Stamp,
    pub(super) signed_headers: String,
    /// Empty if the signature is not hexadecimal.
    pub(super) signature: Vec<u8>,
    pub(super) session_token: Option<String>,
    /// Whether the signature is in the query, as in presigned URLs.
    pub(super) in_query: bool,
    /// The validity of a presigned URL; `None` if only the service's window bounds it.
    pub(super) expires_in: Option<Duration>,
}

impl Claim {
    /// Reads the signature of a request.
    pub(super) fn read(request: &Signable<'_>, ignores_expires: bool) -> Result<Self, VerifyError> {
        let parameters = query_parameters(request.query);
        match (request.headers.get(AUTHORIZATION), parameters.contains_key("X-Amz-Algorithm")) {
            (None, false) => Err(VerifyError::Missing),
            (None, true) => Self::from_query(parameters, ignores_expires),
            (Some(value), false) => {
                Self::from_header(&String::from_utf8_lossy(value.as_bytes()), request.headers)
            }
            (Some(_), true) => Err(malformed(
                "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
            )),
        }
    }

    fn from_header(authorization: &str, headers: &HeaderMap) -> Result<Self, VerifyError> {
        let (algorithm, rest) = authorization.trim().split_once(' ').unwrap_or((authorization, ""));
        let mut fields = BTreeMap::new();
        for field in rest.split([',', ' ']).filter(|field| !field.is_empty()) {
            // Hashed, since it may be a secret of another scheme.
            let (name, value) = field.split_once('=').ok_or_else(|| {
                let hash = STANDARD.encode(sha256(authorization.as_bytes()));
                malformed(format!(
                    "Invalid key=value pair (missing equal-sign) in Authorization header \
                     (hashed with SHA-256 and encoded with Base64): '{hash}'."
                ))
            })?;
            fields.insert(name, value);
        }
        let date = [X_AMZ_DATE, DATE].iter().find_map(|name| headers.get(name));
        let missing = |name| format!("Authorization header requires '{name}' parameter. ");
        let mut faults: String = ["Credential", "Signature", "SignedHeaders"]
            .into_iter()
            .filter(|name| fields.get(name).is_none_or(|value| value.is_empty()))
            .map(missing)
            .collect();
        if date.is_none() {
            faults += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
        }
        if !faults.is_empty() {
            return Err(malformed(faults));
        }
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let field = |name| fields.get(name).copied().unwrap_or_default();
        Raw {
            algorithm,
            credential: field("Credential"),
            date: &date.map(text).unwrap_or_default(),
            signed_headers: field("SignedHeaders"),
            signature: field("Signature"),
        }
        .check(headers.get(X_AMZ_SECURITY_TOKEN).map(text), false, None)
    }

    fn from_query(
        mut parameters: BTreeMap<String, String>,
        ignores_expires: bool,
    ) -> Result<Self, VerifyError> {
        const EXPIRES: &str = "X-Amz-Expires";
        const NAMES: [&str; 5] =
            ["X-Amz-Credential", "X-Amz-Date", EXPIRES, "X-Amz-Signature", "X-Amz-SignedHeaders"];
        let missing = |name| format!("AWS query-string parameters must include '{name}'. ");
        let faults: String = NAMES
            .into_iter()
            .filter(|name| !(parameters.contains_key(*name) || ignores_expires && *name == EXPIRES))
            .map(missing)
            .collect();
        if !faults.is_empty() {
            return Err(malformed(faults));
        }
        let session_token = parameters.remove("X-Amz-Security-Token");
        let field = |name| parameters.get(name).map(String::as_str).unwrap_or_default();
        let seconds = field(EXPIRES).parse().ok().filter(|seconds| (1..=604_800).contains(seconds));
        if seconds.is_none() && !ignores_expires {
            return Err(malformed("X-Amz-Expires must be a number of seconds between 1 and 604800"));
        }
        let expires_in = seconds.filter(|_| !ignores_expires).map(Duration::from_secs);
        Raw {
            algorithm: field("X-Amz-Algorithm"),
            credential: field("X-Amz-Credential"),
            date: field("X-Amz-Date"),
            signed_headers: field("X-Amz-SignedHeaders"),
            signature: field("X-Amz-Signature"),
        }
        .check(session_token, true, expires_in)
    }

    /// Checks the credential scope, and lists every difference.
    pub(super) fn check_scope(&self, expected: &Scope<'_>) -> Result<(), VerifyError> {
        let [day, region, service, terminator] = &self.scope;
        let mut faults = Vec::new();
        if region != expected.region {
            faults.push(format!("Credential should be scoped to a valid region, not '{region}'. "));
        }
        if service != expected.service {
            faults.push(format!("Credential should be scoped to correct service: '{}'. ", expected.service));
        }
        if terminator != "aws4_request" {
            faults.push(format!(
                "Credential should be scoped with a valid terminator: 'aws4_request', not '{terminator}'. "
            ));
        }
        if day.as_bytes() != self.stamp.day() {
            faults.push(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                 '{day}' != '{}', from '{}'.",
                String::from_utf8_lossy(&self.stamp.day()),
                self.stamp.as_str()
            ));
        }
        if faults.is_empty() { Ok(()) } else { Err(VerifyError::WrongScope(faults.concat())) }
    }

    /// The query before the signature was added.
    pub(super) fn signed_query(&self, query: &str, settings: Settings) -> String {
        let added_late = |pair: &&str| {
            let name = decode_query(pair.split_once('=').map_or(*pair, |(name, _)| name));
            name == b"X-Amz-Signature"
                || (settings.session_token == SessionToken::Unsigned && name == b"X-Amz-Security-Token")
        };
        query.split('&').filter(|pair| !(self.in_query && added_late(pair))).collect::<Vec<_>>().join("&")
    }
}

/// The fields of a signature, from the header or the query.
struct Raw<'a> {
    algorithm: &'a str,
    credential: &'a str,
    date: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl Raw<'_> {
    fn check(
        &self,
        session_token: Option<String>,
        in_query: bool,
        expires_in: Option<Duration>,
    ) -> Result<Claim, VerifyError> {
        let stamp = Stamp::parse(self.date).ok_or_else(|| {
            malformed(format!("Date must be in ISO-8601 'basic format'. Got '{}'.", self.date))
        })?;
        if self.algorithm != ALGORITHM {
            return Err(malformed(format!("Unsupported AWS 'algorithm': '{}'", self.algorithm)));
        }
        let elements: Vec<&str> = self.credential.split('/').collect();
        let [access_key_id, scope @ ..] = elements.as_slice() else {
            return Err(wrong_elements(self.credential));
        };
        let scope: [&str; 4] = scope.try_into().map_err(|_| wrong_elements(self.credential))?;
        if let Some(name) = repeated(self.signed_headers) {
            return Err(malformed(format!("'SignedHeaders' must not contain '{name}' more than once.")));
        }
        Ok(Claim {
            access_key_id: (*access_key_id).to_owned(),
            scope: scope.map(str::to_owned),
            stamp,
            signed_headers: self.signed_headers.to_owned(),
            signature: from_hex(self.signature).unwrap_or_default(),
            session_token,
            in_query,
            expires_in,
        })
    }
}

fn query_parameters(query: &str) -> BTreeMap<String, String> {
    let text = |encoded| String::from_utf8_lossy(&decode_query(encoded)).into_owned();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (text(name), text(value)))
        .collect()
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks();
    let bytes = pairs.iter().map(|[high, low]| Some(hex_value(*high)? << 4 | hex_value(*low)?));
    if rest.is_empty() { bytes.collect() } else { None }
}

fn malformed(message: impl Into<String>) -> VerifyError {
    VerifyError::Malformed(message.into())
}

fn wrong_elements(credential: &str) -> VerifyError {
    malformed(format!(
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, \
         got '{credential}'"
    ))
}
