//! Calls that are dropped midway.

use std::{
    future::{IntoFuture as _, poll_fn},
    task::Poll,
    time::Duration,
};

use gatewright_runtime::{
    Error,
    transport::{Reached, TransportErrorKind as Kind},
};
use tokio::time::timeout;

use crate::{
    OK,
    stage::{self, Act, List, Name},
};

/// A call can be dropped at each wait: for the first response, the pause after it, the second response.
#[tokio::test(start_paused = true)]
async fn a_dropped_call_leaves_the_client_as_it_was() {
    for polls in 1.. {
        let (client, _) = stage::client([
            Act::Fail(Kind::Connect, Reached::NotSent),
            Act::Fail(Kind::Connect, Reached::NotSent),
            Act::Hang,
            OK,
            OK,
            OK,
        ]);
        let mut call = client.call(List::default()).into_future();
        let mut left = polls;
        let ended = poll_fn(|cx| {
            left -= 1;
            match call.as_mut().poll(cx) {
                Poll::Ready(_) => Poll::Ready(true),
                Poll::Pending if left == 0 => Poll::Ready(false),
                Poll::Pending => Poll::Pending,
            }
        });
        if ended.await {
            assert!(polls > 3, "{polls}");
            break;
        }
        drop(call);
        // Of two retries, the running one costs nothing.
        assert!(client.retry_tokens() >= 500 - 14, "{polls}: {}", client.retry_tokens());
        client.call(List::default()).max_attempts(9).await.unwrap();
    }
}

/// The page that was requested when `next` was dropped is requested on, not again: its attempts and its items are kept.
#[tokio::test(start_paused = true)]
async fn a_dropped_next_loses_nothing() {
    let (client, script) = stage::client([
        Act::Respond(200, r#"{"Names":["a"],"Marker":"1"}"#),
        Act::Fail(Kind::Connect, Reached::NotSent),
        Act::Respond(200, r#"{"Names":["b"],"Marker":"2"}"#),
        Act::Fail(Kind::Connect, Reached::NotSent),
        Act::Fail(Kind::Connect, Reached::NotSent),
    ]);
    let mut items = client.call(List::default()).max_attempts(2).items();
    assert_eq!(items.next().await.unwrap().unwrap(), "a");
    for attempts in [2, 4] {
        // It ends in the pause after the first attempt.
        assert!(timeout(Duration::from_nanos(1), items.next()).await.is_err());
        assert_eq!(script.attempts(), attempts);
        match items.next().await.unwrap() {
            Ok(name) => assert_eq!((name.as_str(), attempts), ("b", 2)),
            Err(error) => assert_eq!((error.attempts(), attempts), (2, 4), "{error}"),
        }
    }
    assert!(items.next().await.is_none());
    assert_eq!(script.attempts(), 5);
}

#[test]
fn futures_can_move_between_threads_and_stay_small() {
    fn size<T: Send>(value: &T) -> usize {
        size_of_val(value)
    }
    let (client, _) = stage::client([]);
    let bytes = size(&client.call(List::default()).with_metadata());
    println!("a call's future: {bytes} bytes");
    assert!(bytes <= 2048, "{bytes}");
    assert!(size_of::<Error<Name>>() <= 16);
}
