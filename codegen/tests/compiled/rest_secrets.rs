//! A service with secrets in every part of its requests, which its error responses repeat.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    sync::{Arc, Mutex},
};

use gatewright_runtime::{
    BoxFuture, Error, Operation, Secret, Service,
    credentials::Credentials,
    hook::{Attempt, Hook, HookError},
    transport::{Request, Response, Transport, TransportError},
};

use crate::rest_secret_service::{
    Client, ErrorCode, KeepBytesRequest, KeepPartRequest, KeepRequest, KeepRequired, KeepTextRequest, Part,
    Person, RestSecretService,
};

/// Refuses requests as Amazon S3 does, with everything it received, and the secrets alone.
#[derive(Clone, Debug)]
struct Echo(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    secrets: Vec<String>,
    /// The requests as hooks see them.
    hooked: String,
    sent: String,
}

impl Transport for Echo {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let (head, body) = request.into_parts();
        let mut text = format!("{}\n{}\n", head.method, head.uri);
        for (name, value) in &head.headers {
            writeln!(text, "{name}:{}", String::from_utf8_lossy(value.as_bytes())).unwrap();
        }
        write!(text, "\n{}", String::from_utf8_lossy(&body)).unwrap();
        let seen = &mut *self.0.lock().unwrap();
        seen.sent.push_str(&text);
        let alone = seen.secrets.join(" ; ");
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let body = format!(
            "<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match: {alone} \
             </Message><CanonicalRequest>{text}</CanonicalRequest><Also>{alone}</Also></Error>",
            alone = escaped(&alone),
            text = escaped(&text),
        );
        let response = gatewright_runtime::http::Response::builder().status(403).header("x-repeated", &alone);
        Box::pin(async { Ok(response.body(body.into()).unwrap()) })
    }
}

impl Hook for Echo {
    fn before_signing(&self, _: &Attempt, request: &mut Request) -> Result<(), HookError> {
        write!(self.0.lock().unwrap().hooked, "{:?}", request.headers())?;
        Ok(())
    }
}

/// The secrets of a request are sent, and in nothing that is shown or kept of the call.
#[track_caller]
fn check<R>(request: R, secrets: &[&str])
where
    R: Operation<Service = RestSecretService> + 'static,
{
    let secrets = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    let echo = Echo(Arc::new(Mutex::new(Seen { secrets, ..Seen::default() })));
    let client: Client = Client::builder()
        .region("us-east-1")
        .endpoint_url("https://secrets.example.com")
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret-of-the-service")))
        .transport(echo.clone())
        .hook(echo.clone())
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let call = client.as_ref().call(request).no_retries();
    let error: Error<ErrorCode> = runtime.block_on(call.into_future()).err().unwrap();

    let seen = echo.0.lock().unwrap();
    let signed = error.as_service().and_then(|error| error.signed()).expect("the request was signed");
    let metadata = error.metadata().unwrap();
    let shown = [
        seen.hooked.clone(),
        error.to_string(),
        format!("{error:?}"),
        format!("{:?}", error.as_service()),
        format!("{signed:?} {:?}", signed.texts),
        signed.texts.canonical_request.as_ref().expect("the texts are known").to_string(),
        error.explain().to_string(),
        error.evidence().to_json(),
        format!("{:?} {:?}", error.evidence(), metadata.headers()),
        String::from_utf8_lossy(metadata.body()).into_owned(),
    ];
    assert!(shown[9].contains("<Code>SignatureDoesNotMatch</Code>"), "{}", shown[9]);
    for secret in &seen.secrets {
        assert!(seen.sent.contains(secret), "{secret}: {}", seen.sent);
        for shown in &shown {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
    }
    let info = <R::Service as Service>::INFO;
    assert!(!shown.concat().contains("hush"), "{}: {shown:#?}", info.title);
}

fn word(text: &str) -> Secret {
    Secret::new(text)
}

fn pairs(text: &str) -> BTreeMap<String, Secret> {
    BTreeMap::from([("open".to_owned(), word(text))])
}

fn keep() -> KeepRequest {
    KeepRequest::new(KeepRequired { label: word("hush-label"), path: word("hush-path/hush-path-2") })
}

#[test]
fn members_of_the_path_are_secrets() {
    check(keep(), &["hush-label", "hush-path"]);
}

#[test]
fn members_of_the_query_are_secrets() {
    let request = keep().query(word("hush-query")).queries(vec![word("hush-query-2"), word("hush-query-3")]);
    check(request, &["hush-query", "hush-query-2", "hush-query-3"]);
    check(keep().others(pairs("hush-other")), &["hush-other"]);
}

#[test]
fn members_of_headers_are_secrets() {
    check(keep().customer(word("hush-customer")), &["hush-customer"]);
    check(keep().customers(vec![word("hush-one"), word("hush, two")]), &["hush-one", "hush, two"]);
    check(keep().metadata(pairs("hush-metadata")), &["hush-metadata"]);
    check(keep().pin(Secret::new(471_147)), &["471147"]);
    check(keep().context(word(r#"{"a":"hush-context"}"#)), &["eyJhIjoiaHVzaC1jb250ZXh0In0"]);
    // A word that says nothing alone remains in texts around it.
    check(keep().flag(Secret::new(true)), &[]);
}

#[test]
fn members_of_documents_are_secrets() {
    check(keep().kind(word("hush-attribute")), &["hush-attribute"]);
    check(keep().open("open".to_owned()).text(word("hush-element")), &["hush-element"]);
    check(keep().words(vec![word("hush-one"), word("hush-two")]), &["hush-one", "hush-two"]);
    check(keep().pairs(pairs("hush-value")), &["hush-value"]);
    let person = Person::new().name(word("hush-name")).part(Secret::new(Part::new().title("hush-title")));
    check(keep().person(person), &["hush-name", "hush-title"]);
}

#[test]
fn bodies_are_secrets() {
    check(KeepTextRequest::new().content(word("hush-text of more words")), &["hush-text of more words"]);
    let bytes = b"\xffhush-bytes\xff".to_vec();
    check(KeepBytesRequest::new().content(Secret::new(bytes)), &["hush-bytes"]);
    let part = Secret::new(Part::new().title("hush-title"));
    check(KeepPartRequest::new(word("hush-name")).part(part), &["hush-name", "hush-title"]);
}
