//! Fakes of services without operations: their checks, failures and responses.
//!
//! A request that passes all checks gets the response for its method and path, or else an echo of itself.

mod echo;
mod refusal;
mod routes;

use std::time::SystemTime;

use bytes::Bytes;
use http::{
    Request, StatusCode,
    header::{DATE, HOST},
};

pub(crate) use self::routes::Routes;
pub use self::{
    refusal::{FakeRefusal, FakeRequest, UnknownRefusal},
    routes::InvalidPath,
};
use super::{AWS_REQUEST_ID, Dialect, Reply, sigv4};
use crate::{
    FakeError, FakeService, hosts::KnownHost, protocol::RawHttp, response, router::Router,
    sign::sigv4::Scope, transport::Response,
};

impl Dialect for RawHttp {
    fn operation(&self, _: &'static FakeService, _request: &Request<Bytes>) -> Option<String> {
        None
    }

    /// The echo of a request, if no failure was ordered and its signature is valid.
    ///
    /// It is verified for the region and service in the host's name; for other hosts, by the fake's settings.
    fn serve(&self, router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
        if let Some(failure) = router.script.failure(ANY) {
            return Err(failure);
        }
        let known = known_host(router.service, request);
        let own = known.as_ref().and_then(|known| known.form.signing_name);
        let scope = Scope {
            region: region(router, known.as_ref(), request),
            service: own.unwrap_or_else(|| router.service.info.auth.signing_name()),
        };
        let (verified, _) = sigv4::verify_for(scope, router, request, now)
            .map_err(|error| FakeError::exception(error.exception()).with_message(error.to_string()))?;
        Ok(echo::of(request, &verified, scope))
    }

    fn respond(&self, reply: Reply<'_>, result: Result<String, FakeError>) -> Response {
        let mut response = match result {
            Ok(echo) => {
                let set = |request: &Request<_>| {
                    reply.router.script.response(request.method(), request.uri().path())
                };
                reply.request.and_then(set).unwrap_or_else(|| response::json(StatusCode::OK, echo))
            }
            Err(error) => refusal::response(&reply, &error),
        };
        let headers = response.headers_mut();
        headers.entry(DATE).or_insert_with(|| response::date(reply.now));
        if refusal::is_of_service(headers) {
            headers.insert(AWS_REQUEST_ID, response::header(reply.id));
        }
        response
    }
}

/// Key of failures that are ordered for any request.
pub(crate) const ANY: &str = "";

/// Checks that the named refusal exists.
pub(crate) fn check(router: &Router, id: Option<&str>) -> Result<(), UnknownRefusal> {
    id.map_or(Ok(()), |id| refusal::find(router.service, id).map(drop))
}

/// Orders a refusal of the next requests.
pub(crate) fn order(router: &Router, id: &str, times: usize) -> Result<(), UnknownRefusal> {
    let refusal = refusal::find(router.service, id)?;
    router.script.fail(ANY, FakeError::code(refusal.id), times);
    Ok(())
}

fn known_host<'r>(service: &FakeService, request: &'r Request<Bytes>) -> Option<KnownHost<'r>> {
    let host = request.headers().get(HOST)?.to_str().ok()?;
    let host = host.split(':').next().unwrap_or_default();
    service.info.hosts.recognize(host, service.info.endpoints.partitions)
}

/// The region of the host's name, of the fake or of the signature.
fn region<'r>(router: &'r Router, known: Option<&KnownHost<'r>>, request: &'r Request<Bytes>) -> &'r str {
    let named = known.and_then(|known| known.part("Region"));
    let region = named.or(router.region.as_deref()).or_else(|| sigv4::claimed_region(request));
    region.unwrap_or_else(|| router.region())
}
