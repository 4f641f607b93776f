//! Verification of the signatures of RPC services, as a service does it.
//!
//! Errors have the codes, statuses and messages of the real services, so that a client under test gets the messages of
//! the real service.

mod acs3_claim;

use std::{
    borrow::Cow,
    fmt,
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    canonical::Signable,
    rpc_v1::{self, Explanation, parameters},
};
use crate::{
    identity::Credentials,
    percent::{self, Pair},
    signatures::RPC_V1,
    time::Timestamp,
};

/// The largest difference between a signature's time and the service's.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// Verifies signatures at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Verifier {
    now: SystemTime,
}

/// The verified signer of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The access key id.
    pub access_key_id: String,
    /// The time of the signature.
    pub signed_at: SystemTime,
    /// The nonce. Refuse a request with [`VerifyError::NonceUsed`] if its nonce was used before, within half an hour.
    pub nonce: String,
}

impl Verifier {
    /// A verifier for the time `now`.
    pub fn new(now: SystemTime) -> Self {
        Self { now }
    }

    /// Verifies the signature of a request, in its `authorization` header or among its parameters. `find` returns the
    /// credentials for an access key id.
    ///
    /// # Errors
    /// [`VerifyError`] if the real services would refuse the request, too.
    pub fn verify(
        &self,
        request: &Signable<'_>,
        find: impl FnOnce(&str) -> Option<Credentials>,
    ) -> Result<Verified, VerifyError> {
        if let Some(claim) = acs3_claim::Claim::read(request)? {
            let signed = self.check(&claim.identity, find)?;
            claim.check_signature(request, &signed)?;
            return self.check_token(claim.identity, &signed);
        }
        let mut pairs = percent::read_query(request.query);
        pairs.extend(parameters::read_form(request.headers, request.body));
        let identity = identity(&pairs)?;
        let credentials = self.check(&identity, find)?;
        check_signature(request.method, pairs, &credentials)?;
        self.check_token(identity, &credentials)
    }

    /// The checks that need no signature.
    fn check(
        &self,
        identity: &Identity,
        find: impl FnOnce(&str) -> Option<Credentials>,
    ) -> Result<Credentials, VerifyError> {
        let (early, late) = (identity.signed_at + WINDOW, self.now + WINDOW);
        if early < self.now || late < identity.signed_at {
            return Err(VerifyError::Expired);
        }
        find(&identity.access_key_id).ok_or(VerifyError::UnknownAccessKey)
    }

    fn check_token(&self, identity: Identity, credentials: &Credentials) -> Result<Verified, VerifyError> {
        let Identity { access_key_id, signed_at, nonce, token } = identity;
        if token.as_deref() != credentials.session_token().map(|token| token.expose().as_str()) {
            return Err(VerifyError::WrongToken);
        }
        if credentials.expires_at().is_some_and(|end| end <= self.now) {
            return Err(VerifyError::ExpiredToken);
        }
        Ok(Verified { access_key_id, signed_at, nonce })
    }
}

/// The claimed signer of a request.
pub(super) struct Identity {
    pub(super) access_key_id: String,
    pub(super) signed_at: SystemTime,
    pub(super) nonce: String,
    pub(super) token: Option<String>,
}

fn identity(pairs: &[Pair]) -> Result<Identity, VerifyError> {
    let get = |name: &str| value(pairs, name).map(|value| String::from_utf8_lossy(value).into_owned());
    let need = |name| get(name).filter(|value| !value.is_empty()).ok_or(VerifyError::Missing(name));
    let access_key_id = need("AccessKeyId")?;
    need("Signature")?;
    if need("SignatureMethod")? != RPC_V1.algorithm {
        return Err(VerifyError::WrongMethod);
    }
    if need("SignatureVersion")? != "1.0" {
        return Err(VerifyError::WrongVersion);
    }
    let nonce = need("SignatureNonce")?;
    let signed_at = read_time(&need("Timestamp")?)?;
    Ok(Identity { access_key_id, signed_at, nonce, token: get("SecurityToken") })
}

/// Reads `2026-11-22T12:00:00Z`, and no other form.
pub(super) fn read_time(text: &str) -> Result<SystemTime, VerifyError> {
    let time = Timestamp::parse_date_time(text).filter(|time| time.date_time().to_string() == text);
    time.map(SystemTime::from).ok_or(VerifyError::TimeFormat)
}

fn check_signature(method: &str, mut pairs: Vec<Pair>, credentials: &Credentials) -> Result<(), VerifyError> {
    let signature = value(&pairs, "Signature").and_then(|text| STANDARD.decode(text).ok());
    pairs.retain(|(name, _)| name != b"Signature");
    let ours = Explanation::new(method, parameters::canonical(pairs), credentials);
    let string_to_sign = ours.string_to_sign().to_owned();
    let is_ours = rpc_v1::key(credentials).verify(string_to_sign.as_bytes(), &signature.unwrap_or_default());
    if is_ours { Ok(()) } else { Err(VerifyError::Mismatch { string_to_sign, canonical_request: None }) }
}

fn value<'a>(pairs: &'a [Pair], name: &str) -> Option<&'a [u8]> {
    pairs.iter().find(|(parameter, _)| parameter == name.as_bytes()).map(|(_, value)| value.as_slice())
}

/// Why a signature is refused. `Display` writes the message that services send.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// This parameter, or the equivalent header, is missing.
    Missing(&'static str),
    /// The `authorization` header cannot be read.
    Malformed,
    /// The signature has another algorithm than HMAC-SHA1.
    WrongMethod,
    /// The signature has another version than 1.0.
    WrongVersion,
    /// The time is not written like `2026-11-22T12:00:00Z`.
    TimeFormat,
    /// The request was signed more than 15 minutes ago, or in the future.
    Expired,
    /// The access key id is unknown.
    UnknownAccessKey,
    /// The signature does not match. Contains the texts computed from the received request.
    Mismatch {
        /// The string to sign.
        string_to_sign: String,
        /// The canonical request, if the string to sign has only its hash.
        canonical_request: Option<String>,
    },
    /// The session token belongs to another access key id.
    WrongToken,
    /// The session has ended.
    ExpiredToken,
    /// The nonce was seen before.
    NonceUsed,
}

impl VerifyError {
    /// The code in the services' error responses.
    pub fn code(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Missing(name) => return Cow::Owned(["Missing", *name].concat()),
            Self::Malformed => "IncompleteSignature",
            Self::WrongMethod => "InvalidSignatureMethod",
            Self::WrongVersion => "InvalidSignatureVersion",
            Self::TimeFormat => "InvalidTimeStamp.Format",
            Self::Expired => "InvalidTimeStamp.Expired",
            Self::UnknownAccessKey => "InvalidAccessKeyId.NotFound",
            Self::Mismatch { .. } => "SignatureDoesNotMatch",
            Self::WrongToken => "InvalidSecurityToken.Malformed",
            Self::ExpiredToken => "InvalidSecurityToken.Expired",
            Self::NonceUsed => "SignatureNonceUsed",
        })
    }

    /// The HTTP status of the error response.
    pub fn status(&self) -> u16 {
        if matches!(self, Self::UnknownAccessKey) { 404 } else { 400 }
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing(name) => return write!(f, "{name} is mandatory for this action."),
            Self::Mismatch { string_to_sign, canonical_request: None } => {
                return write!(
                    f,
                    "Specified signature is not matched with our calculation. server string to sign is:{string_to_sign}"
                );
            }
            Self::Mismatch { string_to_sign, canonical_request: Some(canonical_request) } => {
                return write!(
                    f,
                    "Specified signature does not match our calculation. server StringToSign is [{string_to_sign}] \
                     server CanonicalRequest is [{canonical_request}]"
                );
            }
            Self::Malformed => "The request signature does not conform to Aliyun standards.",
            Self::WrongMethod => "Specified signature method is not valid.",
            Self::WrongVersion => "Specified parameter SignatureVersion is not valid.",
            Self::TimeFormat => "Specified time stamp or date value is not well formatted.",
            Self::Expired => "Specified time stamp or date value is expired.",
            Self::UnknownAccessKey => "Specified access key is not found.",
            Self::WrongToken => "Specified SecurityToken is malformed.",
            Self::ExpiredToken => "Specified SecurityToken is expired.",
            Self::NonceUsed => "Specified signature nonce was used already.",
        })
    }
}

/// Omits the texts, which contain values of the request.
impl fmt::Debug for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VerifyError").field(&self.code()).finish()
    }
}

impl std::error::Error for VerifyError {}
