//! Converts a vendor's model to the format of our files, without additions by people: see `fill`.

mod errors;
mod operations;
mod shapes;

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::XmlNamespace;

use super::{
    added, endpoints,
    files::Model,
    json::{Json, Object},
    vendor::{Kind, Losses, Protocol, Shape, Vendor},
    waiters,
};

/// The files for a vendor's model of a service called `name`, and facts that they cannot express.
pub(super) fn of(vendor: &Vendor, name: &str, losses: &mut Losses) -> Model {
    let mut maker = Maker { vendor, losses };
    let left_out = maker.streams();
    let kept = || vendor.operations.iter().filter(|(name, _)| !left_out.contains(name.as_str()));
    let mut shapes = BTreeMap::new();
    let operations = kept().map(|(name, operation)| maker.operation(name, operation, &mut shapes)).collect();
    let ends = kept().flat_map(|(_, operation)| [&operation.input, &operation.output]).flatten();
    for name in vendor.reached(ends.map(String::as_str)) {
        if let Some(shape) = vendor.shapes.get(name) {
            shapes.insert(name.to_owned(), maker.shape(name, shape));
        }
    }
    let errors = kept().flat_map(|(name, operation)| operation.errors.iter().map(move |error| (name, error)));
    let mut raised: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (operation, error) in errors {
        raised.entry(error).or_default().insert(operation);
    }
    let (exceptions, error_codes) = maker.errors(&raised);
    let of_errors = exceptions.iter().chain(&error_codes).filter_map(|error| error.text("shape"));
    for name in vendor.reached(of_errors) {
        if let (false, Some(shape)) = (shapes.contains_key(name), vendor.shapes.get(name)) {
            shapes.insert(name.to_owned(), maker.shape(name, shape));
        }
    }
    let waiters = waiters::of(vendor, |operation| !left_out.contains(operation), maker.losses);
    let service = maker.service(name);
    Model { service, operations, shapes: shapes.into_values().collect(), exceptions, error_codes, waiters }
}

struct Maker<'a> {
    vendor: &'a Vendor,
    losses: &'a mut Losses,
}

/// Why operations, shapes and members are not to be used; vendors' reasons are documentation.
pub(super) const DEPRECATED: &str = "Deprecated by the vendor.";

fn named(name: &str) -> Object {
    let mut entry = Object::default();
    entry.set("name", name);
    entry
}

impl<'a> Maker<'a> {
    fn service(&mut self, name: &str) -> Object {
        let Vendor { title, version, settings_id, signing_name, signs_as_sent, protocol, .. } = self.vendor;
        let mut service = Object::default();
        service.set("name", name);
        service.set("title", title.as_str());
        service.set("version", version.as_str());
        service.set("settings_id", settings_id.as_str());
        let protocol = match protocol {
            Protocol::Unknown => Json::Null,
            Protocol::AwsJson { version, target_prefix, query_compatible } => {
                let mut facts = Object::default();
                facts.0.push(("version".to_owned(), version.as_str().into()));
                facts.0.push(("target_prefix".to_owned(), target_prefix.as_str().into()));
                facts.0.extend(query_compatible.then(|| ("query_compatible".to_owned(), true.into())));
                [("aws-json", Json::from(facts))].into()
            }
            Protocol::AwsQuery { xml_namespace } => {
                [("aws-query", Json::from([("xml_namespace", xml_namespace.as_str())]))].into()
            }
            Protocol::AwsEc2 { xml_namespace, request_names } => {
                let mut facts = Object::default();
                facts.0.push(("xml_namespace".to_owned(), xml_namespace.as_str().into()));
                if !request_names.is_empty() {
                    let names = request_names.iter().map(|(wire, name)| (wire.clone(), name.as_str().into()));
                    facts.0.push(("request_names".to_owned(), Object(names.collect()).into()));
                }
                [("aws-ec2", Json::from(facts))].into()
            }
            Protocol::AwsRestJson => {
                let mut facts = Object::default();
                let headers = added::headers(settings_id, version);
                if !headers.0.is_empty() {
                    facts.0.push(("headers".to_owned(), headers.into()));
                }
                [("aws-rest-json", Json::from(facts))].into()
            }
            Protocol::AwsRestXml { bare_errors } => {
                let mut facts = Object::default();
                let namespace =
                    operations::shared_namespace(self.vendor).map(|namespace| namespace.uri.as_str());
                facts.0.extend(namespace.map(|uri| ("xml_namespace".to_owned(), uri.into())));
                facts.0.extend(bare_errors.then(|| ("bare_errors".to_owned(), true.into())));
                [("aws-rest-xml", Json::from(facts))].into()
            }
        };
        service.set("protocol", protocol);
        let mut sigv4 = Object::default();
        sigv4.0.push(("signing_name".to_owned(), signing_name.as_str().into()));
        if *signs_as_sent {
            let flags = ["signs_path_as_sent", "sends_content_hash"];
            sigv4.0.extend(flags.map(|flag| (flag.to_owned(), true.into())));
        }
        service.set("auth", [("sigv4", Json::from(sigv4))]);
        let rules = endpoints::rules(self.vendor, self.losses);
        service.set("endpoints", [("rules", rules), ("partitions", "aws".into())]);
        service
    }

    /// Operations with event streams or bodies of any length, which are left out.
    fn streams(&mut self) -> BTreeSet<&'a str> {
        let vendor = self.vendor;
        let mut left_out = BTreeSet::new();
        for (name, operation) in &vendor.operations {
            let ends = [&operation.input, &operation.output].into_iter().flatten().map(String::as_str);
            let reached = vendor.reached(ends);
            let shapes = || reached.iter().filter_map(|name| vendor.shapes.get(*name));
            let is_stream = |shape: &Shape| {
                matches!(shape.kind, Kind::Blob { streaming: true, .. })
                    || shape.members().iter().any(|member| member.streaming)
            };
            let what = if shapes().any(|shape| matches!(shape.kind, Kind::EventStream)) {
                "event streams"
            } else if shapes().any(is_stream) {
                "bodies of any length"
            } else {
                continue;
            };
            self.losses.operation(format!("{what}: the operations are left out"), name);
            left_out.insert(name.as_str());
        }
        left_out
    }
}

fn namespace(XmlNamespace { uri, prefix }: &XmlNamespace) -> Json {
    let mut entry = Object::default();
    entry.0.push(("uri".to_owned(), uri.as_str().into()));
    entry.0.extend(prefix.as_deref().map(|prefix| ("prefix".to_owned(), prefix.into())));
    entry.into()
}
