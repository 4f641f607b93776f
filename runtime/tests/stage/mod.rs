//! A service of two operations, and a transport that plays a script, for either driver. Time is not real: waits take
//! none.

#[macro_use]
#[path = "../shape/mod.rs"]
mod shape;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use gatewright_fake::TestContext;
use gatewright_runtime::{
    BoxFuture, Category, Client, ClientBuilder, Operation, OperationInfo, PagesRead, Paginated, Secret,
    Service, ServiceClient, ServiceInfo, WireError,
    codec::form::Plain,
    context::Context as _,
    credentials::Credentials,
    endpoint::{Condition, EndpointRules, Outcome, Rule, partitions},
    protocol::AwsJson,
    sign::Auth,
    transport::{
        BlockingTransport, Reached, Request, Response, Transport, TransportError, TransportErrorKind,
    },
    validate::{Bounds, Check, Text, Validate},
};

#[derive(Debug)]
pub(crate) struct Stage;

static RULES: EndpointRules = EndpointRules::new(
    &[
        Rule { when: &[Condition::EndpointSet], then: Outcome::Custom },
        Rule { when: &[Condition::RegionSet], then: Outcome::Url("https://stage.{Region}.{dnsSuffix}") },
        Rule { when: &[], then: Outcome::Error("Invalid Configuration: Missing Region") },
    ],
    &partitions::AWS,
);

impl Service for Stage {
    const INFO: &'static ServiceInfo = &ServiceInfo::new(
        "Stage",
        "2026-01-01",
        "Stage",
        Auth::sigv4("stage"),
        &RULES,
        &[
            WireError::new("BadRequest", Category::Client, 400, "", &["The request is bad."], &["Mend it."]),
            WireError::new("Slow", Category::Throttling, 400, "", &[], &[]),
        ],
        &[WireError::new(
            "NoProp",
            Category::Client,
            0,
            "No such prop.",
            &["The prop is lost."],
            &["Find it."],
        )],
    )
    .with_error_families(&[WireError::new(
        "Rush",
        Category::Throttling,
        0,
        "",
        &["Props are moved too fast."],
        &["Move slower."],
    )]);
    type Protocol = AwsJson;
    const PROTOCOL: AwsJson = AwsJson::new("application/x-amz-json-1.1", "Stage_20260101");
    type Exception = Name;
    type ErrorCode = Name;
}

name!(Stage, NoProp);

/// Changes something; not retried if it may have been executed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Move {
    pub(crate) prop: Option<String>,
    pub(crate) token: Option<String>,
}

/// Reads, page by page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct List {
    pub(crate) marker: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Props {
    pub(crate) names: Option<Vec<String>>,
    pub(crate) marker: Option<String>,
}

structure!(Move, [], "Prop" => prop as Plain, "Token" => token as Plain);
structure!(List, [], "Marker" => marker as Plain);
structure!(Props, [], "Names" => names as Plain, "Marker" => marker as Plain);

static PROP: Text = Text { length: Bounds { min: Some(2), max: None }, pattern: None };

impl Validate for Move {
    fn validate(&self, check: &mut Check) {
        check.text("prop", self.prop.as_deref(), &PROP);
    }
}

impl Validate for List {
    fn validate(&self, _: &mut Check) {}
}

impl Operation for Move {
    const INFO: &'static OperationInfo = &OperationInfo::new("Move").compressed();
    type Service = Stage;
    type Output = Props;

    fn fill_client_token(&mut self, token: &dyn Fn() -> String) {
        self.token.get_or_insert_with(token);
    }
}

impl Operation for List {
    const INFO: &'static OperationInfo = &OperationInfo::new("List").repeatable();
    type Service = Stage;
    type Output = Props;
}

impl Paginated for List {
    type Item = String;

    fn next_page(&mut self, output: &Props, read: &mut PagesRead) -> bool {
        self.marker = PagesRead::token([output.marker.as_ref()]);
        read.follows((&self.marker,))
    }

    fn into_items(output: Props) -> Vec<String> {
        output.names.unwrap_or_default()
    }
}

pub(crate) struct StageClient(pub(crate) Client);

impl ServiceClient for StageClient {
    type Service = Stage;

    fn from_client(client: Client) -> Self {
        Self(client)
    }
}

/// What the transport does at one attempt.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Responds with a status and body.
    Respond(u16, &'static str),
    /// Responds with a status, headers and body.
    RespondWith(u16, &'static [(&'static str, &'static str)], &'static str),
    /// Fails.
    Fail(TransportErrorKind, Reached),
    /// Never responds.
    Hang,
}

/// Plays a script, and keeps the requests.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    acts: Arc<Mutex<VecDeque<Act>>>,
    pub(crate) seen: Arc<Mutex<Vec<Request>>>,
    pub(crate) clock: TestContext,
}

impl Script {
    pub(crate) fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        let acts = Arc::new(Mutex::new(acts.into_iter().collect()));
        Self { acts, seen: Arc::default(), clock: clock() }
    }

    pub(crate) fn attempts(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// `None` if no response comes.
    fn play(&self, request: Request) -> Option<Result<Response, TransportError>> {
        self.seen.lock().unwrap().push(request);
        let act = self.acts.lock().unwrap().pop_front().expect("the script has an act for every attempt");
        let (status, headers, body) = match act {
            Act::Respond(status, body) => (status, &[][..], body),
            Act::RespondWith(status, headers, body) => (status, headers, body),
            Act::Fail(kind, reached) => return Some(Err(TransportError::new(kind, "stage:443", reached))),
            Act::Hang => return None,
        };
        let mut response = http::Response::builder().status(status);
        if !headers.iter().any(|(name, _)| *name == "x-amzn-requestid") {
            response = response.header("x-amzn-requestid", "id-1");
        }
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Some(Ok(response.body(Bytes::from_static(body.as_bytes())).unwrap()))
    }
}

impl Transport for Script {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let response = self.play(request);
        Box::pin(async move {
            match response {
                Some(response) => response,
                None => std::future::pending().await,
            }
        })
    }
}

impl BlockingTransport for Script {
    fn send(&self, request: Request, timeout: Duration) -> Result<Response, TransportError> {
        self.play(request).unwrap_or_else(|| {
            self.clock.sleep(timeout);
            Err(TransportError::new(TransportErrorKind::AttemptTimeout, "stage:443", Reached::MaybeSent))
        })
    }
}

/// A machine with its clock at noon and the highest random numbers: waits are as long as they may be.
pub(crate) fn clock() -> TestContext {
    TestContext::new().at(noon()).random(|bytes| bytes.fill(0xff))
}

/// 2026-11-22, noon.
pub(crate) fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(498_708 * 60 * 60)
}

/// Sets up a client whose transports play `script`.
pub(crate) fn builder(script: &Script) -> ClientBuilder<StageClient> {
    ClientBuilder::new()
        .context(script.clock.clone())
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", Secret::new("secret-of-the-stage")))
        .transport(script.clone())
        .blocking_transport(script.clone())
        .attempt_timeout(Duration::from_secs(10))
        .operation_timeout(Duration::from_secs(25))
}

/// A client whose transports play `acts`.
pub(crate) fn client(acts: impl IntoIterator<Item = Act>) -> (Client, Script) {
    let script = Script::new(acts);
    (builder(&script).build().unwrap().0, script)
}
