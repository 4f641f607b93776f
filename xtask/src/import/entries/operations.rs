//! Entries of operations.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::XmlNamespace;

use super::{DEPRECATED, Maker, named, namespace};
use crate::import::{
    json::{Json, Object},
    pages,
    vendor::{Http, Operation, Vendor, XmlRoot},
};

impl Maker<'_> {
    pub(super) fn operation(
        &mut self,
        name: &str,
        operation: &Operation,
        shapes: &mut BTreeMap<String, Object>,
    ) -> Object {
        let vendor = self.vendor;
        // Our operations have both structures.
        let mut structure = |given: &Option<String>, end: &str| {
            given.clone().unwrap_or_else(|| {
                let taken = |name: &String| vendor.shapes.contains_key(name);
                let names = [format!("{name}{end}"), format!("{name}Empty{end}")];
                let name = names.into_iter().find(|name| !taken(name)).unwrap_or_default();
                let mut empty = named(&name);
                empty.set("type", "structure");
                empty.set("members", Json::List(Vec::new()));
                shapes.insert(name.clone(), empty);
                name
            })
        };
        let mut entry = named(name);
        entry.set("input", structure(&operation.input, "Input"));
        entry.set("output", structure(&operation.output, "Output"));
        if !vendor.protocol.is_query() {
            let exceptions: BTreeSet<_> = operation.errors.iter().map(String::as_str).collect();
            if !exceptions.is_empty() {
                entry.set("exceptions", exceptions.into_iter().collect::<Json>());
            }
        }
        if operation.read_only {
            entry.set("read_only", true);
        } else if is_read_only(name) {
            entry.set("read_only", "by-name");
        }
        entry.set_flag("idempotent", operation.idempotent);
        entry.set_flag("unsigned", operation.unsigned);
        entry.set_some("http", operation.http.as_ref().map(http));
        entry.set_some("host_prefix", operation.host_prefix.as_deref());
        entry.set_some("result_wrapper", operation.result_wrapper.as_deref());
        entry.set_some("xml_root", operation.xml_root.as_ref().and_then(|root| xml_root(root, vendor)));
        entry.set_some("request_compression", operation.compressed.then_some("gzip"));
        entry.set_some("request_checksum", operation.has_checksum.then_some("crc32"));
        entry.set_some("deprecated", operation.deprecated.then_some(DEPRECATED));
        entry.set_some("pagination", pages::of(self.vendor, name, operation, self.losses));
        entry
    }
}

/// The namespace of all roots, if they have one and the same.
pub(super) fn shared_namespace(vendor: &Vendor) -> Option<&XmlNamespace> {
    let mut roots = vendor.operations.values().filter_map(|operation| operation.xml_root.as_ref());
    let namespace = roots.next()?.namespace.as_ref().filter(|namespace| namespace.prefix.is_none())?;
    roots.all(|root| root.namespace.as_ref() == Some(namespace)).then_some(namespace)
}

/// A root that is not the usual one of its shape.
fn xml_root(root: &XmlRoot, vendor: &Vendor) -> Option<Json> {
    let own = root.namespace.as_ref().filter(|namespace| Some(*namespace) != shared_namespace(vendor));
    if root.name == root.shape && own.is_none() {
        return None;
    }
    let mut entry = Object::default();
    entry.0.push(("name".to_owned(), root.name.as_str().into()));
    entry.0.extend(own.map(|own| ("namespace".to_owned(), namespace(own))));
    Some(entry.into())
}

fn http(http: &Http) -> Json {
    let mut entry = Object::default();
    entry.0.push(("method".to_owned(), http.method.as_str().into()));
    entry.0.push(("uri".to_owned(), http.uri.as_str().into()));
    let status = http.status.filter(|status| (201..=299).contains(status));
    entry.0.extend(status.map(|status| ("status".to_owned(), Json::Number(status.into()))));
    entry.into()
}

/// Whether operations of such a name change nothing, as far as vendors keep to their own conventions.
fn is_read_only(name: &str) -> bool {
    ["BatchDescribe", "BatchGet", "Describe", "Get", "List"].iter().any(|verb| {
        let rest = name.strip_prefix(verb);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(|next: char| next.is_ascii_uppercase()))
    })
}
