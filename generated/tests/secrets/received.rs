//! Secrets of responses that cannot be decoded.

use std::collections::BTreeSet;

use gatewright::{
    BoxFuture, Document,
    dynamic::DynamicOperation,
    fake::FakeService,
    transport::{Request, Response, Transport, TransportError},
};

use crate::{Put, Seen, check, collector::Collector, kept, leaks::Parts};

/// Responds with successes that cannot be decoded and hold secrets of their own.
#[derive(Clone, Debug)]
pub(crate) struct Broken(String);

impl Transport for Broken {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let response = http::Response::new(self.0.clone().into());
        Box::pin(async { Ok(response) })
    }
}

/// Each member of an object as one that has another type.
fn broken(value: &Document) -> Vec<Document> {
    let members = value.as_object().unwrap();
    let with = |name: &String, other: Document| {
        let mut members = members.clone();
        members.insert(name.clone(), other);
        Document::Object(members)
    };
    let each = members.iter().flat_map(|(name, value)| {
        let inner = if value.is_object() { broken(value) } else { Vec::new() };
        let text = value.as_array().and_then(|items| items.first()).unwrap_or(value).to_string();
        let others = [
            Document::Array(vec![Document::Array(vec![value.clone()])]),
            Document::from_iter([("x", value.clone())]),
            Document::from(text),
        ];
        inner.into_iter().chain(others).map(|other| with(name, other)).collect::<Vec<_>>()
    });
    each.collect()
}

/// As a service that responds in XML writes it.
pub(crate) fn xml(value: &Document) -> String {
    let element = |name: &str, value: &Document| ["<", name, ">", &xml(value), "</", name, ">"].concat();
    match value {
        Document::Object(members) => members.iter().map(|(name, value)| element(name, value)).collect(),
        Document::Array(items) => items.iter().map(|item| element("member", item)).collect(),
        Document::String(text) => text.replace('&', "&amp;").replace('<', "&lt;"),
        other => other.to_string(),
    }
}

/// Calls each operation whose response has secrets, with responses broken in many ways; returns the members.
pub(crate) fn receive_all<C: AsRef<gatewright_runtime::Client>>(
    service: &FakeService,
    operations: &[DynamicOperation],
    inputs: &str,
    write: impl Fn(&str, &Document) -> String,
    client: impl Fn(Broken, Seen) -> C,
) -> BTreeSet<String> {
    let info = service.info();
    let inputs: Document = inputs.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut paths, mut failed) = (BTreeSet::new(), 0);
    for operation in operations {
        let name = operation.name();
        let mut output: Document = operation.sample().parse().unwrap();
        let mut put = Put::of(&mut output, info, name);
        if put.secrets.is_empty() {
            continue;
        }
        paths.append(&mut put.paths);
        let parts = Parts::of(&put.secrets);
        let whole = write(name, &output);
        let cut =
            [4, 3, 2].map(|part| whole.chars().take(whole.chars().count() * (part - 1) / part).collect());
        let texts = broken(&output).iter().map(|output| write(name, output)).chain(cut).collect::<Vec<_>>();
        let cut = texts
            .iter()
            .map(|text| text.chars().take(text.chars().count() - 2).collect())
            .collect::<Vec<_>>();
        for text in texts.iter().chain(&cut) {
            let seen = Seen::default();
            let client = client(Broken(text.clone()), seen.clone());
            let input = inputs[name].to_string();
            let (called, events) = Collector::collect(|| {
                runtime.block_on(operation.call(client.as_ref(), input.as_bytes())).map_err(Box::new)
            });
            let mut shown = vec![events];
            shown.append(&mut seen.0.lock().unwrap());
            if let Err(error) = called {
                assert!(["Service", "Response"].contains(&error.kind.as_str()), "{name}: {error}");
                failed += 1;
                shown.extend([error.to_string(), format!("{error:?}"), error.explanation.to_string()]);
                shown.extend(kept(&error.evidence.unwrap(), info, b""));
            }
            check(&format!("{name} with {text}"), &parts, &shown);
        }
    }
    assert!(failed > paths.len(), "{failed} responses could not be decoded");
    paths
}
