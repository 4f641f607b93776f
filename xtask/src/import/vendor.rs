//! A vendor's model, independent of the vendors' formats.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{Expected, Location, Quantity, XmlNamespace};
use serde_json::{Number, Value, json};

/// Vendors' name of signatures by Signature Version 4.
pub(crate) const SIGV4: &str = "aws.auth#sigv4";

/// Vendors' name of requests without authentication.
pub(crate) const NO_AUTH: &str = "smithy.api#noAuth";

/// A vendor's model of a service.
#[derive(Debug, Default)]
pub(crate) struct Vendor {
    pub(crate) title: String,
    /// API version.
    pub(crate) version: String,
    pub(crate) settings_id: String,
    pub(crate) signing_name: String,
    /// First label of its hosts, for a plain endpoint rule.
    pub(crate) endpoint_prefix: String,
    /// Signatures cover paths as they are sent, and the hash of the body is sent.
    pub(crate) signs_as_sent: bool,
    pub(crate) protocol: Protocol,
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) shapes: BTreeMap<String, Shape>,
    pub(crate) waiters: BTreeMap<String, Waiter>,
    /// The rule set of its endpoints.
    pub(crate) endpoint_rules: Option<Value>,
    /// What sets parameters of the rule set.
    pub(crate) endpoint_parameters: EndpointParameters,
    pub(crate) losses: Losses,
    /// What it says and no client needs.
    pub(crate) unneeded: Losses,
}

/// Operations, and shapes with members, that set an endpoint parameter, by its name.
pub(crate) type EndpointParameters = BTreeMap<String, BTreeSet<Subject>>;

#[derive(Debug, Default)]
pub(crate) enum Protocol {
    #[default]
    Unknown,
    AwsJson {
        version: String,
        target_prefix: String,
        query_compatible: bool,
    },
    AwsQuery {
        xml_namespace: String,
    },
    AwsEc2 {
        xml_namespace: String,
        /// Names of members in requests, by their names on the wire, if they are not the latter with a capital.
        request_names: BTreeMap<String, String>,
    },
    AwsRestJson,
    AwsRestXml {
        /// The root of error responses is `Error`.
        bare_errors: bool,
    },
}

impl Protocol {
    /// Whether requests are forms, and responses XML.
    pub(crate) fn is_query(&self) -> bool {
        matches!(self, Self::AwsQuery { .. } | Self::AwsEc2 { .. })
    }

    /// Whether operations have methods and URIs, and members are outside of the body.
    pub(crate) fn is_rest(&self) -> bool {
        matches!(self, Self::AwsRestJson | Self::AwsRestXml { .. })
    }

    /// Whether lists, maps and members have names in XML, or in forms after the same rules.
    pub(crate) fn has_xml_names(&self) -> bool {
        self.is_query() || matches!(self, Self::AwsRestXml { .. })
    }
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub(crate) struct Operation {
    pub(crate) input: Option<String>,
    pub(crate) output: Option<String>,
    /// Shapes of its errors.
    pub(crate) errors: Vec<String>,
    pub(crate) read_only: bool,
    pub(crate) idempotent: bool,
    pub(crate) unsigned: bool,
    pub(crate) compressed: bool,
    /// Requests must have a checksum of their body.
    pub(crate) has_checksum: bool,
    pub(crate) deprecated: bool,
    /// Method and URI, for REST protocols; names of members stand in braces.
    pub(crate) http: Option<Http>,
    /// What comes before the host's name; names of members stand in braces.
    pub(crate) host_prefix: Option<String>,
    /// Element around the result, if its name is not the protocol's.
    pub(crate) result_wrapper: Option<String>,
    /// Root element of requests, if their body is XML.
    pub(crate) xml_root: Option<XmlRoot>,
    pub(crate) pagination: Option<Pagination>,
}

/// The text with a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect()
}

/// The root element of requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct XmlRoot {
    pub(crate) name: String,
    /// The shape that it represents.
    pub(crate) shape: String,
    pub(crate) namespace: Option<XmlNamespace>,
}

/// Method, URI and status of an operation.
#[derive(Debug)]
pub(crate) struct Http {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) status: Option<u64>,
}

/// Paths of the members that page responses, as the vendor writes them.
#[derive(Debug)]
pub(crate) struct Pagination {
    /// Members of requests, and paths of responses to their values.
    pub(crate) tokens: Vec<(String, String)>,
    pub(crate) more_results: Option<String>,
    pub(crate) page_size: Option<String>,
    /// Paths of responses.
    pub(crate) items: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Waiter {
    pub(crate) operation: String,
    /// Seconds.
    pub(crate) min_delay: Option<u64>,
    pub(crate) max_delay: Option<u64>,
    pub(crate) max_wait: Option<u64>,
    pub(crate) deprecated: bool,
    pub(crate) acceptors: Vec<Acceptor>,
}

#[derive(Debug)]
pub(crate) struct Acceptor {
    pub(crate) state: String,
    pub(crate) condition: Condition,
}

#[derive(Debug)]
pub(crate) enum Condition {
    Output {
        path: String,
        quantity: Quantity,
        expected: Expected,
    },
    /// Name of the exception's shape, or on the wire.
    Error(String),
    Succeeds(bool),
    Status(u64),
    /// Facts that our format does not have.
    Unknown(String),
}

#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) kind: Kind,
    pub(crate) sensitive: bool,
    pub(crate) deprecated: bool,
    /// Facts of an error, if it is one.
    pub(crate) error: Option<Error>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Boolean,
    Number {
        ty: &'static str,
        min: Option<Number>,
        max: Option<Number>,
    },
    String {
        length: Bounds,
        pattern: Option<String>,
    },
    Enum(Vec<String>),
    IntEnum(Vec<(String, Number)>),
    Blob {
        length: Bounds,
        /// Its bytes are sent and received as they come.
        streaming: bool,
    },
    Timestamp {
        format: Option<&'static str>,
    },
    Document,
    List {
        member: String,
        item: Option<String>,
        item_namespace: Option<XmlNamespace>,
        length: Bounds,
        sparse: bool,
        flattened: bool,
    },
    Map {
        key: String,
        value: String,
        names: [Option<String>; 2],
        /// Namespaces of key and value.
        namespaces: [Option<XmlNamespace>; 2],
        length: Bounds,
        sparse: bool,
        flattened: bool,
    },
    Structure(Vec<Member>),
    Union(Vec<Member>),
    EventStream,
}

/// Bounds of a length.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bounds {
    pub(crate) min: Option<Number>,
    pub(crate) max: Option<Number>,
}

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Name on the wire, if it differs.
    pub(crate) wire: Option<String>,
    pub(crate) shape: String,
    pub(crate) required: bool,
    pub(crate) client_token: bool,
    pub(crate) deprecated: bool,
    pub(crate) flattened: bool,
    /// Its bytes are sent and received as they come.
    pub(crate) streaming: bool,
    pub(crate) default: Option<Value>,
    pub(crate) timestamp_format: Option<&'static str>,
    /// JSON as text, in base64.
    pub(crate) json_header: bool,
    /// Where it is, if not in the body.
    pub(crate) location: Option<Location>,
    pub(crate) xml_attribute: bool,
    pub(crate) xml_namespace: Option<XmlNamespace>,
}

/// The format of times outside of the body that have none of their own.
/// <https://smithy.io/2.0/spec/http-bindings.html>
pub(crate) fn usual_time_format(location: &Location) -> Option<&'static str> {
    match location {
        Location::Header(_) => Some("http-date"),
        Location::Label | Location::Query(_) => Some("date-time"),
        _ => None,
    }
}

/// A location as models have it.
pub(crate) fn location_entry(location: &Location) -> Value {
    match location {
        Location::Label => json!("label"),
        Location::Query(name) => json!({ "query": name }),
        Location::QueryMap => json!("query-map"),
        Location::Header(name) => json!({ "header": name }),
        Location::PrefixHeaders(prefix) => json!({ "prefix-headers": prefix }),
        Location::Payload => json!("payload"),
        Location::PayloadOfType(media_type) => json!({ "payload-of-type": media_type }),
        Location::StatusCode => json!("status-code"),
    }
}

#[derive(Debug)]
pub(crate) struct Error {
    /// Name on the wire, if it is not the shape's.
    pub(crate) code: Option<String>,
    /// HTTP status, if the vendor says one.
    pub(crate) status: Option<u16>,
    /// A retry may help, and how.
    pub(crate) retry: Option<Retry>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    Transient,
    Throttling,
}

impl Shape {
    pub(crate) fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Structure(members) | Kind::Union(members) => members,
            _ => &[],
        }
    }

    /// Names of the shapes that the shape refers to.
    pub(crate) fn references(&self) -> Vec<&str> {
        match &self.kind {
            Kind::List { member, .. } => vec![member],
            Kind::Map { key, value, .. } => vec![key, value],
            _ => self.members().iter().map(|member| member.shape.as_str()).collect(),
        }
    }
}

impl Vendor {
    /// Removes all other operations, and what is only theirs.
    pub(crate) fn select(&mut self, operations: &BTreeSet<String>) {
        self.operations.retain(|name, _| operations.contains(name));
        self.waiters.retain(|_, waiter| operations.contains(&waiter.operation));
        let reached = self.reached(self.ends());
        let reached: BTreeSet<_> = reached.into_iter().map(str::to_owned).collect();
        self.shapes.retain(|name, _| reached.contains(name));
        if let Protocol::AwsEc2 { request_names, .. } = &mut self.protocol {
            let members = self.shapes.values().flat_map(Shape::members);
            let wires: BTreeSet<_> =
                members.map(|member| member.wire.as_deref().unwrap_or(&member.name)).collect();
            request_names.retain(|wire, _| wires.contains(wire.as_str()));
        }
        let is_kept = |subject: &Subject| match subject {
            Subject::Service => true,
            Subject::Operation(name) => operations.contains(name),
            Subject::Shape(name) => reached.contains(name),
        };
        for subjects in [&mut self.losses.0, &mut self.unneeded.0, &mut self.endpoint_parameters] {
            subjects.retain(|_, subjects| {
                subjects.retain(is_kept);
                !subjects.is_empty()
            });
        }
    }

    /// The shapes that operations refer to.
    pub(crate) fn ends(&self) -> impl Iterator<Item = &str> {
        let ends = self.operations.values().flat_map(|operation| {
            [&operation.input, &operation.output].into_iter().flatten().chain(&operation.errors)
        });
        ends.map(String::as_str)
    }

    /// The shapes and all that they refer to.
    pub(crate) fn reached<'a>(&'a self, from: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<_> = from.into_iter().collect();
        while let Some(name) = ahead.pop() {
            if let Some(shape) = self.shapes.get(name)
                && reached.insert(name)
            {
                ahead.extend(shape.references());
            }
        }
        reached
    }
}

/// What the vendor's model says and ours does not have, by kind.
#[derive(Debug, Default)]
pub(crate) struct Losses(pub(crate) BTreeMap<String, BTreeSet<Subject>>);

/// What a loss concerns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Service,
    Operation(String),
    Shape(String),
}

impl Losses {
    pub(crate) fn add(&mut self, kind: impl Into<String>, subject: Subject) {
        self.0.entry(kind.into()).or_default().insert(subject);
    }

    pub(crate) fn service(&mut self, kind: impl Into<String>) {
        self.add(kind, Subject::Service);
    }

    /// Authentication that the vendor names, and that is not ours.
    pub(crate) fn authentication<'a>(&mut self, names: impl Iterator<Item = &'a str>, subject: &Subject) {
        for name in names.filter(|name| ![SIGV4, NO_AUTH].contains(name)) {
            self.add(format!("authentication {name}"), subject.clone());
        }
    }

    pub(crate) fn operation(&mut self, kind: impl Into<String>, name: &str) {
        self.add(kind, Subject::Operation(name.to_owned()));
    }

    /// Whether requests of an operation must have a checksum, by the traits that both formats have. Reports what else they say.
    pub(crate) fn checksum(&mut self, facts: &Value, is_required: bool, is_rest: bool, name: &str) -> bool {
        let is_required = is_required || facts["requestChecksumRequired"] == true;
        if is_required && !is_rest {
            self.operation("checksum of requests", name);
        }
        if facts["requestAlgorithmMember"].is_string() {
            let kind = if is_required {
                "checksums of requests by other algorithms than CRC-32: callers set the header"
            } else {
                "checksums of requests that need none: callers who name the algorithm set the header, too"
            };
            self.operation(kind, name);
        }
        if facts["requestValidationModeMember"].is_string() {
            self.operation("checksums of responses: not verified", name);
        }
        is_required && is_rest
    }

    pub(crate) fn shape(&mut self, kind: impl Into<String>, name: &str) {
        self.add(kind, Subject::Shape(name.to_owned()));
    }
}
