//! Errors as people read them: one line, compact, each cause once.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

#[expect(dead_code, reason = "shared with the tests of the call loop")]
mod stage;

use std::{
    error::Error as StdError,
    fmt, io,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use gatewright_runtime::{
    BoxFuture, Client, ClientBuilder, Error,
    credentials::{Credentials, CredentialsError, ProvideCredentials},
    transport::{Reached, Request, Response, Transport, TransportError, TransportErrorKind},
};
use stage::{List, Move, Name, Script, StageClient};

/// Text that a hostile service, certificate or name server may send.
const HOSTILE: &str = "one\ntwo\r\nthree\u{1b}[31m\u{2028}four\0";
/// Characters of any error's one line and of its `Debug`, at most.
const MAX: usize = 8 * 1024;

/// Does the same at every attempt.
#[derive(Clone)]
struct Always(Arc<Mutex<dyn FnMut() -> Result<Response, TransportError> + Send>>);

impl Transport for Always {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(std::future::ready((self.0.lock().unwrap())()))
    }
}

impl fmt::Debug for Always {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Always")
    }
}

fn builder() -> ClientBuilder<StageClient> {
    stage::builder(&Script::new([]))
}

fn client(act: impl FnMut() -> Result<Response, TransportError> + Send + 'static) -> Client {
    builder().transport(Always(Arc::new(Mutex::new(act)))).build().unwrap().0
}

/// The error of a call if every attempt does this.
async fn fails(act: impl FnMut() -> Result<Response, TransportError> + Send + 'static) -> Error<Name> {
    client(act).call(List::default()).max_attempts(1).await.unwrap_err()
}

/// The error of a call that gets this response.
async fn error_of(status: u16, header: &'static str, body: impl Into<Bytes>) -> Error<Name> {
    let body = body.into();
    fails(move || {
        let response = http::Response::builder().status(status).header("x-amzn-errortype", header);
        Ok(response.header("x-amzn-requestid", "id-1").body(body.clone()).unwrap())
    })
    .await
}

async fn input(prop: &str) -> Error<Name> {
    let request = Move { prop: Some(prop.to_owned()), token: None };
    client(|| panic!("nothing is sent")).call(request).await.unwrap_err()
}

/// Refused for a thousand reasons, as a long list can be.
async fn many_violations() -> Error<Name> {
    let call = client(|| panic!("nothing is sent")).call(List::default());
    (0..1000).fold(call, |call, index| call.header(&format!("no name {index}"), "")).await.unwrap_err()
}

#[derive(Debug)]
struct Refusing(CredentialsError);

impl ProvideCredentials for Refusing {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Err(self.0.clone())))
    }
}

async fn credentials(source: &str, reason: &str) -> Error<Name> {
    let refusing =
        Refusing(CredentialsError::absent("the code", "none").and(CredentialsError::new(source, reason)));
    let client = builder().credentials(refusing).build().unwrap().0;
    client.call(List::default()).await.unwrap_err()
}

/// A failure with two causes, one behind the other.
async fn transport(peer: &'static str, reason: &'static str) -> Error<Name> {
    fails(move || {
        let cause =
            io::Error::new(io::ErrorKind::ConnectionReset, Caused { text: reason, cause: "the root" });
        Err(TransportError::new(TransportErrorKind::Closed, peer, Reached::MaybeSent).with_source(cause))
    })
    .await
}

#[derive(Debug)]
struct Caused {
    text: &'static str,
    cause: &'static str,
}

impl fmt::Display for Caused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl StdError for Caused {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        (!self.cause.is_empty()).then_some(&Caused { text: "the root", cause: "" })
    }
}

/// A JSON string of a text.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// One error of every kind, with `text` wherever a text of others goes.
async fn every_kind(text: &'static str) -> Vec<Error<Name>> {
    let json = quoted(text);
    vec![
        input("x").await,
        credentials("a profile", text).await,
        transport("stage:443", "reset").await,
        transport(text.get(..1000).unwrap_or(text), "reset").await,
        error_of(400, "NoProp", format!(r#"{{"__type":"BadRequest","message":{json}}}"#)).await,
        error_of(400, "", format!(r#"{{"__type":{json},"message":{json}}}"#)).await,
        error_of(
            400,
            "",
            format!(r#"{{"message":"m","error":{{"errorCode":{json},"errorDetails":{{"k":{json}}}}}}}"#),
        )
        .await,
        error_of(403, "", text).await,
        error_of(200, "", text).await,
        error_of(200, "", json.clone()).await,
        error_of(200, "", format!(r#"{{"Names":[{json}"#)).await,
        error_of(200, "", format!(r#"{{"Names":{json}}}"#)).await,
    ]
}

/// The texts of an error and of its causes.
fn chain(error: &dyn StdError) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        texts.push(error.to_string());
        cause = error.source();
    }
    texts
}

fn long() -> &'static str {
    "long\n".repeat(200_000).leak()
}

#[tokio::test]
async fn one_line_each() {
    for text in [HOSTILE, long()] {
        for error in every_kind(text).await {
            let line = error.to_string();
            assert!(!line.chars().any(|char| char.is_control() || char == '\u{2028}'), "{line:?}");
        }
    }
}

#[tokio::test]
async fn compact() {
    for error in every_kind(long()).await.into_iter().chain([many_violations().await]) {
        let (line, debug) = (error.to_string(), format!("{error:?}"));
        assert!(line.len() <= MAX, "Display: {} bytes: {}", line.len(), &line[..200]);
        assert!(debug.len() <= MAX, "Debug: {} bytes: {}", debug.len(), &debug[..200]);
    }
}

#[tokio::test]
async fn each_cause_once() {
    for error in every_kind("a text of others").await {
        let chain = chain(&error);
        for (index, text) in chain.iter().enumerate() {
            for cause in &chain[index + 1..] {
                assert!(!text.contains(cause.as_str()), "{cause:?} is in {text:?} too");
            }
        }
    }
    let error = transport("stage:443", "reset").await;
    let chain = chain(&error);
    assert_eq!(
        chain,
        ["List: stage:443: the connection ended before the response was complete", "reset", "the root"]
    );
}

#[tokio::test]
async fn in_anyhow_and_eyre() {
    let error =
        || async { anyhow::Error::from(transport("stage:443", "reset").await).context("listing props") };
    assert_eq!(
        format!("{:#}", error().await),
        "listing props: List: stage:443: the connection ended before the response was complete: reset: the root"
    );
    let debug = format!("{:?}", error().await);
    assert_eq!(
        debug.split("\n\nStack backtrace").next().unwrap(),
        "listing props\n\nCaused by:\n    \
         0: List: stage:443: the connection ended before the response was complete\n    \
         1: reset\n    \
         2: the root"
    );
    let error: anyhow::Error = error_of(400, "", r#"{"__type":"BadRequest","message":"m"}"#).await.into();
    assert_eq!(format!("{error:#}"), "List: BadRequest: m (status 400, request id id-1, 1 attempt)");
    assert!(error.downcast_ref::<Error<Name>>().is_some());

    let error =
        || async { eyre::Report::from(transport("stage:443", "reset").await).wrap_err("listing props") };
    assert_eq!(
        format!("{:#}", error().await),
        "listing props: List: stage:443: the connection ended before the response was complete: reset: the root"
    );
    let debug = format!("{:?}", error().await);
    assert!(
        debug.starts_with(
            "listing props\n\nCaused by:\n   \
             0: List: stage:443: the connection ended before the response was complete\n   \
             1: reset\n   \
             2: the root\n"
        ),
        "{debug}"
    );
}

#[tokio::test]
async fn what_each_kind_says() {
    let texts: Vec<String> = every_kind("text").await.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "Move: refused before sending: prop: 1 character, at least 2",
            "List: no credentials: the code: none; a profile: text",
            "List: stage:443: the connection ended before the response was complete",
            "List: text: the connection ended before the response was complete",
            "List: NoProp: text (status 400, request id id-1, 1 attempt)",
            "List: text: text (status 400, request id id-1, 1 attempt)",
            "List: text: m (status 400, request id id-1, 1 attempt)",
            "List: error without a name: text (status 403, request id id-1, 1 attempt)",
            "List: the response could not be decoded: expected ident at line 1 column 2 \
             (status 200, request id id-1, 1 attempt)",
            "List: the response could not be decoded: invalid type: string \"text\", expected an object for Props at \
             line 1 column 6 (status 200, request id id-1, 1 attempt)",
            "List: the response could not be decoded: Names: EOF while parsing a list at line 1 column 16 \
             (status 200, request id id-1, 1 attempt)",
            "List: the response could not be decoded: Names: invalid type: string \"text\", expected a sequence at \
             line 1 column 15 (status 200, request id id-1, 1 attempt)",
        ]
    );
}

#[tokio::test]
async fn no_secrets() {
    for error in every_kind("text").await {
        let text = format!("{error} {error:?} {}", error.explain());
        assert!(!text.contains("secret") && !text.contains("AWS4-HMAC-SHA256"), "{text}");
    }
}

/// A service that shows what it signed shows the session token in it.
#[tokio::test]
async fn no_secrets_of_a_canonical_request_that_is_sent_back() {
    let message = "should have been\n'POST\n/\n\nhost:h\nx-amz-security-token:hush+/=\n\nhost\nhash'";
    let errors = [
        error_of(400, "Denied", format!(r#"{{"message":{}}}"#, quoted(message))).await,
        error_of(400, "X-Amz-Signature=hush", "{}").await,
        error_of(200, "", quoted(message)).await,
        transport("x-api-key:hush", "x-amz-security-token:hush").await,
    ];
    for error in &errors {
        let text = format!("{error} {error:?} {}", error.explain());
        assert!(!text.contains("hush") && text.contains("***"), "{text}");
    }
    let Error::Transport(failure) = &errors[3] else { panic!("{:?}", errors[3]) };
    assert!(!format!("{failure} {failure:?} {0} {0:?}", failure.error()).contains("hush"));
    let Error::Service(error) = &errors[0] else { panic!("{:?}", errors[0]) };
    let debug = format!("{:?}", error.fault());
    assert!(!debug.contains("hush") && debug.contains("should have been"), "{debug}");
    assert_eq!((error.message(), error.fault().message.as_deref()), (Some(message), Some(message)));
}
