//! Every misbehaviour gives an orderly error, or is overcome.

use std::{num::NonZeroU32, time::Duration};

use gatewright_runtime::{
    Error,
    fake::{Fake, Misbehaviour},
    transport::TransportErrorKind,
};
use http::StatusCode;

use crate::library::{LIBRARY, LibraryClient, ListBooks, Name, Shelve, open};

fn shelve() -> Shelve {
    Shelve { shelf: "sf".to_owned(), ..Shelve::default() }
}

/// The error of an operation that is not repeated; the next call goes well.
async fn spoilt(misbehaviour: Misbehaviour) -> Error<Name> {
    let (fake, client) = open().await;
    // Over a kept connection, as most calls are.
    client.call(shelve()).await.unwrap();
    fake.misbehave_next(misbehaviour);
    let error = client.call(shelve()).await.unwrap_err();
    client.call(shelve()).await.unwrap();
    error
}

async fn transport(misbehaviour: Misbehaviour) -> (TransportErrorKind, u32) {
    match spoilt(misbehaviour).await {
        Error::Transport(error) => (error.error().kind(), error.attempts()),
        error => panic!("{error}"),
    }
}

async fn response(misbehaviour: Misbehaviour) -> (String, u32) {
    match spoilt(misbehaviour).await {
        Error::Response(error) => (error.reason().to_owned(), error.metadata().attempts()),
        error => panic!("{error}"),
    }
}

#[tokio::test]
async fn connections_that_end() {
    for ending in [Misbehaviour::ResetAfterHead, Misbehaviour::Truncate] {
        assert_eq!(transport(ending.clone()).await, (TransportErrorKind::Closed, 1), "{ending:?}");
    }
    // Before a byte of answer on a kept connection, a repetition is worth a try.
    for ending in [Misbehaviour::Close, Misbehaviour::Reset] {
        let (fake, client) = open().await;
        fake.misbehave_next(ending.clone());
        let error = client.call(shelve()).await.unwrap_err();
        assert!(
            matches!(&error, Error::Transport(failure) if failure.error().kind() == TransportErrorKind::Closed),
            "{ending:?}: {error}"
        );
    }
}

#[tokio::test]
async fn answers_that_are_not_http_or_too_large() {
    assert_eq!(
        transport(Misbehaviour::Garbage("220 mail.example ESMTP\r\n".into())).await.0,
        TransportErrorKind::Protocol
    );
    let ten_megabytes = 10 * 1024 * 1024;
    assert_eq!(transport(Misbehaviour::LargeHeader(ten_megabytes)).await.0, TransportErrorKind::TooLarge);
    assert_eq!(transport(Misbehaviour::LargeBody(1 << 30)).await.0, TransportErrorKind::TooLarge);
}

#[tokio::test]
async fn answers_that_are_not_the_services() {
    let (reason, attempts) = response(Misbehaviour::Html).await;
    assert!(reason.contains("HTML") && attempts == 1, "{reason}");
    let (reason, _) = response(Misbehaviour::DeepJson(1_000_000)).await;
    assert!(reason.contains("invalid type") || reason.contains("recursion"), "{reason}");
    let (reason, _) = response(Misbehaviour::WrongContentLength).await;
    assert!(reason.contains("EOF"), "{reason}");
    let error = spoilt(Misbehaviour::Status(StatusCode::FORBIDDEN)).await;
    assert_eq!(error.metadata().unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn late_answers() {
    let (fake, client) = open().await;
    fake.misbehave_next(Misbehaviour::Delay(Duration::from_mins(1)));
    let error = client.call(shelve()).attempt_timeout(Duration::from_millis(50)).await.unwrap_err();
    let Error::Transport(error) = error else { panic!("{error}") };
    assert_eq!((error.error().kind(), error.attempts()), (TransportErrorKind::AttemptTimeout, 1));
    fake.misbehave_next(Misbehaviour::Delay(Duration::from_millis(20)));
    client.call(shelve()).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_is_off() {
    let fake = Fake::start(&LIBRARY).await.unwrap();
    let builder = fake.client_builder::<LibraryClient>().max_attempts(NonZeroU32::MIN);
    let client = builder.build().unwrap().0;
    for (seconds, message) in [(3600, "Signature expired"), (-3600, "Signature not yet current")] {
        fake.misbehave_next(Misbehaviour::SkewedClock(seconds));
        let error = client.call(ListBooks::default()).await.unwrap_err();
        assert!(error.as_service().unwrap().message().unwrap().starts_with(message), "{error}");
    }
}

#[tokio::test]
async fn what_may_be_repeated_is() {
    let (fake, client) = open().await;
    for passing in [
        Misbehaviour::Close,
        Misbehaviour::Reset,
        Misbehaviour::ResetAfterHead,
        Misbehaviour::Truncate,
        Misbehaviour::WrongContentLength,
        Misbehaviour::Html,
        Misbehaviour::Status(StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let before = fake.requests().len();
        fake.misbehave_next(passing.clone());
        let answer = client.call(ListBooks::default()).with_metadata().await;
        let answer = answer.unwrap_or_else(|error| panic!("{passing:?}: {error}"));
        assert_eq!(answer.output.shelf.as_deref(), Some("sf"));
        // A kept connection that ends before the answer is replaced without counting as an attempt.
        assert!((1..=2).contains(&answer.metadata.attempts()), "{passing:?}");
        assert_eq!(fake.requests().len() - before, 2, "{passing:?}");
    }
    for _ in 0..3 {
        fake.misbehave_next(Misbehaviour::Truncate);
    }
    let error = client.call(ListBooks::default()).await.unwrap_err();
    assert_eq!(error.attempts(), 3, "{error}");
}
