//! Calls that are awaited outside of a tokio runtime.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use gatewright::{Error, api_gateway::Client, transport::TransportErrorKind};

use crate::{URL, credentials, script::machine};

/// Polls once, as an executor of another kind would.
fn poll<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("it waits, outside of a runtime"),
    }
}

#[test]
fn a_call_says_what_it_needs() {
    let client = Client::for_url(URL).context(machine()).credentials(credentials()).build().unwrap();
    let error = poll(client.get("/pets").into_future()).unwrap_err();
    let Error::Transport(failure) = &error else { panic!("{error:?}") };
    assert_eq!(failure.error().kind(), TransportErrorKind::NoRuntime);
    let text = error.explain().to_string();
    assert!(text.contains("#[tokio::main]") && text.contains("feature `blocking`"), "{text}");

    let error = poll(client.get("/pets").presign(Duration::from_secs(60))).unwrap_err();
    assert!(
        matches!(error, Error::Credentials(_)) && error.to_string().contains("#[tokio::main]"),
        "{error}"
    );
    client.get("/pets").presign_blocking(Duration::from_secs(60)).unwrap();
}
