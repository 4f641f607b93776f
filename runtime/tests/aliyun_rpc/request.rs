use std::collections::BTreeMap;

use gatewright_runtime::{
    protocol::{Choices, EncodeError, Format, Protocol as _},
    transport,
};
use http::{Method, Uri, header::CONTENT_TYPE};
use proptest::prelude::*;
use serde_core::Serialize;

use super::{
    DO_IT, PROTOCOL,
    types::{Request, Status, Tag},
};

fn send(
    endpoint: &'static str,
    input: &impl Serialize,
    choices: Choices,
) -> Result<transport::Request, EncodeError> {
    PROTOCOL.request(&Uri::from_static(endpoint), &DO_IT, input, choices)
}

fn query(input: &impl Serialize) -> Result<String, String> {
    let request =
        send("https://example.com", input, Choices::default()).map_err(|error| error.to_string())?;
    Ok(request.uri().query().unwrap().to_owned())
}

const COMMON: &str = "Action=DoIt&Version=2018-05-11&Format=JSON";

#[track_caller]
fn check(request: &Request, expected: &str) {
    let all = query(request).unwrap();
    assert_eq!(all.strip_prefix(COMMON), Some(expected));
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(ToOwned::to_owned).to_vec()
}

#[test]
fn members_are_flattened() {
    check(&Request::default(), "");
    check(&Request { name: Some(String::new()), ..Request::default() }, "&Name=");
    check(
        &Request { name: Some("a b+c*~/?&=#%\r\n".to_owned()), ..Request::default() },
        "&Name=a%20b%2Bc%2A~%2F%3F%26%3D%23%25%0D%0A",
    );
    check(&Request { name: Some("é".to_owned()), ..Request::default() }, "&Name=%C3%A9");
    check(
        &Request { count: Some(-3), force: Some(false), rate: Some(0.5), ..Request::default() },
        "&Count=-3&Force=false&Rate=0.5",
    );
    check(
        &Request { status: Some(Status::Running), force: Some(true), ..Request::default() },
        "&Force=true&Status=Running",
    );
    check(
        &Request { ids: Some(texts(["a", "", "b"])), ..Request::default() },
        "&ResourceId.1=a&ResourceId.2=&ResourceId.3=b",
    );
    check(&Request { ids: Some(texts([])), ..Request::default() }, "");
    check(
        &Request {
            tags: Some(vec![
                Tag { key: Some("k".to_owned()), value: Some("v".to_owned()), values: None },
                Tag::default(),
                Tag { key: Some("l".to_owned()), value: None, values: Some(vec![1, 2]) },
            ]),
            ..Request::default()
        },
        "&Tag.1.Key=k&Tag.1.Value=v&Tag.3.Key=l&Tag.3.Values.1=1&Tag.3.Values.2=2",
    );
    let filter = Tag { key: Some("k".to_owned()), value: None, values: Some(vec![7]) };
    check(
        &Request { filter: Some(filter), count: Some(1), ..Request::default() },
        "&Count=1&Filter.Key=k&Filter.Values.1=7",
    );
}

#[test]
fn a_wrapper_of_responses_leaves_no_trace() {
    check(&Request { nodes: Some(texts(["a", "b"])), ..Request::default() }, "&Nodes.1=a&Nodes.2=b");
}

#[test]
fn values_as_json_text() {
    check(
        &Request { client_ids: Some(texts(["a", "\""])), ..Request::default() },
        "&ClientIds=%5B%22a%22%2C%22%5C%22%22%5D",
    );
    let shares = BTreeMap::from([("s".to_owned(), 1)]);
    check(&Request { shares: Some(shares), ..Request::default() }, "&Shares=%7B%22s%22%3A1%7D");
}

#[track_caller]
fn refused(input: &impl Serialize, expected: &str) {
    assert_eq!(query(input).unwrap_err(), expected);
}

#[test]
fn what_has_no_form_is_refused() {
    let map = Some(BTreeMap::from([("k".to_owned(), 1)]));
    refused(
        &Request { map, ..Request::default() },
        "Map: a map cannot be written as parameters; it can only be sent as JSON text",
    );
    refused(
        &serde_json::json!({"a": 1}),
        "request: a map cannot be written as parameters; it can only be sent as JSON text",
    );
    refused(
        &vec!["a"],
        "request: a list without a name cannot be written as parameters; it can only be sent as JSON text",
    );
    refused(&"a", "a request is a structure: a value has no name of a parameter");
    let long = "é".repeat(20_000);
    refused(
        &Request { name: Some(long), ..Request::default() },
        "the parameters form a query of 120050 bytes; at most 65534 can be sent",
    );
}

#[test]
fn requests_are_posts_with_nothing_in_the_body() {
    let request = send("https://example.com", &(), Choices::default()).unwrap();
    assert_eq!((request.method(), request.body().len()), (&Method::POST, 0));
    assert_eq!(request.uri(), "https://example.com/?Action=DoIt&Version=2018-05-11&Format=JSON");
    assert_eq!(request.headers()[CONTENT_TYPE], "application/x-www-form-urlencoded");
    let request = send("http://127.0.0.1:8080/a", &(), Choices::default()).unwrap();
    assert_eq!(request.uri(), "http://127.0.0.1:8080/a/?Action=DoIt&Version=2018-05-11&Format=JSON");
}

#[test]
fn callers_choose_get_and_xml() {
    let mut choices = Choices::default();
    choices.get = true;
    choices.format = Format::Xml;
    let request = send("https://example.com/", &(), choices).unwrap();
    assert_eq!((request.method(), request.headers().len()), (&Method::GET, 0));
    assert_eq!(request.uri(), "https://example.com/?Action=DoIt&Version=2018-05-11&Format=XML");
}

proptest! {
    #[test]
    fn no_text_leaves_its_parameter(texts in proptest::collection::vec(any::<String>(), 0..4), name in any::<String>()) {
        let request = Request { name: Some(name.clone()), ids: Some(texts.clone()), ..Request::default() };
        let request = send("https://example.com", &request, Choices::default()).unwrap();
        prop_assert_eq!(request.uri().host(), Some("example.com"));
        prop_assert_eq!(request.uri().path(), "/");
        let pairs: Vec<_> = request.uri().query().unwrap().split('&').skip(3).collect();
        prop_assert_eq!(pairs.len(), 1 + texts.len());
        for (pair, expected) in pairs.iter().zip(std::iter::once(&name).chain(&texts)) {
            let value = pair.split_once('=').unwrap().1;
            prop_assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
            prop_assert_eq!(&unescape(value), expected.as_bytes());
        }
    }
}

fn unescape(value: &str) -> Vec<u8> {
    let mut parts = value.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    bytes
}
