//! Models that refer to each other.

use std::{panic, path::Path, thread};

use super::{KNOWN_RESPONSES, load_with};
use crate::error::{Place, Report};
use crate::positions::{self, Named};
use crate::{Fault, Faults, Kind, PartitionTable, Repair, Service, bounded};

/// Reads, resolves and checks the models in several folders, and what they say about each other.
///
/// # Errors
///
/// Returns all faults of all models, with file paths through their folders, or the faults of the shared tables if there are
/// any.
pub fn load_all<'a>(dirs: impl IntoIterator<Item = &'a Path>) -> Result<Vec<Service>, Faults> {
    // Otherwise their faults would be reported for every service.
    let tables = PartitionTable::all()?;
    let dirs: Vec<_> = dirs.into_iter().collect();
    let loaded: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = dirs.iter().map(|dir| scope.spawn(|| load_with(dir, &tables))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic)))
            .collect()
    });
    let (mut services, mut faults) = (Vec::new(), Vec::new());
    for service in loaded {
        match service {
            Ok(service) => services.push(service),
            Err(found) => faults.extend(found.0),
        }
    }
    if faults.is_empty() {
        for (dir, service) in dirs.iter().zip(&services) {
            faults.extend(faults_of_repairs(dir, service, &services));
        }
    }
    if faults.is_empty() { Ok(services) } else { Err(Faults(faults)) }
}

/// Faults of the operations that a service's known responses name.
fn faults_of_repairs(dir: &Path, service: &Service, all: &[Service]) -> Vec<Fault> {
    let mut report = Report::default();
    for response in service.known_responses.iter().flat_map(|known| &known.entries) {
        for (index, repair) in response.repairs.iter().enumerate() {
            let place = Place::file(KNOWN_RESPONSES).key(&response.id).key("repairs").index(index);
            check(&place, repair, all, &mut report);
        }
    }
    let text = || bounded::read_to_string(&dir.join(KNOWN_RESPONSES)).unwrap_or_default();
    let named = Some(Named { list: "known_responses", label: "id" });
    let found = report.finish(Some(()), |places| positions::find(&text(), named, places));
    let faults = found.err().map_or_else(Vec::new, |faults| faults.0);
    let file = dir.join(KNOWN_RESPONSES).display().to_string();
    faults.into_iter().map(|fault| Fault { file: file.clone(), ..fault }).collect()
}

/// Checks an operation that is named, and the members of its request, if its service is among these.
fn check(place: &Place, repair: &Repair, all: &[Service], report: &mut Report) {
    let Some(service) = all.iter().find(|service| service.name == repair.service) else { return };
    let Some(operation) = service.operations.iter().find(|known| known.name == repair.operation) else {
        let known = service.operations.iter().map(|operation| operation.name.as_str());
        return report.unknown(&place.key("operation"), "operation", &repair.operation, known);
    };
    let Kind::Structure { members } = &service.shape(operation.input).kind else { return };
    for (name, _) in &repair.input {
        let place = place.key("input").key(name);
        match members.iter().find(|member| member.wire == *name) {
            Some(member)
                if matches!(service.shape(member.shape).kind, Kind::String { .. } | Kind::Enum { .. }) => {}
            Some(_) => report.fault(&place, format!("\"{name}\" is not a text, name one that is")),
            None => {
                let known = members.iter().map(|member| member.wire.as_str());
                report.unknown(&place, "member", name, known);
            }
        }
    }
}
