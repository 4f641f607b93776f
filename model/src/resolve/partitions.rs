//! Partitions, of a service or shared.

use serde_json::Value;

use super::{placed, sorted_texts};
use crate::error::{Place, Report};
use crate::load::one;
use crate::{Partition, PartitionTable, Partitions, raw};

/// The partitions of a service: a table by its name, or a list.
pub(super) fn of_service(
    raw: Option<Value>,
    tables: &[PartitionTable],
    place: &Place,
    report: &mut Report,
) -> Partitions {
    match raw {
        Some(Value::String(name)) => {
            if let Some(table) = tables.iter().find(|table| table.name == name) {
                return Partitions::Shared(table.clone());
            }
            let known = tables.iter().map(|table| table.name.as_str());
            report.unknown(place, "table of partitions", &name, known);
            Partitions::Own(Vec::new())
        }
        Some(Value::Array(entries)) => Partitions::Own(list(entries, place, report)),
        Some(_) => {
            report.fault(place, "is neither the name of a table nor a list of partitions");
            Partitions::Own(Vec::new())
        }
        None => Partitions::Own(Vec::new()),
    }
}

pub(crate) fn list(entries: Vec<Value>, place: &Place, report: &mut Report) -> Vec<Partition> {
    let mut partitions: Vec<Partition> = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let place = place.index(index);
        let Some(raw) = one::<raw::Partition>(&place, entry, report) else { continue };
        if partitions.iter().any(|other| other.id == raw.id) {
            report.fault(&place.key("id"), format!("\"{}\" is listed twice, remove or rename one", raw.id));
        }
        sorted_texts(placed(&place.key("regions"), &raw.regions), report);
        sorted_texts(placed(&place.key("other_dns_suffixes"), &raw.other_dns_suffixes), report);
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
            other_dns_suffixes: raw.other_dns_suffixes,
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
