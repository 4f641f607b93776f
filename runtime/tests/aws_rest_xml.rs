//! AWS REST XML: documents with frames, namespaces and attributes, errors, and invalid responses.
#![cfg(feature = "aws-rest-xml")]
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;

use gatewright_runtime::{
    codec::{
        decode, encode,
        form::{Attribute, Frame, Framed, InNamespace, List, ListFrame, Map, Plain, XmlNamespace},
    },
    protocol::{
        AwsRestXml, Binding, Choices, DecodeError, Fault, Location, OperationInfo, PathPart, Protocol as _,
        XmlRoot,
    },
    transport::Response,
};
use http::{Method, StatusCode, Uri};
use proptest::prelude::*;
use serde_core::{Deserialize, Deserializer, Serialize, Serializer, de::MapAccess};

const PROTOCOL: AwsRestXml = AwsRestXml::new(Some("urn:case"));

const ROOT: XmlRoot = XmlRoot { name: "Do", namespace: Some(("", "urn:a&b")) };

/// Its members are in the body, except one in a header.
const DO: OperationInfo = OperationInfo::http("Do", Method::POST, &[PathPart::Text("/do")])
    .with_bindings(
        &[Binding::new("Tag", Location::Header("x-tag"))],
        &[Binding::new("Tag", Location::Header("x-tag"))],
    )
    .with_bodies(true, true)
    .with_xml_root(ROOT);

/// One of its members is the body.
const PUT: OperationInfo = OperationInfo::http("Put", Method::PUT, &[PathPart::Text("/put")])
    .with_bindings(
        &[Binding::new("Inner", Location::UnionPayload)],
        &[Binding::new("Inner", Location::UnionPayload)],
    )
    .with_bodies(false, true)
    .with_xml_root(XmlRoot { name: "Inside", namespace: None });

/// One of its members is the body, as text.
const RAW: OperationInfo =
    OperationInfo::of_error(&[Binding::new("Name", Location::TextPayload("text/plain"))]);

/// A member for each form.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sample {
    tag: Option<String>,
    name: Option<String>,
    size: Option<i32>,
    kind: Option<String>,
    inner: Option<Box<Sample>>,
    list: Option<Vec<String>>,
    items: Option<Vec<Sample>>,
    flat: Option<Vec<String>>,
    map: Option<BTreeMap<String, i32>>,
    entries: Option<BTreeMap<String, String>>,
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

macro_rules! namespaces {
    ($($name:ident = $prefix:literal, $uri:literal;)*) => {
        $(
            #[derive(Debug)]
            struct $name;

            impl XmlNamespace for $name {
                const PREFIX: &'static str = $prefix;
                const URI: &'static str = $uri;
            }
        )*
    };
}
namespaces!(Xsi = "xsi", "urn:xsi"; Item = "", "urn:item"; Key = "", "urn:key"; Entry = "", "urn:entry";);

impl Serialize for Sample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        encode::structure(serializer)?
            .optional("Tag", &self.tag)?
            .optional("Name", &self.name)?
            .optional("Size", &self.size)?
            .optional_as::<Attribute<Plain>, _>("xsi:kind", &self.kind)?
            .optional_as::<InNamespace<Xsi>, _>("Inner", &self.inner)?
            .optional_as::<List<InNamespace<Item, Plain>>, _>("List", &self.list)?
            .optional_as::<Framed<InItem>, _>("Items", &self.items)?
            .optional_as::<InNamespace<Item, Framed<Flat>>, _>("Flat", &self.flat)?
            .optional("Map", &self.map)?
            .optional_as::<InNamespace<Entry, Framed<FlatKV, Map<Plain, InNamespace<Key>>>>, _>(
                "Entries",
                &self.entries,
            )?
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
            "Tag" => member.read(&mut self.tag),
            "Name" => member.read(&mut self.name),
            "Size" => member.read(&mut self.size),
            "xsi:kind" => member.read_optional_as::<Attribute<Plain>, _>(&mut self.kind),
            "Inner" => member.read(&mut self.inner),
            "List" => member.read_optional_as::<List<Plain>, _>(&mut self.list),
            "Items" => member.read_optional_as::<Framed<InItem, List<Plain>>, _>(&mut self.items),
            "Flat" => member.read_optional_as::<Framed<Flat, List<Plain>>, _>(&mut self.flat),
            "Map" => member.read_optional_as::<Map<Plain>, _>(&mut self.map),
            "Entries" => member.read_optional_as::<Framed<FlatKV, Map<Plain>>, _>(&mut self.entries),
            _ => member.skip(),
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "members are optional")]
fn texts(list: &[&str]) -> Option<Vec<String>> {
    Some(list.iter().map(ToString::to_string).collect())
}

#[expect(clippy::unnecessary_wraps, reason = "members are optional")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Content type and body of a request.
fn sent(operation: &OperationInfo, sample: &Sample) -> Result<(Option<String>, String), String> {
    let endpoint = Uri::from_static("https://example.com/base");
    let request = PROTOCOL.request(&endpoint, operation, sample, Choices::default());
    let request = request.map_err(|error| error.to_string())?;
    assert_eq!(request.method(), &operation.method);
    let kind = request.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    Ok((kind, String::from_utf8(request.body().to_vec()).unwrap()))
}

/// The content of the root of a request's document.
#[track_caller]
fn document(sample: &Sample) -> String {
    let (kind, body) = sent(&DO, sample).unwrap();
    assert_eq!(kind.as_deref(), Some("application/xml"));
    let body = body.strip_prefix("<Do xmlns=\"urn:a&amp;b\"").and_then(|body| body.strip_suffix("</Do>"));
    body.unwrap().strip_prefix('>').unwrap().to_owned()
}

fn sample() -> Sample {
    Sample {
        tag: text("t"),
        name: text("a<b"),
        size: Some(-1),
        kind: None,
        inner: Some(Box::new(Sample { name: text("x"), kind: text("<&\">"), ..Sample::default() })),
        list: texts(&["a", "b"]),
        items: Some(vec![Sample { kind: text("k"), ..Sample::default() }, Sample::default()]),
        flat: texts(&["a", ""]),
        map: Some([("k".to_owned(), 1)].into()),
        entries: Some([("k".to_owned(), "1".to_owned()), ("l".to_owned(), "2".to_owned())].into()),
    }
}

#[test]
fn every_form_in_a_document() {
    let expected = "<Name>a&lt;b</Name><Size>-1</Size>\
        <Inner xmlns:xsi=\"urn:xsi\" xsi:kind=\"&lt;&amp;&quot;&gt;\"><Name>x</Name></Inner>\
        <List><member xmlns=\"urn:item\">a</member><member xmlns=\"urn:item\">b</member></List>\
        <Items><item xsi:kind=\"k\"></item><item></item></Items>\
        <Flat xmlns=\"urn:item\">a</Flat><Flat xmlns=\"urn:item\"></Flat>\
        <Map><entry><key>k</key><value>1</value></entry></Map>\
        <Entries xmlns=\"urn:entry\"><K xmlns=\"urn:key\">k</K><V>1</V></Entries>\
        <Entries xmlns=\"urn:entry\"><K xmlns=\"urn:key\">l</K><V>2</V></Entries>";
    assert_eq!(document(&sample()), expected);
    let empty =
        Sample { list: texts(&[]), flat: texts(&[]), map: Some(BTreeMap::new()), ..Sample::default() };
    assert_eq!(document(&empty), "<List></List><Map></Map>");
    assert_eq!(
        document(&Sample { inner: Some(Box::default()), ..Sample::default() }),
        "<Inner xmlns:xsi=\"urn:xsi\"></Inner>"
    );
}

#[test]
fn attributes_of_the_root_come_in_any_order() {
    let body = sent(&DO, &Sample { name: text("n"), kind: text("k"), ..Sample::default() }).unwrap().1;
    assert_eq!(body, "<Do xmlns=\"urn:a&amp;b\" xsi:kind=\"k\"><Name>n</Name></Do>");
}

#[test]
fn nothing_in_the_body_is_no_body() {
    assert_eq!(sent(&DO, &Sample::default()), Ok((None, String::new())));
    assert_eq!(sent(&DO, &Sample { tag: text("t"), ..Sample::default() }), Ok((None, String::new())));
    assert_eq!(sent(&PUT, &Sample::default()), Ok((None, String::new())));
    // A payload that is set and empty is one.
    let payload = Sample { inner: Some(Box::default()), ..Sample::default() };
    let xml = (text("application/xml"), "<Inside xmlns:xsi=\"urn:xsi\"></Inside>".to_owned());
    assert_eq!(sent(&PUT, &payload), Ok(xml));
    assert!(!sent(&DO, &Sample { kind: text(""), ..Sample::default() }).unwrap().1.is_empty());
}

#[test]
fn characters_that_readers_change_are_references() {
    let written = document(&Sample { name: text("a\r\n\t\u{85}\u{2028}é'"), ..Sample::default() });
    assert_eq!(written, "<Name>a&#xD;&#xA;&#x9;&#x85;&#x2028;é'</Name>");
    for forbidden in ["\0", "a\u{1b}", "\u{ffff}"] {
        let in_text = sent(&DO, &Sample { name: text(forbidden), ..Sample::default() }).unwrap_err();
        let in_attribute = sent(&DO, &Sample { kind: text(forbidden), ..Sample::default() }).unwrap_err();
        assert!(in_text.contains("Name has the character U+"), "{in_text}");
        assert_eq!(in_text, in_attribute.replace("xsi:kind", "Name"));
    }
}

#[test]
fn an_element_of_a_flattened_list_is_an_item() {
    for flat in ["<Flat></Flat>", "<Flat/>"] {
        assert_eq!(result(flat).flat, texts(&[""]));
    }
    assert_eq!(result("<List/>").list, texts(&[]));
}

#[test]
fn forms_leave_no_trace_in_json() {
    let json = r#"{"xsi:kind":"k","List":["a"],"Flat":["b"],"Entries":{"k":"1"}}"#;
    let sample: Sample = serde_json::from_str(json).unwrap();
    assert_eq!((sample.kind.as_deref(), &sample.list), (Some("k"), &texts(&["a"])));
    assert_eq!(serde_json::to_string(&sample).unwrap(), json);
}

fn response(status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> Response {
    let mut response = Response::new(body.to_vec().into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

fn read(operation: &OperationInfo, body: impl AsRef<[u8]>) -> Result<Sample, DecodeError> {
    PROTOCOL.response(operation, &response(200, &[("x-tag", "t")], body.as_ref()))
}

fn result(content: &str) -> Sample {
    read(&DO, format!("<?xml version=\"1.0\"?><Any xmlns=\"urn:case\">{content}</Any>")).unwrap()
}

#[test]
fn every_form_in_a_response() {
    let read = result(
        "<x:Name xmlns:x='urn:x'>a</x:Name><Size> 7 </Size><Inner xsi:kind=\"&lt;k&#62;\" xmlns:xsi='urn:xsi'/>\
         <List><member a='1'>a</member><member/></List><Items><item><Size>1</Size></item></Items>\
         <Flat>a</Flat><Flat>b</Flat><Map><entry><value>2</value><key>l</key></entry></Map>\
         <Entries><K>k</K><V>1</V></Entries><New new='1'><Deep/></New>",
    );
    let expected = Sample {
        tag: text("t"),
        name: text("a"),
        size: Some(7),
        kind: None,
        inner: Some(Box::new(Sample { kind: text("<k>"), ..Sample::default() })),
        list: texts(&["a", ""]),
        items: Some(vec![Sample { size: Some(1), ..Sample::default() }]),
        flat: texts(&["a", "b"]),
        map: Some([("l".to_owned(), 2)].into()),
        entries: Some([("k".to_owned(), "1".to_owned())].into()),
    };
    assert_eq!(read, expected);
}

/// Members that are called like the frame of a map.
#[test]
fn the_root_is_a_structure_whatever_its_members_are_called() {
    let read = result("<Key>k</Key><Value>v</Value><entry><Name>no</Name></entry><Name>n</Name>");
    assert_eq!(read, Sample { tag: text("t"), name: text("n"), ..Sample::default() });
}

#[test]
fn bodies_may_be_absent_or_be_a_payload() {
    let only_tag = Sample { tag: text("t"), ..Sample::default() };
    for body in ["", " \n", "<Any/>", "<Any> </Any>"] {
        assert_eq!(read(&DO, body).unwrap(), only_tag, "{body:?}");
    }
    assert_eq!(read(&PUT, "").unwrap(), Sample::default());
    let payload = read(&PUT, "<Whatever xsi:kind='k'><Name>n</Name></Whatever>").unwrap();
    let inner = Sample { name: text("n"), kind: text("k"), ..Sample::default() };
    assert_eq!(payload, Sample { inner: Some(Box::new(inner)), ..Sample::default() });
    assert_eq!(read(&RAW, "sorry").unwrap().name, text("sorry"));
    // A root that is itself the only member.
    assert_eq!(read(&DO, "<Name xmlns='urn:x'>n</Name>").unwrap().name, text("n"));
}

#[track_caller]
fn refused(body: impl AsRef<[u8]>, expected: &str) {
    match read(&DO, body).unwrap_err() {
        DecodeError::Unreadable(reason) => assert!(reason.starts_with(expected), "{reason}"),
        DecodeError::Refused => panic!("an error response"),
    }
}

#[test]
fn invalid_responses() {
    refused("<html><body>Log in</body></html>", "the body is a web page; a proxy or another server");
    refused("{}", "XML");
    refused("<Any>", "XML ends within <Any>");
    refused("<Any a=1/>", "XML at byte 0");
    refused("<Any a='1' a='2'/>", "XML at byte 0");
    refused("<Any a='&x;'/>", "XML at byte 0");
    refused(
        "<!DOCTYPE x [<!ENTITY a 'b'>]><Any/>",
        "XML at byte 0: document type declarations are not supported",
    );
    refused(
        "<Any><Inner><Size>x</Size></Inner></Any>",
        "Inner.Size: invalid type: string \"x\", expected i32",
    );
    refused("<Any><Map><entry><key>k</key></entry></Map></Any>", "Map");
    for error in ["<ErrorResponse><Error/></ErrorResponse>", "<Error><Code>InternalError</Code></Error>"] {
        assert!(matches!(read(&DO, error), Err(DecodeError::Refused)), "{error}");
    }
}

#[test]
fn errors_in_every_form() {
    let fault = |body: &str| AwsRestXml::fault(&response(400, &[], body.as_bytes()));
    let parts = "<Type>Sender</Type><Code> C </Code><Message>m</Message><Detail/><Top><Deep>1</Deep></Top>";
    for body in [
        format!(
            "<ErrorResponse xmlns='urn:x'><Error>{parts}</Error><RequestId>id</RequestId></ErrorResponse>"
        ),
        format!("<Error>{parts}<RequestId>id</RequestId><HostId>h</HostId></Error>"),
        format!("<Response><Errors><Error>{parts}</Error></Errors><RequestId>id</RequestId></Response>"),
    ] {
        let read = fault(&body);
        assert_eq!(
            (read.exception.as_deref(), read.code, read.message.as_deref()),
            (Some("C"), None, Some("m"))
        );
        assert_eq!(read.details.as_deref(), Some(r#"{"Top":{"Deep":"1"}}"#), "{body}");
        assert_eq!(read.host_id.is_some(), body.contains("HostId"));
        assert_eq!(AwsRestXml::request_id(&response(400, &[], body.as_bytes())).as_deref(), Some("id"));
    }
    for none in ["", "<html><b>Unavailable</b></html>", "<ErrorResponse><Error/></ErrorResponse>", "{}", "<"]
    {
        assert_eq!(fault(none), Fault::default(), "{none}");
    }
}

#[test]
fn ids_are_in_headers_or_in_errors() {
    let id = |status, headers: &[(&'static str, &str)], body: &str| {
        let response = response(status, headers, body.as_bytes());
        AwsRestXml::request_id(&response).map(std::borrow::Cow::into_owned)
    };
    let body = "<Any><RequestId>in-body</RequestId></Any>";
    assert_eq!(id(200, &[("x-amzn-requestid", "a"), ("x-amz-request-id", "b")], body), text("a"));
    assert_eq!(id(404, &[("x-amz-request-id", "b")], ""), text("b"));
    assert_eq!(id(400, &[], body), text("in-body"));
    assert_eq!(id(200, &[], body), None, "a member of the response may be called so");
    let host = AwsRestXml::fault(&response(404, &[("x-amz-id-2", "host")], b"")).host_id;
    assert_eq!(host.as_deref(), Some("host"));
}

proptest! {
    #[test]
    fn documents_are_read_as_they_were_written(
        name in "[^\0-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{fffe}\u{ffff}]*",
        // A lone element without content may as well be a list without items.
        flat in proptest::collection::vec("[!-~é][ -~é\r\n\t]*", 0..4),
        kind in "[ -~é\r\n\t]*",
    ) {
        let nested = Sample { name: text(&name), kind: text(&kind), ..Sample::default() };
        let flat = (!flat.is_empty()).then_some(flat);
        let written = Sample { flat, inner: Some(Box::new(nested)), ..Sample::default() };
        let (_, body) = sent(&DO, &written).unwrap();
        prop_assert_eq!(read(&DO, &body).unwrap(), Sample { tag: text("t"), ..written }, "{}", body);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&DO, &body);
        let response = response(400, &[], &body);
        let _ = (AwsRestXml::fault(&response), AwsRestXml::request_id(&response).is_some());
    }

    #[test]
    fn any_elements_are_read_without_a_panic(parts in proptest::collection::vec(prop_oneof![
        Just("<Map>"), Just("</Map>"), Just("<entry a='1'>"), Just("</entry>"), Just("<key>k</key>"),
        Just("<value>1</value>"), Just("<List><member>a</member></List>"), Just("<Flat b=''/>"), Just("x"),
        Just("<Inner xsi:kind='k'>"), Just("</Inner>"), Just("<Error>"), Just("</Error>"), Just("<Code>c</Code>"),
    ], 0..16)) {
        let body = ["<Any>", &parts.concat(), "</Any>"].concat();
        let _ = (read(&DO, &body), read(&PUT, &body));
        let _ = AwsRestXml::fault(&response(400, &[], body.as_bytes()));
    }
}
