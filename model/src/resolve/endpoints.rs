//! Endpoint rules and partitions.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{partitions, placed, sorted_texts};
use crate::error::{Place, Report};
use crate::load::{SERVICE, one};
use crate::{EndpointCondition, EndpointOutcome, EndpointRule, Endpoints, Partition, PartitionTable, raw};

pub(super) fn resolve(raw: raw::Endpoints, tables: &[PartitionTable], report: &mut Report) -> Endpoints {
    let place = Place::file(SERVICE).key("endpoints");
    let last = raw.rules.len().saturating_sub(1);
    if raw.rules.is_empty() {
        report.fault(&place.key("rules"), "is empty, add at least a rule without conditions");
    }
    let mut rules = Vec::new();
    for (index, entry) in raw.rules.into_iter().enumerate() {
        let place = place.key("rules").index(index);
        let Some(raw) = one::<raw::EndpointRule>(&place, entry, report) else { continue };
        let unconditional = raw.when.is_empty();
        if index == last && !unconditional {
            report.fault(&place.key("when"), "has conditions, end with a rule without any");
        }
        if index != last && unconditional {
            report.fault(&place.key("when"), "always holds, so later rules never apply; move it to the end");
        }
        rules.extend(rule(raw, &place, report));
    }
    let faults = report.count();
    let partitions = partitions::of_service(raw.partitions, tables, &place.key("partitions"), report);
    let sure = report.count() == faults;
    let known = partitions.list();
    for (index, rule) in rules.iter().enumerate() {
        for condition in &rule.when {
            if let EndpointCondition::PartitionIs(id) = condition
                && sure
                && !known.iter().any(|partition| partition.id == *id)
            {
                let known = known.iter().map(|partition| partition.id.as_str());
                report.unknown(&place.key("rules").index(index).key("when"), "partition", id, known);
            }
        }
    }
    let about_partition = rules.iter().any(EndpointRule::asks_for_partition);
    if sure && known.is_empty() && about_partition {
        report.fault(
            &place.key("partitions"),
            "is empty, but a rule asks for the partition; list them or name a table",
        );
    }
    let regions = regions(raw.regions, sure.then_some(known), &place.key("regions"), report);
    Endpoints { rules, partitions, regions: regions.into_iter().collect() }
}

/// Regions where the service is offered: one list per partition, or one list without partitions. `partitions` are those that
/// could be read.
fn regions(
    raw: Option<Value>,
    partitions: Option<&[Partition]>,
    place: &Place,
    report: &mut Report,
) -> BTreeSet<String> {
    let mut regions = BTreeSet::new();
    let mut offer = |listed: Value, place: &Place, report: &mut Report| {
        let listed: Vec<String> = serde_json::from_value(listed).unwrap_or_else(|_| {
            report.fault(place, "is not a list of texts, list the names of the regions");
            Vec::new()
        });
        sorted_texts(placed(place, &listed), report);
        regions.extend(listed);
    };
    match raw {
        Some(Value::Object(by_partition)) => {
            for (id, listed) in by_partition {
                let place = place.key(&id);
                if let Some(known) = partitions
                    && !known.iter().any(|partition| partition.id == id)
                {
                    let known = known.iter().map(|partition| partition.id.as_str());
                    report.unknown(&place, "partition", &id, known);
                }
                offer(listed, &place, report);
            }
        }
        Some(listed @ Value::Array(_)) => offer(listed, place, report),
        Some(_) => {
            report.fault(place, "is neither a list of regions nor an object of such lists by partition");
        }
        None => {}
    }
    regions
}

impl EndpointRule {
    fn asks_for_partition(&self) -> bool {
        use EndpointCondition::{PartitionHasDualStack, PartitionHasFips, PartitionIs};
        let placeholder = match &self.then {
            EndpointOutcome::Url(url) | EndpointOutcome::SignedFor { url, .. } => {
                url.contains("{dnsSuffix}") || url.contains("{dualStackDnsSuffix}")
            }
            EndpointOutcome::Custom | EndpointOutcome::Error(_) => false,
        };
        let asks = |condition: &EndpointCondition| {
            matches!(condition, PartitionHasFips | PartitionHasDualStack | PartitionIs(_))
        };
        placeholder || self.when.iter().any(asks)
    }
}

fn rule(mut raw: raw::EndpointRule, place: &Place, report: &mut Report) -> Option<EndpointRule> {
    let when = raw.when;
    let has = |wanted: &EndpointCondition| when.contains(wanted);
    let region_known =
        when.iter().any(|one| matches!(one, EndpointCondition::RegionSet | EndpointCondition::RegionIs(_)));
    let then = match (raw.url, raw.error, raw.custom) {
        (Some(url), None, false) => {
            let place = place.key("url");
            check_url(&url, region_known, &place, report);
            match raw.signing_region.take() {
                Some(region) => EndpointOutcome::SignedFor { url, region },
                None => EndpointOutcome::Url(url),
            }
        }
        (None, Some(error), false) => EndpointOutcome::Error(error),
        (None, None, true) => {
            if !has(&EndpointCondition::EndpointSet) {
                report.fault(&place.key("custom"), "needs the condition \"endpoint-set\"");
            }
            EndpointOutcome::Custom
        }
        _ => {
            report.fault(place, "must have exactly one of \"url\", \"error\" and \"custom\": true");
            return None;
        }
    };
    if raw.signing_region.is_some() {
        report.fault(&place.key("signing_region"), "is only valid with \"url\", remove it");
    }
    Some(EndpointRule { when, then })
}

fn check_url(url: &str, region_known: bool, place: &Place, report: &mut Report) {
    const PLACEHOLDERS: [&str; 3] = ["Region", "dnsSuffix", "dualStackDnsSuffix"];
    if !url.starts_with("https://") {
        report.fault(place, format!("\"{url}\" is not secure, start it with https://"));
    }
    for part in url.split('{').skip(1) {
        match part.split_once('}') {
            Some((name, _)) if PLACEHOLDERS.contains(&name) => {
                if !region_known {
                    report.fault(place, format!("{{{name}}} needs the condition \"region-set\""));
                }
            }
            Some((name, _)) => report.unknown(place, "placeholder", name, PLACEHOLDERS),
            None => report.fault(place, format!("\"{{{part}\" is never closed, add }}")),
        }
    }
}
