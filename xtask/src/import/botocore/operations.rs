//! Operations, and how they are paged and waited for.

use std::collections::BTreeMap;

use gatewright_model::{Expected, Quantity};
use serde_json::Value;

use super::{Reader, flag, location, namespace, pairs, reference, unknown};
use crate::import::vendor::{
    Acceptor, Condition, Http, NO_AUTH, Operation, Pagination, Subject, Vendor, Waiter, XmlRoot,
};

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
    pub(super) fn operation(&mut self, name: &str, operation: &Value) -> Operation {
        const KNOWN: [&str; 21] = [
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
            "httpChecksum",
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
        self.losses.authentication(auth.iter().copied(), &Subject::Operation(name.to_owned()));
        let compression = &operation["requestcompression"]["encodings"];
        let errors = operation["errors"].as_array().into_iter().flatten();
        Operation {
            input: operation["input"]["shape"].as_str().map(str::to_owned),
            output: operation["output"]["shape"].as_str().map(str::to_owned),
            errors: errors.filter_map(|error| error["shape"].as_str()).map(str::to_owned).collect(),
            read_only: flag(operation, "readonly"),
            idempotent: flag(operation, "idempotent"),
            unsigned: authtype == "none" || auth == [NO_AUTH],
            has_checksum: self.losses.checksum(
                &operation["httpChecksum"],
                flag(operation, "httpChecksumRequired"),
                self.rest,
                name,
            ),
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

    pub(super) fn waiter(&mut self, name: &str, waiter: &Value) -> Waiter {
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

    pub(super) fn paginator(&mut self, name: &str, paginator: &Value, vendor: &mut Vendor) {
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

/// Labels by the names of their members; they have the names of the members' locations, each of which another member may have.
pub(crate) fn name_labels(uri: &mut String, members: &Value) {
    let labels = pairs(members).filter(|(_, member)| member["location"] == "uri");
    let labels: BTreeMap<_, _> =
        labels.map(|(name, member)| (location(member).unwrap_or_else(|| name.clone()), name)).collect();
    let named = uri.split_inclusive('}').map(|part| {
        let Some((before, label)) = part.split_once('{') else { return part.to_owned() };
        let label = label.trim_end_matches('}');
        let (label, greedy) = label.strip_suffix('+').map_or((label, ""), |label| (label, "+"));
        let name = labels.get(label).map_or(label, |name| name.as_str());
        format!("{before}{{{name}{greedy}}}")
    });
    *uri = named.collect();
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_may_have_each_others_names() {
        let member = |location: &str| json!({ "location": "uri", "locationName": location });
        let members = json!({ "One": member("Two"), "Two": member("One"), "Rest": member("rest") });
        let mut uri = "/a{x}/{One}/{Two}/{rest+}?q=1".to_owned();
        name_labels(&mut uri, &members);
        assert_eq!(uri, "/a{x}/{Two}/{One}/{Rest+}?q=1");
    }
}
