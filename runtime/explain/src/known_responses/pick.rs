//! The entries that fit, likeliest first, and their explanation.

use std::any::Any;

use super::{
    KnownResponse, RepairBy,
    facts::Facts,
    fit::{Fit, Level},
    glob::{Parts, fill, fill_whole},
};
use crate::{
    Evidence, Explanation, Outcome, Refused, Repair, ServiceInfo, add,
    service::known_responses::KnownResponsesReader, transport::TransportEvidence,
};

/// How many entries are named after the likeliest one, which is explained in full.
const MAX_OTHERS: usize = 8;

/// The entries of the model for a response.
#[derive(Default)]
pub(crate) struct Known {
    entries: Vec<(&'static KnownResponse, Parts)>,
    source: Option<&'static str>,
}

/// The functions that read a table.
#[derive(Debug)]
pub(super) struct Readers {
    of_response: fn(&Refused, &'static ServiceInfo) -> Known,
    of_transport: fn(&TransportEvidence, &'static ServiceInfo) -> Known,
}

impl Readers {
    pub(super) const ALL: Self = Self {
        of_response: |refused, service| Known::of(service, &Facts::of_response(refused, service)),
        of_transport: |evidence, service| Known::of(service, &Facts::of_transport(evidence, service)),
    };
}

impl KnownResponsesReader for Readers {}

impl Known {
    pub(crate) fn of_response(refused: &Refused, service: Option<&'static ServiceInfo>) -> Self {
        readers(service)
            .map_or_else(Self::default, |(readers, service)| (readers.of_response)(refused, service))
    }

    pub(crate) fn of_transport(evidence: &TransportEvidence, service: Option<&'static ServiceInfo>) -> Self {
        readers(service)
            .map_or_else(Self::default, |(readers, service)| (readers.of_transport)(evidence, service))
    }

    fn of(service: &'static ServiceInfo, facts: &Facts<'_>) -> Self {
        let source = facts.source.map(|source| source.doc);
        Self { entries: pick(service.known_responses.entries, facts), source }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The likeliest entry.
    pub(crate) fn first(&self) -> Option<&'static KnownResponse> {
        self.entries.first().map(|(entry, _)| *entry)
    }

    /// Who responded, in a line of evidence.
    pub(crate) fn source(&self) -> Option<String> {
        self.source.map(in_line)
    }

    /// The likeliest entry in full; of each other entry its meaning and first remedy.
    pub(crate) fn explain(&self) -> Explanation {
        let Some(((first, parts), others)) = self.entries.split_first() else {
            return Explanation::default();
        };
        let filled = |lines: &[&str]| lines.iter().map(|line| fill(line, parts)).collect();
        let mut explanation = Explanation {
            summary: in_line(&fill(first.doc, parts)),
            causes: filled(first.causes),
            remedies: filled(first.remedies),
            repairs: first.repairs.iter().map(|repair| repair.of(parts)).collect(),
            ..Explanation::default()
        };
        if !others.is_empty() {
            let line = match others.len() {
                1 => "one other reason gives the same response; the likelier one comes first".to_owned(),
                many => format!("{many} other reasons give the same response; the likeliest one comes first"),
            };
            explanation.evidence.push(line);
        }
        for (other, parts) in others.iter().take(MAX_OTHERS) {
            explanation.causes.push(fill(other.doc, parts));
            let remedy = other.remedies.first().map(|remedy| fill(remedy, parts));
            add(&mut explanation.remedies, remedy.into_iter().collect());
            let repairs = other.repairs.first().map(|repair| repair.of(parts));
            add(&mut explanation.repairs, repairs.into_iter().collect());
        }
        explanation
    }
}

impl RepairBy {
    /// The call, with the members whose values are known.
    fn of(&self, parts: &Parts) -> Repair {
        let Self { service, operation, input } = *self;
        let known = input.iter().filter_map(|(member, value)| Some((*member, fill_whole(value, parts)?)));
        Repair { service, operation, input: known.collect() }
    }
}

/// A sentence as a line of evidence; acronyms keep their capitals.
fn in_line(sentence: &str) -> String {
    let sentence = sentence.trim_end_matches('.');
    let mut letters = sentence.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(sentence.chars().skip(1)).collect()
        }
        _ => sentence.to_owned(),
    }
}

fn readers(service: Option<&'static ServiceInfo>) -> Option<(&'static Readers, &'static ServiceInfo)> {
    let service = service?;
    let reader: &dyn Any = service.known_responses.reader?;
    Some((reader.downcast_ref()?, service))
}

impl Evidence {
    /// The entries of the service's model that fit, likeliest first.
    pub fn known_responses(&self, service: Option<&'static ServiceInfo>) -> Vec<&'static KnownResponse> {
        let known = match &self.outcome {
            Outcome::Service(refused) => Known::of_response(refused, service),
            Outcome::Transport(evidence) => Known::of_transport(evidence, service),
            _ => return Vec::new(),
        };
        known.entries.into_iter().map(|(entry, _)| entry).collect()
    }
}

/// The entries that fit by all facts; or else by the error's name, by the status, or because no other entry fits.
fn pick(entries: &'static [KnownResponse], facts: &Facts<'_>) -> Vec<(&'static KnownResponse, Parts)> {
    let fits = entries.iter().filter_map(|entry| Some((entry, facts.fit(entry)?)));
    let mut fits: Vec<_> = fits.collect();
    fits.sort_by_key(|(_, fit)| fit.rank());
    let best = fits.first().map(|(_, fit)| fit.level);
    let is_worth_it = |level: Level| match best {
        Some(Level::Certain | Level::Possible) => level <= Level::Possible,
        Some(Level::Customised) => matches!(level, Level::Customised | Level::Otherwise),
        best => Some(level) == best,
    };
    fits.retain(|(_, fit)| is_worth_it(fit.level));
    // A name that several entries share only shows that its owner changed the response.
    if fits.iter().filter(|(_, fit)| fit.level == Level::Customised).count() > 1 {
        fits.sort_by_key(|(_, fit)| fit.level != Level::Otherwise);
    }
    fits.into_iter().map(|(entry, Fit { parts, .. })| (entry, parts)).collect()
}
