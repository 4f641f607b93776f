//! The part of a service that the runtime itself calls.

use std::collections::BTreeSet;

use super::{placed, sorted_texts};
use crate::error::{Place, Report};
use crate::load::SERVICE;
use crate::{InRuntime, Operation, Shape, naming, raw};

/// The part. `sure` says that every operation and shape could be read.
pub(super) fn resolve(
    raw: raw::InRuntime,
    operations: &[Operation],
    shapes: &[Shape],
    sure: bool,
    report: &mut Report,
) -> InRuntime {
    let raw::InRuntime { module, operations: names, members: wanted, .. } = raw;
    let place = Place::file(SERVICE).key("in_runtime");
    let module: Vec<_> = module.split("::").map(str::to_owned).collect();
    if module.iter().any(|part| *part != naming::module(part)) {
        report.fault(&place.key("module"), "is not a path of modules, write it as `one::two`");
    }
    let (names_place, members_place) = (place.key("operations"), place.key("members"));
    if names.is_empty() {
        report.fault(&names_place, "is empty, name the operations that the runtime calls");
    }
    sorted_texts(placed(&names_place, &names), report);
    sorted_texts(placed(&members_place, &wanted), report);
    let known = operations.iter().map(|operation| operation.name.as_str()).collect();
    // The members of an unknown operation are unknown, too.
    if sure && are_known("operation", &known, &names_place, &names, report) && !names.is_empty() {
        let called = || operations.iter().filter(|operation| names.contains(&operation.name));
        let inputs = called().flat_map(|operation| shapes[operation.input.0].members());
        let outputs = called().flat_map(|operation| shapes[operation.output.0].members());
        let known = inputs.clone().chain(outputs).map(|member| member.name.as_str()).collect();
        are_known("member", &known, &members_place, &wanted, report);
        for member in inputs.filter(|member| member.is_required() && !wanted.contains(&member.name)) {
            report.fault(&members_place, format!("lacks \"{}\", which a request needs", member.name));
        }
    }
    InRuntime { module, operations: names, members: wanted }
}

fn are_known(
    what: &str,
    known: &BTreeSet<&str>,
    place: &Place,
    names: &[String],
    report: &mut Report,
) -> bool {
    for (place, name) in placed(place, names).filter(|(_, name)| !known.contains(name)) {
        report.unknown(&place, what, name, known.iter().copied());
    }
    names.iter().all(|name| known.contains(name.as_str()))
}
