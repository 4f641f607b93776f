//! A service with XML in bodies: names of items, attributes, headers, and errors with members.

use std::time::Duration;

use bytes::Bytes;
use gatewright_fake::{Fake, FakeError, FakeErrorMembers, FakeService};
use gatewright_runtime::{
    Category, Client, DynamicOperation, ErrorMembers, Operation, OperationInfo, Service, ServiceClient,
    ServiceInfo, WireError,
    codec::form::{Attribute, Frame, Framed, InNamespace, List, ListFrame, Plain, XmlNamespace},
    context::{Context as _, SystemContext},
    endpoint::{Condition, EndpointRules, Outcome, Rule},
    protocol::{AwsRestXml, Binding, Location, Method, PathPart, XmlRoot},
    sign::{Auth, sigv4::Scope},
    transport::{HttpTransport, Transport as _},
    validate::{Bounds, Check, ITEM, Text, Validate},
};

use crate::library::sign_as;

static DEPOT: FakeService = FakeService::rest_xml::<Depot>(&[
    DynamicOperation::new::<Store>(r#"{"Tag":"t-1","xsi:kind":"dry","Boxes":["first","second"]}"#),
    DynamicOperation::new::<Seal>("{}"),
])
.with_error_members(&[FakeErrorMembers::new::<Full>(r#"{"Free":["0"],"Since":"monday"}"#)]);

#[derive(Debug)]
pub(crate) struct Depot;

static RULES: EndpointRules =
    EndpointRules::new(&[Rule { when: &[Condition::EndpointSet], then: Outcome::Custom }], &[]);

impl Service for Depot {
    const INFO: &'static ServiceInfo = &ServiceInfo::new(
        "Depot",
        "2026-01-01",
        "Depot",
        // Paths with escapes are signed in another way then.
        Auth::sigv4("depot").signing_path_as_sent().sending_content_hash(),
        &RULES,
        &[WireError::new("Full", Category::Client, 409, "There is no room.", &[], &[])],
        &[],
    );
    type Protocol = AwsRestXml;
    const PROTOCOL: AwsRestXml = AwsRestXml::new(Some("urn:depot"));
    type Exception = Name;
    type ErrorCode = Name;
}

name!(Depot, Full);

#[derive(Debug)]
struct InBox;

impl ListFrame for InBox {
    const FRAME: Frame = Frame::within("Box");
}

#[derive(Debug)]
struct Xsi;

impl XmlNamespace for Xsi {
    const PREFIX: &'static str = "xsi";
    const URI: &'static str = "urn:xsi";
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Store {
    shelf: String,
    tag: Option<String>,
    boxes: Option<Vec<String>>,
    size: Option<i32>,
    owner: Option<Owner>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Owner {
    kind: Option<String>,
    name: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stored {
    tag: Option<String>,
    kind: Option<String>,
    boxes: Option<Vec<String>>,
    size: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Full {
    free: Option<Vec<String>>,
    since: Option<String>,
}

structure!(in any case: Store, ["Shelf" => shelf], "Tag" => tag as Plain, "Boxes" => boxes as Framed<InBox, List<Plain>>,
    "Size" => size as Plain, "Owner" => owner as InNamespace<Xsi>);
structure!(Owner, [], "xsi:kind" => kind as Attribute, "Name" => name as Plain);
structure!(Stored, [], "Tag" => tag as Plain, "xsi:kind" => kind as Attribute,
    "Boxes" => boxes as Framed<InBox, List<Plain>>, "Size" => size as Plain);
structure!(Full, [], "Free" => free as Framed<InBox, List<Plain>>, "Since" => since as Plain);

static SHORT: Text = Text { length: Bounds { min: None, max: Some(8) }, pattern: None };

impl Validate for Store {
    fn validate(&self, check: &mut Check) {
        check.text("Shelf", Some(&self.shelf), &SHORT);
        check.list("Boxes", self.boxes.as_deref(), Bounds { min: None, max: None }, |check, name| {
            check.text(ITEM, Some(name), &SHORT);
        });
    }
}

impl ErrorMembers for Full {
    type Service = Depot;
    const NAMES: &'static [&'static str] = &["Full"];
    const BINDINGS: &'static [Binding] = &[Binding::new("Since", Location::Header("x-since"))];
}

impl Operation for Store {
    const INFO: &'static OperationInfo =
        &OperationInfo::http("Store", Method::PUT, &[PathPart::Text("/shelves/"), PathPart::Label("Shelf")])
            .with_bindings(
                &[Binding::new("Shelf", Location::Label), Binding::new("Tag", Location::Header("x-tag"))],
                &[Binding::new("Tag", Location::Header("etag"))],
            )
            .with_bodies(true, true)
            .with_status(201)
            .compressed()
            .with_xml_root(XmlRoot { name: "Storage", namespace: Some(("", "urn:depot")) });
    type Service = Depot;
    type Output = Stored;
}

/// An operation whose requests need a checksum.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seal {
    size: Option<i32>,
}

structure!(Seal, [], "Size" => size as Plain);

impl Validate for Seal {
    fn validate(&self, _: &mut Check) {}
}

impl Operation for Seal {
    const INFO: &'static OperationInfo =
        &OperationInfo::http("Seal", Method::PUT, &[PathPart::Text("/seal")])
            .with_bodies(true, true)
            .with_checksum()
            .with_xml_root(XmlRoot { name: "Seal", namespace: None });
    type Service = Depot;
    type Output = Stored;
}

struct DepotClient(Client);

impl ServiceClient for DepotClient {
    type Service = Depot;

    fn from_client(client: Client) -> Self {
        Self(client)
    }
}

async fn open() -> (Fake, Client) {
    let fake = Fake::start(&DEPOT).await.unwrap();
    let client = fake.client::<DepotClient>().unwrap().0;
    (fake, client)
}

#[expect(clippy::unnecessary_wraps, reason = "members are optional")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn documents_are_served_by_the_names_of_the_model() {
    let (fake, client) = open().await;
    let store = Store { shelf: "a b".to_owned(), size: Some(7), ..Store::default() };
    let stored = client.call(store).with_metadata().await.unwrap();
    let boxes = Some(vec!["first".to_owned(), "second".to_owned()]);
    assert_eq!(stored.output, Stored { tag: text("t-1"), kind: text("dry"), boxes, size: None });
    assert_eq!(stored.metadata.status(), 201);
    let document = String::from_utf8(stored.metadata.body().to_vec()).unwrap();
    assert!(document.contains("<Boxes><Box>first</Box><Box>second</Box></Boxes>"), "{document}");
    let received = fake.requests().pop().unwrap();
    assert_eq!(received.operation.as_deref(), Some("Store"));
    assert_eq!(received.target, "/shelves/a%20b");
    assert_eq!(received.body, "<Storage xmlns=\"urn:depot\"><Size>7</Size></Storage>");
    assert_eq!(received.headers["x-amz-content-sha256"].len(), 64);
}

#[tokio::test]
async fn requests_have_the_checksum_that_an_operation_demands() {
    let (fake, client) = open().await;
    let seal = || client.call(Seal { size: Some(7) });
    seal().await.unwrap();
    let received = fake.requests().pop().unwrap();
    assert_eq!(received.body, "<Seal><Size>7</Size></Seal>");
    // As `zlib.crc32` of Python computes it.
    assert_eq!(received.headers["x-amz-checksum-crc32"], "YdPbNQ==");
    let authorization = received.headers["authorization"].to_str().unwrap();
    assert!(authorization.contains(";x-amz-checksum-crc32;"), "{authorization}");

    // Callers may have another one; other headers only qualify it.
    let callers = [("x-amz-checksum-sha256", false), ("content-md5", false), ("x-amz-checksum-type", true)];
    for (name, is_added) in callers {
        seal().header(name, "of-the-caller").await.unwrap();
        let received = fake.requests().pop().unwrap();
        assert_eq!(received.headers.contains_key("x-amz-checksum-crc32"), is_added, "{name}");
    }
    // The check value in catalogues of the algorithm, cbf43926.
    assert_eq!(gatewright_core::checksum::crc32(b"123456789"), "y/Q5Jg==");

    let error = seal().header("x-amz-checksum-crc32", "AAAAAA==").await.unwrap_err();
    assert_eq!(error.as_service().unwrap().fault().exception.as_deref(), Some("BadDigest"));
    let error = seal().header("x-amz-sdk-checksum-algorithm", "SHA256").await.unwrap_err();
    let service = error.as_service().unwrap();
    assert_eq!(service.fault().exception.as_deref(), Some("InvalidRequest"));
    assert!(service.message().unwrap().starts_with("Missing required header"), "{error}");
}

#[tokio::test]
async fn handlers_receive_what_was_sent() {
    let (fake, client) = open().await;
    fake.on(|request: Store| {
        let Store { shelf, tag, boxes, size, owner } = request;
        assert_eq!(shelf, "s");
        let kind = owner.and_then(|owner| owner.kind);
        Ok(Stored { tag, kind, boxes, size })
    });
    let owner = Owner { kind: text("firm <&\">"), name: text("n") };
    for boxes in [vec![], vec!["one"], vec!["one", "<two>\r\n"]] {
        let boxes: Vec<_> = boxes.into_iter().map(str::to_owned).collect();
        let store = Store {
            shelf: "s".to_owned(),
            tag: text("t"),
            boxes: Some(boxes.clone()),
            size: Some(-3),
            owner: Some(owner.clone()),
        };
        let stored = client.call(store).await.unwrap();
        let expected =
            Stored { tag: text("t"), kind: owner.kind.clone(), boxes: Some(boxes), size: Some(-3) };
        assert_eq!(stored, expected);
    }
}

#[tokio::test]
async fn errors_have_members_in_body_and_headers() {
    let (fake, client) = open().await;
    fake.fail::<Store>(FakeError::exception("Full"), 1);
    let store = || Store { shelf: "s".to_owned(), ..Store::default() };
    let error = client.call(store()).await.unwrap_err();
    assert_eq!(error.exception(), Some(&Name::Full));
    let service = error.as_service().unwrap();
    assert_eq!((service.message(), service.metadata().status().as_u16()), (Some("There is no room."), 409));
    let members = error.members::<Full>().unwrap().unwrap();
    let free = |items: &[&str]| Some(items.iter().map(|item| (*item).to_owned()).collect());
    assert_eq!(members, Full { free: free(&["0"]), since: text("monday") });
    assert!(error.request_id().is_some());

    // Items have the names of the model; a detail that is no member is kept.
    let details = FakeError::exception("Full").with_detail("Free", vec!["1", "2"]).with_detail("Note", "<");
    fake.fail::<Store>(details, 1);
    let error = client.call(store()).await.unwrap_err();
    let members = error.members::<Full>().unwrap().unwrap();
    assert_eq!(members, Full { free: free(&["1", "2"]), since: text("monday") });
    let body = String::from_utf8_lossy(error.metadata().unwrap().body()).into_owned();
    assert!(body.contains("<Free><Box>1</Box><Box>2</Box></Free>"), "{body}");
    assert!(body.contains("<Note>&lt;</Note>"), "{body}");
    assert!(body.contains("<Message>There is no room.</Message>") && !body.contains("monday"), "{body}");

    fake.fail::<Store>(FakeError::exception("Full").with_detail("Free", 1), 1);
    let error = client.call(store()).await.unwrap_err();
    assert!(error.as_service().is_some(), "{error}");

    let long = client.call(Store { shelf: "far too long".to_owned(), ..store() }).check_constraints(false);
    let error = tokio::time::timeout(Duration::from_secs(60), long).await.unwrap().unwrap_err();
    assert_eq!(error.as_service().unwrap().fault().exception.as_deref(), Some("InvalidInput"));
}

/// Status and body of the response to a document, sent as it is.
async fn put(fake: &Fake, path: &str, document: impl Into<Bytes>) -> (u16, String) {
    let request = http::Request::put(format!("{}{path}", fake.url())).body(document.into()).unwrap();
    let scope = Scope { region: "us-east-1", service: "depot" };
    let request = sign_as(fake.credentials(), scope, SystemContext.now(), request);
    let response = HttpTransport::builder(&SystemContext).build().send(request).await.unwrap();
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}

#[tokio::test]
async fn requests_that_are_not_decoded_are_recorded_and_refused_by_the_code_of_the_protocol() {
    let (fake, _) = open().await;
    let request = http::Request::put(format!("{}/shelves/s", fake.url()));
    let request = request.header("content-encoding", "gzip").body("<Storage/>".into()).unwrap();
    let response = HttpTransport::builder(&SystemContext).build().send(request).await.unwrap();
    let body = str::from_utf8(response.body()).unwrap();
    assert!(body.contains("<Code>MalformedXML</Code><Message>the body is not gzip: "), "{body}");
    assert_eq!(fake.requests()[0].operation.as_deref(), Some("Store"));
}

#[tokio::test]
async fn a_body_replaces_nothing_that_is_elsewhere() {
    let (fake, _) = open().await;
    fake.on(|request: Store| {
        assert_eq!(request, Store { shelf: "s".to_owned(), size: Some(7), ..Store::default() });
        Ok(Stored::default())
    });
    for name in ["Shelf", "SHELF", "Tag", "tag"] {
        let document = format!("<Storage><{name}>other</{name}><Size>7</Size></Storage>");
        let (status, body) = put(&fake, "/shelves/s", document).await;
        assert_eq!(status, 201, "{name}: {body}");
    }
}

/// Their cost grows with the size of the request, not with its square.
#[tokio::test]
async fn the_items_of_a_long_list_share_one_error() {
    let (fake, _) = open().await;
    let boxes = "<Box>too-long-</Box>".repeat(100_000);
    let (status, body) = put(&fake, "/shelves/s", format!("<S><Boxes>{boxes}</Boxes></S>")).await;
    assert_eq!(status, 400);
    let message = body.split("<Message>").nth(1).unwrap();
    assert!(message.starts_with("1 validation error detected: Value '[too-long-, too-long-, "));
    assert_eq!(message.matches("too-long-").count(), 100_000);
    assert!(message.contains("' at 'boxes' failed to satisfy constraint: Member must satisfy constraint: ["));
}

#[tokio::test]
async fn a_hundred_wrong_types_are_looked_for_one_by_one() {
    let (fake, _) = open().await;
    let boxes = "<Box><B/></Box>".repeat(150);
    let document = format!("<S><Boxes>{boxes}</Boxes><boxes>{boxes}</boxes></S>");
    let (status, body) = put(&fake, "/shelves/s", document).await;
    assert_eq!((status, body.matches("; Boxes[").count()), (400, 99), "{body}");
}
