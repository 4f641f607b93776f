//! The blocking driver of calls.

use std::time::{Duration, Instant};

use super::{Client, signed::Provided};
use crate::{
    driver::{Driver, blocking::block_on},
    exchange::{Decode, Event, Exchange, Outcome, Prepared, Step},
    time::deadline,
    trace::Span,
};

impl Client {
    /// Makes a call: attempts until a response is decoded or no further attempt helps.
    pub(crate) fn execute_blocking(&self, call: &Prepared, decode: Decode<'_>) -> Outcome {
        let span = Span::of_call(&call.traced(&self.shared));
        span.within(|| self.drive_blocking(call, decode, &span))
    }

    /// Credentials for a call that someone else sends.
    pub(crate) fn identity_blocking(&self, call: &Prepared) -> Provided {
        self.provided_within(call, call.operation_timeout)
    }

    /// Credentials, or `None` after the time limit.
    fn provided_within(&self, call: &Prepared, limit: Duration) -> Provided {
        let driver = Driver::Blocking { until: Some(deadline(Instant::now(), limit)) };
        let provided = call.destination(&self.shared).credentials.provide_by(driver);
        block_on(provided, limit)
    }

    fn drive_blocking(&self, call: &Prepared, decode: Decode<'_>, span: &Span) -> Outcome {
        let context = &*self.shared.context;
        let mut exchange = Exchange::new(&self.shared, call, decode, span, context.instant());
        let mut event = Event::Ready;
        loop {
            event = match exchange.next(event, context.instant()) {
                Step::Provide(bound) => Event::Provided(self.provided_within(call, bound)),
                Step::Send(request, bound) => {
                    let send = || self.shared.transports.blocking.send(request, bound);
                    Event::Responded(Some(exchange.attempt_span().within(send)))
                }
                Step::Rest(delay) => {
                    context.sleep(delay);
                    Event::Ready
                }
                Step::Done(outcome) => return outcome,
            };
        }
    }
}
