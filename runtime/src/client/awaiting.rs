//! The async driver of calls, on tokio.

use std::pin::pin;

use tokio::time::{Instant, sleep, timeout};

use super::{Client, signed::Provided};
use crate::{
    driver::Driver,
    exchange::{Decode, Event, Exchange, Outcome, Prepared, Step},
    identity::CredentialsError,
    trace::Span,
    transport::awaiting::{OUTSIDE_RUNTIME, within_runtime},
};

impl Client {
    /// Makes a call: attempts until a response is decoded or no further attempt helps.
    pub(crate) async fn execute(&self, call: &Prepared, decode: Decode<'_>) -> Outcome {
        let span = Span::of_call(&call.traced(&self.shared));
        let driven = pin!(self.drive(call, decode, &span));
        span.around(driven).await
    }

    /// Credentials for a call that someone else sends.
    pub(crate) async fn identity(&self, call: &Prepared) -> Provided {
        if within_runtime(self.shared.peer(call.request.uri())).is_err() {
            return Some(Err(CredentialsError::new("the source of credentials", OUTSIDE_RUNTIME)));
        }
        let provided = call.destination(&self.shared).credentials.provide_by(Driver::Awaiting);
        timeout(call.operation_timeout, provided).await.ok()
    }

    async fn drive(&self, call: &Prepared, decode: Decode<'_>, span: &Span) -> Outcome {
        let mut exchange = Exchange::new(&self.shared, call, decode, span, Instant::now().into_std());
        let mut event = match within_runtime(self.shared.peer(call.request.uri())) {
            Ok(_) => Event::Ready,
            Err(error) => Event::Responded(Some(Err(error))),
        };
        loop {
            event = match exchange.next(event, Instant::now().into_std()) {
                Step::Provide(bound) => {
                    let provided = call.destination(&self.shared).credentials.provide_by(Driver::Awaiting);
                    Event::Provided(timeout(bound, provided).await.ok())
                }
                Step::Send(request, bound) => {
                    let response = self.shared.transports.awaited.send_within(request, bound);
                    let span = exchange.attempt_span();
                    Event::Responded(timeout(bound, span.around(response)).await.ok())
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
