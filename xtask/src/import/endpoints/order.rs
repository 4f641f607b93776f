//! Converts the paths of a tree to a list in which the first rule that holds decides.

use std::collections::BTreeSet;

use gatewright_model::PartitionTable;

use super::rule::{Condition, Outcome, Rule};

/// The rules without conditions that must not hold. Every case that the conditions tell apart is tried: a rule comes next if it
/// is right for all cases that are left and that its other conditions fit, so that the list decides as the tree did.
pub(super) fn order(rules: &[Rule], partitions: &PartitionTable) -> Result<Vec<Rule>, String> {
    let conditions: BTreeSet<_> = rules.iter().flat_map(|rule| rule.when.iter().chain(&rule.not)).collect();
    if conditions.len() > 64 {
        return Err("they have more than 64 conditions".to_owned());
    }
    let mask = |set: &BTreeSet<Condition>| {
        let bits = conditions.iter().enumerate().filter(|(_, condition)| set.contains(**condition));
        bits.fold(0_u64, |mask, (bit, _)| mask | 1 << bit)
    };
    let masks: Vec<_> = rules.iter().map(|rule| (mask(&rule.when), mask(&rule.not))).collect();
    // The conditions that hold in a case, and the rule that decides it.
    let outcomes = cases(rules, partitions).into_iter().filter_map(|case| {
        let holds = mask(&case);
        let is_right = |&(when, not): &(u64, u64)| when & holds == when && not & holds == 0;
        Some((holds, masks.iter().position(is_right)?))
    });
    let mut left: Vec<(u64, usize)> = outcomes.collect();
    let mut ordered: Vec<Rule> = Vec::new();
    while !left.is_empty() {
        let next = (0..rules.len()).find(|&index| {
            let mut fitting =
                left.iter().filter(|(holds, _)| masks[index].0 & holds == masks[index].0).peekable();
            fitting.peek().is_some() && fitting.all(|&(_, decides)| rules[decides].then == rules[index].then)
        });
        let (when, decides) = match next {
            Some(next) => (masks[next].0, next),
            None => most_specific(&left, |one, other| rules[one].then == rules[other].then),
        };
        left.retain(|(holds, _)| when & holds != when);
        let when = conditions.iter().enumerate().filter(|(bit, _)| when >> bit & 1 == 1);
        let mut when: BTreeSet<_> = when.map(|(_, condition)| (*condition).clone()).collect();
        let then = rules[decides].then.clone();
        if then.needs_region() || when.iter().any(Condition::needs_region) {
            when.insert(Condition::RegionSet);
        }
        ordered.push(Rule { when, not: BTreeSet::new(), then });
        if ordered.len() > LONGEST {
            return Err(format!("there would be more than {LONGEST}"));
        }
    }
    if ordered.last().is_none_or(|rule| !rule.when.is_empty()) {
        let then = Outcome::Error("Invalid Configuration: Missing Region".to_owned());
        ordered.push(Rule { when: BTreeSet::new(), not: BTreeSet::new(), then });
    }
    Ok(ordered)
}

/// The conditions of the case that most holds in, without those that no case needs, and the rule that decides it.
fn most_specific(left: &[(u64, usize)], is_same: impl Fn(usize, usize) -> bool) -> (u64, usize) {
    let (mut when, decides) =
        left.iter().copied().max_by_key(|(holds, _)| holds.count_ones()).unwrap_or_default();
    for bit in 0..u64::BITS {
        let fewer = when & !(1 << bit);
        if left.iter().all(|&(holds, other)| fewer & holds != fewer || is_same(decides, other)) {
            when = fewer;
        }
    }
    (when, decides)
}

/// What holds for requests, as far as the rules tell requests apart.
fn cases(rules: &[Rule], table: &PartitionTable) -> Vec<BTreeSet<Condition>> {
    let asked = |condition: &Condition| {
        rules.iter().any(|rule| rule.when.contains(condition) || rule.not.contains(condition))
    };
    let conditions = || rules.iter().flat_map(|rule| rule.when.iter().chain(&rule.not));
    let named: BTreeSet<&String> = conditions()
        .filter_map(|condition| match condition {
            Condition::RegionIs(region) => Some(region),
            _ => None,
        })
        .collect();
    // No region, each that is named, and one of each partition that is not.
    let mut places = vec![BTreeSet::new()];
    for region in named {
        let partition = partition_of(region, table);
        let conditions = [
            Condition::RegionSet,
            Condition::RegionIs(region.clone()),
            Condition::PartitionIs(partition.to_owned()),
        ];
        places.push(conditions.into());
    }
    for partition in &table.partitions {
        places.push([Condition::RegionSet, Condition::PartitionIs(partition.id.clone())].into());
    }
    let switches = [
        Condition::EndpointSet,
        Condition::Global,
        Condition::Fips,
        Condition::DualStack,
        Condition::PartitionHasFips,
        Condition::PartitionHasDualStack,
    ];
    let switches: Vec<_> = switches.into_iter().filter(asked).collect();
    let mut cases = Vec::new();
    for place in places {
        for bits in 0..1_usize << switches.len() {
            let on = switches.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
            let has_region = !place.is_empty();
            let on =
                on.map(|(_, switch)| switch.clone()).filter(|switch| has_region || !switch.needs_region());
            cases.push(place.iter().cloned().chain(on).collect());
        }
    }
    cases
}

/// The partition of a region: as it is listed, by its first words, else the first.
fn partition_of<'a>(region: &str, table: &'a PartitionTable) -> &'a str {
    let partitions = &table.partitions;
    let listed = partitions.iter().find(|partition| partition.regions.iter().any(|known| known == region));
    let by_prefix = || {
        let begins =
            |prefix: &String| region.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('-'));
        partitions.iter().find(|partition| {
            region == format!("{}-global", partition.id) || partition.region_prefixes.iter().any(begins)
        })
    };
    listed.or_else(by_prefix).or(partitions.first()).map_or("aws", |partition| partition.id.as_str())
}

/// The maximum number of rules, so that people can read them.
const LONGEST: usize = 100;
