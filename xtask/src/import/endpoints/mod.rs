//! Rule sets of endpoints as our rules: trees become a list in which the first rule that holds decides.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::PartitionTable;
use serde_json::Value;

use super::{
    json::Json,
    vendor::{Losses, Vendor},
};

mod condition;
mod order;
mod rule;
#[cfg(test)]
mod tests;
mod url;

use condition::Literal;
use order::order;
use rule::{Condition, Outcome, Rule};

/// The rules; plain ones if the vendor has none, and the caller's URL alone if they cannot be expressed.
pub(super) fn rules(vendor: &Vendor, losses: &mut Losses) -> Json {
    let Some(set) = &vendor.endpoint_rules else {
        losses.service("endpoint rules: missing, so a plain rule is used");
        return plain(&vendor.endpoint_prefix);
    };
    match translate(set, vendor, losses) {
        Ok(rules) => rules.iter().map(Rule::entry).collect(),
        Err(why) => {
            losses.service(format!("endpoint rules: {why}; callers must give the service's URL"));
            by_url_alone()
        }
    }
}

/// Whether signatures cover paths as they are sent, as services say at their endpoints.
pub(super) fn sign_as_sent(rules: Option<&Value>) -> bool {
    match rules {
        Some(Value::Object(members)) => {
            members.get("disableDoubleEncoding") == Some(&Value::Bool(true))
                || members.values().any(|value| sign_as_sent(Some(value)))
        }
        Some(Value::Array(items)) => items.iter().any(|item| sign_as_sent(Some(item))),
        _ => false,
    }
}

/// No host is guessed, since the vendor's rules give others.
fn by_url_alone() -> Json {
    let unknown = "the endpoints of this service are not known, set an endpoint URL".to_owned();
    let rules = [(Some(Condition::EndpointSet), Outcome::Custom), (None, Outcome::Error(unknown))];
    rules
        .into_iter()
        .map(|(when, then)| Rule { when: when.into_iter().collect(), not: BTreeSet::new(), then }.entry())
        .collect()
}

/// One host per region. Its FIPS and dual-stack hosts are unknown, so that requests for them are refused rather than sent elsewhere.
fn plain(prefix: &str) -> Json {
    let unknown = |kind: &str| Outcome::Error(format!("the {kind} endpoints of this service are not known"));
    let rules = [
        (vec![Condition::Fips], unknown("FIPS")),
        (vec![Condition::DualStack], unknown("dual-stack")),
        (vec![Condition::EndpointSet], Outcome::Custom),
        (
            vec![Condition::RegionSet],
            Outcome::Url { url: format!("https://{prefix}.{{Region}}.{{dnsSuffix}}"), region: None },
        ),
        (Vec::new(), Outcome::Error("Invalid Configuration: Missing Region".to_owned())),
    ];
    rules
        .into_iter()
        .map(|(when, then)| Rule { when: when.into_iter().collect(), not: BTreeSet::new(), then }.entry())
        .collect()
}

/// What a rule set defines besides rules.
struct Scope<'a> {
    /// Defaults of parameters of the service's own.
    defaults: BTreeMap<&'a str, &'a Value>,
    /// Parameters of the service's own, by the conditions on which the rules change.
    own: BTreeSet<String>,
    /// What the names stand for that conditions have assigned so far.
    named: BTreeMap<&'a str, Named>,
    partitions: &'a PartitionTable,
    global_regions: BTreeMap<&'a str, &'a str>,
    signing_name: &'a str,
    /// Facts that are lost although the rule is kept.
    lost: BTreeSet<String>,
}

/// The result of a condition that a rule set names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// The partition of the region.
    Partition,
    /// The parts of the URL that the caller set.
    Url,
}

/// The region that represents all regions of a partition, by partition, in the shared table.
fn global_regions(table: &Value) -> BTreeMap<&str, &str> {
    let partitions = table["partitions"].as_array().into_iter().flatten();
    partitions
        .filter_map(|partition| {
            Some((partition["id"].as_str()?, partition["implicit_global_region"].as_str()?))
        })
        .collect()
}

/// Parameters that our rules know.
const BUILT_IN: [&str; 5] = ["Region", "Endpoint", "UseFIPS", "UseDualStack", "UseGlobalEndpoint"];

const TABLE: &str = include_str!("../../../../model/partitions/aws.json");

fn translate(set: &Value, vendor: &Vendor, losses: &mut Losses) -> Result<Vec<Rule>, String> {
    let tables = PartitionTable::all().map_err(|faults| faults.to_string())?;
    let partitions =
        tables.iter().find(|table| table.name == "aws").ok_or("there is no table of partitions")?;
    let table: Value = serde_json::from_str(TABLE).map_err(|error| error.to_string())?;
    let parameters = set["parameters"].as_object().into_iter().flatten();
    let own = parameters.filter(|(name, _)| !BUILT_IN.contains(&name.as_str()));
    let mut scope = Scope {
        defaults: own.map(|(name, facts)| (name.as_str(), &facts["default"])).collect(),
        own: BTreeSet::new(),
        named: BTreeMap::new(),
        partitions,
        global_regions: global_regions(&table),
        signing_name: &vendor.signing_name,
        lost: BTreeSet::new(),
    };
    let mut rules = Vec::new();
    let start = Rule { when: BTreeSet::new(), not: BTreeSet::new(), then: Outcome::Custom };
    scope.walk(&set["rules"], &start, &mut rules)?;
    let mut rules = order(&rules, scope.partitions)?;
    if rules.iter().all(|rule| matches!(rule.then, Outcome::Error(_))) {
        let when = BTreeSet::from([Condition::EndpointSet]);
        rules.insert(0, Rule { when, not: BTreeSet::new(), then: Outcome::Custom });
        losses.service("endpoint rules: no rule gives an endpoint, so callers must give its URL");
    }
    if !scope.own.is_empty() {
        let own: Vec<_> = scope.own.iter().map(String::as_str).collect();
        let kind = format!("endpoint parameters, which count as not set: {}", own.join(", "));
        losses.service(kind.clone());
        for subject in own.iter().filter_map(|name| vendor.endpoint_parameters.get(*name)).flatten() {
            losses.add(kind.clone(), subject.clone());
        }
    }
    for lost in scope.lost {
        losses.service(lost);
    }
    Ok(rules)
}

impl<'a> Scope<'a> {
    /// Adds the rules below a list, with the conditions on the way there.
    fn walk(&mut self, list: &'a Value, way: &Rule, rules: &mut Vec<Rule>) -> Result<(), String> {
        for rule in list.as_array().into_iter().flatten() {
            let mut here = way.clone();
            let conditions = rule["conditions"].as_array().into_iter().flatten();
            let mut holds = true;
            for condition in conditions {
                match self.literal(condition)? {
                    Literal::Always => {}
                    Literal::Never => holds = false,
                    Literal::If(condition) => {
                        holds &= !here.not.contains(&condition);
                        if condition.needs_region() {
                            here.when.insert(Condition::RegionSet);
                        }
                        here.when.insert(condition);
                    }
                    Literal::IfNot(condition) => {
                        holds &= !here.when.contains(&condition);
                        here.not.insert(condition);
                    }
                }
                if !holds {
                    break;
                }
            }
            if !holds || !here.meets(&here) {
                continue;
            }
            match rule["type"].as_str() {
                Some("tree") => self.walk(&rule["rules"], &here, rules)?,
                Some("error") => {
                    let error = rule["error"].as_str().ok_or("an error is not a plain text")?;
                    here.then = Outcome::Error(error.to_owned());
                    rules.push(here);
                }
                Some("endpoint") => self.endpoint(&rule["endpoint"], here, rules)?,
                _ => return Err("a rule has an unknown type".to_owned()),
            }
        }
        Ok(())
    }
}
