//! Codes of the query protocol that a JSON service had before.

use gatewright_fake::{Fake, FakeError, FakeService};
use gatewright_runtime::{
    Category, Client, DynamicOperation, Operation, OperationInfo, Service, ServiceClient, ServiceInfo,
    WireError,
    codec::form::Plain,
    context::SystemContext,
    endpoint::{Condition, EndpointRules, Outcome, Rule},
    protocol::AwsJson,
    sign::Auth,
    transport::{HttpTransport, Transport as _},
    validate::{Check, Validate},
};

#[derive(Debug)]
pub(crate) struct Inn;

static RULES: EndpointRules =
    EndpointRules::new(&[Rule { when: &[Condition::EndpointSet], then: Outcome::Custom }], &[]);

name!(Inn, Full);

impl Service for Inn {
    const INFO: &'static ServiceInfo = &ServiceInfo::new(
        "Inn",
        "2026-01-01",
        "Inn",
        Auth::sigv4("inn"),
        &RULES,
        &[
            WireError::new("Fire", Category::Server, 500, "It burns.", &[], &[]),
            WireError::new("Full", Category::Client, 409, "No bed is left.", &[], &[]),
            WireError::new("Inn.NoBed", Category::Client, 409, "No bed is left.", &[], &[]),
        ],
        &[],
    );
    type Protocol = AwsJson;
    const PROTOCOL: AwsJson = AwsJson::new("application/x-amz-json-1.0", "Inn").query_compatible();
    type Exception = Name;
    type ErrorCode = Name;
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Stay {
    bed: Option<String>,
}

structure!(Stay, [], "Bed" => bed as Plain);

impl Validate for Stay {
    fn validate(&self, _: &mut Check) {}
}

impl Operation for Stay {
    const INFO: &'static OperationInfo = &OperationInfo::new("Stay").compressed();
    type Service = Inn;
    type Output = Stay;
}

struct InnClient(Client);

impl ServiceClient for InnClient {
    type Service = Inn;

    fn from_client(client: Client) -> Self {
        Self(client)
    }
}

static INN: FakeService = FakeService::new::<Inn>(&[DynamicOperation::new::<Stay>("{}")], &[])
    .with_query_codes(&[("Full", "Inn.NoBed")]);

#[tokio::test]
async fn errors_have_a_code_besides_their_exception() {
    let fake = Fake::start(&INN).await.unwrap();
    let client = fake.client::<InnClient>().unwrap().0;
    let expected = [
        (FakeError::exception("Full"), "Full", "Inn.NoBed", "Sender", Category::Client),
        (FakeError::code("Inn.NoBed"), "Full", "Inn.NoBed", "Sender", Category::Client),
        (FakeError::exception("Fire"), "Fire", "Fire", "Receiver", Category::Transient),
    ];
    for (error, exception, code, blame, category) in expected {
        fake.fail::<Stay>(error, 1);
        let error = client.call(Stay::default()).no_retries().await.unwrap_err();
        let fault = error.as_service().unwrap().fault();
        let parts = [&fault.exception, &fault.code, &fault.blame].map(|part| part.as_deref().unwrap());
        assert_eq!(parts, [exception, code, blame]);
        let names = if exception == code { exception.to_owned() } else { format!("{exception} {code}") };
        assert!(error.to_string().starts_with(&format!("Stay: {names}: ")), "{error}");
        assert_eq!(error.category(), Some(category), "{error}");
    }
    assert!(fake.requests().iter().all(|request| request.headers["x-amzn-query-mode"] == "true"));
}

/// Without the header, a service sends what other JSON services send.
#[tokio::test]
async fn fakes_send_codes_only_if_asked() {
    let fake = Fake::start(&INN).await.unwrap();
    let request = http::Request::post(fake.url())
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", "Inn.Stay")
        .body("{}".into())
        .unwrap();
    let response = HttpTransport::builder(&SystemContext).build().send(request).await.unwrap();
    assert_eq!(response.status(), 400, "{:?}", response.body());
    assert_eq!(response.headers().get("x-amzn-query-error"), None);
}

#[tokio::test]
async fn requests_that_are_not_decoded_have_a_code_too() {
    let fake = Fake::start(&INN).await.unwrap();
    let request = http::Request::post(fake.url())
        .header("content-encoding", "gzip")
        .header("x-amzn-query-mode", "true")
        .body("{}".into())
        .unwrap();
    let response = HttpTransport::builder(&SystemContext).build().send(request).await.unwrap();
    assert_eq!(response.headers()["x-amzn-query-error"], "SerializationException;Sender");
}
