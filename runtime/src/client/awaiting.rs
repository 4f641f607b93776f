//! Drives calls on tokio.

#[cfg(feature = "raw-http")]
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use super::Client;
use crate::{
    driver::Driver,
    exchange::{Decode, Event, Exchange, Outcome, Prepared, Step},
    transport::within_runtime,
};
#[cfg(feature = "raw-http")]
use crate::{
    identity::{Credentials, CredentialsError},
    transport::OUTSIDE_RUNTIME,
};

impl Client {
    /// Makes a call: attempts until a response is decoded or no further attempt helps.
    pub(crate) async fn execute(&self, call: &Prepared, decode: Decode<'_>) -> Outcome {
        #[cfg(feature = "tracing")]
        let span = crate::trace::span(self.shared.service.title, call.operation.name, &self.shared.region);
        let driven = self.drive(call, decode);
        #[cfg(feature = "tracing")]
        let driven = tracing::Instrument::instrument(driven, span);
        driven.await
    }

    /// Asks for credentials, for what is signed but not sent.
    #[cfg(feature = "raw-http")]
    pub(crate) async fn provide(&self, bound: Duration) -> Option<Result<Credentials, CredentialsError>> {
        if within_runtime(&self.shared.peer()).is_err() {
            return Some(Err(CredentialsError::new("their source", OUTSIDE_RUNTIME)));
        }
        timeout(bound, self.shared.credentials.provide_by(Driver::Awaiting)).await.ok()
    }

    async fn drive(&self, call: &Prepared, decode: Decode<'_>) -> Outcome {
        let mut exchange = Exchange::new(&self.shared, call, decode, Instant::now().into_std());
        let mut event = match within_runtime(&self.shared.peer()) {
            Ok(()) => Event::Ready,
            Err(error) => Event::Answered(Some(Err(error))),
        };
        loop {
            event = match exchange.next(event, Instant::now().into_std()) {
                Step::Provide(bound) => {
                    let provided = self.shared.credentials.provide_by(Driver::Awaiting);
                    Event::Provided(timeout(bound, provided).await.ok())
                }
                Step::Send(request, bound) => {
                    let answer = self.shared.transports.awaited.send_within(request, bound);
                    Event::Answered(timeout(bound, answer).await.ok())
                }
                Step::Rest(delay) => {
                    sleep(delay).await;
                    Event::Ready
                }
                Step::Done(outcome) => return outcome,
            };
        }
    }
}
