//! The checks of a service, in its order.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use serde_json::Value;

use super::{
    FakeError, FakeService,
    issued::{self, Caller},
    violations,
};
use crate::{
    DynamicOperation,
    credentials::Credentials,
    dynamic::Refused,
    protocol::AwsJson,
    sign::{
        Signable,
        sigv4::Scope,
        verify::{Verifier, VerifyError},
    },
};

/// The name of the operation in a target.
pub(super) fn target<'a>(protocol: &AwsJson, headers: &'a HeaderMap) -> Option<&'a str> {
    let target = headers.get("x-amz-target")?.to_str().ok()?;
    target.strip_prefix(protocol.target_prefix)?.strip_prefix('.')
}

/// The operation of a request.
pub(super) fn route(
    service: &FakeService,
    protocol: &AwsJson,
    request: &Request<Bytes>,
) -> Result<&'static DynamicOperation, FakeError> {
    let unknown = |message| Err(FakeError::exception("UnknownOperationException").with_message(message));
    let (method, path, headers) = (request.method(), request.uri().path(), request.headers());
    let AwsJson { content_type, target_prefix } = *protocol;
    if *method != Method::POST || path != "/" {
        return unknown(format!("every operation is a POST of /, not a {method} of {path}"));
    }
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("none");
    if !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(content_type) {
        return unknown(format!("the content type is {content_type}, not {sent}"));
    }
    let Some(name) = target(protocol, headers) else {
        let sent = headers
            .get("x-amz-target")
            .map_or("none".into(), |value| String::from_utf8_lossy(value.as_bytes()));
        return unknown(format!("the target is {target_prefix}.<operation>, not {sent}"));
    };
    match service.operation(name) {
        Some(operation) => Ok(operation),
        None => unknown(format!("{} has no operation {name}", service.info.title)),
    }
}

/// Verifies the signature, for `region` or any region; a failure becomes an exception.
pub(super) fn authenticate(
    service: &FakeService,
    credentials: &Credentials,
    region: Option<&str>,
    request: &Request<Bytes>,
    now: SystemTime,
) -> Result<Caller, FakeError> {
    verify(service, credentials, region, request, now)
        .map_err(|error| FakeError::exception(error.exception()).with_message(error.to_string()))
}

/// Verifies the signature, for `region` or any region, and returns the caller.
pub(super) fn verify(
    service: &FakeService,
    credentials: &Credentials,
    region: Option<&str>,
    request: &Request<Bytes>,
    now: SystemTime,
) -> Result<Caller, VerifyError> {
    let auth = service.info.auth;
    let region = region.or_else(|| claimed_region(request)).unwrap_or("us-east-1");
    let scope = Scope { region, service: auth.signing_name() };
    let verifier = Verifier::new(scope, now).window(auth.window()).ignore_expires(auth.ignores_expires());
    let mut caller = Caller::default();
    let find = |id: &str| {
        let (found, by) = issued::find(credentials, id, request)?;
        caller = by;
        Some(found)
    };
    verifier.verify(&Signable::of(request), find)?;
    Ok(caller)
}

/// Checks types, required members and constraints, and returns the parsed input.
pub(super) fn validate(operation: &DynamicOperation, body: &[u8]) -> Result<Value, FakeError> {
    let body = if body.is_empty() { b"{}" } else { body };
    operation.check(body).map_err(|refused| match refused {
        Refused::Invalid(faults) if faults.mistyped.is_empty() => {
            let input = serde_json::from_slice(body).unwrap_or_default();
            FakeError::exception("ValidationException").with_message(violations::message(&faults, &input))
        }
        refused => FakeError::exception("SerializationException").with_message(refused.to_string()),
    })
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
