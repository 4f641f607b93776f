//! Calls of a service whose responses come in JSON or XML, and whose errors may come with a status of success.

use gatewright_runtime::{
    Category, Client, ClientBuilder, Error, Operation, OperationError, OperationInfo, Secret, Service,
    ServiceClient, ServiceInfo, WireError,
    credentials::Credentials,
    endpoint::{Condition, EndpointRules, Outcome, Rule},
    protocol::{AliyunRpc, Format},
    sign::Auth,
    transport::Request,
    validate::{Check, Validate},
};
use http::Method;
use serde_core::{Serialize, Serializer};

use crate::{
    drivers::DRIVERS,
    stage::{Act, Props, Script},
};

#[derive(Debug)]
pub(crate) struct Booth;

static RULES: EndpointRules =
    EndpointRules::new(&[Rule { when: &[Condition::EndpointSet], then: Outcome::Custom }], &[]);

impl Service for Booth {
    const INFO: &'static ServiceInfo = &ServiceInfo::new(
        "Booth",
        "2026-01-01",
        "Booth",
        Auth::RPC_V1,
        &RULES,
        &[],
        &[
            WireError::new("Busy", Category::Transient, 0, "", &[], &[]),
            WireError::new("Stale", Category::Clock, 0, "", &[], &[]),
        ],
    );
    type Protocol = AliyunRpc;
    const PROTOCOL: AliyunRpc = AliyunRpc::new("2026-01-01", Some("Success"));
    type Exception = Name;
    type ErrorCode = Name;
}

name!(Booth, NoProp);

#[derive(Clone, Debug, PartialEq)]
struct Code(Name);

impl OperationError for Code {
    type Service = Booth;

    fn from_code(code: &Name) -> Self {
        Self(code.clone())
    }
}

macro_rules! operation {
    ($type:ident $(, $fact:ident)?) => {
        #[derive(Clone, Debug)]
        pub(crate) struct $type;

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                gatewright_runtime::codec::encode::structure(serializer)?.end()
            }
        }

        impl Validate for $type {
            fn validate(&self, _: &mut Check) {}
        }

        impl Operation for $type {
            const INFO: &'static OperationInfo =
                &OperationInfo::new(stringify!($type)).repeatable()$(.$fact())?;
            type Service = Booth;
            type Output = Props;
        }
    };
}

operation!(Show, accepting_get);
operation!(Close);

pub(crate) struct BoothClient(pub(crate) Client);

impl ServiceClient for BoothClient {
    type Service = Booth;

    fn from_client(client: Client) -> Self {
        Self(client)
    }
}

fn builder(script: &Script) -> ClientBuilder<BoothClient> {
    ClientBuilder::new()
        .context(script.clock.clone())
        .region("us-east-1")
        .endpoint_url("https://booth.example.com")
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret-of-the-booth")))
        .transport(script.clone())
        .blocking_transport(script.clone())
}

const BUSY: Act = Act::Respond(200, r#"{"Success": false, "Code": "Busy", "Message": "Wait."}"#);
const OK: Act = Act::Respond(200, r#"{"Success": true, "Marker": "m"}"#);

#[test]
fn an_error_may_have_a_status_of_success() {
    for driver in DRIVERS {
        let script = Script::new([BUSY, OK]);
        let client = builder(&script).build().unwrap().0;
        let response = driver.make(client.call(Show)).unwrap();
        assert_eq!((response.metadata.attempts(), response.output.marker.as_deref()), (2, Some("m")));

        let refused = "<Show><Success>false</Success><Code>NoProp</Code><Message>No\nprop.</Message>\
            <RequestId>id-2</RequestId><HostId>booth.example.com</HostId></Show>";
        let script = Script::new([Act::Respond(200, refused)]);
        let error = driver.make(builder(&script).build().unwrap().0.call(Show)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Show: NoProp: No prop. (status 200, request id id-2, 1 attempt, host booth.example.com)"
        );
        assert_eq!((error.code(), error.kind()), (Some(&Name::NoProp), Some(Code(Name::NoProp))));
        let service = error.as_service().unwrap();
        assert_eq!((service.host_id(), service.exception()), (Some("booth.example.com"), None));
        assert_eq!(service.metadata().body(), refused.as_bytes());
    }
}

#[test]
fn a_code_alone_reports_a_wrong_clock() {
    let bodies =
        [r#"{"Code": "Stale"}"#, "<E><code>Stale</code></E>", r#"{"Code": "SignatureDoesNotMatch"}"#];
    for (body, auth) in bodies.iter().flat_map(|body| [(*body, Auth::RPC_V1), (*body, Auth::ACS3)]) {
        for driver in DRIVERS {
            let refused = Act::RespondWith(400, &[("date", "Sun, 22 Nov 2026 12:20:00 GMT")], body);
            let script = Script::new([refused, OK]);
            let client = builder(&script).auth(auth).build().unwrap().0;
            assert_eq!(driver.make(client.call(Close)).unwrap().metadata.clock_offset(), 1200);
            let signed_at: Vec<_> = script.seen.lock().unwrap().iter().map(signed_at).collect();
            assert_eq!(signed_at, ["2026-11-22T12:00:00Z", "2026-11-22T12:20:00Z"]);
        }
    }
    // Without `Date` there is nothing to follow.
    let script = Script::new([Act::Respond(400, r#"{"Code": "Stale"}"#)]);
    let error = DRIVERS[1].make(builder(&script).build().unwrap().0.call(Close)).unwrap_err();
    assert_eq!((error.attempts(), error.metadata().unwrap().clock_offset()), (1, 0));
}

/// The time of a signature, whichever of the two it is.
fn signed_at(request: &Request) -> String {
    let query = request.uri().query().unwrap();
    let parameter = query.split('&').find_map(|pair| pair.strip_prefix("Timestamp="));
    let header = request.headers().get("x-acs-date").map(|date| date.to_str().unwrap());
    parameter.or(header).unwrap().replace("%3A", ":")
}

#[test]
fn a_response_that_cannot_be_decoded_is_not_an_error_of_the_service() {
    let script = Script::new([Act::Respond(200, "<Show><Names><A/></Names>"), Act::Respond(200, "<Show>")]);
    let client = builder(&script).build().unwrap().0;
    let error = DRIVERS[1].make(client.call(Show).no_retries()).unwrap_err();
    assert!(matches!(error, Error::Response(_)));
    assert_eq!(
        error.to_string(),
        "Show: the response could not be decoded: XML ends within <Show> (status 200, 1 attempt)"
    );
}

#[track_caller]
fn sent(script: &Script, method: &Method, format: &str) {
    let seen = script.seen.lock().unwrap();
    let request = seen.last().unwrap();
    let query = request.uri().query().unwrap();
    assert!(query.split('&').any(|pair| pair.strip_prefix("Format=") == Some(format)), "{query}");
    assert_eq!(request.method(), method);
}

#[test]
fn format_and_method_are_chosen_by_client_or_call() {
    let script = Script::new(vec![OK; 5]);
    let client = builder(&script).build().unwrap().0;
    let make = |call| drop(DRIVERS[1].make(call).unwrap());
    make(client.call(Show));
    sent(&script, &Method::POST, "JSON");
    make(client.call(Show).response_format(Format::Xml).prefer_get(true));
    sent(&script, &Method::GET, "XML");

    let client = builder(&script).response_format(Format::Xml).prefer_get(true).build().unwrap().0;
    make(client.call(Show));
    sent(&script, &Method::GET, "XML");
    make(client.call(Show).response_format(Format::Json));
    sent(&script, &Method::GET, "JSON");
    drop(DRIVERS[1].make(client.call(Close)).unwrap());
    sent(&script, &Method::POST, "XML");
}

#[test]
fn no_region_is_needed_if_signatures_have_no_region() {
    let script = Script::new([OK]);
    let client = ClientBuilder::<BoothClient>::new()
        .context(script.clock.clone())
        .endpoint_url("https://booth.example.com")
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret-of-the-booth")))
        .transport(script.clone())
        .blocking_transport(script.clone())
        .build()
        .unwrap()
        .0;
    assert_eq!(client.region(), "");
}
