//! Calls that are awaited outside of a tokio runtime.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use gatewright_runtime::{
    Error, ServiceErrorCode,
    context::SystemContext,
    transport::{HttpTransport, Reached, Transport as _, TransportError, TransportErrorKind},
};

use crate::{
    OK, move_,
    stage::{List, client},
};

/// Polls once, as an executor of another kind would.
fn poll<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("it waits, outside of a runtime"),
    }
}

#[track_caller]
fn check(error: &TransportError) {
    assert_eq!((error.kind(), error.reached()), (TransportErrorKind::NoRuntime, Reached::NotSent));
    let way_out = std::error::Error::source(error).unwrap().to_string();
    assert!(way_out.contains("tokio runtime") && way_out.contains("feature `blocking`"), "{way_out}");
}

#[track_caller]
fn check_call<E: ServiceErrorCode>(error: &Error<E>) {
    match error {
        Error::Transport(failure) => check(failure.error()),
        _ => unreachable!("{error:?}"),
    }
    assert!(error.explain().to_string().contains("`tokio::runtime::Runtime::new()?.block_on(…)`"));
}

#[test]
fn calls_pages_and_items_fail_and_send_nothing() {
    let (client, script) = client([OK]);
    check_call(&poll(client.call(move_()).into_future()).unwrap_err());
    check_call(&poll(client.call(move_()).with_metadata()).unwrap_err());
    let mut pages = client.call(List::default()).pages();
    check_call(&poll(pages.next()).unwrap().unwrap_err());
    let mut items = client.call(List::default()).items();
    check_call(&poll(items.next()).unwrap().unwrap_err());
    assert_eq!(script.attempts(), 0);
    client.call(move_()).send_blocking().unwrap();
}

/// Only the place where a call is awaited counts, not where it is made.
#[test]
fn a_call_that_is_made_outside_may_be_awaited_inside() {
    let (client, _) = client([OK]);
    let call = client.call(move_()).into_future();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(call).unwrap();
}

#[test]
fn the_transport_fails_by_itself() {
    let transport = HttpTransport::builder(&SystemContext).no_proxy().build();
    let request = || http::Request::get("http://127.0.0.1:9/").body(Bytes::new()).unwrap();
    check(&poll(transport.send(request())).unwrap_err());
}
