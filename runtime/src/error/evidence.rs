//! The evidence of calls: errors and responses as plain data, to be explained or saved.

use super::{Error, ResponseMetadata, ServiceError};
use crate::{
    ServiceInfo,
    explain::{
        Answer, Body, ClockEvidence, Evidence, Explanation, Outcome, Refused, SourceTried,
        kept::{bounded, headers, public_headers, text},
        transport::{self, TransportEvidence},
    },
    mask::cut_at_members,
    operation::{OperationError, Service},
    protocol::Fault,
    sign::SignedRequest,
};

impl<E: OperationError> Error<E> {
    /// Causes and remedies, from the model and from what came back.
    pub fn explain(&self) -> Explanation {
        self.evidence().explain(Some(<E::Service as Service>::INFO))
    }

    /// What is known of the failed call, to be explained or saved.
    pub fn evidence(&self) -> Evidence {
        let outcome = match self {
            Self::Input(error) => Outcome::Input(error.violations().to_vec()),
            Self::Credentials(error) => Outcome::Credentials(
                error
                    .error()
                    .tried()
                    .map(|(source, reason, fault)| SourceTried::new(source, reason, fault))
                    .collect(),
            ),
            Self::Transport(error) => Outcome::Transport(TransportEvidence::of(error.error())),
            Self::Service(error) => Outcome::Service(Box::new(Refused::of(error))),
            Self::Response(error) => Outcome::Response {
                answer: Answer::with_broken_body(
                    error.metadata(),
                    <E::Service as Service>::INFO.sensitive_members,
                ),
                reason: text(error.reason()),
            },
        };
        let info = <E::Service as Service>::INFO;
        let evidence =
            Evidence::new(info, self.operation(), self.attempts(), text(&self.to_string()), outcome);
        Evidence { clock: self.metadata().and_then(ClockEvidence::of), ..evidence }
    }

    fn operation(&self) -> &'static str {
        match self {
            Self::Input(error) => error.operation,
            Self::Credentials(error) => error.operation,
            Self::Transport(error) => error.operation,
            Self::Service(error) => error.operation(),
            Self::Response(error) => error.operation,
        }
    }
}

impl Evidence {
    /// What is known of a call that gave a response; the response's body is left out, and so are the values of headers
    /// that are not known to be public.
    pub fn of_success(service: &ServiceInfo, operation: &str, metadata: &ResponseMetadata) -> Self {
        let summary = text(&format!("{operation}: answered ({metadata})"));
        // Nothing was looked for in it that the response may repeat of the request.
        let headers = public_headers(metadata.headers());
        let outcome = Outcome::Succeeded(Answer { headers, ..Answer::of(metadata) });
        let evidence = Self::new(service, operation, metadata.attempts(), summary, outcome);
        Self { clock: ClockEvidence::of(metadata), ..evidence }
    }
}

impl ClockEvidence {
    fn of(metadata: &ResponseMetadata) -> Option<Self> {
        let clock = Self::new(metadata.clock_offset(), metadata.clock_corrected());
        (clock.corrected || clock.offset_seconds != 0).then_some(clock)
    }
}

impl Refused {
    fn of<E: OperationError>(error: &ServiceError<E>) -> Self {
        let service = <E::Service as Service>::INFO;
        Self::by(service, error.fault(), error.metadata(), error.signed())
    }

    /// What is known of an error response, to the call that got it and to its error alike.
    pub(crate) fn by(
        service: &ServiceInfo,
        fault: &Fault,
        metadata: &ResponseMetadata,
        signed: Option<&SignedRequest>,
    ) -> Self {
        let algorithm = signed.map_or(service.auth.algorithm(), |signed| signed.algorithm);
        let refused = Self {
            answer: Answer::with_body(metadata, service.sensitive_members),
            fault: bounded(fault, service.sensitive_members),
            // Clients sign every request, also where what was signed is not kept.
            authorization_scheme: Some(algorithm.to_owned()),
            ..Self::default()
        };
        match signed {
            Some(signed) => refused.with_own_names(signed).with_signed(signed),
            None => refused,
        }
    }
}

impl Answer {
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

    /// With a body that could not be decoded, up to what may be a secret of its own.
    fn with_broken_body(metadata: &ResponseMetadata, members: &[&str]) -> Self {
        let mut answer = Self::with_body(metadata, members);
        if let Some(body) = &mut answer.body {
            body.text = cut_at_members(std::mem::take(&mut body.text), members);
            body.is_exact = body.is_exact && body.text.as_bytes() == metadata.body().as_ref();
        }
        answer
    }

    fn with_body(metadata: &ResponseMetadata, members: &[&str]) -> Self {
        Self { body: Some(Body::without(metadata.body(), members)), ..Self::of(metadata) }
    }
}
