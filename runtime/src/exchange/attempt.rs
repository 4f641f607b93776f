//! One attempt: signing the request and reading its response.

use std::{error::Error as StdError, time::SystemTime};

use http::HeaderMap;

use super::{
    Exchange, Retry, Verdict,
    verdict::{self, may_be_the_clock},
};
use crate::{
    error::{CallFailure, Called, Failure, Refusal, ResponseError, ResponseMetadata},
    explain::Refused,
    hook::{self, HookError},
    identity::{Credentials, CredentialsError},
    mask::is_secret,
    protocol::DecodeError,
    provider::{ANY_SOURCE, late},
    secrets::Secrets,
    sign::SignedRequest,
    trace,
    transport::{
        Awaited, IncompleteBody, Reached, Request, Response, TimedOut, TransportError, TransportErrorKind,
    },
};

/// The outcome of an attempt; the last attempt's is the outcome of the call.
pub(crate) type Outcome = Result<ResponseMetadata, Box<Failed>>;

/// A failed attempt, and the consequences for further attempts.
pub(crate) struct Failed {
    pub(crate) failure: Failure,
    pub(super) verdict: Verdict,
}

/// The values that signed the running attempt.
pub(super) struct Signature {
    credentials: Credentials,
    at: SystemTime,
    nonce: String,
    /// The request as changed by hooks, if there are any.
    hooked: Option<Request>,
}

impl Exchange<'_> {
    pub(super) fn sign(
        &mut self,
        provided: Option<Result<Credentials, CredentialsError>>,
    ) -> Result<Request, Box<Failed>> {
        let provided = provided.unwrap_or_else(|| Err(late(ANY_SOURCE)));
        let credentials = provided.map_err(|error| {
            let (called, attempts) = (self.called(), self.retries.attempts() - 1);
            Failed::new(Failure::Credentials(CallFailure { called, attempts, error }), Verdict::FINAL)
        })?;
        let mut request = self.hooked()?;
        let at = self.shared.clock.correct(self.shared.context.now());
        let nonce = self.shared.auth.nonce(&|bytes| self.shared.context.random(bytes));
        let hooked = (!self.shared.hooks.is_empty()).then(|| request.clone());
        let signed =
            self.shared.auth.sign(&self.call.signing(self.shared, &credentials, at, &nonce), &mut request);
        self.signature = Some(Signature { credentials, at, nonce, hooked });
        signed.map_err(|error| self.unsendable(error))?;
        self.shared
            .route
            .take(&self.call.destination(self.shared).endpoint, &mut request)
            .map_err(|error| self.unsendable(error))?;
        Ok(request)
    }

    /// The request of an operation that is sent without a signature.
    pub(super) fn unsigned(&self) -> Result<Request, Box<Failed>> {
        let mut request = self.hooked()?;
        let at = self.shared.clock.correct(self.shared.context.now());
        self.shared.auth.stamp(at, &mut request).map_err(|error| self.unsendable(error))?;
        Ok(request)
    }

    /// The failure as the program's classifier sees it, if there is one.
    pub(super) fn classify(&self, mut failed: Box<Failed>) -> Box<Failed> {
        if let Some(classifier) = &self.call.classifier
            && failed.verdict.retry != Retry::Clock
        {
            let attempt = self.attempt(self.retries.attempts());
            let by = classifier.classify(attempt, failed.outcome(), failed.verdict.usual());
            failed.verdict = failed.verdict.classified(by);
        }
        failed
    }

    fn unsendable(&self, why: impl StdError + Send + Sync + 'static) -> Box<Failed> {
        let refused = self.transport_error(TransportErrorKind::Request, Reached::NotSent);
        self.without_response(refused.with_source(why))
    }

    /// The request after hooks have changed it.
    fn hooked(&self) -> Result<Request, Box<Failed>> {
        let mut request = self.call.request.clone();
        let attempt = self.attempt(self.retries.attempts());
        for hook in &self.shared.hooks {
            hook.before_signing(&attempt, &mut request).map_err(|error| self.stopped(error))?;
        }
        if !self.shared.hooks.is_empty() {
            // Headers that hooks set are hidden like headers that callers set.
            for (name, value) in request.headers_mut() {
                if is_secret(name.as_str()) {
                    value.set_sensitive(true);
                }
            }
        }
        Ok(request)
    }

    fn stopped(&self, error: HookError) -> Box<Failed> {
        let retry = if error.is_transient() { Retry::Transient } else { Retry::Never };
        let (called, attempts) = (self.called(), self.retries.attempts() - 1);
        let failure = Failure::Hook(CallFailure { called, attempts, error });
        Failed::new(failure, Verdict { retry, ..Verdict::FINAL })
    }

    pub(super) fn receive(&mut self, result: Option<Result<Response, TransportError>>) -> Outcome {
        match result {
            Some(Ok(mut response)) => {
                let incomplete = response.extensions_mut().get_mut::<IncompleteBody>();
                if let Some(error) = incomplete.and_then(IncompleteBody::error_mut) {
                    self.blame(error);
                    self.secrets().conceal_error(error);
                }
                self.read(response)
            }
            Some(Err(mut error)) => {
                self.blame(&mut error);
                Err(self.without_response(error))
            }
            None => {
                let error = self.transport_error(TransportErrorKind::AttemptTimeout, Reached::MaybeSent);
                let late = TimedOut::new(Awaited::Response, self.call.attempt_timeout);
                let mut error = error.with_source(late);
                self.blame(&mut error);
                Err(self.without_response(error))
            }
        }
    }

    /// Attributes a timeout to the attempt's limit or to the whole call's.
    fn blame(&self, error: &mut TransportError) {
        if self.bound_by_operation {
            error.blame_call(self.call.operation_timeout);
        }
    }

    pub(super) fn without_response(&self, mut error: TransportError) -> Box<Failed> {
        let verdict = Verdict::of_transport(&error);
        self.secrets().conceal_error(&mut error);
        let (called, attempts) = (self.called(), self.retries.attempts());
        Failed::new(Failure::Transport(CallFailure { called, attempts, error }), verdict)
    }

    fn read(&mut self, response: Response) -> Outcome {
        if !response.status().is_success() {
            return Err(self.refused(response));
        }
        let received_at = self.shared.context.now();
        let reason = match (self.decode)(&response) {
            Ok(()) => return Ok(self.metadata(response, received_at)),
            Err(DecodeError::Refused) => return Err(self.refused(response)),
            Err(DecodeError::Unreadable(reason)) => reason,
        };
        // The reason may quote a response, including secrets that occur only there.
        let (secrets, members) = (self.secrets(), self.shared.service.sensitive_members);
        let reason = ResponseError::conceal(&reason, response.body(), members);
        let reason = secrets.conceal_text(&reason).into_owned();
        let response = secrets.conceal(response);
        let metadata = self.metadata(response, received_at);
        let error = ResponseError { called: self.called(), reason, metadata };
        Err(Failed::new(Failure::Response(error), Verdict::GARBAGE))
    }

    fn refused(&mut self, response: Response) -> Box<Failed> {
        let secrets = self.secrets();
        let response = secrets.conceal(response);
        let fault = (self.call.fault)(&response);
        let local = self.shared.context.now();
        let mut metadata = self.metadata(response, local);
        let (service, status) = (self.shared.service, metadata.status());
        // A table of known responses needs the signed texts; for other services they are computed again only if they
        // may help.
        let by_request = !service.known_responses.entries.is_empty();
        let signed = |is_needed| if is_needed { self.signed(&secrets) } else { None };
        let auth = self.signature.is_some().then_some(self.shared.auth);
        let refused = Refused::by(service, auth, &fault, &metadata);
        let refused = refused.with_own_signed(signed(by_request));
        let known = refused.known_error(Some(service));
        let are_swapped =
            self.signature.as_ref().is_some_and(|signature| signature.credentials.are_swapped());
        let is_about_identity = are_swapped
            || matches!(status.as_u16(), 401 | 403)
            || known.is_some_and(|known| known.category.is_about_identity());
        let refused = refused.with_own_signed(signed(is_about_identity && !by_request));
        let verdict = if may_be_the_clock(known, &fault) && self.correct_clock(metadata.headers(), local) {
            self.clock_corrected = true;
            metadata.set_clock(self.shared.clock.seconds(), true);
            Verdict::CLOCK
        } else {
            let wish = verdict::retry_after(metadata.headers(), local);
            let verdict = Verdict::of_service(known, status, wish);
            if self.call.by_path { verdict.passed_on(known, status) } else { verdict }
        };
        let stated = (refused.fault != fault).then(|| Box::new(fault));
        let refusal = Refusal { called: self.called(), refused: Box::new(refused), stated, known, metadata };
        Failed::new(Failure::Service(refusal), verdict)
    }

    /// What errors name.
    fn called(&self) -> Called {
        self.call.called(self.signature.as_ref().map(|signature| &signature.credentials))
    }

    /// Secrets of the request and its signature, which responses may repeat.
    fn secrets(&self) -> Secrets {
        let hooked = self.signature.as_ref().and_then(|signature| signature.hooked.as_ref());
        let request = hooked.unwrap_or(&self.call.request);
        let credentials = self.signature.as_ref().map(|signature| &signature.credentials);
        Secrets::of_request(request, self.call.body(), self.shared.service.sensitive_members, credentials)
    }

    /// Adopts the service's time, if a wrong clock explains the refusal.
    fn correct_clock(&self, headers: &HeaderMap, local: SystemTime) -> bool {
        let clock = &self.shared.clock;
        let signature = self.signature.as_ref();
        let followed = signature.is_some_and(|signature| clock.follow(headers, signature.at, local));
        if followed {
            trace::clock(clock.seconds());
        }
        followed
    }

    /// The signed texts, computed again: successful calls do not store them.
    fn signed(&self, secrets: &Secrets) -> Option<(SignedRequest, HeaderMap)> {
        let Signature { credentials, at, nonce, hooked } = self.signature.as_ref()?;
        let mut request = hooked.as_ref().unwrap_or(&self.call.request).clone();
        let (auth, signing) = (self.shared.auth, self.call.signing(self.shared, credentials, *at, nonce));
        auth.sign(&signing, &mut request).ok()?;
        let texts = auth.explain(&signing, &request).ok()?;
        let texts = texts.map(|_, value| secrets.conceal_text(value).into_owned());
        Some((SignedRequest::new(auth, texts, *at, credentials), request.into_parts().0.headers))
    }

    fn metadata(&self, response: Response, received_at: SystemTime) -> ResponseMetadata {
        let (request_id, attempts) = (self.call.request_id, self.retries.attempts());
        let mut metadata = ResponseMetadata::new(response, request_id, attempts, received_at);
        metadata.set_clock(self.shared.clock.seconds(), self.clock_corrected);
        metadata
    }
}

impl Failed {
    fn new(failure: Failure, verdict: Verdict) -> Box<Self> {
        Box::new(Self { failure, verdict })
    }

    /// The outcome that hooks see.
    pub(super) fn outcome(&self) -> hook::Outcome<'_> {
        match &self.failure {
            Failure::Service(refusal) => hook::Outcome::Refused(refusal.fault(), &refusal.metadata),
            Failure::Response(error) => hook::Outcome::Undecodable(&error.metadata),
            Failure::Transport(failure) => hook::Outcome::NoResponse(&failure.error),
            Failure::Credentials(failure) => hook::Outcome::Unsigned(&failure.error),
            Failure::Hook(failure) => hook::Outcome::Stopped(&failure.error),
        }
    }
}
