//! Endpoints: where requests went before and go now, for every region and setting.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{EndpointCondition, EndpointOutcome, Endpoints, Partition, Partitions};

use super::{Diff, Fact, Place, Rule, Spot, code, rules};
use crate::ordered::Ordered as _;

/// The placeholder of URLs for the region's name.
const REGION: &str = "{Region}";

/// Variants that can be requested, besides a region.
const ASKED: [(&str, EndpointCondition); 4] = [
    ("FIPS", EndpointCondition::Fips),
    ("dual stack", EndpointCondition::DualStack),
    ("VPC", EndpointCondition::Vpc),
    ("global", EndpointCondition::Global),
];

impl Diff<'_> {
    /// Compares the decisions of the rules, since the same rules can be written in many ways.
    pub(super) fn endpoints(&mut self, old: &Endpoints, new: &Endpoints) {
        type Decision = (Option<Outcome>, Option<Outcome>);
        type Found = BTreeMap<(Vec<&'static str>, Decision), Vec<String>>;
        let regions: BTreeSet<_> = [old, new].into_iter().flat_map(regions).ordered();
        let others = others([old, new], if regions.is_empty() { "any region" } else { "any other region" });
        let settings = settings([old, new]);
        let compare = |found: &mut Found, region: Option<&str>, name: Option<&str>| {
            for asked in &settings {
                let case = Case { region, asked };
                let decision = (case.decide(old), case.decide(new));
                let [before, after] =
                    [&decision.0, &decision.1].map(|one| one.as_ref().map(|outcome| case.filled(outcome)));
                if before != after {
                    let names = asked.iter().map(|(name, _)| *name).collect();
                    found.entry((names, decision)).or_default().extend(name.map(str::to_owned));
                }
            }
        };
        let [mut found, mut of_others] = [Found::new(), Found::new()];
        for region in regions.into_iter().map(Some).chain([None]) {
            compare(&mut found, region, region);
        }
        for (name, region) in &others {
            compare(&mut of_others, Some(region), Some(name));
        }
        // Others are listed only for changes that no known region has.
        for (change, names) in of_others {
            found.entry(change).or_insert(names);
        }
        let nothing_found = found.is_empty();
        for ((asked, (before, after)), regions) in found {
            let at = Spot::new(Place::Endpoint { asked, regions });
            let rule = rule(before.as_ref(), after.as_ref());
            self.add(&at, rule, before.map(Outcome::fact), after.map(Outcome::fact));
        }
        if nothing_found && (&old.rules, &old.partitions) != (&new.rules, &new.partitions) {
            self.add(&Spot::new(Place::Service), &rules::ENDPOINT_RULES, None, None);
        }
    }
}

/// The URL of requests, with a placeholder for the region's name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Custom,
    Url(String),
    SignedFor(String, String),
    Refused(String),
}

impl Outcome {
    fn fact(self) -> Fact {
        match self {
            Self::Custom => code("the endpoint that is set"),
            Self::Url(url) => Fact::Code(url),
            Self::SignedFor(url, region) => Fact::Names(vec![url, region]),
            Self::Refused(reason) => Fact::Text(reason),
        }
    }

    fn is_endpoint(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

fn rule(before: Option<&Outcome>, after: Option<&Outcome>) -> &'static Rule {
    let is_endpoint = |outcome: Option<&Outcome>| outcome.is_some_and(Outcome::is_endpoint);
    match (is_endpoint(before), is_endpoint(after)) {
        (true, true) => &rules::ENDPOINT_CHANGED,
        (false, true) => &rules::ENDPOINT_ADDED,
        (true, false) => &rules::ENDPOINT_REMOVED,
        (false, false) => &rules::ENDPOINT_REASON,
    }
}

/// Every region that a model names.
fn regions(endpoints: &Endpoints) -> impl Iterator<Item = &str> {
    let Endpoints { rules, partitions, regions } = endpoints;
    let of_rules = rules.iter().flat_map(|rule| &rule.when).filter_map(|condition| {
        if let EndpointCondition::RegionIs(region) = condition { Some(region) } else { None }
    });
    let of_partitions = partitions.list().iter().flat_map(|partition| &partition.regions);
    of_rules.chain(of_partitions).chain(regions).map(String::as_str)
}

/// Regions that no model names: one for each prefix, and `rest` for all others; what they are called, and one of them.
fn others(endpoints: [&Endpoints; 2], rest: &str) -> BTreeMap<String, String> {
    let partitions = endpoints.into_iter().flat_map(|endpoints| endpoints.partitions.list());
    let prefixes = partitions.flat_map(|partition| &partition.region_prefixes);
    let others = prefixes.map(|prefix| (format!("{prefix}-*"), format!("{prefix}-other-0")));
    others.chain([(rest.to_owned(), "other".to_owned())]).ordered()
}

type Asked = Vec<(&'static str, EndpointCondition)>;

/// Every combination of the facts that the rules test, and one with an endpoint that the caller set.
fn settings(endpoints: [&Endpoints; 2]) -> Vec<Asked> {
    let is_asked_about = |wanted: &EndpointCondition| {
        let mut rules = endpoints.into_iter().flat_map(|endpoints| &endpoints.rules);
        rules.any(|rule| rule.when.contains(wanted))
    };
    let set = ("endpoint set", EndpointCondition::EndpointSet);
    let all = ASKED.into_iter().chain([set]).filter(|(_, condition)| is_asked_about(condition));
    all.fold(vec![Vec::new()], |settings: Vec<Asked>, asked| {
        let with = settings.iter().map(|known| known.iter().cloned().chain([asked.clone()]).collect());
        let with: Vec<_> = with.collect();
        settings.into_iter().chain(with).collect()
    })
}

/// A region and settings.
struct Case<'a> {
    region: Option<&'a str>,
    asked: &'a Asked,
}

impl Case<'_> {
    /// The decision of the first rule that holds, as in the runtime.
    fn decide(&self, endpoints: &Endpoints) -> Option<Outcome> {
        let partition = self.region.and_then(|region| partition(&endpoints.partitions, region));
        let rule = endpoints
            .rules
            .iter()
            .find(|rule| rule.when.iter().all(|condition| self.holds(condition, partition)))?;
        let fill = |url: &str| {
            partition.map_or_else(
                || url.to_owned(),
                |partition| {
                    url.replace("{dnsSuffix}", &partition.dns_suffix)
                        .replace("{dualStackDnsSuffix}", &partition.dual_stack_dns_suffix)
                },
            )
        };
        Some(match &rule.then {
            EndpointOutcome::Custom => Outcome::Custom,
            EndpointOutcome::Url(url) => Outcome::Url(fill(url)),
            EndpointOutcome::SignedFor { url, region } => Outcome::SignedFor(fill(url), region.clone()),
            EndpointOutcome::Error(reason) => Outcome::Refused(reason.clone()),
        })
    }

    /// Where requests go, and for which region they are signed: one endpoint has several forms in rules.
    fn filled(&self, outcome: &Outcome) -> Outcome {
        match (outcome, self.region) {
            (Outcome::Url(url), Some(region)) => {
                Outcome::SignedFor(url.replace(REGION, region), region.to_owned())
            }
            (Outcome::SignedFor(url, signed), Some(region)) => {
                Outcome::SignedFor(url.replace(REGION, region), signed.clone())
            }
            _ => outcome.clone(),
        }
    }

    fn holds(&self, condition: &EndpointCondition, partition: Option<&Partition>) -> bool {
        match condition {
            EndpointCondition::RegionSet => self.region.is_some(),
            EndpointCondition::RegionIs(region) => self.region == Some(region),
            EndpointCondition::PartitionIs(id) => partition.is_some_and(|partition| partition.id == *id),
            EndpointCondition::PartitionHasFips => partition.is_some_and(|partition| partition.supports_fips),
            EndpointCondition::PartitionHasDualStack => {
                partition.is_some_and(|partition| partition.supports_dual_stack)
            }
            EndpointCondition::EndpointSet
            | EndpointCondition::Fips
            | EndpointCondition::DualStack
            | EndpointCondition::Vpc
            | EndpointCondition::Global => self.asked.iter().any(|(_, asked)| asked == condition),
        }
    }
}

/// The partition that lists the region, else the first with a fitting prefix, else the first.
fn partition<'a>(partitions: &'a Partitions, region: &str) -> Option<&'a Partition> {
    let fits = |prefix: &String| {
        let rest = region.strip_prefix(prefix.as_str()).and_then(|rest| rest.strip_prefix('-'));
        let Some((word, digits)) = rest.and_then(|rest| rest.split_once('-')) else { return false };
        !word.is_empty() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let all = partitions.list();
    let listed = all.iter().find(|partition| partition.regions.iter().any(|known| known == region));
    listed.or_else(|| all.iter().find(|partition| partition.region_prefixes.iter().any(fits))).or(all.first())
}
