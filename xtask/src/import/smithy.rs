//! Reader of the Smithy JSON AST, by its traits: a file, or the folder of a service with files for each API version.

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

/// Levels of folders below the given one: `service/<version>/<file>`.
const LEVELS: usize = 3;

/// The newest model at a path, and what it says.
fn find(from: &Path, levels: usize) -> Result<Option<(PathBuf, Value)>, Failure> {
    if from.is_file() {
        let model = read(from)?;
        return Ok(model["smithy"].is_string().then(|| (from.to_owned(), model)));
    }
    if levels == 0 {
        return Ok(None);
    }
    let entries = fs::read_dir(from).map_err(Failure::io("read", from))?;
    let mut paths: Vec<_> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.retain(|path| {
        path.is_dir() || [".json", ".json.gz"].iter().any(|end| path.to_string_lossy().ends_with(end))
    });
    paths.sort();
    for path in paths.iter().rev() {
        if let Some(found) = find(path, levels - 1)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Whether there is a model at the path.
pub(super) fn is_one(from: &Path) -> bool {
    find(from, LEVELS).is_ok_and(|found| found.is_some())
}

/// Reads the model at a path.
pub(super) fn vendor(from: &Path) -> Result<Vendor, Failure> {
    let Some((path, model)) = find(from, LEVELS)? else {
        return Err(Failure::Failed(format!("{} holds no model in the Smithy JSON AST", from.display())));
    };
    parse(model).map_err(|why| Failure::Failed(format!("{}: {why}", path.display())))
}

/// Understands a model.
fn parse(mut model: Value) -> Result<Vendor, String> {
    let Some(Value::Object(shapes)) = model.get_mut("shapes").map(Value::take) else {
        return Err("has no shapes, so this is not the Smithy JSON AST".to_owned());
    };
    let shapes = flattened(shapes);
    let services: Vec<_> = shapes.iter().filter(|(_, shape)| shape["type"] == "service").collect();
    let [(id, service)] = services[..] else {
        return Err(format!("has {} services, one is needed", services.len()));
    };
    let mut reader = Reader {
        shapes: &shapes,
        names: names(&shapes, service),
        losses: Losses::default(),
        parameters: EndpointParameters::new(),
        query: false,
        rest: false,
        xml: false,
    };
    let vendor = reader.service(id, service)?;
    let unneeded = reader.unneeded(&vendor);
    Ok(Vendor { losses: reader.losses, unneeded, endpoint_parameters: reader.parameters, ..vendor })
}

/// The shapes with what their mixins have, and the traits that are applied elsewhere.
fn flattened(shapes: Map<String, Value>) -> BTreeMap<String, Value> {
    let (applied, shapes): (Map<_, _>, Map<_, _>) =
        shapes.into_iter().partition(|(_, shape)| shape["type"] == "apply");
    let mut shapes: BTreeMap<String, Value> = shapes.into_iter().collect();
    let ids: Vec<_> = shapes.keys().cloned().collect();
    for id in ids {
        let with_mixins = mixed(&id, &shapes, 0);
        shapes.insert(id, with_mixins);
    }
    shapes.retain(|_, shape| !has(shape, "mixin"));
    for (id, apply) in applied {
        let (id, member) = id.split_once('$').map_or((id.as_str(), None), |(id, member)| (id, Some(member)));
        let target = shapes.get_mut(id).and_then(|shape| match member {
            None => Some(shape),
            Some(member @ ("member" | "key" | "value")) if shape.get(member).is_some() => {
                shape.get_mut(member)
            }
            Some(member) => shape.get_mut("members")?.get_mut(member),
        });
        if let Some(target) = target.and_then(Value::as_object_mut) {
            merge_objects(target, "traits", &apply);
        }
    }
    shapes
}

/// Deeper than mixins nest.
const MIXINS: usize = 16;

fn mixed(id: &str, shapes: &BTreeMap<String, Value>, depth: usize) -> Value {
    let own = shapes.get(id).cloned().unwrap_or_default();
    let mixins: Vec<_> =
        list(&own, "mixins").filter_map(|mixin| mixin["target"].as_str()).map(str::to_owned).collect();
    if mixins.is_empty() || depth == MIXINS {
        return own;
    }
    let mut whole = Map::new();
    for mixin in mixins {
        let mixin = mixed(&mixin, shapes, depth + 1);
        merge_objects(&mut whole, "members", &mixin);
        merge_objects(&mut whole, "traits", &mixin);
    }
    if let Some(Value::Object(traits)) = whole.get_mut("traits") {
        traits.remove("smithy.api#mixin");
    }
    merge_objects(&mut whole, "members", &own);
    merge_objects(&mut whole, "traits", &own);
    let mut own = own;
    if let Some(own) = own.as_object_mut() {
        own.extend(whole);
    }
    own
}

/// Adds the object at a key of `from` to the one at the same key of `to`.
fn merge_objects(to: &mut Map<String, Value>, key: &str, from: &Value) {
    if let Some(from) = from[key].as_object() {
        let entry = to.entry(key).or_insert_with(|| Value::Object(Map::new()));
        if let Some(entry) = entry.as_object_mut() {
            for (key, value) in from {
                // A member that a mixin has too keeps what the mixin says of it.
                match (entry.get_mut(key).and_then(Value::as_object_mut), value) {
                    (Some(known), Value::Object(_)) if key != "traits" && value.get("traits").is_some() => {
                        merge_objects(known, "traits", value);
                    }
                    _ => {
                        entry.insert(key.clone(), value.clone());
                    }
                }
            }
        }
    }
}

/// Names of shapes by their ids: without namespace, as far as that is clear, or as the service renames them.
fn names(shapes: &BTreeMap<String, Value>, service: &Value) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut taken = BTreeSet::new();
    // Shapes of the prelude go last, they are only named if they are referred to.
    let prelude = PRELUDE.iter().map(|(id, _)| (*id).to_owned());
    for id in shapes.keys().cloned().chain(prelude) {
        let (namespace, local) = id.split_once('#').unwrap_or(("", &id));
        let local = service["rename"][&id].as_str().unwrap_or(local);
        let mut name = local.to_owned();
        while !taken.insert(name.clone()) {
            name = format!("{}{name}", capital(namespace.rsplit('.').next().unwrap_or_default()));
        }
        names.insert(id, name);
    }
    names
}

/// Shapes that every model has.
const PRELUDE: &[(&str, &str)] = &[
    ("smithy.api#Blob", "blob"),
    ("smithy.api#Boolean", "boolean"),
    ("smithy.api#Byte", "byte"),
    ("smithy.api#Document", "document"),
    ("smithy.api#Double", "double"),
    ("smithy.api#Float", "float"),
    ("smithy.api#Integer", "integer"),
    ("smithy.api#Long", "long"),
    ("smithy.api#PrimitiveBoolean", "boolean"),
    ("smithy.api#PrimitiveByte", "byte"),
    ("smithy.api#PrimitiveDouble", "double"),
    ("smithy.api#PrimitiveFloat", "float"),
    ("smithy.api#PrimitiveInteger", "integer"),
    ("smithy.api#PrimitiveLong", "long"),
    ("smithy.api#PrimitiveShort", "short"),
    ("smithy.api#Short", "short"),
    ("smithy.api#String", "string"),
    ("smithy.api#Timestamp", "timestamp"),
];

const UNIT: &str = "smithy.api#Unit";

/// Traits that say nothing about requests and responses of the protocols that we import, by how they begin: documentation, HTTP
/// bindings of other protocols, resources, tests, and what other tools read.
const IGNORED: &[&str] = &[
    "aws.api#",
    "aws.cloudformation#",
    "aws.cloudtrail#",
    // Endpoint rules say the same.
    "aws.endpoints#",
    "aws.iam#",
    "aws.protocols#awsJson",
    "aws.protocols#awsQuery",
    "aws.protocols#ec2Query",
    "aws.protocols#restJson",
    "aws.protocols#restXml",
    // A root that is itself the only member is read in any case.
    "aws.customizations#s3UnwrappedXmlOutput",
    "aws.auth#unsignedPayload",
    "smithy.api#addedDefault",
    "smithy.api#clientOptional",
    "smithy.api#box",
    "smithy.api#cors",
    "smithy.api#documentation",
    "smithy.api#examples",
    "smithy.api#externalDocumentation",
    "smithy.api#http",
    "smithy.api#input",
    "smithy.api#internal",
    "smithy.api#jsonName",
    "smithy.api#mediaType",
    "smithy.api#nestedProperties",
    "smithy.api#noReplace",
    "smithy.api#notProperty",
    "smithy.api#output",
    "smithy.api#private",
    "smithy.api#property",
    "smithy.api#recommended",
    "smithy.api#references",
    "smithy.api#resourceIdentifier",
    "smithy.api#since",
    "smithy.api#suppress",
    "smithy.api#tags",
    "smithy.api#trait",
    "smithy.api#uniqueItems",
    "smithy.api#unstable",
    "smithy.api#xml",
    "smithy.protocols#rpcv2Cbor",
    "smithy.rules#contextParam",
    "smithy.rules#endpointTests",
    "smithy.rules#operationContextParams",
    "smithy.rules#staticContextParams",
    "smithy.test#",
];

/// Traits that begin like ignored ones and say something.
const HEARD: &[&str] = &["smithy.api#httpChecksumRequired"];

struct Reader<'a> {
    shapes: &'a BTreeMap<String, Value>,
    names: BTreeMap<String, String>,
    losses: Losses,
    parameters: EndpointParameters,
    query: bool,
    rest: bool,
    /// Names in XML have a meaning.
    xml: bool,
}

fn of<'a>(shape: &'a Value, name: &str) -> &'a Value {
    let full = if name.contains('#') { name.to_owned() } else { format!("smithy.api#{name}") };
    shape["traits"].get(full).unwrap_or(&Value::Null)
}

fn has(shape: &Value, name: &str) -> bool {
    !of(shape, name).is_null()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn acceptor(acceptor: &Value) -> Acceptor {
    let state = acceptor["state"].as_str().unwrap_or_default().to_owned();
    let matcher = &acceptor["matcher"];
    let condition = if let Some(output) = matcher.get("output") {
        let text = |key: &str| output[key].as_str().unwrap_or_default().to_owned();
        let (path, expected) = (text("path"), Expected::Text(text("expected")));
        match text("comparator").as_str() {
            "stringEquals" => Condition::Output { path, quantity: Quantity::Is, expected },
            "booleanEquals" => {
                let expected = Expected::Boolean(text("expected") == "true");
                Condition::Output { path, quantity: Quantity::Is, expected }
            }
            "allStringEquals" => Condition::Output { path, quantity: Quantity::All, expected },
            "anyStringEquals" => Condition::Output { path, quantity: Quantity::Any, expected },
            other => Condition::Unknown(format!("by the comparator {other}")),
        }
    } else if let Some(name) = matcher["errorType"].as_str() {
        Condition::Error(name.rsplit('#').next().unwrap_or(name).to_owned())
    } else if let Some(succeeds) = matcher["success"].as_bool() {
        Condition::Succeeds(succeeds)
    } else {
        let names: Vec<_> =
            matcher.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        Condition::Unknown(format!("of {}", names.join(", ")))
    };
    Acceptor { state, condition }
}

fn members(shape: &Value) -> impl Iterator<Item = (&String, &Value)> {
    shape["members"].as_object().into_iter().flatten()
}

/// Traits with a meaning that the import does not know.
fn unknown<'a>(shape: &'a Value, known: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let names = shape["traits"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    names.filter(|name| {
        let is_known =
            known.iter().any(|known| name.strip_prefix("smithy.api#") == Some(known) || name == known);
        let is_ignored = IGNORED.iter().any(|start| name.starts_with(start)) && !HEARD.contains(name);
        !is_known && !is_ignored
    })
}

impl Reader<'_> {
    fn name(&self, id: &str) -> String {
        self.names.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn service(&mut self, id: &str, service: &Value) -> Result<Vendor, String> {
        const KNOWN: [&str; 9] = [
            "aws.auth#sigv4",
            "aws.protocols#awsQueryCompatible",
            "smithy.rules#clientContextParams",
            "smithy.rules#endpointRuleSet",
            "smithy.rules#endpointBdd",
            "auth",
            "paginated",
            "title",
            "xmlNamespace",
        ];
        for name in unknown(service, &KNOWN) {
            self.losses.service(format!("trait {name}"));
        }
        let own = service["traits"]["smithy.rules#clientContextParams"].as_object();
        for parameter in own.into_iter().flatten().map(|(name, _)| name) {
            self.losses.service(format!("setting {parameter} of the client"));
        }
        let protocol = protocol(id, service)?;
        (self.query, self.rest) = (protocol.is_query(), protocol.is_rest());
        self.xml = protocol.has_xml_names();
        let facts = of(service, "aws.api#service");
        let text = |key: &str| facts[key].as_str().unwrap_or_default().to_owned();
        let first = |texts: [String; 3]| texts.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        let sdk_id = text("sdkId");
        let endpoint_prefix = first([
            text("endpointPrefix"),
            text("arnNamespace"),
            sdk_id.to_ascii_lowercase().replace(' ', ""),
        ]);
        let title = of(service, "title").as_str().unwrap_or_default().to_owned();
        let mut vendor = Vendor {
            title: first([title, sdk_id.clone(), self.name(id)]),
            version: service["version"].as_str().unwrap_or_default().to_owned(),
            settings_id: first([sdk_id, endpoint_prefix.clone(), String::new()]),
            signing_name: of(service, "aws.auth#sigv4")["name"]
                .as_str()
                .unwrap_or(&endpoint_prefix)
                .to_owned(),
            endpoint_prefix,
            signs_as_sent: endpoints::sign_as_sent(service["traits"].get("smithy.rules#endpointRuleSet")),
            protocol,
            endpoint_rules: Some(of(service, "smithy.rules#endpointRuleSet").clone())
                .filter(|set| !set.is_null()),
            ..Vendor::default()
        };
        for id in self.operations(service) {
            let mut operation = self.operation(&id, service)?;
            if matches!(vendor.protocol, Protocol::AwsRestXml { .. }) {
                let input = self.shapes[&id]["input"]["target"].as_str().filter(|id| *id != UNIT);
                operation.xml_root = input.and_then(|input| self.xml_root(input, service));
            }
            let waiters = of(&self.shapes[&id], "smithy.waiters#waitable").as_object();
            for (name, waiter) in waiters.cloned().into_iter().flatten() {
                let waiter = self.waiter(self.name(&id), &waiter);
                vendor.waiters.insert(name, waiter);
            }
            vendor.operations.insert(self.name(&id), operation);
        }
        self.shapes(&mut vendor)?;
        if let Protocol::AwsEc2 { request_names, .. } = &mut vendor.protocol {
            *request_names = self.request_names();
        }
        Ok(vendor)
    }

    /// What is in the file, and is not of the service.
    fn unneeded(&self, vendor: &Vendor) -> Losses {
        let mut unneeded = Losses::default();
        for (id, shape) in self.shapes {
            let name = self.name(id);
            match shape["type"].as_str().unwrap_or_default() {
                "operation" if !vendor.operations.contains_key(&name) => {
                    unneeded.operation("operations that are not the service's", &name);
                }
                "operation" | "resource" | "service" => {}
                _ if vendor.shapes.contains_key(&name) || has(shape, "trait") => {}
                _ => unneeded.shape("shapes that no operation refers to", &name),
            }
        }
        unneeded
    }

    fn waiter(&mut self, operation: String, waiter: &Value) -> Waiter {
        const KNOWN: [&str; 6] = ["acceptors", "deprecated", "documentation", "maxDelay", "minDelay", "tags"];
        let keys = waiter.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        for key in keys.filter(|key| !KNOWN.contains(key)) {
            self.losses.operation(format!("{key} of waiters"), &operation);
        }
        if list(waiter, "acceptors").any(|acceptor| acceptor.get("message").is_some()) {
            self.losses.operation("messages of waiters", &operation);
        }
        Waiter {
            operation,
            min_delay: waiter["minDelay"].as_u64(),
            max_delay: waiter["maxDelay"].as_u64(),
            deprecated: waiter["deprecated"].as_bool().unwrap_or_default(),
            acceptors: list(waiter, "acceptors").map(acceptor).collect(),
            ..Waiter::default()
        }
    }

    /// Operations of the service and of its resources.
    fn operations(&self, service: &Value) -> BTreeSet<String> {
        const LIFECYCLE: [&str; 6] = ["put", "create", "read", "update", "delete", "list"];
        let mut found = BTreeSet::new();
        let mut ahead = vec![service];
        let mut seen = BTreeSet::new();
        while let Some(resource) = ahead.pop() {
            let one = LIFECYCLE.iter().map(|key| &resource[*key]);
            let many = list(resource, "operations").chain(list(resource, "collectionOperations"));
            found.extend(one.chain(many).filter_map(|one| one["target"].as_str()).map(str::to_owned));
            for id in list(resource, "resources").filter_map(|one| one["target"].as_str()) {
                if seen.insert(id) {
                    ahead.extend(self.shapes.get(id));
                }
            }
        }
        found
    }

    fn operation(&mut self, id: &str, service: &Value) -> Result<Operation, String> {
        const KNOWN: [&str; 9] = [
            "smithy.waiters#waitable",
            "readonly",
            "idempotent",
            "auth",
            "optionalAuth",
            "deprecated",
            "endpoint",
            "paginated",
            "requestCompression",
        ];
        const PAGES: [&str; 4] = ["inputToken", "outputToken", "items", "pageSize"];
        let Some(operation) = self.shapes.get(id) else { return Err(format!("has no operation {id}")) };
        let name = self.name(id);
        for lost in unknown(operation, &KNOWN) {
            let kind = match lost {
                "smithy.api#httpChecksumRequired" | "aws.protocols#httpChecksum" => {
                    "checksum of requests".to_owned()
                }
                "aws.api#clientDiscoveredEndpoint" => "endpoint discovery".to_owned(),
                _ => format!("trait {lost} of operations"),
            };
            self.losses.operation(kind, &name);
        }
        if has(operation, "aws.api#clientDiscoveredEndpoint") {
            self.losses.operation("endpoint discovery", &name);
        }
        for key in ["smithy.rules#staticContextParams", "smithy.rules#operationContextParams"] {
            for (parameter, _) in of(operation, key).as_object().into_iter().flatten() {
                let subjects = self.parameters.entry(parameter.clone()).or_default();
                subjects.insert(Subject::Operation(name.clone()));
            }
        }
        let end =
            |key: &str| operation[key]["target"].as_str().filter(|id| *id != UNIT).map(|id| self.name(id));
        let errors = list(operation, "errors").chain(list(service, "errors"));
        let no_auth = of(operation, "auth").as_array().is_some_and(Vec::is_empty);
        let mut read = Operation {
            input: end("input"),
            output: end("output"),
            errors: errors.filter_map(|error| error["target"].as_str()).map(|id| self.name(id)).collect(),
            read_only: has(operation, "readonly"),
            idempotent: has(operation, "idempotent"),
            unsigned: no_auth || has(operation, "optionalAuth"),
            compressed: list(of(operation, "requestCompression"), "encodings").any(|one| one == "gzip"),
            deprecated: has(operation, "deprecated"),
            http: self.rest.then(|| of(operation, "http")).map(|http| Http {
                method: http["method"].as_str().unwrap_or("POST").to_owned(),
                uri: http["uri"].as_str().unwrap_or("/").to_owned(),
                status: http["code"].as_u64(),
            }),
            host_prefix: of(operation, "endpoint")["hostPrefix"].as_str().map(str::to_owned),
            ..Operation::default()
        };
        if has(operation, "paginated") {
            let (own, shared) = (of(operation, "paginated"), of(service, "paginated"));
            let text = |key: &str| own[key].as_str().or_else(|| shared[key].as_str()).map(str::to_owned);
            for (key, _) in
                own.as_object().into_iter().flatten().filter(|(key, _)| !PAGES.contains(&key.as_str()))
            {
                self.losses.operation(format!("{key} of pages"), &name);
            }
            match text("inputToken").zip(text("outputToken")) {
                Some(tokens) => {
                    let (page_size, items) = (text("pageSize"), text("items").into_iter().collect());
                    let tokens = vec![tokens];
                    read.pagination = Some(Pagination { tokens, more_results: None, page_size, items });
                }
                None => self.losses.operation("pages without tokens", &name),
            }
        }
        Ok(read)
    }

    /// Names of members in requests of EC2 that are not their wire names with a capital.
    fn request_names(&self) -> BTreeMap<String, String> {
        let named = self.shapes.values().flat_map(members).filter_map(|(name, member)| {
            let wire = self.xml_name(member).unwrap_or_else(|| name.clone());
            let name = of(member, "aws.protocols#ec2QueryName").as_str()?;
            (name != capital(&wire)).then(|| (wire, name.to_owned()))
        });
        named.collect()
    }

    /// Reads the shapes that operations refer to.
    fn shapes(&mut self, vendor: &mut Vendor) -> Result<(), String> {
        let ids: BTreeMap<_, _> = self.names.iter().map(|(id, name)| (name.clone(), id.clone())).collect();
        let operations = vendor.operations.values();
        let ends = operations.flat_map(|operation| {
            [&operation.input, &operation.output].into_iter().flatten().chain(&operation.errors)
        });
        let mut ahead: Vec<String> = ends.cloned().collect();
        while let Some(name) = ahead.pop() {
            if vendor.shapes.contains_key(&name) {
                continue;
            }
            let Some(id) = ids.get(&name) else { return Err(format!("has no shape {name}")) };
            let mut made = Vec::new();
            let shape = self.shape(id, &name, &mut made)?;
            ahead.extend(shape.references().into_iter().map(str::to_owned));
            vendor.shapes.insert(name, shape);
            for (name, target, facts) in made {
                let shape = self.constrained(&target, &facts)?;
                ahead.extend(shape.references().into_iter().map(str::to_owned));
                vendor.shapes.insert(name.clone(), shape);
            }
            ahead.retain(|name| !vendor.shapes.contains_key(name));
        }
        Ok(())
    }

    /// A shape that a single member bounds.
    fn constrained(&mut self, target: &str, facts: &Value) -> Result<Shape, String> {
        let mut shape = self.raw(target)?;
        if let Some(shape) = shape.as_object_mut() {
            merge_objects(shape, "traits", facts);
        }
        let name = self.name(target);
        self.kind_of(&shape, &name, &mut Vec::new())
    }

    fn raw(&self, id: &str) -> Result<Value, String> {
        if let Some((_, ty)) = PRELUDE.iter().find(|(known, _)| *known == id) {
            return Ok(Value::Object(Map::from_iter([("type".to_owned(), (*ty).into())])));
        }
        self.shapes.get(id).cloned().ok_or_else(|| format!("has no shape {id}"))
    }

    fn shape(
        &mut self,
        id: &str,
        name: &str,
        made: &mut Vec<(String, String, Value)>,
    ) -> Result<Shape, String> {
        let shape = self.raw(id)?;
        self.kind_of(&shape, name, made)
    }

    fn kind_of(
        &mut self,
        shape: &Value,
        name: &str,
        made: &mut Vec<(String, String, Value)>,
    ) -> Result<Shape, String> {
        const KNOWN: [&str; 14] = [
            // Members say it again.
            "default",
            "deprecated",
            "enum",
            "enumValue",
            "error",
            "httpError",
            "length",
            "pattern",
            "range",
            "retryable",
            "sensitive",
            "sparse",
            "streaming",
            "timestampFormat",
        ];
        for lost in unknown(shape, &KNOWN) {
            self.losses.shape(format!("trait {lost} of shapes"), name);
        }
        for part in ["member", "key", "value"] {
            for lost in unknown(&shape[part], &["length", "pattern", "range"]) {
                self.losses.shape(format!("trait {lost} of members of lists and maps"), name);
            }
        }
        let bounds = |name: &str| {
            let bounds = of(shape, name);
            Bounds { min: bounds["min"].as_number().cloned(), max: bounds["max"].as_number().cloned() }
        };
        let (length, range) = (bounds("length"), bounds("range"));
        let number = |ty| Kind::Number { ty, min: range.min.clone(), max: range.max.clone() };
        let kind = match shape["type"].as_str().unwrap_or_default() {
            "boolean" => Kind::Boolean,
            "byte" => number("byte"),
            "short" => number("short"),
            "integer" => number("integer"),
            "long" => number("long"),
            "float" => number("float"),
            "double" => number("double"),
            "string" => {
                let values = of(shape, "enum").as_array().into_iter().flatten();
                let values: Vec<_> =
                    values.filter_map(|value| value["value"].as_str()).map(str::to_owned).collect();
                if values.is_empty() {
                    Kind::String { length, pattern: of(shape, "pattern").as_str().map(str::to_owned) }
                } else {
                    Kind::Enum(values)
                }
            }
            "enum" => {
                let value = |(name, member): (&String, &Value)| {
                    of(member, "enumValue").as_str().unwrap_or(name).to_owned()
                };
                Kind::Enum(members(shape).map(value).collect())
            }
            "intEnum" => {
                let value = |(name, member): (&String, &Value)| {
                    Some((name.clone(), of(member, "enumValue").as_number()?.clone()))
                };
                Kind::IntEnum(members(shape).filter_map(value).collect())
            }
            "blob" => Kind::Blob { length, streaming: has(shape, "streaming") },
            "timestamp" => Kind::Timestamp { format: self.timestamp_format(shape, name) },
            "document" => Kind::Document,
            "list" | "set" => Kind::List {
                member: self.target(&shape["member"], name, "Member", made),
                item: self.xml_name(&shape["member"]),
                item_namespace: self.namespace(&shape["member"]),
                length,
                sparse: has(shape, "sparse"),
                flattened: false,
            },
            "map" => Kind::Map {
                key: self.target(&shape["key"], name, "Key", made),
                value: self.target(&shape["value"], name, "Value", made),
                names: [self.xml_name(&shape["key"]), self.xml_name(&shape["value"])],
                namespaces: [self.namespace(&shape["key"]), self.namespace(&shape["value"])],
                length,
                sparse: has(shape, "sparse"),
                flattened: false,
            },
            "union" if has(shape, "streaming") => Kind::EventStream,
            ty @ ("structure" | "union") => {
                let mut read = Vec::new();
                for (member, value) in members(shape) {
                    read.push(self.member(name, member, value, made));
                }
                if ty == "union" { Kind::Union(read) } else { Kind::Structure(read) }
            }
            ty => return Err(format!("shape {name} has the type {ty:?}, which ours do not have")),
        };
        let error = has(shape, "error").then(|| error(shape));
        Ok(Shape { kind, sensitive: has(shape, "sensitive"), deprecated: has(shape, "deprecated"), error })
    }

    fn timestamp_format(&mut self, shape: &Value, name: &str) -> Option<&'static str> {
        match of(shape, "timestampFormat").as_str()? {
            "date-time" => Some("date-time"),
            "epoch-seconds" => Some("epoch-seconds"),
            "http-date" => Some("http-date"),
            other => {
                self.losses.shape(format!("timestamp format {other}"), name);
                None
            }
        }
    }

    fn xml_name(&self, member: &Value) -> Option<String> {
        of(member, "xmlName").as_str().filter(|_| self.xml).map(str::to_owned)
    }

    /// The namespace that an element declares, of a member or of its shape; forms have none.
    fn namespace(&self, member: &Value) -> Option<XmlNamespace> {
        let target = self.shapes.get(member["target"].as_str().unwrap_or_default());
        namespace(member).or_else(|| namespace(target?)).filter(|_| self.xml && !self.query)
    }

    /// The root element of requests with this input, if their body is XML.
    fn xml_root(&self, input: &str, service: &Value) -> Option<XmlRoot> {
        let root = xml_root(input, |id| self.shapes.get(id))?;
        let namespace = root.namespace.or_else(|| namespace(service));
        Some(XmlRoot { shape: self.name(&root.shape), namespace, ..root })
    }

    /// Name of the shape that a member refers to: a shape of its own if the member bounds it further.
    fn target(
        &self,
        member: &Value,
        shape: &str,
        name: &str,
        made: &mut Vec<(String, String, Value)>,
    ) -> String {
        const BOUNDS: [&str; 3] = ["length", "pattern", "range"];
        let target = member["target"].as_str().unwrap_or_default();
        if !BOUNDS.iter().any(|bound| has(member, bound)) {
            return self.name(target);
        }
        let traits = BOUNDS.iter().filter(|bound| has(member, bound));
        let traits = traits.map(|bound| (format!("smithy.api#{bound}"), of(member, bound).clone()));
        let traits = Value::Object(traits.collect());
        let own = format!("{shape}{}{}", capital(name), self.name(target));
        made.push((
            own.clone(),
            target.to_owned(),
            Value::Object(Map::from_iter([("traits".to_owned(), traits)])),
        ));
        own
    }

    fn member(
        &mut self,
        shape: &str,
        name: &str,
        member: &Value,
        made: &mut Vec<(String, String, Value)>,
    ) -> Member {
        const KNOWN: [&str; 11] = [
            "default",
            "deprecated",
            "eventHeader",
            "eventPayload",
            "hostLabel",
            "idempotencyToken",
            "length",
            "pattern",
            "range",
            "required",
            "timestampFormat",
        ];
        for lost in unknown(member, &KNOWN) {
            self.losses.shape(format!("trait {lost} of members"), shape);
        }
        if let Some(parameter) = of(member, "smithy.rules#contextParam")["name"].as_str() {
            let subjects = self.parameters.entry(parameter.to_owned()).or_default();
            subjects.insert(Subject::Shape(shape.to_owned()));
        }
        let target = self.shapes.get(member["target"].as_str().unwrap_or_default()).unwrap_or(&Value::Null);
        let media_type = of(target, "mediaType").as_str();
        let outside = location(member, media_type).filter(|_| self.rest);
        let json_name =
            of(member, "jsonName").as_str().filter(|_| self.rest && !self.xml && outside.is_none());
        let wire = self.xml_name(member).or(json_name.map(str::to_owned)).filter(|wire| wire != name);
        Member {
            name: name.to_owned(),
            wire,
            shape: self.target(member, shape, name, made),
            required: has(member, "required"),
            client_token: has(member, "idempotencyToken"),
            deprecated: has(member, "deprecated"),
            flattened: has(member, "xmlFlattened") && self.xml,
            xml_attribute: has(member, "xmlAttribute") && self.xml,
            xml_namespace: self.namespace(member).filter(|_| outside.is_none()),
            default: Some(of(member, "default").clone()).filter(|default| !default.is_null()),
            timestamp_format: self.timestamp_format(member, shape),
            json_header: matches!(outside, Some(Location::Header(_)))
                && media_type == Some("application/json"),
            location: outside,
        }
    }
}

/// The location of a member outside of the body.
pub(crate) fn location(member: &Value, media_type: Option<&str>) -> Option<Location> {
    let text = |name: &str| of(member, name).as_str().map(str::to_owned);
    let flagged = [
        ("httpLabel", Location::Label),
        ("httpQueryParams", Location::QueryMap),
        ("httpResponseCode", Location::StatusCode),
    ];
    let named = text("httpHeader").map(Location::Header);
    let named = named.or_else(|| text("httpQuery").map(Location::Query));
    let named = named.or_else(|| text("httpPrefixHeaders").map(Location::PrefixHeaders));
    let flagged = || flagged.into_iter().find(|(name, _)| has(member, name)).map(|(_, location)| location);
    let payload = || {
        has(member, "httpPayload").then(|| match media_type {
            Some(media_type) => Location::PayloadOfType(media_type.to_owned()),
            None => Location::Payload,
        })
    };
    named.or_else(flagged).or_else(payload)
}

/// The root element of requests with this input, if their body is XML; its shape is named by its id.
pub(crate) fn xml_root<'a>(input: &str, shape: impl Fn(&str) -> Option<&'a Value>) -> Option<XmlRoot> {
    let structure = shape(input)?;
    let payload = members(structure).map(|(_, member)| member).find(|member| has(member, "httpPayload"));
    let (member, id) = match payload {
        Some(member) => (member, member["target"].as_str()?),
        None if members(structure).all(|(_, member)| location(member, None).is_some()) => return None,
        None => (&Value::Null, input),
    };
    let target = shape(id)?;
    if !["list", "map", "structure", "union"].contains(&target["type"].as_str()?) {
        return None;
    }
    let named = [member, target].into_iter().find_map(|of_it| of(of_it, "xmlName").as_str());
    let name = named.unwrap_or_else(|| id.rsplit('#').next().unwrap_or(id)).to_owned();
    Some(XmlRoot { name, shape: id.to_owned(), namespace: namespace(member).or_else(|| namespace(target)) })
}

/// The namespace of a member, shape or service.
pub(crate) fn namespace(shape: &Value) -> Option<XmlNamespace> {
    let namespace = of(shape, "xmlNamespace");
    let uri = namespace["uri"].as_str()?.to_owned();
    Some(XmlNamespace { uri, prefix: namespace["prefix"].as_str().map(str::to_owned) })
}

fn protocol(id: &str, service: &Value) -> Result<Protocol, String> {
    let local = id.rsplit('#').next().unwrap_or(id);
    for (name, version) in [("aws.protocols#awsJson1_0", "1.0"), ("aws.protocols#awsJson1_1", "1.1")] {
        if has(service, name) {
            let query_compatible = has(service, "aws.protocols#awsQueryCompatible");
            let (version, target_prefix) = (version.to_owned(), local.to_owned());
            return Ok(Protocol::AwsJson { version, target_prefix, query_compatible });
        }
    }
    if has(service, "aws.protocols#awsQuery") {
        let namespace = of(service, "xmlNamespace")["uri"].as_str();
        let namespace = namespace.ok_or("a service of awsQuery has no xmlNamespace")?;
        return Ok(Protocol::AwsQuery { xml_namespace: namespace.to_owned() });
    }
    if has(service, "aws.protocols#ec2Query") {
        let xml_namespace = of(service, "xmlNamespace")["uri"].as_str().unwrap_or_default().to_owned();
        return Ok(Protocol::AwsEc2 { xml_namespace, request_names: BTreeMap::new() });
    }
    if has(service, "aws.protocols#restJson1") {
        return Ok(Protocol::AwsRestJson);
    }
    if has(service, "aws.protocols#restXml") {
        let bare_errors = of(service, "aws.protocols#restXml")["noErrorWrapping"] == true;
        return Ok(Protocol::AwsRestXml { bare_errors });
    }
    Err("the service's protocol cannot be imported; awsJson1_0, awsJson1_1, awsQuery, ec2Query, restJson1 and restXml can"
        .to_owned())
}

fn error(shape: &Value) -> Error {
    let query = of(shape, "aws.protocols#awsQueryError");
    let status = |value: &Value| value.as_u64().and_then(|status| status.try_into().ok());
    let is_server = of(shape, "error") == "server";
    Error {
        code: query["code"].as_str().map(str::to_owned),
        status: status(&query["httpResponseCode"])
            .or_else(|| status(of(shape, "httpError")))
            .or(is_server.then_some(500)),
        retry: has(shape, "retryable").then(|| {
            if of(shape, "retryable")["throttling"] == true { Retry::Throttling } else { Retry::Transient }
        }),
    }
}
