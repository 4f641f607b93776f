//! Secrets are never shown or kept, in any field and however a response repeats them.

use std::{error::Error as StdError, fmt, future::ready, io, iter::successors, time::Duration};

use bytes::Bytes;
use gatewright_runtime::{
    BoxFuture, Error, Secret,
    credentials::Credentials,
    explain::{Evidence, signature::Verdict},
    transport::{
        BlockingTransport, IncompleteBody, Reached, Request, Response, Transport, TransportError,
        TransportErrorKind,
    },
};
use proptest::{prelude::*, sample::select};

use crate::{
    collector::Collector,
    drivers::{DRIVERS, Driver},
    leaks::{Parts, written},
    stage::{self, Act, List, Move, Name, Script},
};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const ID: &str = "AKIAIOSFODNN7EXAMPLE";

fn refused(credentials: Credentials, status: u16, body: &str) -> Error<Name> {
    let script = Script::new([Act::Respond(status, Box::leak(body.to_owned().into_boxed_str()))]);
    let client = stage::builder(&script).credentials(credentials).build().unwrap().0;
    Driver::Awaiting.make(client.call(List::default()).no_retries()).unwrap_err()
}

/// Every text of an error, for people and files.
fn shown(error: &Error<Name>) -> Vec<String> {
    let signed = error.as_service().and_then(|error| error.signed());
    vec![
        error.to_string(),
        format!("{error:?}"),
        format!("{signed:?}"),
        signed.map(|signed| signed.access_key_id.clone()).unwrap_or_default(),
        error.explain().to_string(),
        error.evidence().to_json(),
        format!("{:?}", error.evidence()),
        String::from_utf8_lossy(error.metadata().unwrap().body()).into_owned(),
    ]
}

#[test]
fn swapped_keys_are_the_first_cause_and_not_shown() {
    let echo = format!("{SECRET}/20261122/us-east-1/stage/aws4_request");
    for (status, body) in [
        (400, format!(r#"{{"__type":"IncompleteSignature","message":"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{echo}'"}}"#)),
        (403, r#"{"__type":"InvalidClientTokenId","message":"The security token included in the request is invalid."}"#.to_owned()),
        (400, r#"{"__type":"BadRequest","message":"Date in Credential scope does not match YYYYMMDD: 'K7MDENG' wJalrXUtnFEMI"}"#.to_owned()),
    ] {
        let error = refused(Credentials::new(SECRET, Secret::new(ID)), status, &body);
        let signed = error.as_service().unwrap().signed().unwrap();
        assert!(signed.keys_are_swapped);
        if !body.contains("BadRequest") {
            let explanation = error.explain();
            assert!(explanation.causes[0].contains("access key id was set as the secret"), "{explanation}");
            let saved = Evidence::from_json(&error.evidence().to_json()).unwrap();
            assert_eq!(saved.finding(None).unwrap().verdict, Verdict::KeysSwapped);
        }
        for shown in shown(&error) {
            for part in ["wJalrXUtnFEMI", "bPxRfiCYEXAMPLEKEY", ID] {
                assert!(!shown.contains(part), "{part}: {shown}");
            }
        }
    }
}

#[test]
fn a_usual_id_is_shown() {
    let credentials = Credentials::new(ID, Secret::new(SECRET));
    assert!(format!("{credentials:?}").contains(ID));
    assert!(!format!("{:?}", Credentials::new(SECRET, Secret::new(ID))).contains(SECRET));
    let error = refused(credentials, 403, &format!(r#"{{"__type":"BadRequest","message":"{ID} may not"}}"#));
    assert!(error.to_string().contains(ID), "{error}");
}

#[test]
fn a_blank_in_the_id_is_the_cause() {
    let scope = "20261122/us-east-1/stage/aws4_request";
    let message = format!(
        "'/{scope}' not a valid key=value pair (missing equal-sign) in Authorization header: \
         'AWS4-HMAC-SHA256 Credential={ID} /{scope}, SignedHeaders=host;x-amz-date, Signature=0a1b'."
    );
    let body = format!(r#"{{"__type":"IncompleteSignature","message":"{message}"}}"#);
    let error = refused(Credentials::new(format!("{ID} "), Secret::new(SECRET)), 400, &body);
    let live = error.explain();
    let saved = Evidence::from_json(&error.evidence().to_json()).unwrap().explain(None);
    let pasted = gatewright_runtime::explain::Refused::of_text(&body);
    let pasted = Evidence::of_refused(pasted, "").explain(None);
    for explanation in [live, saved, pasted] {
        assert!(explanation.causes[0].contains("access key id has a space"), "{explanation}");
        let text = explanation.to_string();
        assert!(!text.contains("not begin with") && !text.contains("route"), "{text}");
        assert!(!text.contains("0a1b"), "{text}");
    }
}

#[test]
fn compressed_requests_keep_no_secrets_either() {
    let value = "x".repeat(20_000) + "hush-hush-hush";
    let script = Script::new([Act::Respond(400, r#"{"message":"hush-hush-hush"}"#)]);
    let client = stage::builder(&script).build().unwrap().0;
    let call = client.call(Move { prop: Some(value), token: None }).header("x-password", "hush-hush-hush");
    let error = Driver::Awaiting.make(call.no_retries()).unwrap_err();
    assert!(!shown(&error).concat().contains("hush-hush"), "{error}");
}

/// A transport with errors that quote the request.
#[derive(Debug)]
struct Quoting;

impl Quoting {
    fn fail() -> TransportError {
        let inner = io::Error::other(format!("sent with {SECRET}"));
        let outer = io::Error::new(io::ErrorKind::ConnectionReset, Quoted(inner));
        TransportError::new(TransportErrorKind::Closed, "stage:443", Reached::MaybeSent).with_source(outer)
    }
}

impl Transport for Quoting {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(ready(Err(Self::fail())))
    }
}

impl BlockingTransport for Quoting {
    fn send(&self, _: Request, _: Duration) -> Result<Response, TransportError> {
        Err(Self::fail())
    }
}

#[derive(Debug)]
struct Quoted(io::Error);

impl fmt::Display for Quoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("after hush-hush-hush")
    }
}

impl StdError for Quoted {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

/// What the sources of an error say, to people and to developers.
fn chain(error: &TransportError) -> Vec<String> {
    let sources = successors(error.source(), |source: &&(dyn StdError + 'static)| (*source).source());
    sources.flat_map(|source| [source.to_string(), format!("{source:?}")]).collect()
}

#[test]
fn sources_of_transport_errors_show_no_secrets() {
    for driver in DRIVERS {
        let stage = stage::builder(&Script::new([])).credentials(Credentials::new(ID, Secret::new(SECRET)));
        let client = stage.transport(Quoting).blocking_transport(Quoting).build().unwrap().0;
        let call = client.call(List::default()).header("x-note", "hush-hush-hush").no_retries();
        let (error, events) = Collector::collect(|| driver.make(call).unwrap_err());
        let Error::Transport(failure) = &error else { panic!("{error}") };
        let mut texts = chain(failure.error());
        assert!(texts.iter().any(|text| text.contains("sent with ***")), "{texts:?}");
        texts.extend([error.to_string(), format!("{error:?}"), error.explain().to_string(), events]);
        texts.push(error.evidence().to_json());
        for text in texts {
            assert!(!text.contains("hush-hush") && !text.contains("wJalrXUtnFEMI"), "{text}");
        }
        // What explanations need is still known.
        assert!(error.explain().to_string().contains("the connection was reset"), "{}", error.explain());
    }
}

/// An error response that breaks off carries the error that ended it.
#[derive(Debug)]
struct BrokenOff;

impl BrokenOff {
    fn respond() -> Response {
        let mut response = http::Response::builder().status(400).body(Bytes::new()).unwrap();
        response.extensions_mut().insert(IncompleteBody::new(Quoting::fail()));
        response
    }
}

impl Transport for BrokenOff {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(ready(Ok(Self::respond())))
    }
}

impl BlockingTransport for BrokenOff {
    fn send(&self, _: Request, _: Duration) -> Result<Response, TransportError> {
        Ok(Self::respond())
    }
}

#[test]
fn what_broke_a_response_off_shows_no_secrets() {
    for driver in DRIVERS {
        let stage = stage::builder(&Script::new([])).credentials(Credentials::new(ID, Secret::new(SECRET)));
        let client = stage.transport(BrokenOff).blocking_transport(BrokenOff).build().unwrap().0;
        let call = client.call(List::default()).header("x-note", "hush-hush-hush").no_retries();
        let error = driver.make(call).unwrap_err();
        let incomplete = error.metadata().unwrap().incomplete_body().unwrap();
        for text in chain(incomplete).into_iter().chain(shown(&error)) {
            assert!(!text.contains("hush-hush") && !text.contains("wJalrXUtnFEMI"), "{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_of_a_key_is_shown(
        keys in prop::array::uniform3("[A-Za-z0-9/+=]{16,60}"),
        status in select(vec![200_u16, 400, 403, 500]),
        name in select(vec!["BadRequest", "IncompleteSignature", "SignatureDoesNotMatch", "Other"]),
    ) {
        let [id, secret, token] = &keys;
        // Without a digit or a capital, it is not a part of an id.
        prop_assume!(id.bytes().any(|byte| byte.is_ascii_lowercase()) && !id.starts_with("LTAI"));
        let echo: String = keys.iter().flat_map(|key| written(key)).map(|text| text + " ; ").collect();
        let parts = Parts::of(&keys);
        let json = serde_json::json!({ "__type": name, "message": echo, "Names": echo }).to_string();
        for body in [json, format!("<html>{echo}</html>"), echo] {
            let credentials = Credentials::new(id, Secret::new(secret)).with_session_token(Secret::new(token));
            let (error, events) = Collector::collect(|| refused(credentials, status, &body));
            prop_assert!(events.contains("attempt=1"), "{events}");
            for shown in shown(&error).into_iter().chain([events]) {
                prop_assert!(parts.find(&shown).is_none(), "{:?} of {keys:?}: {shown}", parts.find(&shown));
            }
        }
    }
}
