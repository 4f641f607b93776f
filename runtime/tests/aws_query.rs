//! AWS query: forms and XML, in every frame, and invalid responses.
#![cfg(feature = "aws-query")]
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;

use gatewright_runtime::{
    codec::{
        decode, encode,
        form::{Frame, Framed, List, ListFrame, Map, Plain},
    },
    protocol::{AwsQuery, Choices, DecodeError, Fault, OperationInfo, Protocol as _},
    transport::Response,
};
use http::{Method, Uri};
use proptest::prelude::*;
use serde_core::{Deserialize, Deserializer, Serialize, Serializer, de::MapAccess};
use serde_json::json;

const PROTOCOL: AwsQuery = AwsQuery::new("2020-01-01", "urn:case");
const DO: OperationInfo = OperationInfo::new("Do");

/// A member for each frame.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sample {
    name: Option<String>,
    size: Option<i32>,
    inner: Option<Box<Sample>>,
    list: Option<Vec<String>>,
    items: Option<Vec<String>>,
    flat: Option<Vec<String>>,
    map: Option<BTreeMap<String, i32>>,
    entries: Option<BTreeMap<String, i32>>,
    lists: Option<BTreeMap<String, Vec<String>>>,
}

macro_rules! frames {
    ($($name:ident = $frame:expr),*) => {
        $(
            #[derive(Debug)]
            struct $name;

            impl ListFrame for $name {
                const FRAME: Frame = $frame;
            }
        )*
    };
}
frames!(InItem = Frame::within("item"), Flat = Frame::FLAT, FlatKV = Frame::FLAT.with_entries("K", "V"));

impl Serialize for Sample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::structure(serializer)?
            .optional("Name", &self.name)?
            .optional("Size", &self.size)?
            .optional("Inner", &self.inner)?
            .optional("List", &self.list)?
            .optional_as::<Framed<InItem>, _>("Items", &self.items)?
            .optional_as::<Framed<Flat>, _>("Flat", &self.flat)?
            .optional("Map", &self.map)?
            .optional_as::<Framed<FlatKV>, _>("Entries", &self.entries)?
            .optional("Lists", &self.lists)?
            .end()
    }
}

impl<'de> Deserialize<'de> for Sample {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::structure(deserializer)
    }
}

impl decode::Structure for Sample {
    const NAME: &'static str = "Sample";

    fn blank() -> Self {
        Self::default()
    }

    fn member<'de, M: MapAccess<'de>>(
        &mut self,
        name: &str,
        member: decode::Member<'_, M>,
    ) -> Result<(), M::Error> {
        match name {
            "Name" => member.read(&mut self.name),
            "Size" => member.read(&mut self.size),
            "Inner" => member.read(&mut self.inner),
            "List" => member.read_optional_as::<List<Plain>, _>(&mut self.list),
            "Items" => member.read_optional_as::<Framed<InItem, List<Plain>>, _>(&mut self.items),
            "Flat" => member.read_optional_as::<Framed<Flat, List<Plain>>, _>(&mut self.flat),
            "Map" => member.read_optional_as::<Map<Plain>, _>(&mut self.map),
            "Entries" => member.read_optional_as::<Framed<FlatKV, Map<Plain>>, _>(&mut self.entries),
            "Lists" => member.read_optional_as::<Map<List<Plain>>, _>(&mut self.lists),
            _ => member.skip(),
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "members are optional")]
fn texts(list: &[&str]) -> Option<Vec<String>> {
    Some(list.iter().map(ToString::to_string).collect())
}

#[expect(clippy::unnecessary_wraps, reason = "members are optional")]
fn map<T: Clone>(entries: &[(&str, T)]) -> Option<BTreeMap<String, T>> {
    Some(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn form(sample: &Sample) -> String {
    let endpoint = Uri::from_static("https://example.com/base");
    let request = PROTOCOL.request(&endpoint, &DO, sample, Choices::default()).unwrap();
    assert_eq!((request.method(), request.uri().path()), (&Method::POST, "/base/"));
    assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded; charset=utf-8");
    let form = String::from_utf8(request.body().to_vec()).unwrap();
    form.strip_prefix("Action=Do&Version=2020-01-01").unwrap().to_owned()
}

#[test]
fn every_frame_in_a_form() {
    assert_eq!(form(&Sample::default()), "");
    let sample = Sample {
        name: Some("a b+é&=~*".to_owned()),
        size: Some(-1),
        inner: Some(Box::new(Sample { list: texts(&["x"]), ..Sample::default() })),
        list: texts(&["a", "b"]),
        items: texts(&["a"]),
        flat: texts(&["a", ""]),
        map: map(&[("k", 1)]),
        entries: map(&[("k", 1), ("l", 2)]),
        lists: map(&[("k", vec!["a".to_owned(), "b".to_owned()])]),
    };
    let expected = "&Name=a+b%2B%C3%A9%26%3D~%2A&Size=-1&Inner.List.member.1=x&List.member.1=a&List.member.2=b\
        &Items.item.1=a&Flat.1=a&Flat.2=&Map.entry.1.key=k&Map.entry.1.value=1\
        &Entries.1.K=k&Entries.1.V=1&Entries.2.K=l&Entries.2.V=2\
        &Lists.entry.1.key=k&Lists.entry.1.value.member.1=a&Lists.entry.1.value.member.2=b";
    assert_eq!(form(&sample), expected);
    let empty = Sample { list: texts(&[]), flat: texts(&[]), map: map(&[]), ..Sample::default() };
    assert_eq!(form(&empty), "&List=&Flat=");
    let read: Sample = PROTOCOL.input(&DO, &json!({ "List": "", "Flat": "" })).unwrap();
    assert_eq!((read.list, read.flat), (texts(&[]), texts(&[])));
}

#[test]
fn frames_leave_no_trace_in_json() {
    let json = r#"{"Items":["a"],"Flat":["b","c"],"Entries":{"k":1}}"#;
    let sample: Sample = serde_json::from_str(json).unwrap();
    assert_eq!(
        (&sample.items, &sample.flat, &sample.entries),
        (&texts(&["a"]), &texts(&["b", "c"]), &map(&[("k", 1)]))
    );
    assert_eq!(serde_json::to_string(&sample).unwrap(), json);
}

#[test]
fn a_result_may_have_another_name() {
    const OTHER: OperationInfo = OperationInfo::new("Do").with_result_wrapper("Done");
    let read = |operation: &OperationInfo, body: &'static str| -> Sample {
        PROTOCOL.response(operation, &Response::new(body.into())).unwrap()
    };
    let body = "<DoResponse><DoResult><Name>a</Name></DoResult><Done><Name>b</Name></Done></DoResponse>";
    assert_eq!(read(&DO, body).name.as_deref(), Some("a"));
    assert_eq!(read(&OTHER, body).name.as_deref(), Some("b"));
}

fn read(body: impl AsRef<[u8]>) -> Result<Sample, DecodeError> {
    PROTOCOL.response(&DO, &Response::new(body.as_ref().to_vec().into()))
}

fn result(content: &str) -> Sample {
    read(format!("<DoResponse><DoResult>{content}</DoResult></DoResponse>")).unwrap()
}

#[test]
fn every_frame_in_xml() {
    let sample = result(
        "<List><member>a</member><member/></List><Items> <item>a</item> </Items><Flat>a</Flat><Flat>b</Flat>\
         <Map><entry><key>k</key><value>1</value></entry><entry><value>2</value><key>l</key></entry></Map>\
         <Entries><K>k</K><V>1</V></Entries><Entries><K>l</K><V>2</V></Entries>\
         <Lists><entry><key>k</key><value><member>a</member></value></entry></Lists>\
         <Inner><Size> 7 </Size></Inner><New><Deep/></New><Name><![CDATA[<&>]]>&amp;&#233;</Name>",
    );
    let expected = Sample {
        name: Some("<&>&é".to_owned()),
        size: None,
        inner: Some(Box::new(Sample { size: Some(7), ..Sample::default() })),
        list: texts(&["a", ""]),
        items: texts(&["a"]),
        flat: texts(&["a", "b"]),
        map: map(&[("k", 1), ("l", 2)]),
        entries: map(&[("k", 1), ("l", 2)]),
        lists: map(&[("k", vec!["a".to_owned()])]),
    };
    assert_eq!(sample, expected);
}

#[test]
fn a_fake_writes_every_frame() {
    let output = json!({
        "Name": "<&>", "Inner": {"Size": 7}, "List": ["a", ""], "Items": ["a"], "Flat": ["a", "b"], "Map": {"k": 1},
        "Entries": {"k": 1, "l": 2}, "Lists": {"k": ["a"]},
    });
    let written =
        |operation, output| PROTOCOL.response_body::<Sample>(&operation, output, "id").unwrap().unwrap();
    let body = written(DO, &output);
    let document = "<DoResponse xmlns=\"urn:case\"><DoResult><Name>&lt;&amp;&gt;</Name><Inner><Size>7</Size></Inner>\
                    <List><member>a</member><member></member></List><Items><item>a</item></Items><Flat>a</Flat><Flat>b</Flat>\
                    <Map><entry><key>k</key><value>1</value></entry></Map><Entries><K>k</K><V>1</V></Entries>\
                    <Entries><K>l</K><V>2</V></Entries><Lists><entry><key>k</key><value><member>a</member></value></entry></Lists>\
                    </DoResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoResponse>";
    assert_eq!(String::from_utf8_lossy(&body), document);
    assert_eq!(serde_json::to_value(read(body).unwrap()).unwrap(), output);
    let renamed = written(OperationInfo::new("Do").with_result_wrapper("Done"), &json!({}));
    assert!(String::from_utf8_lossy(&renamed).contains("<Done></Done>"));
    let refused = PROTOCOL.response_body::<Sample>(&DO, &json!({"Size": "x"}), "id").unwrap().unwrap_err();
    assert!(refused.starts_with("Size: invalid type"), "{refused}");
}

#[test]
fn one_item_and_no_item() {
    let one = result("<List><member>a</member></List><Flat>a</Flat><Entries><K>k</K><V>1</V></Entries>");
    assert_eq!((one.list, one.flat, one.entries), (texts(&["a"]), texts(&["a"]), map(&[("k", 1)])));
    let none = result("<List/><Items></Items><Map> </Map><Inner/><Size/><Name/>");
    let expected = Sample {
        list: texts(&[]),
        items: texts(&[]),
        map: map(&[]),
        inner: Some(Box::default()),
        name: Some(String::new()),
        ..Sample::default()
    };
    assert_eq!(none, expected);
    for body in
        ["<DoResponse/>", "<DoResponse><DoResult/></DoResponse>", "<DoResponse><Other>x</Other></DoResponse>"]
    {
        assert_eq!(read(body).unwrap(), Sample::default(), "{body}");
    }
}

#[track_caller]
fn refused(body: impl AsRef<[u8]>, expected: &str) {
    match read(body).unwrap_err() {
        DecodeError::Unreadable(reason) => assert!(reason.starts_with(expected), "{reason}"),
        DecodeError::Refused => panic!("an error response"),
    }
}

#[test]
fn invalid_responses() {
    refused("", "the body is empty");
    refused("<html><body>Log in</body></html>", "the body is a web page; a proxy or another server");
    refused("<Other/>", "the root element <Other> is not a response's");
    refused("{}", "XML");
    refused("<DoResponse>", "XML ends within <DoResponse>");
    refused(
        "<!DOCTYPE x [<!ENTITY a 'b'>]><DoResponse/>",
        "XML at byte 0: document type declarations are not supported",
    );
    refused("<DoResponse>".repeat(65), "XML at byte 768: elements are nested more than 64 deep");
    refused(
        "<DoResponse><DoResult><Inner><Size>x</Size></Inner></DoResult></DoResponse>",
        "Inner.Size: invalid type: string \"x\", expected i32",
    );
    refused("<DoResponse><DoResult><Map><entry><key>k</key></entry></Map></DoResult></DoResponse>", "Map");
    let error = "<ErrorResponse><Error><Code>C</Code></Error></ErrorResponse>";
    assert!(matches!(read(error), Err(DecodeError::Refused)));
}

fn response(body: &str) -> Response {
    http::Response::builder().header("x-amzn-requestid", "head").body(body.to_owned().into()).unwrap()
}

#[test]
fn errors_and_request_ids() {
    let fault = |body: &str| AwsQuery::fault(&response(body));
    let id = |body: &str| AwsQuery::request_id(&response(body)).unwrap().into_owned();
    let full = "<ErrorResponse xmlns='urn:x'><Error><Type>Sender</Type><Code> C </Code><Message>m</Message>\
        <Detail/><Top><Deep>1</Deep></Top></Error><RequestId>id</RequestId></ErrorResponse>";
    let parsed = fault(full);
    assert_eq!((parsed.code.as_deref(), parsed.message.as_deref()), (Some("C"), Some("m")));
    assert_eq!((parsed.exception, parsed.details.as_deref()), (None, Some(r#"{"Top":{"Deep":"1"}}"#)));
    assert_eq!(id(full), "id");
    let front_end =
        "<Response><Errors><Error><Code>C</Code></Error></Errors><RequestId>id</RequestId></Response>";
    assert_eq!((fault(front_end).code.as_deref(), id(front_end).as_str()), (Some("C"), "id"));
    let response = "<DoResponse><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></DoResponse>";
    assert_eq!(id(response), "id");
    for none in ["", "<html><b>Unavailable</b></html>", "<ErrorResponse><Error/></ErrorResponse>", "{}", "<"]
    {
        assert_eq!((fault(none), id(none).as_str()), (Fault::default(), "head"), "{none}");
    }
}

proptest! {
    #[test]
    fn texts_in_forms_are_as_they_were(name in ".*", list in proptest::collection::vec(".*", 0..4)) {
        let form = form(&Sample { name: Some(name.clone()), flat: Some(list.clone()), ..Sample::default() });
        prop_assert!(form.bytes().all(|byte| byte.is_ascii_graphic()), "{}", form);
        let pairs: Vec<_> = form.split('&').skip(1).map(|pair| pair.split_once('=').unwrap()).collect();
        prop_assert_eq!(decoded(pairs[0].1), name);
        if list.is_empty() {
            prop_assert_eq!(pairs[1], ("Flat", ""));
        } else {
            let values: Vec<_> = pairs[1..].iter().map(|pair| decoded(pair.1)).collect();
            prop_assert_eq!(values, list);
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&body);
        let response = http::Response::new(body.into());
        let _ = (AwsQuery::fault(&response), AwsQuery::request_id(&response).is_some());
    }

    #[test]
    fn any_elements_are_read_without_a_panic(parts in proptest::collection::vec(prop_oneof![
        Just("<DoResponse>"), Just("</DoResponse>"), Just("<DoResult>"), Just("</DoResult>"), Just("<Map>"),
        Just("</Map>"), Just("<entry>"), Just("</entry>"), Just("<key>k</key>"), Just("<value>1</value>"),
        Just("<List><member>a</member></List>"), Just("<Flat/>"), Just("x"), Just("<Inner>"), Just("</Inner>"),
    ], 0..16)) {
        let _ = read(["<DoResponse><DoResult>", &parts.concat(), "</DoResult></DoResponse>"].concat());
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, beyond @ ..]) => {
                let digits = [*high, *low];
                bytes.push(u8::from_str_radix(str::from_utf8(&digits).unwrap(), 16).unwrap());
                rest = beyond;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[test]
fn members_of_errors_are_beside_their_code() {
    let read = |body: &'static str| {
        PROTOCOL.error_members::<Sample>(&[], &Response::new(body.into())).map_err(|error| error.to_string())
    };
    let whole = "<ErrorResponse><Error><Type>Sender</Type><Code>Full</Code><Message>m</Message><Size>7</Size>\
        <List><member>a</member></List></Error><RequestId>r</RequestId></ErrorResponse>";
    let expected = Sample { size: Some(7), list: Some(vec!["a".to_owned()]), ..Sample::default() };
    assert_eq!(read(whole), Ok(expected.clone()));
    let older = "<Response><Errors><Error><Code>Full</Code><Size>7</Size><List><member>a</member></List></Error></Errors></Response>";
    assert_eq!(read(older), Ok(expected));
    assert_eq!(read("<ErrorResponse/>"), Ok(Sample::default()));
    assert!(read("<ErrorResponse><Error><Size>x</Size></Error></ErrorResponse>").is_err());
    assert!(read("<ErrorResponse><Error>").is_err());
}
