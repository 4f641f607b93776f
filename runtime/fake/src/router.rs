//! The path from a request to its response.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{Request, StatusCode};
use hyper::body::Incoming;
use serde_json::Value;
use tokio::time::sleep;

use super::{
    DynamicOperation, FakeError, FakeService, Misbehaviour, ReceivedRequest,
    body::{self, Unread},
    context::Context,
    control,
    credentials::Credentials,
    dialect::{Nonces, Reply},
    gzip,
    issued::{Caller, Issuer},
    record::Records,
    response,
    script::Script,
    server::Counter,
    transport::Response,
    wire::Orders,
};

/// State shared by the connections of a fake.
#[derive(Debug)]
pub(super) struct Router {
    pub(super) service: &'static FakeService,
    pub(super) credentials: Credentials,
    pub(super) region: Option<String>,
    pub(super) script: Script,
    pub(super) records: Records,
    pub(super) connections: Counter,
    control: bool,
    context: Arc<dyn Context>,
    responses: AtomicU64,
    pub(super) nonces: Nonces,
}

impl Router {
    pub(super) fn new(
        service: &'static FakeService,
        credentials: Credentials,
        region: Option<String>,
        control: bool,
        context: Arc<dyn Context>,
    ) -> Self {
        let (script, records, connections, responses, nonces) = Default::default();
        Self {
            service,
            credentials,
            region,
            script,
            records,
            connections,
            control,
            context,
            responses,
            nonces,
        }
    }

    /// The region of the fake, or a region that the service has.
    pub(super) fn region(&self) -> &str {
        let service = self.service;
        self.region.as_deref().unwrap_or_else(|| service.dialect.example_region(service.info))
    }

    /// Responds to a request, or orders the bytes to send instead.
    ///
    /// # Errors
    /// The connection ended before the request was complete.
    pub(super) async fn serve(&self, request: Request<Incoming>, orders: &Orders) -> io::Result<Response> {
        let (parts, incoming) = request.into_parts();
        let mut request = match body::read(incoming).await {
            Ok(body) => Request::from_parts(parts, body),
            Err(Unread::Ended) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Err(Unread::TooLarge) => {
                return Ok(self.finish(None, Err(body::too_large()), self.context.now()));
            }
        };
        let decoded = gzip::decode(self.service, &mut request);
        if let Some(response) = self.control.then(|| control::response(self, &request)).flatten() {
            return Ok(response);
        }
        self.records.push(self.record(&request));
        let misbehaviour = self.script.misbehaviour();
        if let Some(response) = misbehaviour.as_ref().and_then(Misbehaviour::intercept) {
            return Ok(self.ended(Some(&request), response, self.context.now()));
        }
        if let Some(Misbehaviour::Delay(delay)) = misbehaviour {
            sleep(delay).await;
        }
        let now = shifted(self.context.now(), misbehaviour.as_ref().map_or(0, Misbehaviour::skew));
        let result = decoded.and_then(|()| self.service.dialect.serve(self, &request, now));
        let response = self.finish(Some(&request), result, now);
        Ok(match misbehaviour.map(|misbehaviour| misbehaviour.apply(response.clone())) {
            None => response,
            Some(Ok(response)) => response,
            Some(Err(sabotage)) => {
                orders.order(sabotage);
                response
            }
        })
    }

    /// The output of an operation: an ordered failure, the response of a handler, or the sample of the model.
    pub(super) fn perform(
        &self,
        operation: &DynamicOperation,
        input: &Value,
        caller: &Caller,
        now: SystemTime,
    ) -> Result<String, FakeError> {
        if let Some(failure) = self.script.failure(operation.name()) {
            return Err(failure);
        }
        self.script.handle(operation.name(), input).unwrap_or_else(|| {
            let (issuer, context) = (self.issuer(), self.context.as_ref());
            Ok(response::Source { input, caller, issuer, now, context }.fill(operation))
        })
    }

    /// The fake as an issuer of temporary credentials.
    pub(super) fn issuer(&self) -> Issuer<'_> {
        Issuer { own: &self.credentials, vendor: self.service.info.auth.vendor() }
    }

    fn finish(
        &self,
        request: Option<&Request<Bytes>>,
        result: Result<String, FakeError>,
        now: SystemTime,
    ) -> Response {
        let id = response::request_id(self.responses.fetch_add(1, Ordering::Relaxed) + 1);
        let response = self.service.dialect.respond(Reply { router: self, request, id, now }, result);
        self.ended(request, response, now)
    }

    /// Replaces an informational response, which does not end a request, with an error about its status.
    fn ended(&self, request: Option<&Request<Bytes>>, response: Response, now: SystemTime) -> Response {
        let status = response.status();
        if !status.is_informational() {
            return response;
        }
        let error = FakeError::exception("InternalFailure")
            .with_status(StatusCode::INTERNAL_SERVER_ERROR)
            .with_message(format!(
                "invalid status {} for a response of the fake; use 200 to 999",
                status.as_u16()
            ));
        self.finish(request, Err(error), now)
    }

    fn record(&self, request: &Request<Bytes>) -> ReceivedRequest {
        ReceivedRequest {
            operation: self.service.dialect.operation(self.service, request),
            method: request.method().clone(),
            target: request.uri().to_string(),
            headers: request.headers().clone(),
            body: request.body().clone(),
        }
    }
}

fn shifted(time: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let shifted = if seconds < 0 { time.checked_sub(by) } else { time.checked_add(by) };
    shifted.unwrap_or(time)
}
