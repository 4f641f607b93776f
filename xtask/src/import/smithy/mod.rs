//! Reader of the Smithy JSON AST, by its traits: a file, or the folder of a service with files for each API version.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use gatewright_model::XmlNamespace;
use serde_json::Value;

use super::{
    endpoints, read,
    vendor::{EndpointParameters, Losses, Protocol, SIGV4, Subject, Vendor},
};
use crate::failure::Failure;

mod ast;
mod operations;
mod shapes;

use ast::{flattened, names};
pub(crate) use shapes::{location, xml_root};

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
pub(super) fn is_one(from: &Path) -> Result<bool, Failure> {
    Ok(find(from, LEVELS)?.is_some())
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

/// Traits of services with other authentication than ours.
const AUTHENTICATION: [&str; 5] = [
    "aws.auth#sigv4a",
    "smithy.api#httpApiKeyAuth",
    "smithy.api#httpBasicAuth",
    "smithy.api#httpBearerAuth",
    "smithy.api#httpDigestAuth",
];

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

fn members(shape: &Value) -> impl Iterator<Item = (&String, &Value)> {
    shape["members"].as_object().into_iter().flatten()
}

/// Traits with a meaning that the import does not know.
fn unknown<'a>(shape: &'a Value, known: &'a [&str]) -> impl Iterator<Item = &'a str> {
    let names = shape["traits"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    names.filter(|name| {
        let is_known =
            known.iter().any(|known| name.strip_prefix("smithy.api#") == Some(known) || name == known);
        let is_ignored = IGNORED.iter().any(|start| name.starts_with(start));
        !is_known && !is_ignored
    })
}

impl Reader<'_> {
    fn name(&self, id: &str) -> String {
        self.names.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn service(&mut self, id: &str, service: &Value) -> Result<Vendor, String> {
        const KNOWN: [&str; 10] = [
            SIGV4,
            "aws.auth#sigv4a",
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
        let other = AUTHENTICATION.into_iter().filter(|name| has(service, name));
        self.losses.authentication(other, &Subject::Service);
        if !has(service, SIGV4) {
            self.losses.service(format!("no authentication {SIGV4}: requests are signed by SigV4"));
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
            signing_name: of(service, SIGV4)["name"].as_str().unwrap_or(&endpoint_prefix).to_owned(),
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

/// The namespace of a member, shape or service.
pub(crate) fn namespace(shape: &Value) -> Option<XmlNamespace> {
    let namespace = of(shape, "xmlNamespace");
    let uri = namespace["uri"].as_str()?.to_owned();
    Some(XmlNamespace { uri, prefix: namespace["prefix"].as_str().map(str::to_owned) })
}
