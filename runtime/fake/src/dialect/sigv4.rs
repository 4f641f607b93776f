//! Signatures of AWS.

use std::time::SystemTime;

use bytes::Bytes;
use gatewright_core::percent::read_query;
use http::{Request, header, uri::PathAndQuery};

use crate::{
    DynamicOperation, gzip,
    issued::Caller,
    router::Router,
    sign::{
        Signable,
        sigv4::Scope,
        verify::{Verified, Verifier, VerifyError},
    },
};

/// Verifies the signature for the fake's region, or for any region, and returns the caller. Some operations need none.
pub(super) fn verify(
    router: &Router,
    operation: &DynamicOperation,
    request: &Request<Bytes>,
    now: SystemTime,
) -> Result<Caller, VerifyError> {
    if operation.unsigned() {
        return Ok(Caller::default());
    }
    let region = router.region.as_deref().or_else(|| claimed_region(request)).unwrap_or("us-east-1");
    let scope = Scope { region, service: router.service.info.auth.signing_name() };
    verify_for(scope, router, request, now).map(|(_, caller)| caller)
}

/// Verifies the signature for a scope.
pub(super) fn verify_for(
    scope: Scope<'_>,
    router: &Router,
    request: &Request<Bytes>,
    now: SystemTime,
) -> Result<(Verified, Caller), VerifyError> {
    let auth = router.service.info.auth;
    let verifier = Verifier::new(scope, now)
        .settings(auth.settings())
        .window(auth.window())
        .ignore_expires(auth.ignores_expires());
    let mut caller = Caller::default();
    let find = |id: &str| {
        let (found, by) = router.issuer().find(id, token(request).as_deref())?;
        caller = by;
        Some(found)
    };
    let target = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    let (method, headers) = (request.method().as_str(), request.headers());
    let signable = Signable::new(method, target, headers, gzip::received(request));
    Ok((verifier.verify(&signable, find)?, caller))
}

/// The session token of a header or a presigned URL.
fn token(request: &Request<Bytes>) -> Option<String> {
    const NAME: &str = "X-Amz-Security-Token";
    if let Some(token) = request.headers().get(NAME) {
        return token.to_str().ok().map(ToOwned::to_owned);
    }
    let parameters = read_query(request.uri().query().unwrap_or_default());
    let (_, token) = parameters.into_iter().find(|(name, _)| name == NAME.as_bytes())?;
    String::from_utf8(token).ok()
}

/// The region in the credential scope of an `authorization` header or a presigned URL.
pub(super) fn claimed_region(request: &Request<Bytes>) -> Option<&str> {
    if let Some(header) = request.headers().get(header::AUTHORIZATION) {
        return header.to_str().ok()?.split_once("Credential=")?.1.split('/').nth(2);
    }
    let mut pairs = request.uri().query()?.split('&').filter_map(|pair| pair.split_once('='));
    let (_, credential) = pairs.find(|(name, _)| *name == "X-Amz-Credential")?;
    // Slashes may be percent-encoded; other characters of a region never are.
    let region = credential.split(['%', '/']).nth(2)?;
    Some(region.strip_prefix("2F").or(region.strip_prefix("2f")).unwrap_or(region))
}
