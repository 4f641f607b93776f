//! Endpoint rules and partitions.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{placed, sorted_texts};
use crate::error::{Place, Report};
use crate::load::{SERVICE, one, value};
use crate::{EndpointCondition, EndpointOutcome, EndpointRule, Endpoints, Partition, raw};

pub(super) fn resolve(raw: raw::Endpoints, report: &mut Report) -> Endpoints {
    let place = Place::file(SERVICE).key("endpoints");
    let last = raw.rules.len().saturating_sub(1);
    if raw.rules.is_empty() {
        report.fault(&place.key("rules"), "is empty, add at least a rule without conditions");
    }
    let mut rules = Vec::new();
    for (index, entry) in raw.rules.into_iter().enumerate() {
        let place = place.key("rules").index(index);
        let Some(raw) = one::<raw::EndpointRule>(&place, entry, report, value) else { continue };
        let unconditional = raw.when.is_empty();
        if index == last && !unconditional {
            report.fault(&place.key("when"), "may not hold, end with a rule without conditions");
        }
        if index != last && unconditional {
            report.fault(&place.key("when"), "always holds, so no later rule counts; move it to the end");
        }
        rules.extend(rule(raw, &place, report));
    }
    let partitions = partitions(raw.partitions, &place.key("partitions"), report);
    for (index, rule) in rules.iter().enumerate() {
        for condition in &rule.when {
            if let EndpointCondition::PartitionIs(id) = condition
                && !partitions.iter().any(|partition| partition.id == *id)
            {
                let known = partitions.iter().map(|partition| partition.id.as_str());
                report.unknown(&place.key("rules").index(index).key("when"), "partition", id, known);
            }
        }
    }
    let about_partition = rules.iter().any(EndpointRule::asks_for_partition);
    if partitions.is_empty() && about_partition {
        report.fault(&place.key("partitions"), "is empty, but a rule asks for the partition; list them");
    }
    let regions = regions(raw.regions, &partitions, &place.key("regions"), report);
    Endpoints { rules, partitions, regions: regions.into_iter().collect() }
}

/// Where the service is offered: a list by partition, or one of all where there are no partitions.
fn regions(
    raw: Option<Value>,
    partitions: &[Partition],
    place: &Place,
    report: &mut Report,
) -> BTreeSet<String> {
    let mut regions = BTreeSet::new();
    let by_partition = match raw {
        Some(Value::Object(by_partition)) => by_partition,
        Some(listed @ Value::Array(_)) => {
            let listed = serde_json::from_value(listed).unwrap_or_else(|_| {
                report.fault(place, "holds what is not text, list the names of the regions");
                Vec::new()
            });
            sorted_texts(placed(place, &listed), report);
            regions.extend(listed);
            return regions;
        }
        Some(_) => {
            report.fault(place, "is neither a list of regions nor an object of such lists by partition");
            return regions;
        }
        None => return regions,
    };
    for (id, entry) in by_partition {
        let place = place.key(&id);
        if !partitions.iter().any(|partition| partition.id == id) {
            report.unknown(
                &place,
                "partition",
                &id,
                partitions.iter().map(|partition| partition.id.as_str()),
            );
        }
        let Some(raw) = one::<raw::ServiceRegions>(&place, entry, report, value) else { continue };
        sorted_texts(placed(&place.key("regions"), &raw.regions), report);
        regions.extend(raw.regions);
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
    let when: Vec<_> = raw.when.into_iter().map(EndpointCondition::from).collect();
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
        report.fault(&place.key("signing_region"), "goes with \"url\" only, remove it");
    }
    Some(EndpointRule { when, then })
}

impl From<raw::EndpointCondition> for EndpointCondition {
    fn from(raw: raw::EndpointCondition) -> Self {
        match raw {
            raw::EndpointCondition::EndpointSet => Self::EndpointSet,
            raw::EndpointCondition::RegionSet => Self::RegionSet,
            raw::EndpointCondition::RegionIs(region) => Self::RegionIs(region),
            raw::EndpointCondition::Fips => Self::Fips,
            raw::EndpointCondition::DualStack => Self::DualStack,
            raw::EndpointCondition::PartitionHasFips => Self::PartitionHasFips,
            raw::EndpointCondition::PartitionHasDualStack => Self::PartitionHasDualStack,
            raw::EndpointCondition::PartitionIs(id) => Self::PartitionIs(id),
            raw::EndpointCondition::Vpc => Self::Vpc,
            raw::EndpointCondition::Global => Self::Global,
        }
    }
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

fn partitions(entries: Vec<Value>, place: &Place, report: &mut Report) -> Vec<Partition> {
    let mut partitions: Vec<Partition> = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let place = place.index(index);
        let Some(raw) = one::<raw::Partition>(&place, entry, report, value) else { continue };
        if partitions.iter().any(|other| other.id == raw.id) {
            report.fault(&place.key("id"), format!("\"{}\" is there twice, remove or rename one", raw.id));
        }
        sorted_texts(placed(&place.key("regions"), &raw.regions), report);
        for (index, region) in raw.regions.iter().enumerate() {
            if let Some(other) = partitions.iter().find(|other| other.regions.contains(region)) {
                let fault = format!("\"{region}\" is in partition \"{}\" too, remove one", other.id);
                report.fault(&place.key("regions").index(index), fault);
            }
        }
        let prefixes = region_prefixes(&raw.region_regex);
        if prefixes.is_none() {
            let fault = r"has another form than ^a\-\w+\-\d+$, ^(a|b)\-\w+\-\d+$ or ^a\-b\-\w+\-\d+$, which are understood";
            report.fault(&place.key("region_regex"), fault);
        }
        partitions.push(Partition {
            id: raw.id,
            region_prefixes: prefixes.unwrap_or_default(),
            dns_suffix: raw.dns_suffix,
            dual_stack_dns_suffix: raw.dual_stack_dns_suffix,
            supports_fips: raw.supports_fips,
            supports_dual_stack: raw.supports_dual_stack,
            regions: raw.regions,
        });
    }
    partitions
}

/// First words of the regions that a partition's regex matches: `^eusc\-(de)\-\w+\-\d+$` gives `eusc-de`.
fn region_prefixes(regex: &str) -> Option<Vec<String>> {
    let words = regex.strip_prefix('^')?.strip_suffix(r"\-\w+\-\d+$")?;
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    words.split(r"\-").try_fold(vec![String::new()], |prefixes, part| {
        let choices: Vec<_> = part
            .strip_prefix('(')
            .and_then(|part| part.strip_suffix(')'))
            .map_or_else(|| vec![part], |choices| choices.split('|').collect());
        let dash = if prefixes == [""] { "" } else { "-" };
        let longer = prefixes
            .iter()
            .flat_map(|prefix| choices.iter().map(move |word| format!("{prefix}{dash}{word}")));
        choices.iter().all(is_word).then(|| longer.collect())
    })
}
