//! Responses that come in pages.

use gatewright_runtime::{Call, Client, Error};

use crate::stage::{self, Act, List, Name, client};

#[tokio::test]
async fn pages_and_items_follow_the_token() {
    let pages = || {
        [
            Act::Respond(200, r#"{"Names":["a","b"],"Marker":"1"}"#),
            Act::Respond(200, r#"{"Names":[],"Marker":"2"}"#),
            Act::Respond(200, r#"{"Names":["c"],"Marker":""}"#),
        ]
    };
    let (client, script) = client(pages());
    let mut items = client.call(List::default()).items();
    let mut names = Vec::new();
    while let Some(name) = items.next().await {
        names.push(name.unwrap());
    }
    assert_eq!(names, ["a", "b", "c"]);
    let bodies: Vec<_> = script.seen.lock().unwrap().iter().map(|request| request.body().clone()).collect();
    assert_eq!(bodies, ["{}", r#"{"Marker":"1"}"#, r#"{"Marker":"2"}"#]);
}

#[test]
fn pages_and_items_block_too() {
    let pages = [
        Act::Respond(200, r#"{"Names":["a","b"],"Marker":"1"}"#),
        Act::Respond(200, r#"{"Names":[],"Marker":"2"}"#),
        Act::Respond(200, r#"{"Names":["c"],"Marker":""}"#),
    ];
    let (client, script) = client(pages);
    let names: Vec<_> = client.call(List::default()).items_blocking().map(Result::unwrap).collect();
    assert_eq!((names, script.attempts()), (["a", "b", "c"].map(str::to_owned).into(), 3));

    let (client, script) = stage::client([
        Act::Respond(200, r#"{"Marker":"1"}"#),
        Act::Respond(400, r#"{"__type":"BadRequest"}"#),
    ]);
    let pages: Vec<_> = client.call(List::default()).pages_blocking().collect();
    assert!(matches!(&pages[..], [Ok(_), Err(_)]), "{pages:?}");
    assert_eq!(script.attempts(), 2);
}

/// The first page and the second name the same page as the next one.
fn circle() -> [Act; 2] {
    [
        Act::Respond(200, r#"{"Names":["a"],"Marker":"1"}"#),
        Act::Respond(200, r#"{"Names":["b","c"],"Marker":"1"}"#),
    ]
}

/// Each page but the first names one of the two before it.
fn wide_circle() -> [Act; 3] {
    [
        Act::Respond(200, r#"{"Names":["a"],"Marker":"1"}"#),
        Act::Respond(200, r#"{"Names":["b"],"Marker":"2"}"#),
        Act::Respond(200, r#"{"Names":["c"],"Marker":"1"}"#),
    ]
}

#[tokio::test]
async fn a_circle_of_two_tokens_is_found() {
    let (client, script) = client(wide_circle());
    let mut items = client.call(List::default()).items();
    for name in ["a", "b", "c"] {
        assert_eq!(items.next().await.unwrap().unwrap(), name);
    }
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the same page token twice"), "{error}");
    assert!(items.next().await.is_none());
    assert_eq!(script.attempts(), 3);
}

#[test]
fn a_circle_of_two_tokens_is_found_when_blocking() {
    let (client, script) = client(wide_circle());
    let items: Vec<_> = client.call(List::default()).items_blocking().collect();
    let [Ok(a), Ok(b), Ok(c), Err(error)] = &items[..] else { panic!("{items:?}") };
    assert_eq!([a, b, c], ["a", "b", "c"]);
    assert!(error.to_string().contains("the same page token twice"), "{error}");
    assert_eq!(script.attempts(), 3);
}

#[tokio::test]
async fn a_page_with_a_repeated_token_is_delivered_before_the_error() {
    let (client, script) = client(circle());
    let mut pages = client.call(List::default()).pages();
    for names in [&["a"][..], &["b", "c"]] {
        assert_eq!(pages.next().await.unwrap().unwrap().names.unwrap(), names);
    }
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the same page token twice"), "{error}");
    // The response that repeats the token stays reachable.
    assert_eq!(error.metadata().unwrap().body(), r#"{"Names":["b","c"],"Marker":"1"}"#);
    assert!(pages.next().await.is_none());
    assert_eq!(script.attempts(), 2);

    let (client, _) = stage::client(circle());
    let mut items = client.call(List::default()).items();
    for name in ["a", "b", "c"] {
        assert_eq!(items.next().await.unwrap().unwrap(), name);
    }
    assert!(items.next().await.unwrap().is_err());
    assert!(items.next().await.is_none());
}

#[test]
fn a_page_with_a_repeated_token_is_delivered_before_the_error_when_blocking() {
    let (client, _) = client(circle());
    let pages: Vec<_> = client.call(List::default()).pages_blocking().collect();
    assert!(matches!(&pages[..], [Ok(_), Ok(_), Err(_)]), "{pages:?}");

    let (client, script) = stage::client(circle());
    let items: Vec<_> = client.call(List::default()).items_blocking().collect();
    let [Ok(a), Ok(b), Ok(c), Err(error)] = &items[..] else { panic!("{items:?}") };
    assert_eq!([a, b, c], ["a", "b", "c"]);
    assert!(error.to_string().contains("the same page token twice"), "{error}");
    assert_eq!(script.attempts(), 2);
}

/// A forbidden header and an invalid one.
fn with_refused_headers(client: &Client) -> Call<List> {
    client.call(List::default()).header("authorization", "Basic").header("x-trace", "a\nb")
}

#[track_caller]
fn check_refused(error: &Error<Name>) {
    let refused = matches!(error, Error::Input(input) if input.violations().len() == 2);
    assert!(refused, "{error:?}");
}

#[tokio::test]
async fn refused_headers_refuse_the_pages() {
    let (client, script) = client([]);
    let mut pages = with_refused_headers(&client).pages();
    check_refused(&pages.next().await.unwrap().unwrap_err());
    assert!(pages.next().await.is_none());
    check_refused(&with_refused_headers(&client).items().next().await.unwrap().unwrap_err());
    assert_eq!(script.attempts(), 0);
}

#[test]
fn refused_headers_refuse_the_pages_when_blocking() {
    let (client, script) = client([]);
    let pages: Vec<_> = with_refused_headers(&client).pages_blocking().collect();
    let [Err(error)] = &pages[..] else { panic!("{pages:?}") };
    check_refused(error);
    check_refused(&with_refused_headers(&client).items_blocking().next().unwrap().unwrap_err());
    assert_eq!(script.attempts(), 0);
}
