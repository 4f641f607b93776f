//! The evidence of responses that a client received.

use http::HeaderMap;

use super::{
    Body, ClockEvidence, Evidence, Outcome, Refused, RequestFacts, ResponseEvidence, ServiceInfo,
    kept::{bounded, headers, public_headers, text},
    request::header_names,
    transport,
};
use crate::{
    mask::cut_at_members,
    protocol::Fault,
    sign::{Auth, SignedRequest},
    wire::ResponseMetadata,
};

impl Evidence {
    /// The evidence of a successful call. Has neither the response's body nor the values of headers that may be
    /// private.
    pub fn of_success(service: &ServiceInfo, operation: &str, metadata: &ResponseMetadata) -> Self {
        let summary = text(&format!("{operation}: succeeded ({metadata})"));
        // Secrets of the request, which the response may repeat, are not searched for here.
        let headers = public_headers(metadata.headers());
        let outcome = Outcome::Succeeded(ResponseEvidence { headers, ..ResponseEvidence::of(metadata) });
        let evidence = Self::new(service, operation, metadata.attempts(), summary, outcome);
        Self { clock: ClockEvidence::of(metadata), ..evidence }
    }
}

impl ClockEvidence {
    /// The correction that the metadata has, if there was one.
    pub fn of(metadata: &ResponseMetadata) -> Option<Self> {
        let clock = Self::new(metadata.clock_offset(), metadata.clock_corrected());
        (clock.corrected || clock.offset_seconds != 0).then_some(clock)
    }
}

impl Refused {
    /// The evidence of an error response. `auth` signed the request; `None` if it has no signature. The retry decision
    /// and the error use the same evidence.
    pub fn by(service: &ServiceInfo, auth: Option<Auth>, fault: &Fault, metadata: &ResponseMetadata) -> Self {
        Self {
            response: ResponseEvidence::with_body(metadata, service.sensitive_members),
            fault: bounded(fault, service.sensitive_members),
            authorization_scheme: auth.map(|auth| auth.algorithm().to_owned()),
            request: RequestFacts { is_signed: auth.is_none().then_some(false), ..RequestFacts::default() },
            ..Self::default()
        }
    }

    /// Adds what the client signed, without secrets, and the names of the request's headers. They include headers that
    /// the signature does not cover.
    #[must_use]
    pub fn with_own_signed(mut self, signed: Option<(SignedRequest, HeaderMap)>) -> Self {
        let Some((signed, headers)) = signed else { return self };
        self.request.header_names = Some(header_names(&headers));
        self.with_signed(&signed)
    }
}

impl ResponseEvidence {
    fn of(metadata: &ResponseMetadata) -> Self {
        Self {
            status: metadata.status().as_u16(),
            request_id: metadata.request_id().map(text),
            headers: headers(metadata.headers()),
            body: None,
            incomplete: metadata.incomplete_body().map(transport::one_line),
            received_at: Some(metadata.received_at()),
        }
    }

    /// The evidence of a response whose body could not be decoded. The body is cut after the name of the first member
    /// that may be a secret.
    pub fn with_broken_body(metadata: &ResponseMetadata, members: &[&str]) -> Self {
        let mut response = Self::with_body(metadata, members);
        if let Some(body) = &mut response.body {
            body.text = cut_at_members(std::mem::take(&mut body.text), members);
            body.is_exact = body.is_exact && body.text.as_bytes() == metadata.body().as_ref();
        }
        response
    }

    fn with_body(metadata: &ResponseMetadata, members: &[&str]) -> Self {
        Self { body: Some(Body::without(metadata.body(), members)), ..Self::of(metadata) }
    }
}
