//! Handlers, failures and records.

use std::{
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use gatewright_fake::{Fake, FakeError, Misbehaviour};
use gatewright_runtime::Error;
use http::StatusCode;

use crate::library::{Book, LIBRARY, ListBooks, Listing, Name, Shelve, open};

fn shelve() -> Shelve {
    Shelve { shelf: "sf".to_owned(), ..Shelve::default() }
}

fn book(title: &str) -> Book {
    Book { title: title.to_owned() }
}

#[tokio::test]
async fn handlers_respond_and_keep_state() {
    let (fake, client) = open().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let shelves = Arc::clone(&seen);
    fake.on(move |request: Shelve| {
        shelves.lock().unwrap().push(request.shelf.clone());
        match request.shelf.as_str() {
            "lost" => Err(FakeError::code(Name::BookLost).with_detail("Shelf", "lost")),
            _ => Ok(Listing { shelf: Some("from the handler".to_owned()), ..Listing::default() }),
        }
    });
    let response = client.call(shelve()).await.unwrap();
    assert_eq!(response.shelf.as_deref(), Some("from the handler"));
    let error = client.call(Shelve { shelf: "lost".to_owned(), ..shelve() }).await.unwrap_err();
    assert_eq!(error.code(), Some(&Name::BookLost));
    assert_eq!(error.as_service().unwrap().fault().details.as_deref(), Some(r#"{"Shelf":"lost"}"#));
    assert_eq!(*seen.lock().unwrap(), ["sf", "lost"]);
}

#[tokio::test]
async fn handlers_return_pages() {
    let (fake, client) = open().await;
    fake.on(|request: ListBooks| {
        let page: usize =
            request.marker.as_deref().unwrap_or("0").parse().map_err(|_| FakeError::code("BadMarker"))?;
        Ok(Listing {
            books: Some(vec![book(&format!("{page}a")), book(&format!("{page}b"))]),
            marker: (page < 2).then(|| (page + 1).to_string()),
            shelf: None,
        })
    });
    let mut items = client.call(ListBooks::default()).items();
    let mut titles = Vec::new();
    while let Some(item) = items.next().await {
        titles.push(item.unwrap().title);
    }
    assert_eq!(titles, ["0a", "0b", "1a", "1b", "2a", "2b"]);
}

#[tokio::test]
async fn failures_have_the_members_of_their_exception() {
    let (fake, client) = open().await;
    fake.fail::<Shelve>(FakeError::exception("Closed"), 1);
    fake.fail::<Shelve>(FakeError::exception("Closed").with_detail("Title", "for good"), 1);
    for title in ["until tomorrow", "for good"] {
        let error = client.call(shelve()).await.unwrap_err();
        assert_eq!(error.as_service().unwrap().message(), Some("The library is closed."));
        assert_eq!(error.members::<Book>().unwrap().unwrap(), book(title));
    }
}

/// Of an imported model, for example.
#[tokio::test]
async fn failures_of_unknown_meaning_have_their_status() {
    let (fake, client) = open().await;
    for (name, status) in [("Flooded", 507), ("Unheard", 400)] {
        fake.fail::<Shelve>(FakeError::exception(name), 1);
        let error = client.call(shelve()).no_retries().await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{error}");
    }
}

#[tokio::test]
async fn a_status_that_ends_no_request_is_reported() {
    type Order = fn(&Fake);
    let (fake, client) = open().await;
    let orders: [(u16, Order); 3] = [
        (100, |fake| {
            fake.fail::<Shelve>(FakeError::status(StatusCode::CONTINUE), 1);
        }),
        (103, |fake| {
            fake.fail::<Shelve>(FakeError::exception("Closed").with_status(StatusCode::EARLY_HINTS), 1);
        }),
        (101, |fake| {
            fake.misbehave_next(Misbehaviour::Status(StatusCode::SWITCHING_PROTOCOLS));
        }),
    ];
    for (status, order) in orders {
        order(&fake);
        let error = client.call(shelve()).no_retries().await.unwrap_err();
        assert_eq!(error.status(), Some(StatusCode::INTERNAL_SERVER_ERROR), "{error}");
        let message = format!("invalid status {status} for a response of the fake; use 200 to 999");
        assert_eq!(error.as_service().unwrap().message(), Some(message.as_str()));
    }
}

#[tokio::test]
async fn failures_come_in_order_and_once() {
    let (fake, client) = open().await;
    fake.fail_next::<Shelve>(Name::BookLost).fail_next::<Shelve>("BookBurnt");
    fake.fail::<Shelve>(FakeError::exception("Closed"), 2);
    fake.fail::<Shelve>(FakeError::exception("New").with_message("m").with_status(StatusCode::GONE), 1);
    fake.fail::<Shelve>(FakeError::code("BookLost").with_exception("InternalError"), 1);
    fake.fail::<Shelve>(FakeError::status(StatusCode::BAD_GATEWAY), 1);

    let mut errors = Vec::new();
    for _ in 0..7 {
        let error = client.call(shelve()).await.unwrap_err();
        let Error::Service(error) = error else { panic!("{error}") };
        let fault = error.fault().clone();
        let part = Option::unwrap_or_default;
        let (exception, code, message) = (part(fault.exception), part(fault.code), part(fault.message));
        errors.push(format!("{} {exception}/{code}: {message}", error.metadata().status().as_u16()));
    }
    assert_eq!(
        errors,
        [
            "400 BadRequest/BookLost: The book is lost.",
            "400 BadRequest/BookBurnt: Bad Request",
            "403 Closed/: The library is closed.",
            "403 Closed/: The library is closed.",
            "410 New/: m",
            "500 InternalError/BookLost: The book is lost.",
            "502 /: Bad Gateway",
        ]
    );
    client.call(shelve()).await.unwrap();
}

#[tokio::test]
async fn failures_stay_for_their_operation_and_transient_ones_are_retried() {
    let (fake, client) = open().await;
    fake.fail_next::<ListBooks>("CatalogDown");
    client.call(shelve()).await.unwrap();
    let response = client.call(ListBooks::default()).with_metadata().await.unwrap();
    assert_eq!(response.metadata.attempts(), 2);
    fake.fail::<ListBooks>(FakeError::code("CatalogDown"), 3);
    let error = client.call(ListBooks::default()).await.unwrap_err();
    assert_eq!((error.attempts(), error.metadata().unwrap().status().as_u16()), (3, 500));
    assert!(matches!(error.exception(), Some(Name::Unknown(name)) if name == "InternalError"));
}

#[tokio::test]
async fn requests_are_kept_in_order_within_bounds() {
    let (fake, client) = open().await;
    client.call(shelve()).await.unwrap();
    for _ in 0..1000 {
        client.call(ListBooks::default()).await.unwrap();
        if fake.requests().len() == 2 {
            let [first, second] = <[_; 2]>::try_from(fake.requests()).unwrap();
            assert_eq!(
                (first.operation.as_deref(), &*first.body),
                (Some("Shelve"), &br#"{"Shelf":"sf"}"#[..])
            );
            assert_eq!((second.operation.as_deref(), second.method.as_str()), (Some("ListBooks"), "POST"));
            assert_eq!(second.target, "/");
            assert_eq!(second.headers["x-amz-target"], "Library_20260101.ListBooks");
            assert!(!format!("{first:?}").contains("AWS4-HMAC-SHA256"));
        }
    }
    assert_eq!(fake.requests().len(), 1000);
    assert!(fake.requests().iter().all(|request| request.operation.as_deref() == Some("ListBooks")));
}

#[tokio::test]
async fn connections_are_counted() {
    let (fake, client) = open().await;
    let connections = || (fake.connections().accepted, fake.connections().open);
    assert_eq!(connections(), (0, 0));
    for _ in 0..3 {
        client.call(shelve()).await.unwrap();
    }
    assert_eq!(connections(), (1, 1));
    // Closed by the fake.
    fake.misbehave_next(Misbehaviour::Truncate);
    client.call(shelve()).await.unwrap_err();
    settled(|| connections() == (1, 0)).await;
    // Closed by the client.
    client.call(shelve()).await.unwrap();
    assert_eq!(connections(), (2, 1));
    drop(client);
    settled(|| connections() == (2, 0)).await;
}

/// Waits until what another task brings about is there.
async fn settled(is_so: impl Fn() -> bool) {
    let wait = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.unwrap();
}

/// Another process may take the port first, but not every time.
#[tokio::test]
async fn a_port_is_free_without_its_fake() {
    for _ in 0..20 {
        let url = Fake::start(&LIBRARY).await.unwrap().url();
        let port = url.rsplit(':').next().unwrap().parse().unwrap();
        if Fake::builder(&LIBRARY).port(port).start().await.is_ok() {
            return;
        }
    }
    panic!("no port was free");
}

#[test]
fn fakes_need_a_runtime() {
    let started = pin!(Fake::start(&LIBRARY)).poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Err(error)) = started else { panic!() };
    assert!(error.to_string().starts_with("a fake runs on tokio: start it within a runtime"), "{error}");
}

#[tokio::test]
async fn many_calls_in_parallel_and_an_end() {
    let (fake, client) = open().await;
    let calls: Vec<_> =
        (0..50).map(|_| tokio::spawn(client.call(ListBooks::default()).into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(fake.requests().len(), 50);
    drop(fake);
    let error = client.call(ListBooks::default()).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error}");
}
