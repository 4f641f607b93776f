//! Calls of a protocol that binds members to path, query, headers, payload and status. It is made of the public trait alone:
//! a protocol needs no more than the operation's table and the whole response.

use std::borrow::Cow;

use gatewright_runtime::{
    Category, Client, ClientBuilder, Operation, OperationError, OperationInfo, Service, ServiceClient,
    ServiceInfo, WireError,
    codec::form::Plain,
    credentials::Credentials,
    endpoint::{Condition, EndpointRules, Outcome, Rule},
    protocol::{Binding, Choices, DecodeError, EncodeError, Fault, Location, Protocol},
    sign::Auth,
    transport::{Request, Response},
    validate::{Check, Validate},
};
use http::{HeaderValue, Method, Uri};
use serde_core::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    drivers::DRIVERS,
    stage::{Act, Name, Script},
};

#[derive(Debug)]
struct Bound;

impl Protocol for Bound {
    fn request<T: Serialize>(
        &self,
        endpoint: &Uri,
        operation: &OperationInfo,
        input: &T,
        _: Choices,
    ) -> Result<Request, EncodeError> {
        let mut members = serde_json::to_value(input).unwrap().as_object().unwrap().clone();
        let mut request = Request::default();
        *request.method_mut() = operation.method.clone();
        let (mut uri, mut payload) = (operation.uri.to_owned(), None);
        for Binding { member, location } in operation.request_bindings {
            let Some(Value::String(value)) = members.remove(*member) else { continue };
            match location {
                Location::Label => uri = uri.replace(&format!("{{{member}}}"), &value),
                Location::Query(name) => uri.extend(["&", name, "=", &value]),
                Location::Header(name) => {
                    request.headers_mut().insert(*name, HeaderValue::try_from(value).unwrap());
                }
                Location::Payload => payload = Some(value),
                other => return Err(EncodeError::new(format!("{other:?} is of responses"))),
            }
        }
        *request.uri_mut() =
            format!("{}{}", endpoint.to_string().trim_end_matches('/'), uri).parse().unwrap();
        *request.body_mut() = payload.unwrap_or_else(|| Value::from(members).to_string()).into();
        Ok(request)
    }

    fn response<T: DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        response: &Response,
    ) -> Result<T, DecodeError> {
        let is_payload = |binding: &Binding| binding.location == Location::Payload;
        let mut members = if operation.response_bindings.iter().any(is_payload) {
            Map::new()
        } else {
            serde_json::from_slice(response.body()).unwrap()
        };
        let text = |bytes: &[u8]| Value::from(str::from_utf8(bytes).unwrap());
        for Binding { member, location } in operation.response_bindings {
            let value = match location {
                Location::Header(name) => response.headers().get(*name).map(|value| text(value.as_bytes())),
                Location::Payload => Some(text(response.body())),
                Location::StatusCode => Some(response.status().as_str().into()),
                other => return Err(DecodeError::Unreadable(format!("{other:?} is of requests"))),
            };
            members.extend(value.map(|value| ((*member).to_owned(), value)));
        }
        serde_json::from_value(members.into()).map_err(|error| DecodeError::Unreadable(error.to_string()))
    }

    fn fault(response: &Response) -> Fault {
        let mut fault = Fault::default();
        let name = response.headers().get("x-error").map(|value| value.to_str().unwrap());
        fault.exception = name.map(ToOwned::to_owned);
        fault
    }

    fn request_id(_: &Response) -> Option<Cow<'_, str>> {
        None
    }
}

#[derive(Debug)]
struct Depot;

static RULES: EndpointRules =
    EndpointRules::new(&[Rule { when: &[Condition::EndpointSet], then: Outcome::Custom }], &[]);

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
    type Protocol = Bound;
    const PROTOCOL: Bound = Bound;
    type Exception = Name;
    type ErrorCode = Name;
}

#[derive(Clone, Debug, PartialEq)]
struct Code;

impl OperationError for Code {
    type Service = Depot;

    fn from_code(_: &Name) -> Self {
        Self
    }
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

const SHELF: Binding = Binding { member: "Shelf", location: Location::Label };

impl Operation for Store {
    const INFO: &'static OperationInfo =
        &OperationInfo::http("Store", Method::PUT, "/shelves/{Shelf}?store").repeatable().with_bindings(
            &[
                SHELF,
                Binding { member: "Mode", location: Location::Query("mode") },
                Binding { member: "Owner", location: Location::Header("x-owner") },
                Binding { member: "Content", location: Location::Payload },
            ],
            &[
                Binding { member: "Status", location: Location::StatusCode },
                Binding { member: "Tag", location: Location::Header("etag") },
                Binding { member: "Receipt", location: Location::Payload },
            ],
        );
    type Service = Depot;
    type Output = Stored;
    type Error = Code;
}

impl Operation for Label {
    const INFO: &'static OperationInfo =
        &OperationInfo::http("Label", Method::PATCH, "/shelves/{Shelf}").with_bindings(&[SHELF], &[]);
    type Service = Depot;
    type Output = Label;
    type Error = Code;
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
        .credentials(Credentials::new("AKIDEXAMPLE", "secret-of-the-depot"))
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
        let signed = seen[0].headers()["authorization"].to_str().unwrap();
        assert_eq!((seen[0].headers()["x-owner"].as_ref(), signed.contains(";x-owner,")), (&b"me"[..], true));
    }
}

#[test]
fn the_table_decides_about_repeating() {
    for driver in DRIVERS {
        let script = Script::new([Act::RespondWith(409, &[("x-error", "Full")], "")]);
        let error = driver.make(client(&script).call(Label::default())).unwrap_err();
        assert_eq!(error.to_string(), "Label: Full (status 409, 1 attempt)");
        let script = Script::new([Act::Respond(503, ""), Act::Respond(200, "")]);
        assert!(driver.make(client(&script).call(Store::default())).is_ok());
        let script = Script::new([Act::Respond(500, "")]);
        assert!(driver.make(client(&script).call(Label::default())).is_err());
    }
}
