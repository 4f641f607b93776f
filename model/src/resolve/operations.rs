//! Operations: their structures, exceptions, pagination and examples.

use std::collections::BTreeMap;

use super::pagination::Paging;
use super::shapes::Shapes;
use super::values::{Rigor, fit};
use super::{header, host_prefix, http, known, placed, present, rust_names, sample, sorted_texts};
use crate::error::{Place, Report};
use crate::load::{Entry, List, OPERATIONS};
use crate::{Kind, Operation, ShapeId, Waiter, raw};

/// `codes` are the indexes of the error codes that operations are known to return, `waiters` those that call operations.
pub(super) fn resolve(
    list: List<raw::Operation>,
    shapes: &Shapes,
    exceptions: &List<raw::Exception>,
    mut codes: BTreeMap<String, Vec<usize>>,
    mut waiters: BTreeMap<String, Vec<Waiter>>,
    report: &mut Report,
) -> Vec<Operation> {
    let names = exceptions.entries.iter().map(|entry| entry.name.as_str());
    let indexes: BTreeMap<_, _> = names.zip(0..).collect();
    let has_rule = |raw: &&raw::Operation| raw.sample.iter().any(|rule| rule.issued.is_some());
    let issuing = list.entries.iter().filter_map(|entry| entry.raw.as_ref()).filter(has_rule);
    // Unknown names are reported below.
    let issuers: Vec<_> = issuing
        .map(|raw| shapes.find(&Place::file(OPERATIONS), &raw.output, &mut Report::default()))
        .collect();
    let mut resolve = |Entry { place, raw, .. }: Entry<raw::Operation>| {
        let raw = raw?;
        header(&place.key("name"), &raw.name, report);
        present(&place.key("doc"), &raw.doc, report);
        if let Some(why) = &raw.deprecated {
            present(&place.key("deprecated"), why, report);
        }
        let input = structure(shapes, &place.key("input"), &raw.input, report);
        let output = structure(shapes, &place.key("output"), &raw.output, report);

        let declared = place.key("exceptions");
        sorted_texts(placed(&declared, &raw.exceptions), report);
        known("exception", placed(&declared, &raw.exceptions), exceptions, report);
        let http = raw.http.map(|raw| http::resolve(raw, shapes.get(input), &place.key("http"), report));
        let prefix = raw.host_prefix.map(|prefix| {
            host_prefix::resolve(&prefix, shapes, shapes.get(input), &place.key("host_prefix"), report)
        });
        if let Some(wrapper) = &raw.result_wrapper {
            present(&place.key("result_wrapper"), wrapper, report);
        }
        if let Some(root) = &raw.xml_root {
            present(&place.key("xml_root").key("name"), &root.name, report);
        }
        if raw.pagination.is_some() && raw.numbered_pages.is_some() {
            report.fault(&place.key("numbered_pages"), "excludes \"pagination\", keep one of them");
        }
        let paging = |place| Paging { shapes, input: shapes.get(input), output, place };
        let by_token = raw.pagination.and_then(|raw| paging(place.key("pagination")).by_token(&raw, report));
        let by_number =
            raw.numbered_pages.and_then(|raw| paging(place.key("numbered_pages")).by_number(&raw, report));
        for (index, example) in raw.examples.iter().enumerate() {
            let place = place.key("examples").index(index);
            if let Some(value) = &example.input {
                fit(shapes, input, value, Rigor::Complete, &place.key("input"), report);
            }
            if let Some(value) = &example.output {
                fit(shapes, output, value, Rigor::Form, &place.key("output"), report);
            }
        }
        let lookup = sample::Lookup { shapes, input: shapes.get(input), output, issuers: &issuers };
        let sample = lookup.resolve(raw.sample, &place.key("sample"), report);
        let declared = raw.exceptions.iter().filter_map(|name| indexes.get(name.as_str()).copied());
        let (example_input, example_output) =
            raw.examples.into_iter().next().map_or((None, None), |example| (example.input, example.output));
        Some(Operation {
            rust_name: rust_names::own(raw.rust_name, &raw.name, &place, report),
            doc: raw.doc,
            input,
            output,
            exceptions: declared.collect(),
            error_codes: codes.remove(&raw.name).unwrap_or_default(),
            waiters: waiters.remove(&raw.name).unwrap_or_default(),
            pagination: by_token.or(by_number),
            read_only: raw.read_only.is_some_and(|read_only| read_only.holds()),
            idempotent: raw.idempotent,
            accepts_get: raw.accepts_get,
            unsigned: raw.unsigned,
            http,
            host_prefix: prefix.unwrap_or_default(),
            result_wrapper: raw.result_wrapper,
            xml_root: raw.xml_root,
            request_compression: raw.request_compression,
            request_checksum: raw.request_checksum,
            deprecated: raw.deprecated,
            example_input,
            example_output,
            sample,
            name: raw.name,
        })
    };
    list.entries.into_iter().filter_map(&mut resolve).collect()
}

/// The structure of this name; the stand-in if the shape is not a structure.
fn structure(shapes: &Shapes, place: &Place, name: &str, report: &mut Report) -> ShapeId {
    let id = shapes.find(place, name, report);
    let shape = shapes.get(id);
    if shape.is_known() && !matches!(shape.kind, Kind::Structure { .. }) {
        report.fault(place, format!("\"{name}\" is not a structure, inputs and outputs must be structures"));
        return shapes.stand_in();
    }
    id
}
