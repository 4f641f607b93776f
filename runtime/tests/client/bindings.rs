//! Calls of a protocol that has members in path, query, headers, payload and status.

use gatewright_fake::{Fake, FakeError, FakeErrorMembers, FakeService};
use gatewright_runtime::{
    Category, Client, ClientBuilder, DynamicOperation, ErrorMembers, Operation, OperationInfo, Secret,
    Service, ServiceClient, ServiceInfo, WireError,
    codec::form::Plain,
    credentials::Credentials,
    endpoint::{Condition, EndpointRules, Outcome, Rule},
    protocol::{AwsRestJson, Binding, Location, PathPart},
    sign::Auth,
    validate::{Check, Validate},
};
use http::Method;

use crate::{
    drivers::DRIVERS,
    stage::{Act, Script},
};

#[derive(Debug)]
pub(crate) struct Depot;

static RULES: EndpointRules =
    EndpointRules::new(&[Rule { when: &[Condition::EndpointSet], then: Outcome::Custom }], &[]);

name!(Depot, Full);

impl Service for Depot {
    const INFO: &'static ServiceInfo = &ServiceInfo::new(
        "Depot",
        "2026-01-01",
        "Depot",
        Auth::sigv4("depot"),
        &RULES,
        &[WireError::new("Full", Category::Client, 409, "", &[], &[])],
        &[],
    );
    type Protocol = AwsRestJson;
    const PROTOCOL: AwsRestJson = AwsRestJson::new(&[("accept", "application/json")]);
    type Exception = Name;
    type ErrorCode = Name;
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Store {
    shelf: Option<String>,
    mode: Option<String>,
    owner: Option<String>,
    content: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Stored {
    status: Option<String>,
    tag: Option<String>,
    receipt: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Label {
    shelf: Option<String>,
    text: Option<String>,
}

structure!(Store, [], "Shelf" => shelf as Plain, "Mode" => mode as Plain, "Owner" => owner as Plain,
    "Content" => content as Plain);
structure!(Stored, [], "Status" => status as Plain, "Tag" => tag as Plain, "Receipt" => receipt as Plain);
structure!(Label, [], "Shelf" => shelf as Plain, "Text" => text as Plain);

impl Validate for Store {
    fn validate(&self, _: &mut Check) {}
}

impl Validate for Label {
    fn validate(&self, _: &mut Check) {}
}

const SHELF: Binding = Binding::new("Shelf", Location::Label);

const PATH: &[PathPart] = &[PathPart::Text("/shelves/"), PathPart::Label("Shelf")];

impl Operation for Store {
    const INFO: &'static OperationInfo =
        &OperationInfo::http("Store", Method::PUT, PATH).with_query("store").repeatable().with_bindings(
            &[
                SHELF,
                Binding::new("Mode", Location::Query("mode")),
                Binding::new("Owner", Location::Header("x-owner")),
                Binding::new("Content", Location::TextPayload("text/plain")),
            ],
            &[
                Binding::new("Status", Location::StatusCode),
                Binding::new("Tag", Location::Header("etag")),
                Binding::new("Receipt", Location::TextPayload("text/plain")),
            ],
        );
    type Service = Depot;
    type Output = Stored;
}

impl Operation for Label {
    const INFO: &'static OperationInfo = &OperationInfo::http("Label", Method::PATCH, PATH)
        .with_bindings(&[SHELF], &[])
        .with_bodies(true, true);
    type Service = Depot;
    type Output = Label;
}

/// Members of an exception, one of them outside of the body.
#[derive(Clone, Debug, Default, PartialEq)]
struct Full {
    wait: Option<String>,
    shelf: Option<String>,
}

structure!(Full, [], "Wait" => wait as Plain, "Shelf" => shelf as Plain);

impl ErrorMembers for Full {
    type Service = Depot;
    const NAMES: &'static [&'static str] = &["Full"];
    const BINDINGS: &'static [Binding] = &[Binding::new("Wait", Location::Header("retry-after"))];
}

#[test]
fn members_of_exceptions_are_in_headers_and_body() {
    const NAMED: (&str, &str) = ("x-amzn-errortype", "Full");
    for driver in DRIVERS {
        let script = Script::new([
            Act::RespondWith(409, &[NAMED, ("retry-after", "soon")], r#"{"Shelf":"s"}"#),
            Act::RespondWith(409, &[NAMED], ""),
        ]);
        let client = client(&script);
        let full = || {
            let call = Label { shelf: Some("s".to_owned()), text: None };
            driver.make(client.call(call)).unwrap_err().members::<Full>().unwrap().unwrap()
        };
        assert_eq!(full(), Full { wait: Some("soon".to_owned()), shelf: Some("s".to_owned()) });
        assert_eq!(full(), Full::default());
    }
}

/// An exception whose member is the body.
#[derive(Clone, Debug, Default, PartialEq)]
struct Apology {
    text: Option<String>,
}

structure!(Apology, [], "Text" => text as Plain);

impl ErrorMembers for Apology {
    type Service = Depot;
    const NAMES: &'static [&'static str] = &["Apology"];
    const BINDINGS: &'static [Binding] = &[Binding::new("Text", Location::TextPayload("text/plain"))];
}

#[test]
fn a_body_that_is_text_is_not_read_as_json() {
    for driver in DRIVERS {
        let script = Script::new([Act::RespondWith(400, &[("x-amzn-errortype", "Apology")], "sorry")]);
        let error = driver.make(client(&script).call(shelved())).unwrap_err();
        assert_eq!(error.members::<Apology>().unwrap().unwrap().text.as_deref(), Some("sorry"));
    }
}

static FAKE: FakeService = FakeService::rest_json::<Depot>(&[
    DynamicOperation::new::<Label>("{}"),
    DynamicOperation::new::<Store>(r#"{"Status":"201","Tag":"t-1","Receipt":"thanks"}"#),
])
.with_error_members(&[FakeErrorMembers::new::<Full>(r#"{"Wait":"a day","Shelf":"s1"}"#)]);

#[test]
fn a_body_ends_with_its_json() {
    for driver in DRIVERS {
        let read = |body: &'static str| {
            let script = Script::new([Act::RespondWith(200, &[], body)]);
            driver.make(client(&script).call(Label { shelf: Some("s".to_owned()), text: None }))
        };
        for whole in [r#"{"Text":"t"}"#, "{\"Text\":\"t\"} \r\n"] {
            assert_eq!(read(whole).unwrap().output.text.as_deref(), Some("t"), "{whole}");
        }
        assert_eq!(read(" ").unwrap().output, Label::default());
        for more in [r#"{"Text":"t"}{"Text":"u"}"#, r#"{"Text":"t"}>"#] {
            let error = read(more).unwrap_err();
            let is_response = matches!(error, gatewright_runtime::Error::Response(_));
            assert!(is_response && error.to_string().contains("trailing characters"), "{error}");
        }
    }
}

#[tokio::test]
async fn fakes_have_members_of_exceptions_in_headers_and_body() {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client = fake.client::<DepotClient>().unwrap().0;
    fake.fail::<Label>(FakeError::exception("Full"), 1);
    fake.fail::<Label>(FakeError::exception("Full").with_detail("Wait", "a week"), 1);
    for wait in ["a day", "a week"] {
        let label = Label { shelf: Some("s".to_owned()), text: None };
        let error = client.call(label).await.unwrap_err();
        let full = Full { wait: Some(wait.to_owned()), shelf: Some("s1".to_owned()) };
        assert_eq!(error.members::<Full>().unwrap().unwrap(), full);
        let metadata = error.metadata().unwrap();
        assert_eq!(
            (metadata.status().as_u16(), metadata.headers()["retry-after"].as_ref()),
            (409, wait.as_bytes())
        );
        assert!(!metadata.body().windows(4).any(|part| part == b"Wait"), "the header has it");
    }
}

/// Headers hold all of Unicode, but no line breaks: those of a handler or test are refused, and not left out.
#[tokio::test]
async fn fakes_read_and_write_every_header() {
    let text = |text: &str| Some(text.to_owned());
    let fake = Fake::start(&FAKE).await.unwrap();
    let client = fake.client::<DepotClient>().unwrap().0;
    let store = || Store { shelf: text("s"), owner: text("Zoë"), ..Store::default() };
    fake.on::<Store>(|store| Ok(Stored { tag: store.owner, ..Stored::default() }));
    assert_eq!(client.call(store()).await.unwrap().tag, text("Zoë"));

    fake.on::<Store>(move |_| Ok(Stored { tag: text("a\nb"), ..Stored::default() }));
    let error = client.call(store()).no_retries().await.unwrap_err();
    let message = error.as_service().unwrap().message().unwrap();
    assert!(message.contains("Tag: has a character that headers cannot have"), "{message}");
    assert_eq!(error.metadata().unwrap().status(), 500);

    fake.fail::<Label>(FakeError::exception("Full").with_detail("Wait", "a\nb"), 1);
    let error = client.call(shelved()).await.unwrap_err();
    let message = error.as_service().unwrap().message().unwrap();
    assert!(message.contains("Wait: has a character that headers cannot have"), "{message}");
}

struct DepotClient(Client);

impl ServiceClient for DepotClient {
    type Service = Depot;

    fn from_client(client: Client) -> Self {
        Self(client)
    }
}

fn client(script: &Script) -> Client {
    let builder = ClientBuilder::<DepotClient>::new()
        .context(script.clock.clone())
        .region("us-east-1")
        .endpoint_url("https://depot.example.com/base")
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret-of-the-depot")))
        .transport(script.clone())
        .blocking_transport(script.clone());
    builder.build().unwrap().0
}

#[test]
fn members_are_anywhere_in_requests_and_responses() {
    let text = |text: &str| Some(text.to_owned());
    for driver in DRIVERS {
        let stored = Act::RespondWith(201, &[("etag", "t-1")], "thanks");
        let script = Script::new([stored, Act::Respond(200, r#"{"Text":"new"}"#)]);
        let client = client(&script);
        let store =
            Store { shelf: text("s7"), mode: text("fast"), owner: text("me"), content: text("books") };
        let stored = driver.make(client.call(store)).unwrap().output;
        assert_eq!(stored, Stored { status: text("201"), tag: text("t-1"), receipt: text("thanks") });
        let label = Label { shelf: text("s7"), text: text("old") };
        let labelled = driver.make(client.call(label)).unwrap().output;
        assert_eq!(labelled, Label { shelf: None, text: text("new") });

        let seen = script.seen.lock().unwrap();
        let sent =
            seen.iter().map(|request| (request.method(), request.uri().to_string(), request.body().as_ref()));
        let expected: [(&Method, String, &[u8]); 2] = [
            (&Method::PUT, "https://depot.example.com/base/shelves/s7?store&mode=fast".into(), b"books"),
            (&Method::PATCH, "https://depot.example.com/base/shelves/s7".into(), br#"{"Text":"old"}"#),
        ];
        assert!(sent.eq(expected), "{seen:?}");
        assert!(seen.iter().all(|request| request.headers()["accept"] == "application/json"), "{seen:?}");
        let signed = seen[0].headers()["authorization"].to_str().unwrap();
        assert_eq!((seen[0].headers()["x-owner"].as_ref(), signed.contains(";x-owner,")), (&b"me"[..], true));
    }
}

/// The request of a call, or why it was not sent.
fn sent(label: Label) -> Result<String, String> {
    let script = Script::new([Act::Respond(200, "")]);
    DRIVERS[0].make(client(&script).call(label)).map_err(|error| error.to_string())?;
    let seen = script.seen.lock().unwrap();
    Ok(seen[0].uri().to_string())
}

#[test]
fn labels_name_one_segment() {
    for (shelf, path) in [
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("../secret", "..%2Fsecret"),
        ("a?b#c", "a%3Fb%23c"),
        ("ä%2f", "%C3%A4%252f"),
        ("a\r\nx: y", "a%0D%0Ax%3A%20y"),
        ("...", "..."),
    ] {
        let label = Label { shelf: Some(shelf.to_owned()), text: None };
        let expected = format!("https://depot.example.com/base/shelves/{path}");
        assert_eq!(sent(label), Ok(expected), "{shelf:?}");
    }
    for shelf in ["", ".", ".."] {
        let refused = sent(Label { shelf: Some(shelf.to_owned()), text: None }).unwrap_err();
        assert!(refused.contains("Shelf is a part of the path, which must not be"), "{refused}");
    }
    assert!(sent(Label::default()).is_err());
}

#[test]
fn headers_take_no_line_breaks() {
    let script = Script::new([]);
    let text = |text: &str| Some(text.to_owned());
    let store = Store { shelf: text("s"), owner: text("me\r\nx-evil: 1"), ..Store::default() };
    let refused = DRIVERS[0].make(client(&script).call(store)).unwrap_err().to_string();
    assert!(refused.contains("Owner: has a character that headers cannot have"), "{refused}");
    assert!(!refused.contains("evil"), "{refused}");
}

#[test]
fn the_table_decides_about_repeating() {
    for driver in DRIVERS {
        let script = Script::new([Act::RespondWith(409, &[("x-amzn-errortype", "Full")], "")]);
        let error = driver.make(client(&script).call(shelved())).unwrap_err();
        assert_eq!(error.to_string(), "Label: Full (status 409, request id id-1, 1 attempt)");
        let script = Script::new([Act::Respond(503, ""), Act::Respond(200, "")]);
        let store = Store { shelf: Some("s".to_owned()), ..Store::default() };
        assert!(driver.make(client(&script).call(store)).is_ok());
        let script = Script::new([Act::Respond(500, "")]);
        assert!(driver.make(client(&script).call(shelved())).is_err());
    }
}

fn shelved() -> Label {
    Label { shelf: Some("s".to_owned()), text: None }
}
