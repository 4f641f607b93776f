//! Requests that are sent compressed.

use std::{io::Read as _, time::Duration};

use flate2::read::GzDecoder;
use gatewright_fake::{Fake, FakeService};
use gatewright_runtime::{
    Call, Client, DynamicOperation, Operation, OperationInfo, Secret, Service, ServiceClient, ServiceInfo,
    codec::form::Plain,
    context::SystemContext,
    credentials::Credentials,
    protocol::AwsQuery,
    sign::{Auth, Signable, sigv4::Scope, verify::Verifier},
    transport::{HttpTransport, Request, Transport as _},
    validate::{Check, Validate},
};

use crate::{
    OK,
    drivers::DRIVERS,
    stage::{Act, List, Move, Props, Stage, client, clock, noon},
};

/// A service of which whole requests can be URLs.
#[derive(Debug)]
pub(crate) struct Query;

impl Service for Query {
    const INFO: &'static ServiceInfo =
        &ServiceInfo::new("", "", "", Auth::sigv4("query"), Stage::INFO.endpoints, &[], &[]);
    type Protocol = AwsQuery;
    const PROTOCOL: AwsQuery = AwsQuery::new("2026-01-01", "");
    type Exception = Name;
    type ErrorCode = Name;
}

name!(Query, None);

#[derive(Default)]
struct Put {
    data: Option<String>,
}

structure!(Put, [], "Data" => data as Plain);

impl Validate for Put {
    fn validate(&self, _: &mut Check) {}
}

impl Operation for Put {
    const INFO: &'static OperationInfo = &OperationInfo::new("Put").compressed();
    type Service = Query;
    type Output = Props;
}

struct QueryClient(Client);

impl ServiceClient for QueryClient {
    type Service = Query;

    fn from_client(client: Client) -> Self {
        Self(client)
    }
}

/// A request whose body has this many bytes.
fn sized(bytes: usize) -> Move {
    let frame = br#"{"Prop":"","Token":"t"}"#.len();
    Move { prop: Some("p".repeat(bytes - frame)), token: Some("t".to_owned()) }
}

fn encodings(request: &Request) -> Vec<&str> {
    request.headers().get_all("content-encoding").iter().map(|value| value.to_str().unwrap()).collect()
}

#[test]
fn large_bodies_are_compressed_before_they_are_signed() {
    for driver in DRIVERS {
        let (client, script) = client([Act::Respond(503, ""), OK]);
        let call: Call<Move> = client.call(sized(10_240)).header("content-encoding", "custom");
        driver.make(call).unwrap();
        let seen = script.seen.lock().unwrap();
        let [first, second] = &seen[..] else { panic!("{seen:?}") };
        assert_eq!(first.body(), second.body());
        assert_eq!((encodings(first), encodings(second)), (vec!["custom", "gzip"], vec!["custom", "gzip"]));

        let mut body = String::new();
        GzDecoder::new(&first.body()[..]).read_to_string(&mut body).unwrap();
        let prop = sized(10_240).prop.unwrap();
        assert_eq!(body, format!(r#"{{"Prop":"{prop}","Token":"t"}}"#));
        assert!(first.body().len() < body.len(), "{}", first.body().len());

        let scope = Scope { region: "us-east-1", service: "stage" };
        let find = |_: &str| Some(Credentials::new("AKIDEXAMPLE", Secret::new("secret-of-the-stage")));
        Verifier::new(scope, noon()).verify(&Signable::of(first), find).unwrap();
    }
}

#[test]
fn others_go_as_they_are() {
    for driver in DRIVERS {
        let (client, script) = client([OK, OK]);
        driver.make(client.call(sized(10_239))).unwrap();
        driver.make(client.call(List { marker: Some("m".repeat(20_000)) })).unwrap();
        let seen = script.seen.lock().unwrap();
        assert_eq!((encodings(&seen[0]), encodings(&seen[1])), (vec![], vec![]));
        assert_eq!((seen[0].body().len(), &seen[1].body()[..12]), (10_239, &br#"{"Marker":"m"#[..]));
    }
}

#[test]
fn a_url_has_the_request_as_it_is() {
    let credentials = Credentials::new("AKIDEXAMPLE", Secret::new("secret-of-the-stage"));
    let client: QueryClient = gatewright_runtime::ClientBuilder::new()
        .context(clock())
        .region("us-east-1")
        .credentials(credentials)
        .build()
        .unwrap();
    let presigned =
        |call: Call<Put>| call.presign_blocking(Duration::from_secs(60)).unwrap().query().unwrap().to_owned();
    let call = || client.0.call(Put { data: Some("d".repeat(20_000)) });
    let query = presigned(call());
    let expected = format!("Action=Put&Version=2026-01-01&Data={}&X-Amz-Algorithm=", "d".repeat(20_000));
    assert!(query.starts_with(&expected) && query.contains("&X-Amz-SignedHeaders=host&"), "{query}");
    let query = presigned(call().header("content-encoding", "custom"));
    assert!(query.contains("&X-Amz-SignedHeaders=content-encoding%3Bhost&"), "{query}");
}

#[tokio::test]
async fn fakes_refuse_what_is_not_gzip_by_the_code_of_the_protocol() {
    static FAKE: FakeService = FakeService::query::<Query>(&[DynamicOperation::new::<Put>("{}")]);
    let fake = Fake::start(&FAKE).await.unwrap();
    let request = http::Request::post(fake.url()).header("content-encoding", "gzip");
    let request = request.body("Action=Put".into()).unwrap();
    let response = HttpTransport::builder(&SystemContext).build().send(request).await.unwrap();
    let body = str::from_utf8(response.body()).unwrap();
    assert!(body.contains("<Code>MalformedInput</Code><Message>the body is not gzip: "), "{body}");
}
