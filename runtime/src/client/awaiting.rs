//! The async driver of calls, on tokio.

use std::{future::poll_fn, pin::pin};

use tokio::time::{Instant, sleep, timeout};

use super::Client;
use crate::{
    driver::Driver,
    exchange::{Decode, Event, Exchange, Outcome, Prepared, Step},
    trace::Span,
    transport::nonblocking::within_runtime,
};

impl Client {
    /// Makes a call: attempts until a response is decoded or no further attempt helps.
    pub(crate) async fn execute(&self, call: &Prepared, decode: Decode<'_>) -> Outcome {
        let span = Span::new(self.shared.service.title, call.operation.name, &self.shared.region);
        let mut driven = pin!(self.drive(call, decode));
        poll_fn(|cx| span.within(|| driven.as_mut().poll(cx))).await
    }

    async fn drive(&self, call: &Prepared, decode: Decode<'_>) -> Outcome {
        let mut exchange = Exchange::new(&self.shared, call, decode, Instant::now().into_std());
        let mut event = match within_runtime(self.shared.peer(call.request.uri())) {
            Ok(()) => Event::Ready,
            Err(error) => Event::Responded(Some(Err(error))),
        };
        loop {
            event = match exchange.next(event, Instant::now().into_std()) {
                Step::Provide(bound) => {
                    let provided = self.shared.credentials.provide_by(Driver::Awaiting);
                    Event::Provided(timeout(bound, provided).await.ok())
                }
                Step::Send(request, bound) => {
                    let response = self.shared.transports.awaited.send_within(request, bound);
                    Event::Responded(timeout(bound, response).await.ok())
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
