//! Waiters of a vendor's model in the terms of ours.

use gatewright_model::{Expected, ExpressionFault, Matcher, Quantity, Types, ValueKind};

use super::{
    entries::DEPRECATED,
    json::{Json, Object},
    vendor::{Acceptor, Condition, Kind, Losses, Shape, Vendor, Waiter},
};

/// The waiters of the operations that are kept. A waiter with a condition that ours cannot express is left out: without the
/// condition, it would end in other states.
pub(super) fn of(vendor: &Vendor, is_kept: impl Fn(&str) -> bool, losses: &mut Losses) -> Vec<Object> {
    let mut waiters = Vec::new();
    for (name, waiter) in vendor.waiters.iter().filter(|(_, waiter)| is_kept(&waiter.operation)) {
        match entry(vendor, name, waiter) {
            Ok(entry) => waiters.push(entry),
            Err(why) => losses.operation(format!("the waiter {name}, which {why}"), &waiter.operation),
        }
    }
    waiters
}

fn entry(vendor: &Vendor, name: &str, waiter: &Waiter) -> Result<Object, String> {
    let Waiter { operation, min_delay, max_delay, max_wait, deprecated, acceptors } = waiter;
    let Some(called) = vendor.operations.get(operation) else {
        return Err(format!("calls {operation}, which does not exist"));
    };
    if !acceptors.iter().any(|acceptor| acceptor.state == "success") {
        return Err("has no condition of success".to_owned());
    }
    let mut entry = Object::default();
    entry.set("name", name);
    entry.set("operation", operation.as_str());
    for (key, seconds) in [("min_delay", min_delay), ("max_delay", max_delay), ("max_wait", max_wait)] {
        entry.set_some(key, seconds.map(|seconds| Json::Number(seconds.into())));
    }
    entry.set_some("deprecated", deprecated.then_some(DEPRECATED));
    let output = called.output.as_deref().unwrap_or_default();
    let acceptors = acceptors.iter().map(|acceptor| self::acceptor(vendor, output, acceptor));
    entry.set("acceptors", acceptors.collect::<Result<Vec<_>, _>>()?.into_iter().collect::<Json>());
    Ok(entry)
}

fn acceptor(vendor: &Vendor, output: &str, acceptor: &Acceptor) -> Result<Object, String> {
    let mut entry = Object::default();
    if !["success", "failure", "retry"].contains(&acceptor.state.as_str()) {
        return Err(format!("has a condition of {:?}", acceptor.state));
    }
    entry.set("state", acceptor.state.as_str());
    match &acceptor.condition {
        Condition::Output { path, quantity, expected } => {
            Matcher::output(path, *quantity, expected.clone(), &vendor, output)
                .map_err(|fault: ExpressionFault| format!("has a condition whose path `{path}` {fault}"))?;
            entry.set("path", path.as_str());
            let key = match quantity {
                Quantity::Is => "is",
                Quantity::All => "all",
                Quantity::Any => "any",
            };
            match expected {
                Expected::Text(text) => entry.set(key, text.as_str()),
                Expected::Boolean(value) => entry.set(key, *value),
            }
        }
        Condition::Error(name) => entry.set("error", wire_name(vendor, name)),
        Condition::Succeeds(succeeds) => entry.set("succeeds", *succeeds),
        Condition::Status(status @ 100..=599) => entry.set("status", Json::Number((*status).into())),
        Condition::Status(status) => return Err(format!("has a condition of status {status}")),
        Condition::Unknown(what) => return Err(format!("has a condition {what}")),
    }
    Ok(entry)
}

/// Name of an error on the wire, of queries; in JSON, the names of exceptions and of their shapes mean the same.
fn wire_name<'a>(vendor: &'a Vendor, name: &'a str) -> &'a str {
    let error = vendor.shapes.get(name).and_then(|shape| shape.error.as_ref());
    error.and_then(|error| error.code.as_deref()).filter(|_| vendor.protocol.is_query()).unwrap_or(name)
}

impl<'a> Types for &'a Vendor {
    type Id = &'a str;

    fn kind(&self, id: &'a str) -> ValueKind<&'a str> {
        let vendor: &'a Vendor = self;
        match vendor.shapes.get(id).map(|shape| &shape.kind) {
            // An operation without a response.
            None | Some(Kind::Structure(_) | Kind::Union(_)) => ValueKind::Structure,
            Some(Kind::List { member, .. }) => ValueKind::List(member),
            Some(Kind::Map { value, .. }) => ValueKind::Map(value),
            Some(Kind::String { .. } | Kind::Enum(_)) => ValueKind::Text,
            Some(Kind::Number { .. } | Kind::IntEnum(_)) => ValueKind::Number,
            Some(Kind::Boolean) => ValueKind::Boolean,
            Some(Kind::Blob { .. } | Kind::Timestamp { .. } | Kind::EventStream) => ValueKind::Scalar,
            Some(Kind::Document) => ValueKind::Any,
        }
    }

    fn member(&self, of: &'a str, name: &str) -> Option<(String, &'a str)> {
        let vendor: &'a Vendor = self;
        let member = vendor.shapes.get(of)?.members().iter().find(|member| member.name == name)?;
        Some((name.to_owned(), &member.shape))
    }

    fn members(&self, of: &'a str) -> Vec<String> {
        let members = self.shapes.get(of).into_iter().flat_map(Shape::members);
        members.map(|member| member.name.clone()).collect()
    }
}
