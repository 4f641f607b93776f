//! The evidence of errors: plain data that can be explained or saved.

use super::Error;
use crate::{
    explain::{
        ClockEvidence, Evidence, Explanation, Outcome, ResponseEvidence, SourceTried, kept::text,
        transport::TransportEvidence,
    },
    identity::CredentialsError,
    operation::{Service, ServiceErrorCode},
};

/// The sources tried; the last one, which ended the search, has causes and remedies.
fn sources(error: &CredentialsError) -> Vec<SourceTried> {
    let tried = error.tried().map(|(source, reason, fault)| SourceTried::new(source, reason, fault));
    let mut tried: Vec<_> = tried.collect();
    let last = tried.pop().map(|last| last.with_advice(error.causes(), error.remedies()));
    tried.extend(last);
    tried
}

impl<C: ServiceErrorCode> Error<C> {
    /// Causes and remedies, from the model and from what came back.
    pub fn explain(&self) -> Explanation {
        self.evidence().explain(Some(<C::Service as Service>::INFO))
    }

    /// The evidence of the failed call, which can be explained or saved.
    pub fn evidence(&self) -> Evidence {
        let outcome = match self {
            Self::Input(error) => Outcome::Input(error.violations().to_vec()),
            Self::Credentials(error) => Outcome::Credentials(sources(error.error())),
            Self::Hook(error) => Outcome::Hook { reason: text(&error.error().reason().to_string()) },
            Self::Transport(error) => Outcome::Transport(TransportEvidence::of(error.error())),
            Self::Service(error) => Outcome::Service(error.refusal.refused.clone()),
            Self::Response(error) => Outcome::Response {
                response: ResponseEvidence::with_broken_body(
                    error.metadata(),
                    <C::Service as Service>::INFO.sensitive_members,
                ),
                reason: text(error.reason()),
            },
        };
        let info = <C::Service as Service>::INFO;
        let mut evidence =
            Evidence::new(info, self.operation(), self.attempts(), text(&self.to_string()), outcome);
        evidence.clock = self.metadata().and_then(ClockEvidence::of);
        evidence
    }

    fn operation(&self) -> &'static str {
        match self {
            Self::Input(error) => error.called.operation,
            Self::Credentials(error) => error.called.operation,
            Self::Hook(error) => error.called.operation,
            Self::Transport(error) => error.called.operation,
            Self::Service(error) => error.operation(),
            Self::Response(error) => error.called.operation,
        }
    }
}
