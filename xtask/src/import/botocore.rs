//! Reader of botocore's models: a folder with `service-2.json` and its companions, or that file alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use gatewright_model::{Expected, Location, Quantity, XmlNamespace};
use serde_json::{Map, Value};

use super::{
    endpoints, read,
    vendor::{
        Acceptor, Bounds, Condition, EndpointParameters, Error, Http, Kind, Losses, Member, Operation,
        Pagination, Protocol, Retry, Shape, Subject, Vendor, Waiter, XmlRoot, capital,
    },
};
use crate::failure::Failure;

const SERVICE: &str = "service-2";
const PAGINATORS: &str = "paginators-1";
const RULES: &str = "endpoint-rule-set-1";
const WAITERS: &str = "waiters-2";
/// What botocore itself adds to vendors' models: members that it replaces by others, settings of its own.
const EXTRAS: &str = ".sdk-extras.json";

/// The folder of the newest API version in `from`, or `from` itself: botocore keeps one folder per version.
fn folder(from: &Path) -> Result<PathBuf, Failure> {
    if from.is_file() {
        return Ok(from.parent().unwrap_or_else(|| Path::new(".")).to_owned());
    }
    if find(from, SERVICE).is_some() {
        return Ok(from.to_owned());
    }
    let entries = fs::read_dir(from).map_err(Failure::io("read", from))?;
    let folders = entries.filter_map(Result::ok).map(|entry| entry.path());
    let newest = folders.filter(|path| find(path, SERVICE).is_some()).max();
    newest.ok_or_else(|| {
        Failure::Failed(format!(
            "{} has no {SERVICE}.json, nor has a folder in it; give the folder of the service's model",
            from.display()
        ))
    })
}

/// A file of the folder, compressed or not.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    [".json", ".json.gz"]
        .map(|end| folder.join(format!("{name}{end}")))
        .into_iter()
        .find(|path| path.is_file())
}

/// Whether the path looks like a model of botocore.
pub(super) fn is_one(from: &Path) -> bool {
    let is_named =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(SERVICE));
    if from.is_file() { is_named(from) } else { folder(from).is_ok() }
}

/// Reads the model at a path.
pub(super) fn vendor(from: &Path) -> Result<Vendor, Failure> {
    let folder = folder(from)?;
    let service = if from.is_file() { Some(from.to_owned()) } else { find(&folder, SERVICE) };
    let service = service.unwrap_or_else(|| folder.join(SERVICE));
    let companion = |name| find(&folder, name).map(|path| read(&path)).transpose();
    let [paginators, rules, waiters] = [companion(PAGINATORS)?, companion(RULES)?, companion(WAITERS)?];
    let mut vendor = parse(&read(&service)?, paginators.as_ref(), rules, waiters.as_ref())
        .map_err(|why| Failure::Failed(format!("{}: {why}", service.display())))?;
    for name in [SERVICE, PAGINATORS].map(|name| format!("{name}{EXTRAS}")) {
        if folder.join(&name).is_file() {
            vendor.unneeded.service(format!("botocore's own additions, {name}"));
        }
    }
    Ok(vendor)
}

/// Understands the texts of a model.
fn parse(
    model: &Value,
    paginators: Option<&Value>,
    rules: Option<Value>,
    waiters: Option<&Value>,
) -> Result<Vendor, String> {
    let metadata = &model["metadata"];
    let text = |key: &str| metadata[key].as_str().unwrap_or_default().to_owned();
    let wanted = |key: &str| match metadata[key].as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(format!("metadata has no {key:?}, so this is not a model of botocore")),
    };
    let mut reader = Reader {
        losses: Losses::default(),
        unneeded: Losses::default(),
        parameters: EndpointParameters::new(),
        query: false,
        rest: false,
        xml: false,
        maps: BTreeSet::new(),
        namespaces: BTreeMap::new(),
    };
    let mut protocol = reader.protocol(metadata)?;
    if let Protocol::AwsEc2 { request_names: names, .. } = &mut protocol {
        *names = request_names(&model["shapes"]);
    }
    let maps = pairs(&model["shapes"]).filter(|(_, shape)| shape["type"] == "map");
    reader.maps = maps.map(|(name, _)| name.clone()).collect();
    let named = pairs(&model["shapes"]).filter_map(|(name, shape)| Some((name.clone(), namespace(shape)?)));
    reader.namespaces = named.collect();
    (reader.query, reader.rest) = (protocol.is_query(), protocol.is_rest());
    reader.xml = protocol.has_xml_names();
    let endpoint_prefix = wanted("endpointPrefix")?;
    let mut vendor = Vendor {
        title: wanted("serviceFullName")?,
        version: wanted("apiVersion")?,
        settings_id: [text("serviceId"), endpoint_prefix.clone()]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default(),
        signing_name: match text("signingName") {
            name if name.is_empty() => endpoint_prefix.clone(),
            name => name,
        },
        endpoint_prefix,
        signs_as_sent: endpoints::sign_as_sent(rules.as_ref()),
        protocol,
        endpoint_rules: rules,
        ..Vendor::default()
    };
    for (parameter, _) in pairs(&model["clientContextParams"]) {
        reader.losses.service(format!("setting {parameter} of the client"));
    }
    let known =
        ["version", "metadata", "operations", "shapes", "documentation", "examples", "clientContextParams"];
    reader.check_keys(model, &known, "the model", &Subject::Service);
    for (name, shape) in pairs(&model["shapes"]) {
        let shape = reader.shape(name, shape)?;
        vendor.shapes.insert(name.clone(), shape);
    }
    for (name, operation) in pairs(&model["operations"]) {
        let mut operation = reader.operation(name, operation);
        let input =
            operation.input.as_deref().map_or(&Value::Null, |input| &model["shapes"][input]["members"]);
        if let Some(http) = &mut operation.http {
            name_labels(&mut http.uri, input);
        }
        if matches!(vendor.protocol, Protocol::AwsRestXml { .. }) {
            operation.xml_root = xml_root(&model["operations"][name], &model["shapes"]);
        }
        vendor.operations.insert(name.clone(), operation);
    }
    for (name, paginator) in paginators.iter().flat_map(|paginators| pairs(&paginators["pagination"])) {
        reader.paginator(name, paginator, &mut vendor);
    }
    for (name, waiter) in waiters.iter().flat_map(|waiters| pairs(&waiters["waiters"])) {
        let waiter = reader.waiter(name, waiter);
        vendor.waiters.insert(name.clone(), waiter);
    }
    let reached = vendor.reached(vendor.ends());
    for unreferenced in vendor.shapes.keys().filter(|name| !reached.contains(name.as_str())) {
        reader.unneeded.shape("shapes that no operation refers to", unreferenced);
    }
    (vendor.losses, vendor.unneeded) = (reader.losses, reader.unneeded);
    vendor.endpoint_parameters = reader.parameters;
    Ok(vendor)
}

fn acceptor(acceptor: &Value) -> Acceptor {
    let text = |key: &str| acceptor[key].as_str().unwrap_or_default().to_owned();
    let expected = &acceptor["expected"];
    let value = match expected {
        Value::String(text) => Some(Expected::Text(text.clone())),
        Value::Bool(value) => Some(Expected::Boolean(*value)),
        _ => None,
    };
    let unknown = || Condition::Unknown(format!("of {} with {expected}", acceptor["matcher"]));
    let output = |quantity| match value.clone() {
        Some(expected) => Condition::Output { path: text("argument"), quantity, expected },
        None => unknown(),
    };
    let condition = match (acceptor["matcher"].as_str(), expected) {
        (Some("path"), _) => output(Quantity::Is),
        (Some("pathAll"), _) => output(Quantity::All),
        (Some("pathAny"), _) => output(Quantity::Any),
        (Some("error"), Value::String(name)) => Condition::Error(name.clone()),
        (Some("error"), Value::Bool(fails)) => Condition::Succeeds(!fails),
        (Some("status"), status) => status.as_u64().map_or_else(unknown, Condition::Status),
        _ => unknown(),
    };
    Acceptor { state: text("state"), condition }
}

/// Names of members in requests of EC2 that are not their wire names with a capital.
pub(crate) fn request_names(shapes: &Value) -> BTreeMap<String, String> {
    let members = pairs(shapes).flat_map(|(_, shape)| pairs(&shape["members"]));
    let named = members.filter_map(|(name, member)| {
        let wire = location(member).unwrap_or_else(|| name.clone());
        let name = member["queryName"].as_str()?;
        (name != capital(&wire)).then(|| (wire, name.to_owned()))
    });
    named.collect()
}

struct Reader {
    losses: Losses,
    unneeded: Losses,
    parameters: EndpointParameters,
    query: bool,
    rest: bool,
    /// Names in XML have a meaning.
    xml: bool,
    /// Names of maps.
    maps: BTreeSet<String>,
    /// Namespaces of shapes, by their names.
    namespaces: BTreeMap<String, XmlNamespace>,
}

fn pairs(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Keys with a meaning that the import does not know.
fn unknown<'a>(value: &'a Value, known: &'a [&str]) -> impl Iterator<Item = &'a str> {
    pairs(value).map(|(key, _)| key.as_str()).filter(|key| !known.contains(key))
}

fn flag(value: &Value, key: &str) -> bool {
    value[key].as_bool().unwrap_or_default()
}

/// Parts of an operation, and the keys of each.
const PARTS: [(&str, &[&str]); 6] = [
    ("endpoint", &["hostPrefix"]),
    ("http", &["method", "requestUri", "responseCode"]),
    ("input", &["documentation", "locationName", "payload", "shape", "xmlNamespace"]),
    ("output", &["documentation", "resultWrapper", "shape"]),
    ("requestcompression", &["encodings"]),
    // The shape says the same.
    ("errors", &["documentation", "error", "exception", "fault", "shape"]),
];

impl Reader {
    /// Reports the keys of a value that mean something we do not know.
    fn check_keys(&mut self, value: &Value, known: &[&str], of: &str, subject: &Subject) {
        for key in unknown(value, known) {
            self.losses.add(format!("{key} of {of}"), subject.clone());
        }
    }

    fn protocol(&mut self, metadata: &Value) -> Result<Protocol, String> {
        const KNOWN: [&str; 18] = [
            "apiVersion",
            "auth",
            "endpointPrefix",
            // Where requests go is decided by the endpoint rules.
            "globalEndpoint",
            "jsonVersion",
            "protocol",
            "protocols",
            "ripServiceName",
            "serviceAbbreviation",
            "serviceFullName",
            "serviceId",
            "signatureVersion",
            "signingName",
            "targetPrefix",
            "uid",
            "xmlNamespace",
            "awsQueryCompatible",
            "protocolSettings",
        ];
        // The latter two differ only in endpoint rules.
        const SIGV4: [&str; 3] = ["v4", "s3", "s3v4"];
        self.check_keys(metadata, &KNOWN, "the metadata", &Subject::Service);
        let text = |key: &str| metadata[key].as_str();
        if let Some(version) = text("signatureVersion").filter(|version| !SIGV4.contains(version)) {
            self.losses.service(format!("signature version {version}: requests are signed by SigV4"));
        }
        let auth = metadata["auth"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for auth in auth.filter(|auth| *auth != "aws.auth#sigv4") {
            self.losses.service(format!("authentication {auth}"));
        }
        // HTTP/2 serves event streams, which are left out.
        let protocols = metadata["protocols"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let protocols: BTreeSet<_> = protocols.chain(text("protocol")).collect();
        if protocols.contains("json") {
            let version = text("jsonVersion").unwrap_or("1.0").to_owned();
            let Some(target_prefix) = text("targetPrefix") else {
                return Err("metadata has no \"targetPrefix\", which the protocol json needs".to_owned());
            };
            let query_compatible = metadata.get("awsQueryCompatible").is_some();
            let target_prefix = target_prefix.to_owned();
            return Ok(Protocol::AwsJson { version, target_prefix, query_compatible });
        }
        if protocols.contains("query") {
            let api_version = text("apiVersion").unwrap_or_default();
            let prefix = text("endpointPrefix").unwrap_or_default();
            // Responses are read without a look at the namespace.
            let namespace = text("xmlNamespace")
                .map_or_else(|| format!("http://{prefix}.amazonaws.com/doc/{api_version}/"), str::to_owned);
            return Ok(Protocol::AwsQuery { xml_namespace: namespace });
        }
        if protocols.contains("ec2") {
            let namespace = text("xmlNamespace").unwrap_or_default().to_owned();
            return Ok(Protocol::AwsEc2 { xml_namespace: namespace, request_names: BTreeMap::new() });
        }
        if protocols.contains("rest-json") {
            return Ok(Protocol::AwsRestJson);
        }
        if protocols.contains("rest-xml") {
            return Ok(Protocol::AwsRestXml { bare_errors: false });
        }
        let list: Vec<_> = protocols.into_iter().collect();
        Err(format!(
            "the service's protocol is {}; json, query, ec2, rest-json and rest-xml can be imported",
            list.join(", ")
        ))
    }

    fn operation(&mut self, name: &str, operation: &Value) -> Operation {
        const KNOWN: [&str; 20] = [
            "name",
            "endpoint",
            "http",
            "documentation",
            "documentationUrl",
            "input",
            "output",
            "errors",
            "idempotent",
            "readonly",
            "deprecated",
            "deprecatedMessage",
            "deprecatedSince",
            "authtype",
            "auth",
            "requestcompression",
            "httpChecksumRequired",
            "staticContextParams",
            "operationContextParams",
            // Services take signed bodies, too.
            "unsignedPayload",
        ];
        for key in unknown(operation, &KNOWN) {
            let kind = match key {
                "endpointdiscovery" | "endpointoperation" => "endpoint discovery".to_owned(),
                _ => format!("{key} of operations"),
            };
            self.losses.operation(kind, name);
        }
        for (part, known) in PARTS {
            let value = &operation[part];
            for value in value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice) {
                self.check_keys(
                    value,
                    known,
                    &format!("{part} of operations"),
                    &Subject::Operation(name.to_owned()),
                );
            }
        }
        for key in ["staticContextParams", "operationContextParams"] {
            for (parameter, _) in pairs(&operation[key]) {
                let subjects = self.parameters.entry(parameter.clone()).or_default();
                subjects.insert(Subject::Operation(name.to_owned()));
            }
        }
        if flag(operation, "httpChecksumRequired") {
            self.losses.operation("checksum of requests", name);
        }
        let http = &operation["http"];
        if http["method"].as_str().is_some_and(|method| method != "POST" && !self.rest) {
            self.losses.operation("HTTP method other than POST", name);
        }
        if http["requestUri"].as_str().is_some_and(|uri| uri != "/" && !self.rest) {
            self.losses.operation("path other than /", name);
        }
        let wrapper = operation["output"]["resultWrapper"].as_str().filter(|_| self.query);
        let authtype = operation["authtype"].as_str().unwrap_or_default();
        if !["", "none", "v4", "v4-unsigned-body"].contains(&authtype) {
            self.losses.operation(format!("authentication {authtype}"), name);
        }
        let auth: Vec<_> =
            operation["auth"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let compression = &operation["requestcompression"]["encodings"];
        let errors = operation["errors"].as_array().into_iter().flatten();
        Operation {
            input: operation["input"]["shape"].as_str().map(str::to_owned),
            output: operation["output"]["shape"].as_str().map(str::to_owned),
            errors: errors.filter_map(|error| error["shape"].as_str()).map(str::to_owned).collect(),
            read_only: flag(operation, "readonly"),
            idempotent: flag(operation, "idempotent"),
            unsigned: authtype == "none" || auth == ["smithy.api#noAuth"],
            compressed: compression.as_array().is_some_and(|list| list.iter().any(|one| one == "gzip")),
            deprecated: flag(operation, "deprecated"),
            http: self.rest.then(|| Http {
                method: http["method"].as_str().unwrap_or("POST").to_owned(),
                uri: http["requestUri"].as_str().unwrap_or("/").to_owned(),
                status: http["responseCode"].as_u64(),
            }),
            host_prefix: operation["endpoint"]["hostPrefix"].as_str().map(str::to_owned),
            result_wrapper: wrapper.filter(|wrapper| *wrapper != format!("{name}Result")).map(str::to_owned),
            xml_root: None,
            pagination: None,
        }
    }

    fn waiter(&mut self, name: &str, waiter: &Value) -> Waiter {
        let operation = waiter["operation"].as_str().unwrap_or(name).to_owned();
        let subject = Subject::Operation(operation.clone());
        let known = ["acceptors", "delay", "description", "maxAttempts", "operation"];
        self.check_keys(waiter, &known, "waiters", &subject);
        for acceptor in waiter["acceptors"].as_array().into_iter().flatten() {
            self.check_keys(
                acceptor,
                &["argument", "expected", "matcher", "state"],
                "conditions of waiters",
                &subject,
            );
        }
        let (delay, attempts) = (waiter["delay"].as_u64(), waiter["maxAttempts"].as_u64());
        let acceptors = waiter["acceptors"].as_array().into_iter().flatten();
        Waiter {
            operation,
            min_delay: delay,
            // Other tools wait the same time before each attempt; ours wait longer, for the same time in all.
            max_wait: delay.zip(attempts).map(|(delay, attempts)| delay.saturating_mul(attempts)),
            acceptors: acceptors.map(acceptor).collect(),
            ..Waiter::default()
        }
    }

    /// Reports what a shape has and we do not know.
    fn check_shape(&mut self, name: &str, shape: &Value) {
        const KNOWN: [&str; 28] = [
            "type",
            "documentation",
            "deprecated",
            "deprecatedMessage",
            "deprecatedSince",
            "sensitive",
            // Every member of a response is optional.
            "box",
            "min",
            "max",
            "pattern",
            "enum",
            "timestampFormat",
            "member",
            "key",
            "value",
            "flattened",
            "sparse",
            "members",
            "required",
            "union",
            "document",
            "eventstream",
            "event",
            "exception",
            "error",
            "fault",
            "retryable",
            "synthetic",
        ];
        // Nothing that queries or JSON depend on: older names, and the order of elements.
        const UNUSED: [&str; 4] = ["locationName", "wrapper", "xmlNamespace", "xmlOrder"];
        const REST: [&str; 2] = ["payload", "streaming"];
        let in_rest = |key: &&str| !self.rest || !REST.contains(key);
        for key in unknown(shape, &KNOWN).filter(|key| !UNUSED.contains(key)).filter(in_rest) {
            self.losses.shape(format!("{key} of shapes"), name);
        }
        let subject = Subject::Shape(name.to_owned());
        for part in ["member", "key", "value"] {
            let known = ["documentation", "jsonvalue", "locationName", "shape", "xmlNamespace"];
            self.check_keys(&shape[part], &known, "members of lists and maps", &subject);
        }
        // Status or `fault` says who is to blame.
        self.check_keys(&shape["error"], &["code", "httpStatusCode", "senderFault"], "errors", &subject);
        self.check_keys(&shape["retryable"], &["throttling"], "retryable errors", &subject);
    }

    fn shape(&mut self, name: &str, shape: &Value) -> Result<Shape, String> {
        self.check_shape(name, shape);
        let number = |key: &str| shape[key].as_number().cloned();
        let length = Bounds { min: number("min"), max: number("max") };
        let ty = shape["type"].as_str().unwrap_or_default();
        let kind = match ty {
            "boolean" => Kind::Boolean,
            "byte" => Kind::Number { ty: "byte", min: length.min, max: length.max },
            "short" => Kind::Number { ty: "short", min: length.min, max: length.max },
            "integer" => Kind::Number { ty: "integer", min: length.min, max: length.max },
            "long" => Kind::Number { ty: "long", min: length.min, max: length.max },
            "float" => Kind::Number { ty: "float", min: length.min, max: length.max },
            "double" => Kind::Number { ty: "double", min: length.min, max: length.max },
            "string" | "character" => match shape["enum"].as_array() {
                Some(values) if !values.is_empty() => {
                    Kind::Enum(values.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                }
                _ => Kind::String { length, pattern: shape["pattern"].as_str().map(str::to_owned) },
            },
            "blob" => Kind::Blob { length, streaming: flag(shape, "streaming") },
            "timestamp" => Kind::Timestamp { format: self.timestamp_format(name, shape) },
            "list" => Kind::List {
                member: reference(&shape["member"]),
                item: location(&shape["member"]).filter(|_| self.xml),
                item_namespace: self.namespace(&shape["member"]),
                length,
                sparse: flag(shape, "sparse"),
                flattened: flag(shape, "flattened") && self.xml,
            },
            "map" => Kind::Map {
                key: reference(&shape["key"]),
                value: reference(&shape["value"]),
                names: [&shape["key"], &shape["value"]].map(|one| location(one).filter(|_| self.xml)),
                namespaces: [&shape["key"], &shape["value"]].map(|one| self.namespace(one)),
                length,
                sparse: flag(shape, "sparse"),
                flattened: flag(shape, "flattened") && self.xml,
            },
            "structure" if flag(shape, "eventstream") => Kind::EventStream,
            "structure" if flag(shape, "document") => Kind::Document,
            "structure" => {
                let required = shape["required"].as_array().into_iter().flatten();
                let required: BTreeSet<_> = required.filter_map(Value::as_str).collect();
                let members = pairs(&shape["members"]);
                let payload = shape["payload"].as_str().filter(|_| self.rest);
                let members = members.map(|(member, value)| {
                    let required = required.contains(member.as_str());
                    let mut read = self.member(name, member, value, required);
                    if payload == Some(member) {
                        read.location = Some(Location::Payload);
                        // The root of the document declares it.
                        read.xml_namespace = None;
                    }
                    read
                });
                let members = members.collect();
                if flag(shape, "union") { Kind::Union(members) } else { Kind::Structure(members) }
            }
            ty => return Err(format!("shape {name} has the unknown type {ty:?}")),
        };
        let error = flag(shape, "exception").then(|| error(shape));
        Ok(Shape { kind, sensitive: flag(shape, "sensitive"), deprecated: flag(shape, "deprecated"), error })
    }

    fn timestamp_format(&mut self, name: &str, value: &Value) -> Option<&'static str> {
        match value["timestampFormat"].as_str()? {
            "iso8601" => Some("date-time"),
            "unixTimestamp" => Some("epoch-seconds"),
            "rfc822" => Some("http-date"),
            other => {
                self.losses.shape(format!("timestamp format {other}"), name);
                None
            }
        }
    }

    fn member(&mut self, shape: &str, name: &str, value: &Value, required: bool) -> Member {
        const KNOWN: [&str; 14] = [
            "shape",
            // Prefixes of hosts name the members that they hold.
            "hostLabel",
            "documentation",
            "box",
            "deprecated",
            "deprecatedMessage",
            "deprecatedSince",
            "idempotencyToken",
            "contextParam",
            "locationName",
            "flattened",
            "timestampFormat",
            // JSON as text: text.
            "jsonvalue",
            "eventpayload",
        ];
        const REST: [&str; 2] = ["location", "streaming"];
        const XML: [&str; 2] = ["xmlAttribute", "xmlNamespace"];
        let is_read = |key: &&str| {
            *key == "queryName" || (self.rest && REST.contains(key)) || (self.xml && XML.contains(key))
        };
        for key in unknown(value, &KNOWN).filter(|key| !is_read(key)) {
            self.losses.shape(format!("{key} of members"), shape);
        }
        let outside = self.location(name, value);
        if let Some(parameter) = value["contextParam"]["name"].as_str() {
            let subjects = self.parameters.entry(parameter.to_owned()).or_default();
            subjects.insert(Subject::Shape(shape.to_owned()));
        }
        Member {
            name: name.to_owned(),
            wire: location(value).filter(|wire| wire != name && outside.is_none()),
            shape: reference(value),
            required: required || matches!(outside, Some(Location::Label)),
            client_token: flag(value, "idempotencyToken"),
            deprecated: flag(value, "deprecated"),
            flattened: flag(value, "flattened") && self.xml,
            xml_attribute: flag(value, "xmlAttribute"),
            xml_namespace: self.namespace(value).filter(|_| outside.is_none()),
            default: None,
            timestamp_format: self.timestamp_format(shape, value),
            json_header: flag(value, "jsonvalue") && matches!(outside, Some(Location::Header(_))),
            location: outside,
        }
    }

    /// The namespace that an element declares, of a member or of its shape; forms have none.
    fn namespace(&self, value: &Value) -> Option<XmlNamespace> {
        let target = self.namespaces.get(&reference(value));
        namespace(value).or_else(|| target.cloned()).filter(|_| self.xml && !self.query)
    }

    /// The location of a member outside of the body.
    fn location(&self, name: &str, value: &Value) -> Option<Location> {
        let named = || location(value).unwrap_or_else(|| name.to_owned());
        Some(match value["location"].as_str().filter(|_| self.rest)? {
            "uri" => Location::Label,
            "querystring" if self.maps.contains(&reference(value)) => Location::QueryMap,
            "querystring" => Location::Query(named()),
            "header" => Location::Header(named()),
            "headers" => Location::PrefixHeaders(location(value).unwrap_or_default()),
            _ => Location::StatusCode,
        })
    }

    fn paginator(&mut self, name: &str, paginator: &Value, vendor: &mut Vendor) {
        let texts = |key: &str| -> Vec<String> {
            let value = &paginator[key];
            let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let Some(operation) = vendor.operations.get_mut(name) else {
            return self.unneeded.operation("pages of operations that the model does not have", name);
        };
        let known =
            // The last are members that are the same on every page.
            ["input_token", "output_token", "more_results", "limit_key", "result_key", "non_aggregate_keys"];
        self.check_keys(paginator, &known, "pages", &Subject::Operation(name.to_owned()));
        let first = |key| texts(key).into_iter().next();
        let (inputs, outputs) = (texts("input_token"), texts("output_token"));
        if inputs.len() != outputs.len() || inputs.is_empty() {
            return self
                .losses
                .operation("pages without a token in the response for each of the request", name);
        }
        operation.pagination = Some(Pagination {
            tokens: inputs.into_iter().zip(outputs).collect(),
            more_results: first("more_results"),
            page_size: first("limit_key"),
            items: texts("result_key"),
        });
    }
}

/// Labels by the names of their members; they have the names of the members' locations.
pub(crate) fn name_labels(uri: &mut String, members: &Value) {
    let labels = pairs(members).filter(|(_, member)| member["location"] == "uri");
    for (name, member) in labels {
        let label = location(member).unwrap_or_else(|| name.clone());
        for (label, name) in [
            (format!("{{{label}}}"), format!("{{{name}}}")),
            (format!("{{{label}+}}"), format!("{{{name}+}}")),
        ] {
            *uri = uri.replace(&label, &name);
        }
    }
}

/// The root element of an operation's requests, if their body is XML.
pub(crate) fn xml_root(operation: &Value, shapes: &Value) -> Option<XmlRoot> {
    let input = &operation["input"];
    let shape = &shapes[input["shape"].as_str()?];
    let is_outside =
        |member: &Value| member["location"].is_string() || shapes[reference(member)]["location"].is_string();
    let (member, target) = match shape["payload"].as_str().or_else(|| input["payload"].as_str()) {
        Some(payload) => {
            let member = &shape["members"][payload];
            (member, &shapes[member["shape"].as_str()?])
        }
        None if pairs(&shape["members"]).all(|(_, member)| is_outside(member)) => return None,
        None => (shape, input),
    };
    let own = [member, target].into_iter().map(reference).find(|name| !name.is_empty())?;
    if !["list", "map", "structure"].contains(&shapes[&own]["type"].as_str()?) {
        return None;
    }
    let name = location(member).or_else(|| location(target)).unwrap_or_else(|| own.clone());
    Some(XmlRoot { name, shape: own, namespace: namespace(member).or_else(|| namespace(target)) })
}

/// The namespace of a member or shape.
pub(crate) fn namespace(value: &Value) -> Option<XmlNamespace> {
    let namespace = &value["xmlNamespace"];
    let uri = namespace.as_str().or_else(|| namespace["uri"].as_str())?;
    Some(XmlNamespace { uri: uri.to_owned(), prefix: namespace["prefix"].as_str().map(str::to_owned) })
}

fn reference(value: &Value) -> String {
    value["shape"].as_str().unwrap_or_default().to_owned()
}

fn location(value: &Value) -> Option<String> {
    value["locationName"].as_str().map(str::to_owned)
}

fn error(shape: &Value) -> Error {
    let facts = &shape["error"];
    let given = facts["httpStatusCode"].as_u64().and_then(|status| status.try_into().ok());
    Error {
        code: facts["code"].as_str().map(str::to_owned),
        status: given.or_else(|| flag(shape, "fault").then_some(500)),
        retry: shape["retryable"].as_object().map(|retry: &Map<_, _>| {
            let throttling = retry.get("throttling").and_then(Value::as_bool) == Some(true);
            if throttling { Retry::Throttling } else { Retry::Transient }
        }),
    }
}
