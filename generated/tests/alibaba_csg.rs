//! A client of an RPC service against its fake: real signed calls over real connections.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::time::Duration;

use gatewright::{
    BoxFuture, Document, Error, Secret,
    alibaba_csg::{
        Client, DescribeGatewaysRequest, DescribeGatewaysResponse, ErrorCode, FAKE, Gateway, OPERATIONS,
    },
    context::SystemContext,
    credentials::Credentials,
    fake::{Fake, FakeError, TestContext},
    protocol::Format,
    sign::Auth,
    transport::{HttpTransport, Request, Response, Transport, TransportError},
};
use http::{Method, StatusCode};

async fn start() -> (Fake, Client) {
    let fake = Fake::start(&FAKE).await.unwrap();
    let client = fake.client().unwrap();
    (fake, client)
}

/// An input with every member.
fn inputs() -> Document {
    include_str!("data/alibaba_csg_inputs.json").parse().unwrap()
}

#[tokio::test]
async fn every_operation_sends_and_receives_every_member_in_both_formats() {
    assert_eq!(OPERATIONS.len(), 138);
    let inputs = inputs();
    let (fake, json) = start().await;
    let xml: Client = fake.client_builder().response_format(Format::Xml).build().unwrap();
    for operation in OPERATIONS {
        let (name, input) = (operation.name(), &inputs[operation.name()]);
        for client in [&json, &xml] {
            let output = operation.call(client.as_ref(), input.to_string().as_bytes()).await;
            let mut output: Document =
                output.unwrap_or_else(|error| panic!("{name}: {error}")).parse().unwrap();

            let received = fake.requests().pop().unwrap();
            assert_eq!(received.operation.as_deref(), Some(name));
            let parameters = received.target.split('&').count() - COMMON;
            assert_eq!(parameters, leaves(input), "{name}: {}", received.target);

            let mut expected: Document = operation.sample().parse().unwrap();
            for (member, value) in expected.as_object_mut().unwrap() {
                if let Some(given) = input.get(member)
                    && std::mem::discriminant(given) == std::mem::discriminant(value)
                {
                    *value = given.clone();
                }
            }
            output["RequestId"] = expected["RequestId"].clone();
            assert_eq!(output, expected, "{name}");
        }
    }
}

/// Parameters of every request.
const COMMON: usize = 9;

/// Parameters that an input is flattened to.
fn leaves(input: &Document) -> usize {
    match input {
        Document::Array(items) => items.iter().map(leaves).sum(),
        Document::Object(members) => members.values().map(leaves).sum(),
        _ => 1,
    }
}

#[tokio::test]
async fn requests_may_be_got_and_signed_in_a_header() {
    let (fake, _) = start().await;
    let client: Client = fake.client_builder().prefer_get(true).auth(Auth::ACS3).build().unwrap();
    client.describe_gateways(DescribeGatewaysRequest::new()).await.unwrap();
    let received = fake.requests().pop().unwrap();
    assert_eq!(received.method, Method::GET);
    assert_eq!(received.headers["x-acs-action"], "DescribeGateways");
}

#[tokio::test]
async fn pages_are_requested_by_number() {
    let (fake, client) = start().await;
    fake.on(|request: DescribeGatewaysRequest| {
        let page = request.page_number.unwrap_or(1);
        let names =
            (1..=5).map(|number| format!("gw-{number}")).skip(2 * usize::try_from(page - 1).unwrap()).take(2);
        let gateways = names.map(|name| Gateway::new().gateway_id(name)).collect();
        Ok(DescribeGatewaysResponse::new().gateways(gateways).total_count(5))
    });
    let client = tokio::task::spawn_blocking(move || {
        let call = client.describe_gateways(DescribeGatewaysRequest::new());
        call.items_blocking().map(|item| item.unwrap().gateway_id.unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(client.await.unwrap(), ["gw-1", "gw-2", "gw-3", "gw-4", "gw-5"]);
    assert_eq!(fake.requests().len(), 3);
}

#[tokio::test]
async fn a_service_that_ignores_the_page_number_is_reported() {
    let (fake, client) = start().await;
    fake.on(|_: DescribeGatewaysRequest| {
        let gateways = vec![Gateway::new().gateway_id("gw-1"), Gateway::new().gateway_id("gw-2")];
        Ok(DescribeGatewaysResponse::new().gateways(gateways).total_count(5))
    });
    let mut items = client.describe_gateways(DescribeGatewaysRequest::new()).items();
    for id in ["gw-1", "gw-2", "gw-1", "gw-2"] {
        assert_eq!(items.next().await.unwrap().unwrap().gateway_id.as_deref(), Some(id));
    }
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the same items for two pages"), "{error}");
    assert!(items.next().await.is_none());
    assert_eq!(fake.requests().len(), 2);

    let client = tokio::task::spawn_blocking(move || {
        let call = client.describe_gateways(DescribeGatewaysRequest::new());
        let pages: Vec<_> = call.pages_blocking().map(|page| page.is_ok()).collect();
        pages
    });
    assert_eq!(client.await.unwrap(), [true, true, false]);
}

#[tokio::test]
async fn errors_are_read_in_both_formats_and_with_any_status() {
    let (fake, json) = start().await;
    let xml: Client = fake.client_builder().response_format(Format::Xml).build().unwrap();
    for client in [json, xml] {
        for status in [StatusCode::OK, StatusCode::BAD_REQUEST] {
            let refused =
                FakeError::code("GatewayNotExist").with_status(status).with_message("There is none.");
            fake.fail::<DescribeGatewaysRequest>(refused, 1);
            let error = client.describe_gateways(DescribeGatewaysRequest::new()).await.unwrap_err();
            assert_eq!(error.code(), Some(&ErrorCode::GatewayNotExist));
            assert_eq!(error.metadata().unwrap().status(), status);
            let service = error.as_service().unwrap();
            assert_eq!((service.message(), service.host_id()), (Some("There is none."), Some("127.0.0.1")));
            let number = fake.requests().len();
            assert_eq!(error.request_id(), Some(&*format!("00000000-0000-4000-8000-{number:012X}")));
        }
        fake.fail_next::<DescribeGatewaysRequest>("Throttling.New");
        let response =
            client.describe_gateways(DescribeGatewaysRequest::new()).with_metadata().await.unwrap();
        assert_eq!(response.metadata.attempts(), 2);
    }
}

#[tokio::test]
async fn what_the_service_refuses_the_fake_refuses() {
    let (fake, client) = start().await;
    client.describe_gateways(DescribeGatewaysRequest::new()).await.unwrap();
    let received = fake.requests().pop().unwrap();
    let again = http::Request::post(fake.url() + &received.target).body(received.body).unwrap();
    let response = HttpTransport::builder(&SystemContext).build().send(again).await.unwrap();
    let body: Document = str::from_utf8(response.body()).unwrap().parse().unwrap();
    assert_eq!((response.status().as_u16(), body["Code"].as_str()), (400, Some("SignatureNonceUsed")));

    let request = DescribeGatewaysRequest::new().page_number(0);
    let error = client.describe_gateways(request).check_constraints(false).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::InvalidParameter));
    assert_eq!(error.as_service().unwrap().message(), Some("PageNumber: 0, at least 1"));
}

const SIGNATURES: [Auth; 2] = [Auth::RPC_V1, Auth::ACS3];
const FORMATS: [Format; 2] = [Format::Json, Format::Xml];

/// As tokens of sessions are, with what is percent-encoded.
const TOKEN: &str = "CAIS+token/of=a-session==";

/// The error of a client that signs with `secret` and sends through `transport`.
async fn refused(auth: Auth, format: Format, secret: &str, transport: impl Transport) -> Error<ErrorCode> {
    let credentials = |secret: &str| {
        Credentials::new("LTAI1EXAMPLE", Secret::new(secret)).with_session_token(Secret::new(TOKEN))
    };
    let fake = Fake::builder(&FAKE).credentials(credentials("right")).start().await.unwrap();
    let builder = fake.client_builder().auth(auth).response_format(format);
    let client: Client = builder.credentials(credentials(secret)).transport(transport).build().unwrap();
    let error = client.describe_gateways(DescribeGatewaysRequest::new().page_number(3)).await.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::SignatureDoesNotMatch), "{error}");
    error
}

#[tokio::test]
async fn a_refused_signature_shows_whether_secret_or_request_differ() {
    let transport = || HttpTransport::builder(&SystemContext).build();
    for (auth, format) in SIGNATURES.into_iter().flat_map(|auth| FORMATS.map(|format| (auth, format))) {
        let error = refused(auth, format, "wrong", transport()).await;
        let shown = error.explain().to_string();
        assert!(shown.contains("(wrong_secret)"), "{shown}");
        let texts = [error.to_string(), format!("{error:?}"), error.evidence().to_json(), shown];
        let body = str::from_utf8(error.metadata().unwrap().body()).unwrap();
        assert!(!texts.iter().any(|shown| shown.contains("LTAI1EXAMPLE")), "{texts:?}");
        assert!(!(texts.concat() + body).contains("CAIS"), "{texts:?} {body}");

        let shown = refused(auth, format, "right", Meddler(transport())).await.explain().to_string();
        assert!(shown.contains("(query_changed)"), "{shown}");
        assert!(shown.contains("did not arrive: PageNumber=3"), "{shown}");
        assert!(shown.contains("were not signed: PageNumber=4"), "{shown}");
    }
}

/// Changes a parameter on the way.
#[derive(Debug)]
struct Meddler(HttpTransport);

impl Transport for Meddler {
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let changed = request.uri().to_string().replace("PageNumber=3", "PageNumber=4");
        *request.uri_mut() = changed.parse().unwrap();
        self.0.send(request)
    }
}

#[tokio::test]
async fn a_wrong_clock_is_corrected_by_the_date_of_the_response() {
    let ahead = TestContext::isolated();
    ahead.advance(Duration::from_secs(60 * 60));
    let fake = Fake::builder(&FAKE).context(ahead).start().await.unwrap();
    for (auth, format) in SIGNATURES.into_iter().flat_map(|auth| FORMATS.map(|format| (auth, format))) {
        let before = fake.requests().len();
        let client: Client = fake.client_builder().auth(auth).response_format(format).build().unwrap();
        let call = || client.describe_gateways(DescribeGatewaysRequest::new());
        let error = call().no_retries().await.unwrap_err();
        assert_eq!(error.code(), Some(&ErrorCode::InvalidTimeStampExpired), "{error}");
        // The clock of the refusal is used although it ended its call.
        assert_eq!(call().with_metadata().await.unwrap().metadata.attempts(), 1);

        let client: Client = fake.client_builder().auth(auth).response_format(format).build().unwrap();
        let metadata =
            client.describe_gateways(DescribeGatewaysRequest::new()).with_metadata().await.unwrap().metadata;
        assert_eq!(metadata.attempts(), 2);
        assert!((3595..3605).contains(&metadata.clock_offset()), "{}", metadata.clock_offset());
        assert_eq!(fake.requests().len() - before, 4);
    }
}

#[tokio::test]
async fn responses_have_the_requested_format() {
    let fake = Fake::start(&FAKE).await.unwrap();
    assert_eq!(fake.region(), "cn-beijing");
    let ask = async |target: &str, accept: &str| {
        let request = http::Request::post(fake.url() + target).header("accept", accept);
        let transport = HttpTransport::builder(&SystemContext).build();
        let response = transport.send(request.body(Vec::new().into()).unwrap()).await.unwrap();
        String::from_utf8(response.body().to_vec()).unwrap()
    };
    let json = r#"{"Code":"MissingAction","#;
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>MissingAction</Code>";
    for (target, accept, begin) in [
        ("/?Format=json", "text/xml", json),
        ("/?Format=XML", "application/json", xml),
        ("/", "application/json", json),
        ("/", "*/*", xml),
    ] {
        let body = ask(target, accept).await;
        assert!(body.starts_with(begin), "{target} {accept}: {body}");
    }
    let body = ask("/?Action=DescribeGateways&Version=2018-05-11&Format=YAML", "*/*").await;
    assert!(body.contains("<Code>InvalidParameter.Format</Code>"), "{body}");
}

#[tokio::test]
async fn errors_have_the_details_of_the_response() {
    let (fake, json) = start().await;
    let xml: Client = fake.client_builder().response_format(Format::Xml).build().unwrap();
    for client in [json, xml] {
        let refused = FakeError::code("NoPermission").with_detail("Recommend", "https://example.com/?a&b");
        fake.fail::<DescribeGatewaysRequest>(refused, 1);
        let error = client.describe_gateways(DescribeGatewaysRequest::new()).await.unwrap_err();
        let shown = error.explain().to_string();
        assert!(shown.contains(r#"details: {"Recommend":"https://example.com/?a&b"}"#), "{shown}");
    }
}

/// The region is in the same file as the keys.
#[tokio::test(flavor = "multi_thread")]
async fn the_file_of_the_command_line_tool_is_read_once() {
    const FILE: &str = "/home/me/.aliyun/config.json";
    for blocking in [false, true] {
        let fake = Fake::start(&FAKE).await.unwrap();
        let [id, secret] =
            [fake.credentials().access_key_id(), fake.credentials().secret_access_key().expose()];
        let config = format!(
            r#"{{"current": "x", "profiles": [{{"name": "x", "mode": "AK", "region_id": "cn-hangzhou",
                "access_key_id": "{id}", "access_key_secret": "{secret}"}}]}}"#
        );
        let context = TestContext::isolated().variable("HOME", "/home/me").file(FILE, config);
        let builder = Client::builder().context(context.clone()).endpoint_url(fake.url());
        let client: Client = builder.build().unwrap();
        for _ in 0..2 {
            let call = client.describe_gateways(DescribeGatewaysRequest::new());
            if blocking {
                tokio::task::spawn_blocking(|| call.send_blocking()).await.unwrap().unwrap();
            } else {
                call.await.unwrap();
            }
        }
        assert_eq!(context.reads(), [std::path::Path::new(FILE)]);
        assert_eq!(client.as_ref().region(), "cn-hangzhou");
    }
}
