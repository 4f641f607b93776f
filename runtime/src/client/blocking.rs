//! Drives calls by blocking the thread.

#[cfg(feature = "raw-http")]
use std::time::Duration;

use super::Client;
#[cfg(feature = "raw-http")]
use crate::identity::{Credentials, CredentialsError};
use crate::{
    driver::{Driver, block_on},
    exchange::{Decode, Event, Exchange, Outcome, Prepared, Step},
};

impl Client {
    /// Makes a call: attempts until a response is decoded or no further attempt helps.
    pub(crate) fn execute_blocking(&self, call: &Prepared, decode: Decode<'_>) -> Outcome {
        #[cfg(feature = "tracing")]
        let _entered =
            crate::trace::span(self.shared.service.title, call.operation.name, &self.shared.region).entered();
        let context = &*self.shared.context;
        let mut exchange = Exchange::new(&self.shared, call, decode, context.instant());
        let mut event = Event::Ready;
        loop {
            event = match exchange.next(event, context.instant()) {
                Step::Provide(bound) => {
                    let provided = self.shared.credentials.provide_by(Driver::Blocking);
                    Event::Provided(block_on(provided, bound))
                }
                Step::Send(request, bound) => {
                    Event::Answered(Some(self.shared.transports.blocking.send(request, bound)))
                }
                Step::Rest(delay) => {
                    context.sleep(delay);
                    Event::Ready
                }
                Step::Done(outcome) => return outcome,
            };
        }
    }

    /// Asks for credentials, for what is signed but not sent.
    #[cfg(feature = "raw-http")]
    pub(crate) fn provide_blocking(&self, bound: Duration) -> Option<Result<Credentials, CredentialsError>> {
        block_on(self.shared.credentials.provide_by(Driver::Blocking), bound)
    }
}
