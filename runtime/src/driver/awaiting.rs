//! Awaits on tokio, whose time tests may pause.

use std::time::{Duration, Instant};

use tokio::time;

use super::Wait;
use crate::{
    BoxFuture,
    context::Context,
    transport::{Request, Response, TransportError, Transports, awaiting::send_once},
};

pub(super) struct Awaiting;

impl Wait for Awaiting {
    fn now(&self, _: &dyn Context) -> Instant {
        time::Instant::now().into_std()
    }

    fn sleep<'a>(&self, _: &'a dyn Context, duration: Duration) -> BoxFuture<'a, ()> {
        Box::pin(time::sleep(duration))
    }

    fn send<'a>(
        &self,
        transports: &'a Transports,
        request: Request,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(send_once(&*transports.awaited, request, timeout))
    }
}
