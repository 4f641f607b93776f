//! Presigned URLs: the signature as parameters of the query.

use std::{borrow::Cow, fmt, time::Duration};

use http::{Uri, header::HOST};

use super::{
    canonical::Signable,
    explanation::Explanation,
    headers::SignedHeaders,
    host,
    sigv4::{ALGORITHM, ContentHash, SessionToken, Settings, SignError, Signer, X_AMZ_CONTENT_SHA256},
};
use crate::{
    crypto::{hex, sha256},
    percent::encode_query,
    wire::Request,
};

/// The longest validity of a presigned URL.
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Instead of the hash of a body that the signature does not cover.
pub(super) const UNSIGNED_PAYLOAD: &[u8] = b"UNSIGNED-PAYLOAD";

/// The path and query of a presigned URL. `Debug` shows neither: until the URL expires, whoever has it can make the
/// request.
#[derive(Clone)]
pub struct Presigned {
    target: String,
    explanation: Explanation,
}

impl Presigned {
    /// Path and query.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The texts that the signature was computed from.
    pub fn explanation(&self) -> &Explanation {
        &self.explanation
    }
}

impl fmt::Debug for Presigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presigned").field("explanation", &self.explanation).finish_non_exhaustive()
    }
}

impl Signer<'_> {
    /// Presigns a URL that lets anyone make this request until the URL expires. The validity is in whole seconds, at
    /// most a week.
    ///
    /// The request must be sent with the method, the body and the headers that were presigned; with
    /// [`ContentHash::Sent`], any body may be sent, unless `x-amz-content-sha256` is one of these headers.
    ///
    /// # Errors
    /// [`SignError`] if the request, the signer or the validity cannot be written as a signature requires.
    pub fn presign(&self, request: &Request, expires_in: Duration) -> Result<Uri, SignError> {
        let mut headers = request.headers().clone();
        if let Some(host) = host::replacement(&headers, request.uri())? {
            headers.insert(HOST, host);
        }
        let signable = Signable { headers: &headers, ..Signable::of(request) };
        let target = self.presign_target(&signable, expires_in)?.target;
        let mut parts = host::remove_default_port(request.uri().clone())?.into_parts();
        parts.path_and_query = Some(target.try_into().map_err(|_| SignError::Target)?);
        Uri::from_parts(parts).map_err(|_| SignError::Target)
    }

    /// Like [`presign`](Self::presign), for a request that already has its `host` header.
    ///
    /// # Errors
    /// The errors of [`presign`](Self::presign).
    pub fn presign_target(
        &self,
        request: &Signable<'_>,
        expires_in: Duration,
    ) -> Result<Presigned, SignError> {
        let stamp = self.stamp()?;
        if expires_in < Duration::from_secs(1) || expires_in > WEEK {
            return Err(SignError::Expiry);
        }
        if !request.headers.contains_key(HOST) {
            return Err(SignError::Host);
        }
        let headers = SignedHeaders::all(request.headers);
        let token = self.credentials.session_token().map(|token| token.expose().as_bytes());
        let (signed_token, late_token) = match self.settings.session_token {
            SessionToken::Signed => (token, None),
            SessionToken::Unsigned => (None, token),
        };
        let mut credential = [self.credentials.access_key_id(), "/"].concat().into_bytes();
        self.scope.write(&mut credential, &stamp);

        let mut query = request.query.to_owned();
        push(&mut query, "X-Amz-Algorithm", ALGORITHM.as_bytes());
        push(&mut query, "X-Amz-Credential", &credential);
        push(&mut query, "X-Amz-Date", stamp.as_bytes());
        push(&mut query, "X-Amz-Expires", expires_in.as_secs().to_string().as_bytes());
        if let Some(token) = signed_token {
            push(&mut query, "X-Amz-Security-Token", token);
        }
        push(&mut query, "X-Amz-SignedHeaders", &headers.names());
        let payload = stated_payload(self.settings, &headers)
            .map_or_else(|| Cow::Owned(hex(&sha256(request.body)).to_vec()), Cow::Borrowed);
        let signable = Signable { query: &query, ..*request };
        let covered = self.covered(&signable, &headers, &payload);
        let texts = self.texts(&covered, &stamp);
        let signature = self.signature(&texts, &stamp);
        let explanation = texts.explain(&covered, &stamp, &signature);
        if let Some(token) = late_token {
            push(&mut query, "X-Amz-Security-Token", token);
        }
        push(&mut query, "X-Amz-Signature", &signature);

        let path = if request.path.is_empty() { "/" } else { request.path };
        Ok(Presigned { target: format!("{path}?{query}"), explanation })
    }
}

/// What the canonical request of a presigned URL has instead of the hash of the body, for services that expect it. S3 expects
/// what the signed header states, and this word without the header: whoever makes the URL need not know the body.
pub(super) fn stated_payload<'a>(settings: Settings, headers: &SignedHeaders<'a>) -> Option<&'a [u8]> {
    match settings.content_hash {
        ContentHash::Omitted => None,
        ContentHash::Sent => Some(headers.get(X_AMZ_CONTENT_SHA256.as_str()).unwrap_or(UNSIGNED_PAYLOAD)),
    }
}

fn push(query: &mut String, name: &str, value: &[u8]) {
    let separator = if query.is_empty() { "" } else { "&" };
    query.extend([separator, name, "=", &encode_query(value)]);
}
