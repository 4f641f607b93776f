//! What servers and networks do to the client.

use std::time::Duration;

use gatewright::{
    Error,
    aws_storage_gateway::{ActivateGatewayRequest, ListGatewaysError, ListGatewaysRequest},
    fake::Misbehaviour,
};

use crate::start;

/// The error after the misbehaviour at every attempt, and how many attempts there were.
async fn trouble(misbehaviour: Misbehaviour) -> (Error<ListGatewaysError>, u32) {
    let (fake, client) = start().await;
    for _ in 0..10 {
        fake.misbehave_next(misbehaviour.clone());
    }
    let call = client.list_gateways(ListGatewaysRequest::new()).attempt_timeout(Duration::from_millis(100));
    let error = call.await.unwrap_err();
    assert!(!error.explain().remedies.is_empty(), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
    let attempts = error.attempts();
    (error, attempts)
}

#[tokio::test]
async fn every_misbehaviour_gives_an_orderly_error() {
    let unavailable = "503".parse().map(Misbehaviour::Status).unwrap();
    for (misbehaviour, kind, attempts) in [
        (Misbehaviour::Delay(Duration::from_mins(1)), "Transport", 3),
        (Misbehaviour::Close, "Transport", 3),
        (Misbehaviour::Reset, "Transport", 3),
        (Misbehaviour::ResetAfterHead, "Transport", 3),
        (Misbehaviour::Truncate, "Transport", 3),
        (Misbehaviour::Garbage("SSH-2.0-x\r\n".into()), "Transport", 3),
        (Misbehaviour::LargeHeader(10 << 20), "Transport", 1),
        (Misbehaviour::LargeBody(1 << 30), "Transport", 1),
        (Misbehaviour::WrongContentLength, "Response", 3),
        (Misbehaviour::Html, "Response", 3),
        (Misbehaviour::DeepJson(1_000_000), "Response", 3),
        (unavailable, "Service", 3),
    ] {
        let (error, counted) = trouble(misbehaviour.clone()).await;
        let got = match error {
            Error::Transport(_) => "Transport",
            Error::Response(_) => "Response",
            Error::Service(_) => "Service",
            _ => "another",
        };
        assert_eq!((got, counted), (kind, attempts), "{misbehaviour:?}");
    }
}

#[tokio::test]
async fn what_changes_something_is_not_repeated_at_will() {
    let (fake, client) = start().await;
    let request =
        ActivateGatewayRequest::new("29AV1-3OFV9-VVIUB-NKT0I-LRO6V", "backup", "us-east-1", "GMT-6:00");
    fake.misbehave_next(Misbehaviour::Truncate);
    let error = client.activate_gateway(request.clone()).await.unwrap_err();
    assert_eq!((error.attempts(), fake.requests().len()), (1, 1));

    // But it is where the service says that it did nothing.
    fake.misbehave_next("503".parse().map(Misbehaviour::Status).unwrap());
    let answer = client.activate_gateway(request).with_metadata().await.unwrap();
    assert_eq!((answer.metadata.attempts(), fake.requests().len()), (2, 3));
}
