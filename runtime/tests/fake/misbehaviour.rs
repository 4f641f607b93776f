//! Every misbehaviour leads to an error, or a retry succeeds.

use std::{num::NonZeroU32, time::Duration};

use gatewright_fake::{Fake, Misbehaviour};
use gatewright_runtime::{Error, transport::TransportErrorKind};
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
    // Before the first byte of a response on a kept connection, a retry is worth a try.
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
async fn responses_that_are_not_http_or_too_large() {
    assert_eq!(
        transport(Misbehaviour::Garbage("220 mail.example ESMTP\r\n".into())).await.0,
        TransportErrorKind::Protocol
    );
    let ten_megabytes = 10 * 1024 * 1024;
    assert_eq!(transport(Misbehaviour::LargeHeader(ten_megabytes)).await.0, TransportErrorKind::TooLarge);
    assert_eq!(transport(Misbehaviour::LargeBody(1 << 30)).await.0, TransportErrorKind::TooLarge);
}

#[tokio::test]
async fn responses_of_other_servers() {
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
async fn successes_that_cannot_be_decoded() {
    for (body, piece) in [("", "empty"), ("null", "null"), ("[]", "sequence"), ("\"text\"", "string")] {
        let (reason, attempts) = response(Misbehaviour::Body(body.into())).await;
        assert!(reason.contains(piece) && attempts == 1, "{body}: {reason}");
    }
    let error = spoilt(Misbehaviour::Body("{\"Shelf\":".into())).await;
    let metadata = error.metadata().unwrap();
    assert_eq!((metadata.status(), &metadata.body()[..]), (StatusCode::OK, &b"{\"Shelf\":"[..]));
    // The head is from a response of the service.
    assert_eq!(error.request_id(), Some("00000000-0000-4000-8000-000000000002"));
}

#[tokio::test]
async fn compressed_responses() {
    let error = spoilt(Misbehaviour::Gzip).await;
    assert!(error.to_string().contains("compressed"), "{error}");
    let metadata = error.metadata().unwrap();
    assert_eq!(metadata.headers()["content-encoding"], "gzip");
    let body = metadata.body();
    // After the head of the gzip and the head of its only block, the response is stored as it is.
    assert!(body.starts_with(&[0x1f, 0x8b, 8]) && body[15..].starts_with(b"{\"Books\":["), "{body:?}");
}

#[tokio::test]
async fn responses_word_for_word() {
    let response = http::Response::builder()
        .status(StatusCode::TOO_MANY_REQUESTS)
        .header("retry-after", "7")
        .header("x-amz-retry-after", "1500")
        .header("content-length", "1")
        .body(r#"{"__type":"Busy","message":"Later."}"#.into())
        .unwrap();
    let (fake, client) = open().await;
    fake.misbehave_next(response.into());
    let error = client.call(shelve()).max_attempts(1).await.unwrap_err();
    assert_eq!(error.to_string(), "Shelve: Busy: Later. (status 429, 1 attempt)");
    let headers = error.metadata().unwrap().headers();
    assert_eq!(
        (&headers["retry-after"], &headers["x-amz-retry-after"]),
        (&"7".parse().unwrap(), &"1500".parse().unwrap())
    );
    assert_eq!(headers["content-length"], "36");
    assert!(headers.contains_key("date") && !headers.contains_key("content-type"), "{headers:?}");
}

#[tokio::test]
async fn every_third_in_turn() {
    let (fake, client) = open().await;
    let statuses = async |count: usize| {
        let mut statuses = Vec::new();
        for _ in 0..count {
            let outcome = client.call(shelve()).max_attempts(1).with_metadata().await;
            statuses.push(match outcome {
                Ok(response) => response.metadata.status().as_u16(),
                Err(error) => error.metadata().unwrap().status().as_u16(),
            });
        }
        statuses
    };
    let status = |status| Misbehaviour::Status(StatusCode::from_u16(status).unwrap());
    assert_eq!(statuses(1).await, [200]);
    fake.misbehave_every(3, [status(501), status(502)]);
    assert_eq!(statuses(9).await, [200, 200, 501, 200, 200, 502, 200, 200, 501]);
    assert_eq!(fake.misbehaviours(), 3);
    // Ordered faults go first, and take no scheduled one away.
    fake.misbehave_next(status(403)).misbehave_next(status(404)).misbehave_next(status(405));
    assert_eq!(statuses(6).await, [403, 404, 405, 200, 200, 502]);
    assert_eq!(fake.misbehaviours(), 7);
    // The count begins anew.
    assert_eq!(statuses(2).await, [200, 200]);
    fake.misbehave_every(1, [status(503)]);
    assert_eq!(statuses(3).await, [503, 503, 503]);
    for (every, turns) in [(0, vec![status(503)]), (2, Vec::new())] {
        fake.misbehave_every(every, turns);
        assert_eq!(statuses(4).await, [200; 4]);
    }
    assert_eq!(fake.misbehaviours(), 10);
    // Past misbehaviours remain counted.
    fake.misbehave_next(status(403)).recover();
    assert_eq!(statuses(1).await, [200]);
    assert_eq!(fake.misbehaviours(), 10);
}

#[tokio::test]
async fn every_tenth_under_load() {
    let (fake, client) = open().await;
    fake.misbehave_every(10, [Misbehaviour::Status(StatusCode::FORBIDDEN), Misbehaviour::Body("{".into())]);
    let calls: Vec<_> =
        (0..200).map(|_| tokio::spawn(client.call(shelve()).max_attempts(1).into_future())).collect();
    let mut failures = 0;
    for call in calls {
        failures += u64::from(call.await.unwrap().is_err());
    }
    assert_eq!((failures, fake.misbehaviours()), (20, 20));
}

#[tokio::test]
async fn late_responses() {
    let (fake, client) = open().await;
    fake.misbehave_next(Misbehaviour::Delay(Duration::from_secs(60)));
    let error = client.call(shelve()).attempt_timeout(Duration::from_secs(1)).await.unwrap_err();
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
async fn repeatable_operations_are_retried() {
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
        let response = client.call(ListBooks::default()).with_metadata().await;
        let response = response.unwrap_or_else(|error| panic!("{passing:?}: {error}"));
        assert_eq!(response.output.shelf.as_deref(), Some("sf"));
        // A kept connection that ends before the response is replaced without counting as an attempt.
        assert!((1..=2).contains(&response.metadata.attempts()), "{passing:?}");
        assert_eq!(fake.requests().len() - before, 2, "{passing:?}");
    }
    for _ in 0..3 {
        fake.misbehave_next(Misbehaviour::Truncate);
    }
    let error = client.call(ListBooks::default()).await.unwrap_err();
    assert_eq!(error.attempts(), 3, "{error}");
}
