//! Faults of servers and networks.

use std::{
    future::{IntoFuture as _, poll_fn},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    task::Poll,
    time::Duration,
};

use gatewright::{
    aws_storage_gateway::{
        ActivateGatewayRequest, ActivateGatewayRequired, Client, Error, FAKE, ListGatewaysRequest,
    },
    fake::{Fake, Misbehaviour},
};

use crate::{
    drivers::{DRIVERS, Driver},
    start,
};

/// The error after the misbehaviour at every attempt, and how many attempts there were.
async fn trouble(driver: Driver, misbehaviour: Misbehaviour) -> (Error, u32) {
    let (fake, client) = start().await;
    for _ in 0..10 {
        fake.misbehave_next(misbehaviour.clone());
    }
    let call = client.list_gateways(ListGatewaysRequest::new()).attempt_timeout(Duration::from_secs(1));
    let error = driver.send(call).await.unwrap_err();
    assert!(!error.explain().remedies.is_empty(), "{error}");
    assert!(!error.to_string().contains('\n'), "{error}");
    let attempts = error.attempts();
    (error, attempts)
}

#[tokio::test]
async fn every_misbehaviour_gives_an_orderly_error() {
    let unavailable = "503".parse().map(Misbehaviour::Status).unwrap();
    for (misbehaviour, kind, attempts) in [
        (Misbehaviour::Delay(Duration::from_secs(60)), "Transport", 3),
        (Misbehaviour::Close, "Transport", 3),
        (Misbehaviour::Reset, "Transport", 3),
        (Misbehaviour::ResetAfterHead, "Transport", 3),
        (Misbehaviour::Truncate, "Transport", 3),
        (Misbehaviour::Garbage("SSH-2.0-x\r\n".into()), "Transport", 3),
        (Misbehaviour::LargeHeader(10 << 20), "Transport", 1),
        (Misbehaviour::LargeBody(1 << 30), "Transport", 1),
        (Misbehaviour::WrongContentLength, "Response", 3),
        (Misbehaviour::Html, "Response", 3),
        (Misbehaviour::Gzip, "Response", 3),
        (Misbehaviour::Body("".into()), "Response", 3),
        (Misbehaviour::Body("null".into()), "Response", 3),
        (Misbehaviour::Body("[]".into()), "Response", 3),
        (Misbehaviour::DeepJson(1_000_000), "Response", 3),
        (unavailable, "Service", 3),
    ] {
        for driver in DRIVERS {
            let (error, counted) = trouble(driver, misbehaviour.clone()).await;
            let got = match error {
                Error::Transport(_) => "Transport",
                Error::Response(_) => "Response",
                Error::Service(_) => "Service",
                _ => "another",
            };
            assert_eq!((got, counted), (kind, attempts), "{driver:?} {misbehaviour:?}");
        }
    }
}

#[tokio::test]
async fn operations_that_change_something_are_not_retried_freely() {
    for driver in DRIVERS {
        let (fake, client) = start().await;
        let request = ActivateGatewayRequest::new(ActivateGatewayRequired {
            activation_key: "29AV1-3OFV9-VVIUB-NKT0I-LRO6V".into(),
            gateway_name: "backup".into(),
            gateway_region: "us-east-1".into(),
            gateway_timezone: "GMT-6:00".into(),
        });
        fake.misbehave_next(Misbehaviour::Truncate);
        let error = driver.send(client.activate_gateway(request.clone())).await.unwrap_err();
        assert_eq!((error.attempts(), fake.requests().len()), (1, 1), "{driver:?}");

        // But it is retried if the service says that it did nothing.
        fake.misbehave_next("503".parse().map(Misbehaviour::Status).unwrap());
        let response = driver.send(client.activate_gateway(request)).await.unwrap();
        assert_eq!((response.metadata.attempts(), fake.requests().len()), (2, 3), "{driver:?}");
    }
}

#[tokio::test]
async fn every_dropped_call_leaves_the_client_usable() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let polls = AtomicUsize::new(0);
    for limit in 1.. {
        // Connecting, a lost response, the wait after it and a second response: places to be dropped at.
        let client: Client = fake.client().unwrap();
        fake.misbehave_next(Misbehaviour::Close);
        let mut call = client.list_gateways(ListGatewaysRequest::new()).into_future();
        polls.store(0, Relaxed);
        let ended = poll_fn(|cx| match call.as_mut().poll(cx) {
            Poll::Ready(response) => Poll::Ready(Some(response)),
            Poll::Pending if polls.fetch_add(1, Relaxed) + 1 == limit => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        });
        let ended = ended.await;
        drop(call);
        client.list_gateways(ListGatewaysRequest::new()).await.unwrap();
        if let Some(response) = ended {
            response.unwrap();
            assert!(limit > 3, "the call had {limit} places to be dropped at");
            break;
        }
    }
}
