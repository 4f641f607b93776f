//! Verification of AWS Signature Version 4, as a service does it.
//!
//! Checks run in AWS's order, and errors have AWS's wording, so that a client under test gets the messages of the real
//! service.

mod claim;

use std::{
    collections::BTreeSet,
    fmt,
    time::{Duration, SystemTime},
};

use self::claim::Claim;
use super::{
    auth::Auth,
    canonical::{Covered, Signable},
    explanation::{Explanation, Texts},
    headers::SignedHeaders,
    keys,
    presigned::{self, UNSIGNED_PAYLOAD},
    sigv4::{Scope, Settings, X_AMZ_CONTENT_SHA256},
    stamp::Stamp,
};
use crate::{
    crypto::{hex, sha256},
    identity::Credentials,
};

impl<'a> SignedHeaders<'a> {
    /// The headers that a signature names, each once; an absent header counts as empty.
    fn listed(headers: &'a http::HeaderMap, names: &'a str) -> Self {
        let mut signed = Vec::new();
        for name in names.split(';') {
            let before = signed.len();
            signed.extend(headers.get_all(name).iter().map(|value| (name, value.as_bytes())));
            if signed.len() == before {
                signed.push((name, b"".as_slice()));
            }
        }
        Self(signed)
    }
}

/// The first name that a list of signed headers contains again. Such lists are refused: each name repeats the header's
/// value, so that a short list would stand for a long text.
pub(super) fn repeated(signed_headers: &str) -> Option<&str> {
    let mut seen = BTreeSet::new();
    // Headers are found in any case.
    signed_headers.split(';').find(|name| !seen.insert(name.to_ascii_lowercase()))
}

/// The properties of a kind of signature that verification depends on.
impl Auth {
    /// The largest difference between a signature's time and the service's.
    pub fn window(self) -> Duration {
        self.window
    }

    /// Whether presigned URLs expire with this window alone.
    pub fn ignores_expires(self) -> bool {
        self.ignores_expires
    }
}

/// The largest difference between a signature's time and the service's, by default.
const WINDOW: Duration = Duration::from_secs(5 * 60);

/// Verifies signatures for one scope at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Verifier<'a> {
    scope: Scope<'a>,
    now: SystemTime,
    settings: Settings,
    window: Duration,
    ignores_expires: bool,
}

/// The verified signer of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The access key id.
    pub access_key_id: String,
    /// The time of the signature.
    pub signed_at: SystemTime,
    /// Whether the signature covers the body. If not, anybody may have replaced it.
    pub covers_body: bool,
}

impl<'a> Verifier<'a> {
    /// A verifier with the default settings.
    pub fn new(scope: Scope<'a>, now: SystemTime) -> Self {
        Self { scope, now, settings: Settings::default(), window: WINDOW, ignores_expires: false }
    }

    /// Sets how the service's signatures differ from the default.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Sets the largest difference between a signature's time and the service's; default: five minutes.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Sets whether presigned URLs expire with this window alone. Then `X-Amz-Expires` is not read and may be missing,
    /// as with some services.
    #[must_use]
    pub fn ignore_expires(mut self, ignores_expires: bool) -> Self {
        self.ignores_expires = ignores_expires;
        self
    }

    /// Verifies the signature of a request, in its `authorization` header or its query. `find` returns the credentials
    /// for an access key id.
    ///
    /// # Errors
    /// [`VerifyError`] if AWS would refuse the request, too.
    pub fn verify(
        &self,
        request: &Signable<'_>,
        find: impl FnOnce(&str) -> Option<Credentials>,
    ) -> Result<Verified, VerifyError> {
        let claim = Claim::read(request, self.ignores_expires)?;
        self.check_time(&claim)?;
        if !claim.signed_headers.split(';').any(|name| name == "host") {
            return Err(VerifyError::Malformed(
                "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned(),
            ));
        }
        claim.check_scope(&self.scope)?;
        let credentials = find(&claim.access_key_id).ok_or(VerifyError::UnknownIdentity)?;
        let covers_body = self.check_signature(request, &claim, &credentials)?;
        if claim.session_token.as_deref() != credentials.session_token().map(|token| token.expose().as_str())
        {
            return Err(VerifyError::UnknownIdentity);
        }
        if credentials.expires_at().is_some_and(|end| end <= self.now) {
            return Err(VerifyError::ExpiredToken);
        }
        Ok(Verified { access_key_id: claim.access_key_id, signed_at: claim.stamp.time(), covers_body })
    }

    fn check_time(&self, claim: &Claim) -> Result<(), VerifyError> {
        let signed_at = claim.stamp.time();
        let lifetime = claim.expires_in.unwrap_or(self.window);
        let skewed = |window| VerifyError::Skewed { signed_at, now: self.now, window };
        if signed_at > self.now + self.window {
            return Err(skewed(self.window));
        }
        if signed_at + lifetime < self.now {
            return Err(skewed(lifetime));
        }
        Ok(())
    }

    /// Returns whether the signature covers the body.
    fn check_signature(
        &self,
        request: &Signable<'_>,
        claim: &Claim,
        credentials: &Credentials,
    ) -> Result<bool, VerifyError> {
        let query = claim.signed_query(request.query, self.settings);
        let request = Signable { query: &query, ..*request };
        let headers = SignedHeaders::listed(request.headers, &claim.signed_headers);
        let (headers, settings) = (&headers, self.settings);
        // A signature in headers leaves out the body only by a signed `x-amz-content-sha256: UNSIGNED-PAYLOAD`, one in a URL also
        // without that header. Any hash in the header must be that of the body.
        let may_be_uncovered = claim.in_query || headers.get(X_AMZ_CONTENT_SHA256.as_str()).is_some();
        let is_uncovered =
            may_be_uncovered && presigned::stated_payload(settings, headers) == Some(UNSIGNED_PAYLOAD);
        let hash = (!is_uncovered).then(|| hex(&sha256(request.body)));
        let payload_hash = hash.as_ref().map_or(UNSIGNED_PAYLOAD, |hash| hash.as_slice());
        let covered = Covered { request: &request, headers, payload_hash, settings };
        let texts = Texts::new(&covered, &claim.stamp, &self.scope);
        let key = keys::derive(credentials.secret_access_key().expose(), claim.stamp.day(), &self.scope);
        if key.verify(texts.string_to_sign(), &claim.signature) {
            return Ok(!is_uncovered);
        }
        let ours = hex(&key.sign(texts.string_to_sign()));
        Err(VerifyError::Mismatch(Box::new(texts.explain(&covered, &claim.stamp, &ours))))
    }
}

/// Why a signature is refused. `Display` writes the message that AWS sends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The request is not signed.
    Missing,
    /// The signature cannot be read; the message lists what is missing or malformed.
    Malformed(String),
    /// The request was signed too early or late, or its presigned URL has expired.
    Skewed {
        /// The time of the signature.
        signed_at: SystemTime,
        /// The service's time.
        now: SystemTime,
        /// The largest difference in this direction.
        window: Duration,
    },
    /// The request was signed for another region, service or day. The message lists the differences.
    WrongScope(String),
    /// The access key id is unknown, or the session token belongs to another one.
    UnknownIdentity,
    /// The session has ended.
    ExpiredToken,
    /// The signature does not match. Contains what the service computed from the received request.
    Mismatch(Box<Explanation>),
}

impl VerifyError {
    /// The exception in AWS's error response.
    pub fn exception(&self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationTokenException",
            Self::Malformed(_) => "IncompleteSignatureException",
            Self::Skewed { .. } | Self::WrongScope(_) | Self::Mismatch(_) => "InvalidSignatureException",
            Self::UnknownIdentity => "UnrecognizedClientException",
            Self::ExpiredToken => "ExpiredTokenException",
        }
    }

    /// The code in the error response of AWS query services.
    pub fn query_code(&self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationToken",
            Self::Malformed(_) => "IncompleteSignature",
            Self::Skewed { .. } | Self::WrongScope(_) | Self::Mismatch(_) => "SignatureDoesNotMatch",
            Self::UnknownIdentity => "InvalidClientTokenId",
            Self::ExpiredToken => "ExpiredToken",
        }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("Missing Authentication Token"),
            Self::Malformed(message) | Self::WrongScope(message) => f.write_str(message),
            Self::Skewed { signed_at, now, window } => write_skew(f, *signed_at, *now, *window),
            Self::UnknownIdentity => f.write_str("The security token included in the request is invalid."),
            Self::ExpiredToken => f.write_str("The security token included in the request is expired"),
            Self::Mismatch(ours) => write!(
                f,
                "The request signature we calculated does not match the signature you provided. Check your AWS \
                 Secret Access Key and signing method. Consult the service documentation for details.\n\n\
                 The Canonical String for this request should have been\n'{}'\n\n\
                 The String-to-Sign should have been\n'{}'\n",
                ours.canonical_request(),
                ours.string_to_sign()
            ),
        }
    }
}

fn write_skew(
    f: &mut fmt::Formatter<'_>,
    signed_at: SystemTime,
    now: SystemTime,
    window: Duration,
) -> fmt::Result {
    let text =
        |time| Stamp::from_time(time).map_or_else(|| "?".to_owned(), |stamp| stamp.as_str().to_owned());
    let minutes = window.as_secs() / 60;
    if signed_at > now {
        let latest = text(now + window);
        let (signed_at, now) = (text(signed_at), text(now));
        write!(
            f,
            "Signature not yet current: {signed_at} is still later than {latest} ({now} + {minutes} min.)"
        )
    } else {
        let earliest = now.checked_sub(window).map_or_else(|| "?".to_owned(), text);
        let (signed_at, now) = (text(signed_at), text(now));
        write!(f, "Signature expired: {signed_at} is now earlier than {earliest} ({now} - {minutes} min.)")
    }
}

impl std::error::Error for VerifyError {}
