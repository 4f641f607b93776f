//! Refusals of the fake.

use std::{
    io::Write as _,
    time::{Duration, SystemTime},
};

use flate2::{Compression, write::GzEncoder};
use gatewright_fake::{Fake, Misbehaviour};
use gatewright_runtime::{
    Secret,
    context::{Context as _, SystemContext},
    credentials::Credentials,
    sign::sigv4::Scope,
    transport::Request,
};
use serde_json::{Value, json};

use crate::library::{Book, LIBRARY, LibraryClient, Shelve, Visit, open, request, send, sign, sign_as};

const SCOPE: Scope<'static> = Scope { region: "us-east-1", service: "library" };

#[track_caller]
fn refused((status, body): (u16, Value), exception: &str, message: &str) {
    assert_eq!((status, body["__type"].as_str()), (400, Some(exception)), "{body}");
    assert!(body["message"].as_str().unwrap().contains(message), "{body}");
}

fn now() -> SystemTime {
    SystemContext.now()
}

#[tokio::test]
async fn a_valid_request_gets_the_sample_about_what_it_names() {
    let (fake, client) = open().await;
    let books = vec![Book { title: "Ubik".to_owned() }];
    let response = client
        .call(Shelve { shelf: "pkd".to_owned(), books: Some(books), count: None })
        .with_metadata()
        .await;
    let response = response.unwrap();
    assert_eq!(response.output.shelf.as_deref(), Some("pkd"));
    assert_eq!(response.output.books.unwrap(), [Book { title: "Ubik".to_owned() }]);
    assert_eq!(response.metadata.request_id(), Some("00000000-0000-4000-8000-000000000001"));
    let headers = response.metadata.headers();
    assert_eq!(headers["content-type"], "application/x-amz-json-1.1");
    assert!(headers.contains_key("date"));

    // A member of another type is not taken over.
    let (_, body) = send(sign(&fake, request(&fake, "ListBooks", r#"{"Books":"x"}"#))).await;
    assert_eq!(body, json!({ "Books": [{ "Title": "Dune" }], "Shelf": "sf" }));
    let (status, _) = send(sign(&fake, request(&fake, "ListBooks", ""))).await;
    assert_eq!(status, 200, "an empty body is an empty input");
}

#[tokio::test]
async fn requests_are_routed_by_method_path_content_type_and_target() {
    let (fake, _) = open().await;
    let check = async |change: fn(&mut Request), message: &str| {
        let mut request = request(&fake, "ListBooks", "{}");
        change(&mut request);
        refused(send(sign(&fake, request)).await, "UnknownOperationException", message);
    };
    check(|r| *r.method_mut() = http::Method::PUT, "not a PUT of /").await;
    check(|r| *r.uri_mut() = format!("{}books", r.uri()).parse().unwrap(), "not a POST of /books").await;
    check(|r| drop(r.headers_mut().remove("content-type")), "1.1, not none").await;
    check(
        |r| drop(r.headers_mut().insert("content-type", "application/json".parse().unwrap())),
        "not application/json",
    )
    .await;
    check(|r| drop(r.headers_mut().remove("x-amz-target")), "not none").await;
    check(|r| drop(r.headers_mut().insert("x-amz-target", "ListBooks".parse().unwrap())), "not ListBooks")
        .await;
    check(
        |r| drop(r.headers_mut().insert("x-amz-target", "Library_20260101.Burn".parse().unwrap())),
        "Library has no operation Burn",
    )
    .await;
    let mut request = request(&fake, "ListBooks", "{}");
    request
        .headers_mut()
        .insert("content-type", "application/x-amz-json-1.1; charset=utf-8".parse().unwrap());
    assert_eq!(send(sign(&fake, request)).await.0, 200);
}

#[tokio::test]
async fn signatures_are_checked() {
    let (fake, client) = open().await;
    client.call(Visit {}).await.unwrap();
    assert!(!fake.requests()[0].headers.contains_key("authorization"));
    let plain = || request(&fake, "ListBooks", "{}");
    refused(send(plain()).await, "MissingAuthenticationTokenException", "Missing Authentication Token");

    let mut cut = sign(&fake, plain());
    let kept =
        cut.headers()["authorization"].to_str().unwrap().split(", Signature").next().unwrap().to_owned();
    cut.headers_mut().insert("authorization", kept.parse().unwrap());
    refused(send(cut).await, "IncompleteSignatureException", "requires 'Signature' parameter");

    let id = fake.credentials().access_key_id();
    let mismatch = sign_as(&Credentials::new(id, Secret::new("wrong")), SCOPE, now(), plain());
    let (status, body) = send(mismatch).await;
    let message = body["message"].as_str().unwrap().to_owned();
    refused(
        (status, body),
        "InvalidSignatureException",
        "The request signature we calculated does not match",
    );
    assert!(
        message.contains("The Canonical String for this request should have been\n'POST\n/\n\n"),
        "{message}"
    );
    assert!(message.contains("The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n"), "{message}");

    let unknown = sign_as(&Credentials::new("AKIDOTHER", Secret::new("x")), SCOPE, now(), plain());
    refused(send(unknown).await, "UnrecognizedClientException", "security token");

    let mut changed = sign(&fake, plain());
    *changed.body_mut() = r#"{"Shelf":"other"}"#.into();
    refused(
        send(changed).await,
        "InvalidSignatureException",
        "The request signature we calculated does not match",
    );
}

#[tokio::test]
async fn signatures_hold_for_some_minutes_and_one_scope() {
    let fake = Fake::builder(&LIBRARY).region("eu-west-1").start().await.unwrap();
    let scope = Scope { region: "eu-west-1", service: "library" };
    let check = async |scope, time, message| {
        let request = sign_as(fake.credentials(), scope, time, request(&fake, "ListBooks", "{}"));
        refused(send(request).await, "InvalidSignatureException", message);
    };
    let quarter = Duration::from_secs(15 * 60);
    check(scope, now() - quarter, "Signature expired: ").await;
    check(scope, now() + quarter, "Signature not yet current: ").await;
    check(SCOPE, now(), "scoped to a valid region, not 'us-east-1'").await;
    check(Scope { service: "librarian", ..scope }, now(), "library").await;
    let good = sign_as(fake.credentials(), scope, now(), request(&fake, "ListBooks", "{}"));
    assert_eq!(send(good).await.0, 200);
}

#[tokio::test]
async fn session_tokens_belong_to_their_keys() {
    let credentials =
        Credentials::new("ASIDEXAMPLE", Secret::new("secret")).with_session_token(Secret::new("token"));
    let fake = Fake::builder(&LIBRARY).credentials(credentials).start().await.unwrap();
    fake.client::<LibraryClient>().unwrap().0.call(crate::library::ListBooks::default()).await.unwrap();

    let without = Credentials::new("ASIDEXAMPLE", Secret::new("secret"));
    let request = sign_as(&without, SCOPE, now(), request(&fake, "ListBooks", "{}"));
    refused(send(request).await, "UnrecognizedClientException", "security token");
}

#[tokio::test]
async fn inputs_are_checked() {
    let (fake, _) = open().await;
    let check = async |body: &'static str, exception: &str, message: &str| {
        refused(send(sign(&fake, request(&fake, "Shelve", body))).await, exception, message);
    };
    let (serialization, validation) = ("SerializationException", "ValidationException");
    check("{", serialization, "EOF while parsing").await;
    check("[]", serialization, "a request is a JSON object").await;
    check(r#"{"Shelf":1}"#, serialization, "Shelf: invalid type: integer, expected a string").await;
    check(r#"{"Shelf":"ab","Books":{}}"#, serialization, "Books: invalid type: map").await;
    check(r#"{"Shelf":"ab","Books":[{"Title":[]}]}"#, serialization, "Books[0].Title: invalid type").await;
    check(r#"{"Shelf":"ab","Count":1e9999}"#, serialization, "number out of range").await;
    check(
        "{}",
        validation,
        "1 validation error detected: Value null at 'shelf' failed to satisfy constraint: Member must not be null",
    )
    .await;
    check(r#"{"Shelf":null}"#, validation, "Value null at 'shelf' failed").await;
    check(
        r#"{"Shelf":"ab","Books":[{}]}"#,
        validation,
        "Value null at 'books.1.member.title' failed to satisfy constraint: Member must not be null",
    )
    .await;
    check(
        r#"{"Shelf":"a","Books":[{"Title":"b"}]}"#,
        validation,
        "2 validation errors detected: Value 'a' at 'shelf' failed to satisfy constraint: Member must have length \
         greater than or equal to 2; Value 'b' at 'books.1.member.title' failed to satisfy constraint: Member must \
         have length greater than or equal to 2",
    )
    .await;
    check(
        r#"{"Shelf":"ab","Count":4711}"#,
        validation,
        "Value at 'count' failed to satisfy constraint: Member must have value less than or equal to 99",
    )
    .await;
}

#[tokio::test]
async fn compressed_requests_are_read() {
    let (fake, client) = open().await;
    let books = vec![Book { title: "Ubik".to_owned() }; 1000];
    let response =
        client.call(Shelve { shelf: "pkd".to_owned(), books: Some(books.clone()), count: None }).await;
    assert_eq!(response.unwrap().books.unwrap(), books);
    let received = fake.requests().remove(0);
    assert_eq!(received.headers["content-encoding"], "gzip");
    assert_eq!(&received.body[..14], br#"{"Shelf":"pkd""#);

    let send = async |gzip: Vec<u8>| {
        let mut request = request(&fake, "Shelve", gzip);
        request.headers_mut().insert("content-encoding", "x, GZIP".parse().unwrap());
        send(sign(&fake, request)).await
    };
    let (status, body) = send([gzip(br#"{"Shelf":"#), gzip(br#""le-guin"}"#)].concat()).await;
    assert_eq!((status, body["Shelf"].as_str()), (200, Some("le-guin")), "a file of gzip may have members");
    refused(send(b"{}".to_vec()).await, "SerializationException", "the body is not gzip: ");
    let received = fake.requests().pop().unwrap();
    assert_eq!((received.operation.as_deref(), &received.body[..]), (Some("Shelve"), &b"{}"[..]));
    fake.misbehave_next(Misbehaviour::Body(r#"{"Shelf":"ordered"}"#.into()));
    assert_eq!(send(b"{}".to_vec()).await, (200, json!({ "Shelf": "ordered" })));
    let (status, body) = send(gzip(&vec![b' '; 10 * 1024 * 1024 + 1])).await;
    assert_eq!((status, body["__type"].as_str()), (413, Some("RequestEntityTooLargeException")));
    assert_eq!(
        send(gzip(&vec![b' '; 10 * 1024 * 1024])).await.0,
        400,
        "within the bound, though it is no JSON"
    );
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(data).unwrap();
    gzip.finish().unwrap()
}

#[tokio::test]
async fn bodies_are_bounded() {
    let (fake, _) = open().await;
    let large = request(&fake, "ListBooks", vec![b' '; 10 * 1024 * 1024]);
    assert_eq!(send(sign(&fake, large)).await.0, 400, "within the bound, though it is no JSON");
    let deep = "[".repeat(1_000_000);
    refused(
        send(sign(&fake, request(&fake, "ListBooks", deep))).await,
        "SerializationException",
        "recursion",
    );
}

/// Their cost grows with the size of the request, not with its square.
#[tokio::test]
async fn a_hundred_broken_constraints_are_reported() {
    let (fake, _) = open().await;
    let books = [r#"{"Title":"x"}"#].repeat(200_000).join(",");
    let body = format!(r#"{{"Shelf":"ab","Books":[null,{books}]}}"#);
    let (status, body) = send(sign(&fake, request(&fake, "Shelve", body))).await;
    let message = body["message"].as_str().unwrap();
    assert!(message.starts_with(
        "100 validation errors detected: Value 'x' at 'books.2.member.title' failed to satisfy constraint: Member must"
    ));
    assert_eq!((status, message.matches("Value 'x' at ").count()), (400, 100));
    assert!(message.contains("'books.101.member.title'") && !message.contains("'books.102.member.title'"));
}
