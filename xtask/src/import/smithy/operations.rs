//! Operations, and how they are paged and waited for.

use gatewright_model::{Expected, Quantity};
use serde_json::Value;

use super::{Reader, UNIT, has, list, of, unknown};
use crate::import::vendor::{Acceptor, Condition, Http, NO_AUTH, Operation, Pagination, Subject, Waiter};

impl Reader<'_> {
    pub(super) fn operation(&mut self, id: &str, service: &Value) -> Result<Operation, String> {
        const KNOWN: [&str; 11] = [
            "smithy.waiters#waitable",
            "readonly",
            "idempotent",
            "auth",
            "optionalAuth",
            "deprecated",
            "endpoint",
            "paginated",
            "requestCompression",
            "aws.protocols#httpChecksum",
            "httpChecksumRequired",
        ];
        const PAGES: [&str; 4] = ["inputToken", "outputToken", "items", "pageSize"];
        let Some(operation) = self.shapes.get(id) else { return Err(format!("has no operation {id}")) };
        let name = self.name(id);
        for lost in unknown(operation, &KNOWN) {
            let kind = match lost {
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
        let own = of(operation, "auth").as_array();
        let names = own.into_iter().flatten().filter_map(Value::as_str);
        self.losses.authentication(names, &Subject::Operation(name.clone()));
        let auth = own.or_else(|| of(service, "auth").as_array());
        let no_auth = auth.is_some_and(|auth| auth.iter().all(|one| one == NO_AUTH));
        let end =
            |key: &str| operation[key]["target"].as_str().filter(|id| *id != UNIT).map(|id| self.name(id));
        let errors = list(operation, "errors").chain(list(service, "errors"));
        let mut read = Operation {
            input: end("input"),
            output: end("output"),
            errors: errors.filter_map(|error| error["target"].as_str()).map(|id| self.name(id)).collect(),
            read_only: has(operation, "readonly"),
            idempotent: has(operation, "idempotent"),
            unsigned: no_auth || has(operation, "optionalAuth"),
            has_checksum: self.losses.checksum(
                of(operation, "aws.protocols#httpChecksum"),
                has(operation, "httpChecksumRequired"),
                self.rest,
                &name,
            ),
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

    pub(super) fn waiter(&mut self, operation: String, waiter: &Value) -> Waiter {
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
