//! Reader of botocore's models: a folder with `service-2.json` and its companions, or that file alone.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use gatewright_model::XmlNamespace;
use serde_json::Value;

use super::{
    endpoints, read,
    vendor::{EndpointParameters, Losses, Protocol, Subject, Vendor},
};
use crate::failure::Failure;

mod operations;
mod shapes;

pub(crate) use operations::{name_labels, xml_root};
pub(crate) use shapes::request_names;

pub(super) const SERVICE: &str = "service-2";
const PAGINATORS: &str = "paginators-1";
const RULES: &str = "endpoint-rule-set-1";
const WAITERS: &str = "waiters-2";
/// What botocore itself adds to vendors' models: members that it replaces by others, settings of its own.
const EXTRAS: &str = ".sdk-extras.json";

/// The folder of the newest API version in `from`, or `from` itself: botocore keeps one folder per version.
fn folder(from: &Path) -> Result<Option<PathBuf>, Failure> {
    if from.is_file() {
        return Ok(Some(from.parent().unwrap_or_else(|| Path::new(".")).to_owned()));
    }
    if find(from, SERVICE).is_some() {
        return Ok(Some(from.to_owned()));
    }
    let entries = fs::read_dir(from).map_err(Failure::io("read", from))?;
    let folders = entries.filter_map(Result::ok).map(|entry| entry.path());
    Ok(folders.filter(|path| find(path, SERVICE).is_some()).max())
}

/// A file of the folder, compressed or not.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    [".json", ".json.gz"]
        .map(|end| folder.join(format!("{name}{end}")))
        .into_iter()
        .find(|path| path.is_file())
}

/// Whether the path looks like a model of botocore.
pub(super) fn is_one(from: &Path) -> Result<bool, Failure> {
    let is_named =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(SERVICE));
    if from.is_file() { Ok(is_named(from)) } else { Ok(folder(from)?.is_some()) }
}

/// Reads the model at a path.
pub(super) fn vendor(from: &Path) -> Result<Vendor, Failure> {
    let folder = folder(from)?.ok_or_else(|| {
        Failure::Failed(format!(
            "{} has no {SERVICE}.json, nor has a folder in it; give the folder of the service's model",
            from.display()
        ))
    })?;
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
        self.losses.authentication(auth, &Subject::Service);
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
        let found = match list.as_slice() {
            [] => "\"metadata\" names no protocol, so this is not botocore's model of a service".to_owned(),
            list => format!("the service's protocol is {}", list.join(", ")),
        };
        Err(format!("{found}; json, query, ec2, rest-json and rest-xml can be imported"))
    }
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
