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
use tokio::time::sleep;

use super::query;
use super::raw_http;
use super::rpc;
use super::{
    FakeError, FakeService, Misbehaviour, ReceivedRequest,
    body::{self, Unread},
    check, control,
    record::Records,
    response,
    script::Script,
    server::Counter,
    service::Dialect,
    wire::Saboteur,
};
use crate::{
    transport::Response,
    {context::Context, credentials::Credentials},
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
    nonces: rpc::Nonces,
}

impl Router {
    pub(super) fn new(
        service: &'static FakeService,
        credentials: Credentials,
        region: Option<String>,
        control: bool,
        context: Arc<dyn Context>,
    ) -> Self {
        let (script, records, connections, responses) = Default::default();
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
            nonces: rpc::Nonces::default(),
        }
    }

    /// Responds to a request, or orders the bytes to send instead from the saboteur.
    ///
    /// # Errors
    /// The connection ended before the request was complete.
    pub(super) async fn serve(
        &self,
        request: Request<Incoming>,
        saboteur: &Saboteur,
    ) -> io::Result<Response> {
        let (parts, incoming) = request.into_parts();
        let request = match body::read(incoming).await {
            Ok(body) => Request::from_parts(parts, body),
            Err(Unread::Ended) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Err(Unread::TooLarge) => return Ok(self.finish(None, Err(too_large()), self.context.now())),
        };
        if let Some(response) = self.control.then(|| control::response(self, &request)).flatten() {
            return Ok(response);
        }
        self.records.push(self.record(&request));
        let misbehaviour = self.script.misbehaviour();
        if let Some(response) = misbehaviour.as_ref().and_then(Misbehaviour::intercept) {
            return Ok(response);
        }
        if let Some(Misbehaviour::Delay(delay)) = misbehaviour {
            sleep(delay).await;
        }
        let now = shifted(self.context.now(), misbehaviour.as_ref().map_or(0, Misbehaviour::skew));
        let response = self.finish(Some(&request), self.judge(&request, now), now);
        Ok(match misbehaviour.map(|misbehaviour| misbehaviour.spoil(response.clone())) {
            None => response,
            Some(Ok(spoilt)) => spoilt,
            Some(Err(sabotage)) => {
                saboteur.order(sabotage);
                response
            }
        })
    }

    fn judge(&self, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
        let (operation, input, caller) = match &self.service.dialect {
            Dialect::AwsJson(protocol) => {
                let operation = check::route(self.service, protocol, request)?;
                let region = self.region.as_deref();
                let caller = check::authenticate(self.service, &self.credentials, region, request, now)?;
                (operation, check::validate(operation, request.body())?, caller)
            }
            Dialect::AwsQuery(_) => {
                query::check(self.service, &self.credentials, self.region.as_deref(), request, now)?
            }
            Dialect::Rpc(_) => {
                let (operation, input) =
                    rpc::check(self.service, &self.credentials, &self.nonces, request, now)?;
                (operation, input, super::issued::Caller::default())
            }
            Dialect::RawHttp(_) => return raw_http::judge(self, request, now),
        };
        if let Some(failure) = self.script.failure(operation.name()) {
            return Err(failure);
        }
        let handled = self.script.handle(operation.name(), &input);
        handled.unwrap_or_else(|| {
            let (own, context) = (&self.credentials, self.context.as_ref());
            Ok(response::Source { input: &input, caller: &caller, own, now, context }.fill(operation))
        })
    }

    fn finish(
        &self,
        request: Option<&Request<Bytes>>,
        result: Result<String, FakeError>,
        now: SystemTime,
    ) -> Response {
        let number = self.responses.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.service.dialect {
            Dialect::AwsJson(protocol) => response::response(self.service, protocol, result, number, now),
            Dialect::AwsQuery(protocol) => {
                query::response(self.service, protocol, request, result, number, now)
            }
            Dialect::Rpc(protocol) => rpc::response(self.service, protocol, request, result, number, now),
            Dialect::RawHttp(refusals) => raw_http::respond(self, refusals, request, result, number, now),
        }
    }

    fn record(&self, request: &Request<Bytes>) -> ReceivedRequest {
        ReceivedRequest {
            operation: match &self.service.dialect {
                Dialect::AwsJson(protocol) => {
                    check::target(protocol, request.headers()).map(ToOwned::to_owned)
                }
                Dialect::AwsQuery(_) => query::action(request),
                Dialect::Rpc(_) => rpc::action(request),
                Dialect::RawHttp(_) => None,
            },
            method: request.method().clone(),
            target: request.uri().to_string(),
            headers: request.headers().clone(),
            body: request.body().clone(),
        }
    }
}

fn too_large() -> FakeError {
    FakeError::exception("RequestEntityTooLargeException")
        .with_status(StatusCode::PAYLOAD_TOO_LARGE)
        .with_message(format!("the body is larger than {} bytes", body::MAX))
}

fn shifted(time: SystemTime, seconds: i64) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs());
    let shifted = if seconds < 0 { time.checked_sub(by) } else { time.checked_add(by) };
    shifted.unwrap_or(time)
}
