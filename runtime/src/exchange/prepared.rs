//! A call that is ready to be sent.

use std::{
    borrow::Cow,
    time::{Duration, SystemTime},
};

use http::header::USER_AGENT;

use super::{CallOptions, Destination, Limits, Shared};
use crate::{
    error::Called,
    identity::Credentials,
    protocol::{Fault, OperationInfo},
    retry::Classifier,
    secrets::Secrets,
    sign::{Signing, sigv4::Scope},
    trace::Traced,
    transport::{Request, Response},
};

/// A call after all steps that depend on its operation's types.
pub(crate) struct Prepared {
    pub(crate) operation: &'static OperationInfo,
    pub(crate) request: Request,
    /// The request's body before compression, if it was compressed.
    pub(crate) uncompressed: Option<bytes::Bytes>,
    pub(crate) limits: Limits,
    pub(crate) classifier: Option<Classifier>,
    pub(crate) operation_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) fault: fn(&Response) -> Fault,
    pub(crate) request_id: fn(&Response) -> Option<Cow<'_, str>>,
    /// Whether the call is by method and path, not of an operation. Responses may come from a server behind the service:
    /// then no status proves that nothing was executed.
    pub(crate) by_path: bool,
    /// The destination, if it is not the client's.
    pub(crate) own: Option<Box<Destination>>,
}

impl Prepared {
    pub(crate) fn new(
        shared: &Shared,
        operation: &'static OperationInfo,
        mut request: Request,
        options: CallOptions,
        own: Option<Box<Destination>>,
        fault: fn(&Response) -> Fault,
        request_id: fn(&Response) -> Option<Cow<'_, str>>,
    ) -> Self {
        let repeatable = !options.accepted_once && (operation.repeatable || options.retry_everything);
        // A call may set another user agent.
        request.headers_mut().insert(USER_AGENT, shared.user_agent.clone());
        request.headers_mut().extend(options.headers);
        Self {
            operation,
            request,
            uncompressed: None,
            limits: Limits { max_attempts: options.max_attempts, repeatable, backoff: options.backoff },
            classifier: options.classifier,
            operation_timeout: options.operation_timeout,
            attempt_timeout: options.attempt_timeout,
            fault,
            request_id,
            by_path: false,
            own,
        }
    }

    /// Where the call goes, and who signs it.
    pub(crate) fn destination<'a>(&'a self, shared: &'a Shared) -> &'a Destination {
        self.own.as_deref().unwrap_or(&shared.destination)
    }

    /// What a signature of the call depends on, besides the request.
    pub(crate) fn signing<'a>(
        &'a self,
        shared: &'a Shared,
        credentials: &'a Credentials,
        time: SystemTime,
        nonce: &'a str,
    ) -> Signing<'a> {
        let destination = self.destination(shared);
        let scope = Scope { region: &destination.region, service: shared.auth.signing_name() };
        Signing { credentials, scope, time, nonce, keys: &destination.keys }
    }

    /// What spans show of the call.
    pub(crate) fn traced<'a>(&'a self, shared: &'a Shared) -> Traced<'a> {
        Traced {
            service: shared.service,
            operation: self.operation.name,
            is_api: self.by_path,
            method: self.request.method(),
            address: shared.route.address(self.request.uri()),
            region: &self.destination(shared).region,
        }
    }

    /// What errors name: calls by method and path have no name of an operation.
    pub(crate) fn called(&self, credentials: Option<&Credentials>) -> Called {
        let (operation, request) = (self.operation.name, &self.request);
        if cfg!(not(feature = "raw-http")) || !self.by_path {
            return operation.into();
        }
        let secrets = Secrets::of_request(request, self.body(), &[], credentials);
        Called::at(operation, request.method(), &request.uri().to_string(), &secrets)
    }

    /// The request's body, before compression.
    pub(crate) fn body(&self) -> &[u8] {
        self.uncompressed.as_deref().unwrap_or_else(|| self.request.body())
    }
}
