//! Operations: their structures, exceptions, pagination and examples.

use super::shapes::Shapes;
use super::values::{Rigor, fit};
use super::{header, host_prefix, known, placed, present, sample, sorted_texts};
use crate::error::{Place, Report};
use crate::load::{Entry, List, OPERATIONS};
use crate::{Kind, Member, NumberedPages, Operation, Pagination, Shape, ShapeId, raw};

pub(super) fn resolve(
    list: List<raw::Operation>,
    shapes: &Shapes,
    exceptions: &List<raw::Exception>,
    report: &mut Report,
) -> Vec<Operation> {
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
        let prefix = raw.host_prefix.map(|prefix| {
            host_prefix::resolve(&prefix, shapes, shapes.get(input), &place.key("host_prefix"), report)
        });
        if let Some(wrapper) = &raw.result_wrapper {
            present(&place.key("result_wrapper"), wrapper, report);
        }
        let pagination = raw.pagination.map(|raw| {
            let place = place.key("pagination");
            Paging { shapes, input: shapes.get(input), output: shapes.get(output), place }
                .by_token(raw, report)
        });
        let numbered_pages = raw.numbered_pages.map(|raw| {
            let place = place.key("numbered_pages");
            if pagination.is_some() {
                report.fault(&place, "excludes \"pagination\", keep one of them");
            }
            Paging { shapes, input: shapes.get(input), output: shapes.get(output), place }
                .by_number(raw, report)
        });
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
        let (example_input, example_output) =
            raw.examples.into_iter().next().map_or((None, None), |example| (example.input, example.output));
        Some(Operation {
            name: raw.name,
            doc: raw.doc,
            input,
            output,
            exceptions: raw.exceptions,
            pagination,
            numbered_pages,
            read_only: raw.read_only,
            idempotent: raw.idempotent,
            accepts_get: raw.accepts_get,
            unsigned: raw.unsigned,
            host_prefix: prefix.unwrap_or_default(),
            result_wrapper: raw.result_wrapper,
            request_compression: raw.request_compression,
            deprecated: raw.deprecated,
            example_input,
            example_output,
            sample,
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

/// Where the members of a pagination are looked up.
struct Paging<'a> {
    shapes: &'a Shapes,
    input: &'a Shape,
    output: &'a Shape,
    place: Place,
}

impl Paging<'_> {
    fn by_token(&self, raw: raw::Pagination, report: &mut Report) -> Pagination {
        let asked = self.member(self.input, "input_token", &raw.input_token, report);
        let given = self.member(self.output, "output_token", &raw.output_token, report);
        for (key, token) in [("input_token", asked), ("output_token", given)] {
            self.expect(token, key, "string", |kind| matches!(kind, Kind::String { .. }), report);
        }
        if let Some(page_size) = &raw.page_size {
            self.whole_number(self.input, "page_size", page_size, report);
        }
        self.items(&raw.items, report);
        let raw::Pagination { input_token, output_token, page_size, items } = raw;
        Pagination { input_token, output_token, page_size, items }
    }

    fn by_number(&self, raw: raw::NumberedPages, report: &mut Report) -> NumberedPages {
        let raw::NumberedPages { page, size, total, items } = raw;
        self.whole_number(self.input, "page", &page, report);
        if let Some(size) = &size {
            self.whole_number(self.input, "size", size, report);
        }
        if let Some(total) = &total {
            self.whole_number(self.output, "total", total, report);
        }
        self.items(&items, report);
        NumberedPages { page, size, total, items }
    }

    fn whole_number(&self, of: &Shape, key: &str, name: &str, report: &mut Report) {
        let member = self.member(of, key, name, report);
        self.expect(member, key, "whole number", |kind| matches!(kind, Kind::Integer { .. }), report);
    }

    fn items(&self, name: &str, report: &mut Report) {
        let member = self.member(self.output, "items", name, report);
        self.expect(member, "items", "list", |kind| matches!(kind, Kind::List { .. }), report);
    }

    fn member<'a>(&self, of: &'a Shape, key: &str, name: &str, report: &mut Report) -> Option<&'a Member> {
        let found = of.members().iter().find(|member| member.name == name);
        if found.is_none() && of.is_known() {
            let known = of.members().iter().map(|member| member.name.as_str());
            report.unknown(&self.place.key(key), "member", name, known);
        }
        found.filter(|member| self.shapes.get(member.shape).is_known())
    }

    fn expect(
        &self,
        member: Option<&Member>,
        key: &str,
        what: &str,
        is: impl Fn(&Kind) -> bool,
        report: &mut Report,
    ) {
        if let Some(member) = member.filter(|member| !is(&self.shapes.get(member.shape).kind)) {
            report.fault(
                &self.place.key(key),
                format!("\"{}\" is not a {what}, name a member that is", member.name),
            );
        }
    }
}
