//! A service of two operations, and a transport that plays a script.

use std::{
    collections::VecDeque,
    io,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use gatewright_runtime::{
    BoxFuture, Category, Client, ClientBuilder, Operation, OperationError, Paginated, Service, ServiceClient,
    ServiceInfo, WireError,
    codec::{decode, encode},
    context::{Context, SystemContext},
    credentials::Credentials,
    endpoint::{Condition, EndpointRules, Outcome, Partition, Rule},
    protocol::AwsJson,
    transport::{Reached, Request, Response, Transport, TransportError, TransportErrorKind},
    validate::{Bounds, Check, Text, Validate},
    wire_name,
};
use serde_core::{Deserialize, Deserializer, Serialize, Serializer, de::MapAccess};

#[derive(Debug)]
pub(crate) struct Stage;

static RULES: EndpointRules = EndpointRules::new(
    &[
        Rule { when: &[Condition::EndpointSet], then: Outcome::Custom },
        Rule { when: &[Condition::RegionSet], then: Outcome::Url("https://stage.{Region}.{dnsSuffix}") },
        Rule { when: &[], then: Outcome::Error("Invalid Configuration: Missing Region") },
    ],
    &[Partition {
        id: "aws",
        region_prefixes: &["us"],
        dns_suffix: "amazonaws.com",
        dual_stack_dns_suffix: "api.aws",
        supports_fips: true,
        supports_dual_stack: true,
        regions: &["us-east-1"],
    }],
);

impl Service for Stage {
    const INFO: &'static ServiceInfo = &ServiceInfo::new(
        "Stage",
        "2026-01-01",
        "Stage",
        "stage",
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
    );
    type Protocol = AwsJson;
    const PROTOCOL: AwsJson = AwsJson::new("application/x-amz-json-1.1", "Stage_20260101");
    type Exception = Name;
    type ErrorCode = Name;
}

/// Serves as exception and as error code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    NoProp,
    Unknown(String),
}

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::NoProp => "NoProp",
            Self::Unknown(name) => name,
        }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        if name == "NoProp" { Self::NoProp } else { Self::Unknown(name.to_owned()) }
    }
}

wire_name!(Name);

impl OperationError for Name {
    type Service = Stage;

    fn from_code(code: &Name) -> Self {
        code.clone()
    }
}

/// Changes something, so that it is not repeated at will.
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

macro_rules! structure {
    ($type:ident, $($wire:literal => $field:ident),*) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                encode::structure(serializer)?$(.optional($wire, &self.$field)?)*.end()
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::structure(deserializer)
            }
        }

        impl decode::Structure for $type {
            const NAME: &'static str = stringify!($type);

            fn blank() -> Self {
                Self::default()
            }

            fn member<'de, M: MapAccess<'de>>(
                &mut self,
                name: &str,
                member: decode::Member<'_, M>,
            ) -> Result<(), M::Error> {
                match name {
                    $($wire => member.read(&mut self.$field),)*
                    _ => member.skip(),
                }
            }
        }
    };
}

structure!(Move, "Prop" => prop, "Token" => token);
structure!(List, "Marker" => marker);
structure!(Props, "Names" => names, "Marker" => marker);

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
    const NAME: &'static str = "Move";
    type Service = Stage;
    type Output = Props;
    type Error = Name;
    const REPEATABLE: bool = false;

    fn fill_client_token(&mut self, token: &dyn Fn() -> String) {
        self.token.get_or_insert_with(token);
    }
}

impl Operation for List {
    const NAME: &'static str = "List";
    type Service = Stage;
    type Output = Props;
    type Error = Name;
    const REPEATABLE: bool = true;
}

impl Paginated for List {
    type Item = String;

    fn next_token(output: &Props) -> Option<&str> {
        output.marker.as_deref()
    }

    fn set_token(&mut self, token: String) {
        self.marker = Some(token);
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
#[derive(Debug)]
pub(crate) enum Act {
    /// Answers with a status and body.
    Answer(u16, &'static str),
    /// Fails.
    Fail(TransportErrorKind, Reached),
    /// Never answers.
    Hang,
}

/// Plays a script, and keeps what it was asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    acts: Arc<Mutex<VecDeque<Act>>>,
    pub(crate) seen: Arc<Mutex<Vec<Request>>>,
}

impl Transport for Script {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.seen.lock().unwrap().push(request);
        let act = self.acts.lock().unwrap().pop_front().expect("the script has an act for every attempt");
        Box::pin(async move {
            match act {
                Act::Answer(status, body) => Ok(http::Response::builder()
                    .status(status)
                    .header("x-amzn-requestid", "id-1")
                    .body(Bytes::from_static(body.as_bytes()))
                    .unwrap()),
                Act::Fail(kind, reached) => Err(TransportError::new(kind, "stage:443", reached)),
                Act::Hang => std::future::pending().await,
            }
        })
    }
}

/// The machine's clock and randomness, and nothing of its environment.
#[derive(Debug)]
pub(crate) struct Bare;

impl Context for Bare {
    fn now(&self) -> SystemTime {
        SystemContext.now()
    }

    fn random(&self, bytes: &mut [u8]) {
        SystemContext.random(bytes);
    }

    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn read_file(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// A client whose transport plays `acts`.
pub(crate) fn client(acts: impl IntoIterator<Item = Act>) -> (Client, Script) {
    let script = Script { acts: Arc::new(Mutex::new(acts.into_iter().collect())), ..Script::default() };
    let client = ClientBuilder::<StageClient>::new()
        .context(Bare)
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret-of-the-stage"))
        .transport(script.clone())
        .attempt_timeout(Duration::from_secs(10))
        .operation_timeout(Duration::from_secs(25))
        .build()
        .unwrap();
    (client.0, script)
}
