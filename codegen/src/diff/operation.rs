//! Operations: methods of the client, their requests, responses and errors.

use std::collections::BTreeMap;

use gatewright_model::{
    Checksum, Compression, HostPart, Http, Member, Operation, PageKey, Pagination, Service, XmlNamespace,
    XmlRoot,
};

use super::{
    Diff, Fact, Place, Spot, code, matched, names, rules,
    side::{Side, text},
};
use crate::{naming, ordered::Ordered as _, pages, protocol};

impl<'a> Diff<'a> {
    pub(super) fn operations(&mut self) {
        let by_name = |operations: &'a [Operation]| {
            operations.iter().map(|operation| (operation.name.as_str(), operation)).collect::<Vec<_>>()
        };
        let (old, new) = (by_name(&self.old.service.operations), by_name(&self.new.service.operations));
        for (name, operations) in matched(old, new) {
            let rust_name = operations.1.or(operations.0).map_or(name, |operation| &operation.rust_name);
            let place = Place::Method(naming::field(rust_name).to_string());
            let at = Spot { place, operations: vec![name.to_owned()] };
            match operations {
                (Some(old), Some(new)) => self.operation(&at, old, new),
                (None, Some(_)) => self.add(&at, &rules::OPERATION_ADDED, None, None),
                (Some(_), None) => self.add(&at, &rules::OPERATION_REMOVED, None, None),
                (None, None) => {}
            }
        }
    }

    fn operation(&mut self, at: &Spot, before: &'a Operation, after: &'a Operation) {
        let Operation {
            name: _,
            rust_name,
            doc,
            input,
            output,
            pagination: _,
            waiters: _,
            read_only,
            idempotent,
            accepts_get,
            unsigned,
            http,
            host_prefix,
            result_wrapper,
            xml_root: _,
            request_compression,
            request_checksum,
            deprecated,
            example_input,
            example_output,
            sample,
            // Its errors.
            ..
        } = before;
        if naming::field(rust_name) != naming::field(&after.rust_name) {
            let [old, new] = [rust_name, &after.rust_name].map(|name| code(&naming::field(name)));
            self.add(at, &rules::RENAMED, old, new);
        }
        self.texts(at, doc, &after.doc);
        self.deprecations(at, deprecated.as_ref(), after.deprecated.as_ref());
        self.gained_or_lost(at, [&rules::GET_GAINED, &rules::GET_LOST], *accepts_get, after.accepts_get);
        self.gained_or_lost(at, [&rules::UNSIGNED, &rules::SIGNED], *unsigned, after.unsigned);
        if *http != after.http {
            self.add(at, &rules::HTTP, http_fact(http.as_ref()), http_fact(after.http.as_ref()));
        }
        // Its members are compared with the request's others.
        let [old, new] = [host_prefix, &after.host_prefix].map(|parts| prefix(parts));
        if old != new {
            self.add(at, &rules::HOST_PREFIX, old, new);
        }
        if *result_wrapper != after.result_wrapper {
            let fact = |wrapper: &Option<String>| wrapper.as_ref().map(code);
            self.add(at, &rules::RESULT_WRAPPER, fact(result_wrapper), fact(&after.result_wrapper));
        }
        let root = |side: &Side<'a>, operation: &Operation| {
            let XmlRoot { name, namespace } = protocol::of(side.service).root(&side.context, operation)?;
            let namespace = namespace.map(|XmlNamespace { uri, prefix }| [Some(uri), prefix]);
            let namespace = namespace.into_iter().flatten().flatten();
            Some(Fact::Names([name].into_iter().chain(namespace).collect()))
        };
        if let (Some(old), Some(new)) = (root(&self.old, before), root(&self.new, after)) {
            self.differs(at, &rules::XML_ROOT, old, new);
        }
        let is_gzip = |compression: Option<Compression>| match compression {
            Some(Compression::Gzip) => true,
            None => false,
        };
        self.gained_or_lost(
            at,
            [&rules::COMPRESSED, &rules::UNCOMPRESSED],
            is_gzip(*request_compression),
            is_gzip(after.request_compression),
        );
        let is_crc32 = |checksum: Option<Checksum>| match checksum {
            Some(Checksum::Crc32) => true,
            None => false,
        };
        self.gained_or_lost(
            at,
            [&rules::CHECKSUM_ADDED, &rules::CHECKSUM_REMOVED],
            is_crc32(*request_checksum),
            is_crc32(after.request_checksum),
        );
        let repeatable = [before.is_repeatable(), after.is_repeatable()];
        if repeatable[0] == repeatable[1] && (read_only, idempotent) != (&after.read_only, &after.idempotent)
        {
            self.add(at, &rules::REPEATABLE_FACT, None, None);
        }
        self.gained_or_lost(at, [&rules::RETRIES_GAINED, &rules::RETRIES_LOST], repeatable[0], repeatable[1]);
        if (example_input, example_output) != (&after.example_input, &after.example_output) {
            self.add(at, &rules::EXAMPLE, None, None);
        }
        if *sample != after.sample {
            self.add(at, &rules::SAMPLE, None, None);
        }
        let rules = [&rules::OPERATION_EXCEPTION_ADDED, &rules::OPERATION_EXCEPTION_REMOVED];
        let exceptions = |service: &Service, operation: &Operation| -> Vec<String> {
            service.exceptions_of(operation).map(|exception| exception.name.clone()).collect()
        };
        let [old, new] = [exceptions(self.old.service, before), exceptions(self.new.service, after)];
        self.names(at, rules, &old, &new);
        self.codes_of(at, before, after);
        self.pages(at, before, after);

        let structures = [self.old.request(before), self.new.request(after)];
        self.structure(at, &structures, [*input, after.input]);
        let structures = [self.old.response(before), self.new.response(after)];
        self.structure(at, &structures, [*output, after.output]);
    }

    fn codes_of(&mut self, at: &Spot, before: &'a Operation, after: &'a Operation) {
        // By value; the names of variants are compared together with the codes.
        let codes = |service: &'a Service, operation| -> BTreeMap<&'a str, &'a str> {
            service.codes_of(operation).map(|code| (code.value.as_str(), code.rust_name.as_str())).ordered()
        };
        let (old, new) = (codes(self.old.service, before), codes(self.new.service, after));
        let ty = naming::error(&after.rust_name).to_string();
        let all = |codes: &BTreeMap<&str, &str>| {
            names(&codes.keys().map(|&value| value.to_owned()).collect::<Vec<_>>())
        };
        let of_type = at.at(Place::Type(ty.clone()));
        match (old.is_empty(), new.is_empty()) {
            (true, false) => self.add(&of_type, &rules::OPERATION_ERROR_ADDED, None, all(&new)),
            (false, true) => self.add(&of_type, &rules::OPERATION_ERROR_REMOVED, all(&old), None),
            (true, true) | (false, false) => {
                for (value, codes) in matched(old, new) {
                    let name = codes.1.or(codes.0).unwrap_or(value);
                    let variant = naming::variant(name).to_string();
                    let at = at.at(Place::Variant { ty: ty.clone(), variant });
                    let rules = [&rules::OPERATION_CODE_ADDED, &rules::OPERATION_CODE_REMOVED];
                    self.gained_or_lost(&at, rules, codes.0.is_some(), codes.1.is_some());
                }
            }
        }
    }

    fn pages(&mut self, at: &Spot, before: &Operation, after: &Operation) {
        match (&before.pagination, &after.pagination) {
            (None, Some(_)) => self.add(at, &rules::PAGES_ADDED, None, None),
            (Some(_), None) => self.add(at, &rules::PAGES_REMOVED, None, None),
            (Some(old), Some(new)) => {
                let item = |side: &Side<'a>, operation| {
                    pages::item(&side.context, operation).map(|item| code(&text(&item)))
                };
                let [old_item, new_item] = [item(&self.old, before), item(&self.new, after)];
                if old_item == new_item {
                    let place = |pages: &Pagination| {
                        code(&pages.items.as_ref().map_or_else(String::new, ToString::to_string))
                    };
                    self.differs(at, &rules::PAGES_PLACE, place(old), place(new));
                    self.differs(at, &rules::PAGES_MEMBERS, page_members(old), page_members(new));
                } else {
                    self.add(at, &rules::PAGES_ITEMS, old_item, new_item);
                }
            }
            (None, None) => {}
        }
    }
}

/// The members that page, by name, except for the items.
fn page_members(Pagination { items: _, by }: &Pagination) -> Fact {
    let name = |member: &Member| member.name.clone();
    Fact::Names(match by {
        PageKey::Token { tokens, more } => {
            let inputs = tokens.iter().map(|token| name(&token.input));
            let outputs = tokens.iter().flat_map(|token| &token.output).chain(more);
            inputs.chain(outputs.map(ToString::to_string)).collect::<Vec<_>>()
        }
        PageKey::Number { page, total } => [page].into_iter().chain(total).map(name).collect(),
    })
}

/// The prefix of the host, as in the model.
fn http_fact(http: Option<&Http>) -> Option<Fact> {
    http.map(|http| code(&format!("{} {}, status {}", http.method, http.uri(), http.status)))
}

fn prefix(parts: &[HostPart]) -> Option<Fact> {
    let part = |part: &HostPart| match part {
        HostPart::Text(text) => text.clone(),
        HostPart::Member(member) => format!("{{{}}}", member.name),
    };
    (!parts.is_empty()).then(|| code(&parts.iter().map(part).collect::<String>()))
}
