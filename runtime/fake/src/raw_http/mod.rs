//! Fakes of services without operations: their checks, failures and responses.
//!
//! A request that passes all checks gets the response for its method and path, or else an echo of itself.

mod echo;
mod refusal;
mod routes;

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, header::HOST};

pub use self::refusal::{FakeRefusal, FakeRequest, UnknownRefusal};
pub(super) use self::routes::Routes;
use super::{FakeError, FakeService, check as checks, issued, response, router::Router};
use crate::{
    hosts::KnownHost,
    sign::{
        Signable,
        sigv4::Scope,
        verify::{Verified, Verifier, VerifyError},
    },
    transport::Response,
};

/// Key of failures that are ordered for any request.
pub(super) const ANY: &str = "";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// Checks that the named refusal exists.
pub(super) fn check(router: &Router, id: Option<&str>) -> Result<(), UnknownRefusal> {
    id.map_or(Ok(()), |id| refusal::find(router.service, id).map(drop))
}

/// Orders a refusal of the next requests.
pub(super) fn order(router: &Router, id: &str, times: usize) -> Result<(), UnknownRefusal> {
    let refusal = refusal::find(router.service, id)?;
    router.script.fail(ANY, FakeError::code(refusal.id), times);
    Ok(())
}

/// The echo of a request, if no failure was ordered and its signature is valid.
pub(super) fn judge(router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
    if let Some(failure) = router.script.failure(ANY) {
        return Err(failure);
    }
    let (verified, scope) = verify(router, request, now)
        .map_err(|error| FakeError::exception(error.exception()).with_message(error.to_string()))?;
    Ok(echo::of(request, &verified, scope))
}

/// Verifies the signature for the region and service in the host's name; for other hosts, by the fake's settings.
fn verify<'r>(
    router: &'r Router,
    request: &'r Request<Bytes>,
    now: SystemTime,
) -> Result<(Verified, Scope<'r>), VerifyError> {
    let known = known_host(router.service, request);
    let own = known.as_ref().and_then(|known| known.form.signing_name);
    let scope = Scope {
        region: region(router, known.as_ref(), request),
        service: own.unwrap_or_else(|| router.service.info.auth.signing_name()),
    };
    let auth = router.service.info.auth;
    let verifier = Verifier::new(scope, now).window(auth.window()).ignore_expires(auth.ignores_expires());
    let find = |id: &str| issued::find(&router.credentials, id, request).map(|(found, _)| found);
    Ok((verifier.verify(&Signable::of(request), find)?, scope))
}

fn known_host<'r>(service: &FakeService, request: &'r Request<Bytes>) -> Option<KnownHost<'r>> {
    let host = request.headers().get(HOST)?.to_str().ok()?;
    let host = host.split(':').next().unwrap_or_default();
    service.info.hosts.recognize(host, service.info.endpoints.partitions)
}

/// The region of the host's name, of the fake or of the signature.
fn region<'r>(router: &'r Router, known: Option<&KnownHost<'r>>, request: &'r Request<Bytes>) -> &'r str {
    let named = known.and_then(|known| known.part("Region"));
    let region = named.or(router.region.as_deref()).or_else(|| checks::claimed_region(request));
    region.unwrap_or_else(|| router.service.example_region())
}

/// The response for a result. `number` identifies the request.
pub(super) fn respond(
    router: &Router,
    refusals: &'static [FakeRefusal],
    request: Option<&Request<Bytes>>,
    result: Result<String, FakeError>,
    number: u64,
    now: SystemTime,
) -> Response {
    let id = response::request_id(number);
    let mut response = match result {
        Ok(echo) => request
            .and_then(|request| router.script.response(request.method(), request.uri().path()))
            .unwrap_or_else(|| response::json(http::StatusCode::OK, echo)),
        Err(error) => refusal::response(router, refusals, request, &error, &id, now),
    };
    let headers = response.headers_mut();
    headers.entry(http::header::DATE).or_insert_with(|| response::date(now));
    if refusal::is_of_service(headers) {
        headers.insert(REQUEST_ID, HeaderValue::try_from(id).expect("digits and hyphens make a header"));
    }
    response
}
